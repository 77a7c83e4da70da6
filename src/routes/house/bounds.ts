/** Part of a JSON schema or of the document around it. */
type Node = Record<string, unknown>

const safe = Number.MAX_SAFE_INTEGER
/** Letters at most, where the format says so by itself: RFC 3339, RFC 9562, RFC 9110 §4.1; binary: the largest file. */
const byFormat: Record<string, number> = {
  date: 10,
  'date-time': 40,
  uuid: 36,
  uri: 8000,
  binary: 10 * 1024 * 1024,
}

/**
 * Says of every string and number in the document how long or large it can be, where its pattern, format or kind already implies it:
 * whoever keeps values in a database reads it there. Changes the document in place.
 */
export function sayBounds(part: unknown): void {
  if (Array.isArray(part)) return part.forEach(sayBounds)
  if (!isNode(part)) return
  const kinds = [part['type']].flat()
  if (part['enum'] === undefined && part['const'] === undefined) {
    if (kinds.includes('string')) boundText(part)
    if (kinds.includes('integer')) boundInteger(part)
  }
  for (const [name, inner] of Object.entries(part)) if (name !== 'example' && name !== 'examples') sayBounds(inner)
}

const isNode = (part: unknown): part is Node => typeof part === 'object' && part !== null

function boundText(text: Node): void {
  const { format, pattern } = text
  const implied = typeof pattern === 'string' ? longestMatch(pattern) : byFormat[String(format)]
  if (implied !== undefined && Number.isFinite(implied)) text['maxLength'] ??= implied
  // Words for people: nothing is known of their form but their length.
  if (format === undefined && pattern === undefined) text['format'] = 'text'
}

function boundInteger(number: Node): void {
  const above = number['exclusiveMinimum']
  if (typeof above === 'number') {
    delete number['exclusiveMinimum']
    number['minimum'] = above + 1
  }
  const minimum = (number['minimum'] ??= -safe)
  const maximum = (number['maximum'] ??= safe)
  const fits = Number(maximum) < 2 ** 31 && Number(minimum) >= -(2 ** 31)
  number['format'] ??= fits ? 'int32' : 'int64'
}

/** One atom of a pattern, then how often: enough for the patterns of this house; lookarounds and back references have no bound here. */
const atom = /^(?:\\.|\[(?:\\.|[^\]\\])*\]|[^\\[\](){}|?*+^$])/u

/** How many characters the longest text has that an anchored pattern takes; infinite where it is not bounded. */
export function longestMatch(pattern: string): number {
  if (!pattern.startsWith('^') || !pattern.endsWith('$')) return Infinity
  const text = { rest: pattern.slice(1, -1) }

  const choices = (): number => {
    let longest = sequence()
    while (text.rest.startsWith('|')) {
      text.rest = text.rest.slice(1)
      longest = Math.max(longest, sequence())
    }
    return longest
  }
  const sequence = (): number => {
    let length = 0
    while (text.rest !== '' && !text.rest.startsWith('|') && !text.rest.startsWith(')')) {
      const one = item()
      const times = repeats()
      length += one === 0 || times === 0 ? 0 : one * times
    }
    return length
  }
  const item = (): number => {
    const group = /^\((?:\?:)?(?!\?)/.exec(text.rest)
    if (group) {
      text.rest = text.rest.slice(group[0].length)
      const longest = choices()
      text.rest = text.rest.slice(1)
      return longest
    }
    const found = atom.exec(text.rest)
    text.rest = text.rest.slice(found?.[0].length ?? 1)
    return found ? 1 : Infinity
  }
  const repeats = (): number => {
    const found = /^(?:([?*+])|\{(\d+)(,?)(\d*)\})\??/.exec(text.rest)
    if (!found) return 1
    text.rest = text.rest.slice(found[0].length)
    const [, sign, from, comma, to] = found
    if (sign) return sign === '?' ? 1 : Infinity
    return comma ? (to ? Number(to) : Infinity) : Number(from)
  }
  return choices()
}
