import { latin1Text } from './bytes.ts'
import { failed, type Finding } from './finding.ts'
import { isOnlySigned, isOnlyStore } from './later-changes.ts'
import { PdfFile } from './reader/file.ts'
import { Name, NotPdf, Reference, Stream, Text, type Dictionary, type Value } from './reader/values.ts'

/** One signature of a PDF and the bytes that it covers: all up to the end of its revision but /Contents itself. */
export type FoundSignature = {
  field: string
  subFilter: string
  /** The CMS with its zero padding. */
  contents: Uint8Array
  /** Where /Contents begins and ends, with its angle brackets, and where the covered bytes end. */
  gap: { start: number; end: number }
  end: number
  /** Whether it certifies the document, so that later changes break it (ISO 32000-1, 12.8.2.2). */
  certifies: boolean
  /** Whether the file was changed later, other than by signing its empty fields and adding validation data. */
  changedLater: boolean
}

export type SignedDocument = {
  signatures: (FoundSignature | { field: string; finding: Finding })[]
  /** Names of signature fields that nobody signed. */
  unsignedFields: string[]
  /** Where the last signature stops covering the file. */
  end: number
  /** Whether that is the end of the file, or only the document security store follows. */
  isClosed: boolean
  /** Certificates, revocation lists and OCSP responses of the document security store, unjudged. */
  store: { certificates: Uint8Array[]; crls: Uint8Array[]; ocsps: Uint8Array[] }
}

// Each signature has the whole file hashed; each field has an object read.
const mostSignatures = 32
const mostFields = 2000
const mostStored = 64
const longestName = 1000

/** Reads what a file says about its signatures; a finding if it cannot be read as a PDF or holds no signature. */
export async function readDocument(bytes: Uint8Array): Promise<SignedDocument | Finding> {
  try {
    const file = await PdfFile.open(bytes)
    if (file.isEncrypted) return failed('FORMAT_FAILURE', 'encrypted')
    const catalog = await file.dictionary(file.trailer.get('Root'))
    const form = await file.dictionary(catalog?.get('AcroForm'))
    const fields = form ? await signatureFields(file, form) : []
    const signed = fields.filter(({ signature }) => signature !== null)
    if (signed.length === 0) return nothingSigned(bytes)
    if (signed.length > mostSignatures) return failed('FORMAT_FAILURE', 'too-many-signatures')
    const signatures: SignedDocument['signatures'] = []
    const isKept = once((end: number) => isOnlySigned(file, end))
    const read = (signature: Dictionary) => readSignature(file, signature, isKept)
    const led = new Set<Value>()
    for (const { name, signature } of signed) {
      // A field that leads to the signature of another had one of its own before.
      const isOwn = !led.has(signature)
      led.add(signature)
      const found = !(signature instanceof Map)
        ? failed('FORMAT_FAILURE', 'no-dictionary')
        : isOwn
          ? await read(signature)
          : failed('FORMAT_FAILURE', 'signature-unreachable')
      signatures.push('indication' in found ? { field: name, finding: found } : { field: name, ...found })
    }
    const unsignedFields = fields.filter(({ signature }) => signature === null).map(({ name }) => name)
    const end = Math.max(0, ...signatures.map((signature) => ('end' in signature ? signature.end : 0)))
    const isClosed = end === bytes.length || (end > 0 && (await isOnlyStore(file, end, isKept)))
    return { signatures, unsignedFields, end, isClosed, store: await readStore(file, catalog) }
  } catch (error) {
    if (error instanceof NotPdf) return failed('FORMAT_FAILURE', 'not-a-pdf')
    throw error
  }
}

/** Many signatures end at one place: it is looked at once. */
function once<Key, Answer>(ask: (key: Key) => Promise<Answer>): (key: Key) => Promise<Answer> {
  const known = new Map<Key, Promise<Answer>>()
  return (key) => {
    const answer = known.get(key) ?? ask(key)
    known.set(key, answer)
    return answer
  }
}

/** A trace of a signature that no field leads to says that the way to it was cut. */
const nothingSigned = (bytes: Uint8Array): Finding =>
  failed('FORMAT_FAILURE', latin1Text(bytes).includes('/ByteRange') ? 'signature-unreachable' : 'no-signature')

type Field = { name: string; signature: Value }

