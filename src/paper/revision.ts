import { to } from './written.ts'

/** Where a file stands before something is added to its end. */
export type FileEnd = {
  length: number
  /** Offset of the last cross-reference section; null where there is none yet. */
  xref: number | null
  /** The next free object number. */
  size: number
  /** Whether the file describes its objects in cross-reference streams or in tables; an update must do the same. */
  xrefStreams: boolean
  /** `/Root`, `/Info` and `/ID`, as the trailer writes them. */
  trailer: string
}

/** Where an object was written. */
export type Place = { at: number; generation: number }

/** One signature to be: its reserved object, the field's object again with all its entries, and its own entries. */
export type SignatureSlot = {
  object: number
  field: { object: number; entries: string }
  entries: string
  /** Bytes kept free for the CMS. */
  reserve: number
  /** A signature if not told. */
  kind?: keyof typeof kinds
}

const kinds = {
  signature: '/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached',
  'document-timestamp': '/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161',
}

/**
 * An incremental update that holds one signature: all but the CMS itself, which stands in the gap between the two parts.
 * Each character is a byte.
 */
export type Revision = { before: string; gap: { start: number; end: number }; after: string; next: FileEnd }

// Wide enough for any file that this room takes; the three offsets keep their places whatever their values.
const offsetWidth = 10

/** Everything but the CMS is known beforehand, so the byte range (ISO 32000-1, 12.8.1) is computed, not patched in. */
export function signatureRevision(end: FileEnd, slot: SignatureSlot): Revision {
  const { object, field, entries, reserve, kind = 'signature' } = slot
  const start = `${object} 0 obj\n<<${kinds[kind]}${entries}/ByteRange[0 `
  const ranges = 3 * offsetWidth + ']/Contents'.length + 2
  const gapStart = end.length + start.length + ranges
  const gapEnd = gapStart + reserve * 2 + 2
  const close = '>>\nendobj\n'
  const fieldAt = gapEnd + close.length
  const fieldObject = `${field.object} 0 obj\n<<${field.entries}/V ${to(object)}>>\nendobj\n`
  const places = new Map([
    [field.object, { at: fieldAt, generation: 0 }],
    [object, { at: end.length, generation: 0 }],
  ])
  const { text, next } = crossReferences({ ...end, length: fieldAt + fieldObject.length }, places)
  const after = `${close}${fieldObject}${text}`
  const range = [gapStart, gapEnd, after.length].map((value) => String(value).padEnd(offsetWidth)).join(' ')
  return { before: `${start}${range}]/Contents`, gap: { start: gapStart, end: gapEnd }, after, next }
}

/** The cross-references of these objects, each character a byte, to be written where the file ends; and its end then. */
export function crossReferences(end: FileEnd, places: ReadonlyMap<number, Place>): { text: string; next: FileEnd } {
  const { xrefStreams, size, length } = end
  const section = xrefStreams ? xrefStream(end, places) : xrefTable(end, places)
  const text = `${section}startxref\n${length}\n%%EOF\n`
  return { text, next: { ...end, length: length + text.length, xref: length, size: size + (xrefStreams ? 1 : 0) } }
}

const trailerOf = ({ trailer, xref }: FileEnd) => `${trailer}${xref === null ? '' : `/Prev ${xref}`}`

type Entry = readonly [object: number, Place]

/** Objects whose numbers follow each other are told in one subsection. */
function subsections(entries: Entry[]): Entry[][] {
  const found: Entry[][] = []
  for (const entry of entries.toSorted(([a], [b]) => a - b)) {
    const run = found.at(-1)
    if (run?.at(-1)?.[0] === entry[0] - 1) run.push(entry)
    else found.push([entry])
  }
  return found
}

/** ISO 32000-1, 7.5.4. The first section of a file begins with the head of the list of free objects. */
function xrefTable(end: FileEnd, places: ReadonlyMap<number, Place>): string {
  const pad = (value: number, width: number) => String(value).padStart(width, '0')
  const first: Entry[] = end.xref === null ? [[0, { at: 0, generation: 65_535 }]] : []
  const written = subsections([...first, ...places]).map((run) => {
    const rows = run.map(
      ([object, { at, generation }]) => `${pad(at, 10)} ${pad(generation, 5)} ${object ? 'n' : 'f'} \n`,
    )
    return `${run[0]?.[0]} ${run.length}\n${rows.join('')}`
  })
  return `xref\n${written.join('')}trailer\n<</Size ${end.size}${trailerOf(end)}>>\n`
}

/** ISO 32000-1, 7.5.8: type 1 entries with four bytes of offset and two of generation; the stream lists itself too. */
function xrefStream(end: FileEnd, places: ReadonlyMap<number, Place>): string {
  const runs = subsections([...places, [end.size, { at: end.length, generation: 0 }]])
  const bytes = (value: number, count: number) =>
    Array.from({ length: count }, (_, index) => String.fromCharCode((value >>> (8 * (count - 1 - index))) & 255)).join(
      '',
    )
  const data = runs.flat().map(([, { at, generation }]) => `\x01${bytes(at, 4)}${bytes(generation, 2)}`)
  const index = runs.map((run) => `${run[0]?.[0]} ${run.length}`).join(' ')
  const entries = `/Type/XRef/W[1 4 2]/Index[${index}]/Size ${end.size + 1}${trailerOf(end)}`
  return `${end.size} 0 obj\n<<${entries}/Length ${data.length * 7}>>\nstream\n${data.join('')}\nendstream\nendobj\n`
}
