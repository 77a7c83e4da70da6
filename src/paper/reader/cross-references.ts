import type { Syntax } from './syntax.ts'
import { NotPdf, type Dictionary } from './values.ts'

/** Where an object lies: at an offset of the file, or as the n-th one inside of an object stream. */
export type Place = { at: number } | { stream: number; index: number }

/** An object's number and where it lies; null for one that is free. */
type Entry = [number: number, place: Place | null]

/** The entries of a cross-reference table; its trailer comes back at the end (ISO 32000-1, 7.5.4). @throws NotPdf */
export function* tableEntries(syntax: Syntax): Generator<Entry, Dictionary> {
  while (!syntax.takeWord('trailer')) {
    const first = syntax.wholeNumber()
    const count = syntax.wholeNumber()
    for (let number = first; number < first + count; number++) {
      const at = syntax.wholeNumber()
      syntax.wholeNumber()
      if (syntax.takeWord('n')) yield [number, { at }]
      else {
        syntax.expectWord('f')
        yield [number, null]
      }
    }
  }
  const trailer = syntax.value()
  if (!(trailer instanceof Map)) throw new NotPdf('no trailer')
  return trailer
}

/** The entries of a cross-reference stream with this dictionary (ISO 32000-1, 7.5.8). @throws NotPdf */
export function* streamEntries(dictionary: Dictionary, data: Uint8Array): Generator<Entry> {
  const widths = dictionary.get('W')
  if (!Array.isArray(widths) || widths.length !== 3) throw new NotPdf('no widths')
  const [typeWidth = 0, firstWidth = 0, secondWidth = 0] = widths.map((width) => {
    if (typeof width !== 'number' || width < 0 || width > 7) throw new NotPdf('a width')
    return width
  })
  if (typeWidth + firstWidth + secondWidth === 0) throw new NotPdf('no widths')
  const size = dictionary.get('Size')
  const index = dictionary.get('Index') ?? [0, size ?? 0]
  const ranges = Array.isArray(index) ? index.map((item) => (typeof item === 'number' ? item : 0)) : []
  let at = 0
  const field = (width: number) => {
    let value = 0
    for (const end = at + width; at < end; at++) value = value * 256 + (data[at] ?? 0)
    return value
  }
  for (let range = 0; range + 1 < ranges.length; range += 2) {
    const [first = 0, count = 0] = ranges.slice(range, range + 2)
    for (let number = first; number < first + count && at < data.length; number++) {
      const type = typeWidth === 0 ? 1 : field(typeWidth)
      const [one, two] = [field(firstWidth), field(secondWidth)]
      if (type === 1) yield [number, { at: one }]
      else yield [number, type === 2 ? { stream: one, index: two } : null]
    }
  }
}