/** All signature fields of the form, from its tree of fields (ISO 32000-1, 12.7.3). */
export async function signatureFields(file: PdfFile, form: Dictionary): Promise<Field[]> {
  const found: Field[] = []
  const seen = new Set<number>()
  const waiting = (await file.array(form.get('Fields'))).map((node) => ({ node, parent: '', type: '' }))
  for (let visited = 0, next = waiting.pop(); next; next = waiting.pop(), visited++) {
    if (visited >= mostFields) throw new NotPdf('too many fields')
    if (next.node instanceof Reference) {
      if (seen.has(next.node.object)) throw new NotPdf('fields in a circle')
      seen.add(next.node.object)
    }
    const field = await file.dictionary(next.node)
    if (!field) continue
    const title = await file.resolve(field.get('T'))
    const own = title instanceof Text ? textOf(title.bytes.subarray(0, longestName)) : ''
    const name = [next.parent, own]
      .filter((part) => part !== '')
      .join('.')
      .slice(0, longestName)
    const ownType = await file.resolve(field.get('FT'))
    const type = ownType instanceof Name ? ownType.value : next.type
    const kids = await file.array(field.get('Kids'))
    if (type === 'Sig' && (kids.length === 0 || field.has('V'))) {
      found.push({ name, signature: await file.resolve(field.get('V')) })
    } else for (const node of kids) waiting.push({ node, parent: name, type })
  }
  return found.toReversed()
}

/** A text string (ISO 32000-1, 7.9.2.2) for showing to people. */
export const textOf = (bytes: Uint8Array) =>
  bytes[0] === 0xfe && bytes[1] === 0xff ? new TextDecoder('utf-16be').decode(bytes.subarray(2)) : latin1Text(bytes)

type Range = Omit<FoundSignature, 'field'>

/** ISO 32000-1, 12.8.1: the range leaves out exactly the hex string of /Contents, where it was read from. */
async function readSignature(
  file: PdfFile,
  signature: Dictionary,
  isKept: (end: number) => Promise<boolean>,
): Promise<Range | Finding> {
  const subFilter = await file.resolve(signature.get('SubFilter'))
  const range = await file.array(signature.get('ByteRange'))
  const [start, length, resume, rest] = range.map((item) =>
    typeof item === 'number' && Number.isSafeInteger(item) ? item : -1,
  )
  if (
    range.length !== 4 ||
    start !== 0 ||
    !length ||
    !resume ||
    !rest ||
    rest < 0 ||
    resume + rest > file.bytes.length
  ) {
    return failed('FORMAT_FAILURE', 'byte-range')
  }
  const contents = signature.get('Contents')
  if (
    !(contents instanceof Text) ||
    contents.start !== length ||
    contents.end !== resume ||
    !isPlainHex(file.bytes, contents)
  ) {
    return failed('FORMAT_FAILURE', 'byte-range-gap')
  }
  const end = resume + rest
  return {
    subFilter: subFilter instanceof Name ? subFilter.value : '',
    contents: contents.bytes,
    gap: { start: contents.start, end: contents.end },
    end,
    certifies: signature.has('Reference'),
    changedLater: end < file.bytes.length && !(await isKept(end)),
  }
}

/** All small or all capital letters and nothing between: no byte of the gap can be changed without changing what it says. */
function isPlainHex(file: Uint8Array, { start, end }: Text): boolean {
  const digits = latin1Text(file.subarray(start + 1, end - 1))
  return digits.length % 2 === 0 && (/^[0-9a-f]*$/.test(digits) || /^[0-9A-F]*$/.test(digits))
}

/** The bytes that a signature covers, put together in `room`, which must be as long as the file. */
export function coveredBytes(file: Uint8Array, { gap, end }: FoundSignature, room: Uint8Array): Uint8Array {
  room.set(file.subarray(0, gap.start))
  room.set(file.subarray(gap.end, end), gap.start)
  return room.subarray(0, gap.start + end - gap.end)
}

/** ISO 32000-2, 12.8.4.3. What cannot be read here is no evidence, and left out. */
async function readStore(file: PdfFile, catalog: Dictionary | null): Promise<SignedDocument['store']> {
  const store = await file.dictionary(catalog?.get('DSS'))
  const all = async (key: string) => {
    const found: Uint8Array[] = []
    for (const item of (await file.array(store?.get(key))).slice(0, mostStored)) {
      const stream = await file.resolve(item)
      if (stream instanceof Stream) found.push(await file.data(stream))
    }
    return found
  }
  try {
    return { certificates: await all('Certs'), crls: await all('CRLs'), ocsps: await all('OCSPs') }
  } catch (error) {
    if (error instanceof NotPdf) return { certificates: [], crls: [], ocsps: [] }
    throw error
  }
}
