import { createHmac } from 'node:crypto'

/** Deeper parts of a body are compared as wholes: enough to name what differs, small enough to keep. */
const depth = 4

const isBranch = (value: unknown): value is Record<string, unknown> | unknown[] =>
  typeof value === 'object' && value !== null

/** JSON with sorted keys, so that equal values have equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isBranch(value)) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

const escape = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** 96 bits of a keyed hash: tells texts apart and gives none away. */
export const keyedHash = (text: string, key: Uint8Array): string =>
  createHmac('sha256', key).update(text).digest('base64url').slice(0, 16)

/** A keyed hash for each value of a JSON body, by RFC 6901 pointer: tells two bodies apart and gives away neither. */
export function leavesOf(body: unknown, key: Uint8Array): Record<string, string> {
  const leaves: Record<string, string> = {}
  const visit = (value: unknown, pointer: string, level: number, kinds: string) => {
    if (isBranch(value) && level < depth && Object.keys(value).length > 0) {
      // Pointers alone do not tell `["a"]` from `{"0":"a"}`.
      const within = kinds + (Array.isArray(value) ? '[' : '{')
      for (const [name, item] of Object.entries(value)) visit(item, `${pointer}/${escape(name)}`, level + 1, within)
      return
    }
    leaves[pointer] = keyedHash(`${kinds}${pointer}=${canonical(value)}`, key)
  }
  visit(body, '', 0, '')
  return leaves
}

/** The pointers at which two bodies differ, sorted; empty when they say the same. */
export function differences(a: Record<string, string>, b: Record<string, string>): string[] {
  const pointers = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...pointers].filter((pointer) => a[pointer] !== b[pointer]).toSorted()
}
