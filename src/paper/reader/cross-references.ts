import type { Budget } from './budget.ts'
import type { Syntax } from './syntax.ts'
import { NotPdf, type Dictionary } from './values.ts'

/** Where an object lies: at an offset of the file, or as the n-th one inside of an object stream. */
export type Place = { at: number } | { stream: number; index: number }

/** An object's number and where it lies; null for one that is free. */
type Entry = [number: number, place: Place | null]

// What no honest file comes near to.
export const mostObjects = 250_000
/** An entry takes as long as so many values. */
export const entryEffort = 6

/** A table with its trailer and where that ends (ISO 32000-1, 7.5.4); `references`: the objects that the trailer names. */
export type Table = {
  entries: ReadonlyMap<number, Place | null>
  trailer: Dictionary
  references: ReadonlySet<number>
  end: number
}

/** Reads a table from behind its first word. @throws NotPdf */
export function readTable(syntax: Syntax, budget: Budget): Omit<Table, 'references'> {
  const entries = new Map<number, Place | null>()
  while (!syntax.takeWord('trailer')) {
    const first = syntax.wholeNumber()
    const count = syntax.wholeNumber()
    for (let number = first; number < first + count; number++) {
      const at = syntax.wholeNumber()
      syntax.wholeNumber()
      const isUsed = syntax.takeWord('n')
      if (!isUsed) syntax.expectWord('f')
      budget.read(0, entryEffort)
      if (entries.size >= mostObjects) throw new NotPdf('too many objects')
      if (!entries.has(number)) entries.set(number, isUsed ? { at } : null)
    }
  }
  const trailer = syntax.value()
  if (!(trailer instanceof Map)) throw new NotPdf('no trailer')
  return { entries, trailer, end: syntax.at }
}

// Beside what is kept of them there is room for one that is read.
const mostKept = mostObjects / 2

/** The tables of a file by their offsets: its earlier revisions read the same there. Of large ones not all are kept. */
export class Tables {
  readonly #known = new Map<number, Table>()
  #entries = 0

  /** The table, if it lies whole within so many bytes. */
  lookUp(at: number, length: number): Table | null {
    const known = this.#known.get(at)
    return known && known.end <= length ? known : null
  }

  keep(at: number, table: Table): Table {
    if (this.#entries + table.entries.size > mostKept) return table
    this.#entries += table.entries.size
    this.#known.set(at, table)
    return table
  }
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
