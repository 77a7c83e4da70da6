import { concat, hex, latin1 } from './bytes.ts'

/** Where the file stands before a signature is added to its end. */
export type FileEnd = {
  length: number
  /** Offset of the last cross-reference section. */
  xref: number
  /** The next free object number. */
  size: number
  /** Whether the file describes its objects in cross-reference streams or in tables; an update must do the same. */
  xrefStreams: boolean
  /** `/Root`, `/Info` and `/ID`, as the trailer writes them. */
  trailer: string
}

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

/** An incremental update that holds one signature: all but the CMS itself, which stands between the two parts. */
export type Revision = { before: Uint8Array<ArrayBuffer>; after: Uint8Array<ArrayBuffer>; next: FileEnd }

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
  const fieldObject = `${field.object} 0 obj\n<<${field.entries}/V ${object} 0 R>>\nendobj\n`
  const xrefAt = fieldAt + fieldObject.length
  const places = new Map([
    [field.object, fieldAt],
    [object, end.length],
  ])
  const xref = end.xrefStreams ? xrefStream(end, places, xrefAt) : xrefTable(end, places)
  const after = `${close}${fieldObject}${xref}startxref\n${xrefAt}\n%%EOF\n`
  const range = [gapStart, gapEnd, after.length].map((value) => String(value).padEnd(offsetWidth)).join(' ')
  return {
    before: latin1(`${start}${range}]/Contents`),
    after: latin1(after),
    next: {
      ...end,
      length: gapEnd + after.length,
      xref: xrefAt,
      size: end.size + (end.xrefStreams ? 1 : 0),
    },
  }
}

function xrefTable(end: FileEnd, places: Map<number, number>): string {
  const rows = [...places].map(([object, at]) => `${object} 1\n${String(at).padStart(10, '0')} 00000 n \n`)
  return `xref\n${rows.join('')}trailer\n<</Size ${end.size}${end.trailer}/Prev ${end.xref}>>\n`
}

/** ISO 32000-1, 7.5.8: type 1 entries with four bytes of offset and one of generation; the stream lists itself too. */
function xrefStream(end: FileEnd, places: Map<number, number>, xrefAt: number): string {
  const all = [...places, [end.size, xrefAt] as const]
  const data = all.map(([, at]) => String.fromCharCode(1, at >>> 24, (at >>> 16) & 255, (at >>> 8) & 255, at & 255, 0))
  const index = all.map(([object]) => `${object} 1`).join(' ')
  const entries = `/Type/XRef/W[1 4 1]/Index[${index}]/Size ${end.size + 1}${end.trailer}/Prev ${end.xref}`
  return `${end.size} 0 obj\n<<${entries}/Length ${data.length * 6}>>\nstream\n${data.join('')}\nendstream\nendobj\n`
}

/** The CMS as the hex string that fills the gap, zeros behind it. */
export function contents(cms: Uint8Array, reserve: number): Uint8Array<ArrayBuffer> {
  if (cms.length > reserve) throw new Error(`a CMS of ${cms.length} bytes does not fit into ${reserve}`)
  return concat(latin1(`<${hex(cms)}`), new Uint8Array((reserve - cms.length) * 2).fill(0x30), latin1('>'))
}
