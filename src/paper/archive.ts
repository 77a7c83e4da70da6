import { type PdfDict, PdfArray, type PDF, type PdfObject } from '@libpdf/core'
import { concat, equal, hex, sha256 } from './bytes.ts'
import { oid, type TimestampClient } from './cms.ts'
import { readAt } from './der.ts'
import { readDocument } from './document.ts'
import { tokenSize } from './issue.ts'
import { dict, name, number, numbers, openForUpdate, resolverOf, stream } from './pdf.ts'
import { contents, signatureRevision } from './revision.ts'
import { readSignedData } from './signed-data.ts'
import { completeTrailer, lastXref, type Revocation } from './stamp.ts'
import { namedCertificate } from './signature-check.ts'

export type ArchivedCopy = {
  bytes: Uint8Array
  /** Of the whole file, lower-case hex. */
  sha256: string
  /** When the certificate of its document time-stamp ends: before that it wants the next one. */
  provableUntil: Date
}

/**
 * Makes a signed copy outlive its time-stamps (PAdES B-LTA, ETSI EN 319 142-1, 5.4 and 5.5): fresh revocation data, and
 * a document time-stamp over the whole file. What was signed stays an exact prefix; it may be done again and again.
 */
export async function archiveCopy(
  file: Uint8Array,
  timestamp: TimestampClient,
  revocation: Revocation,
): Promise<ArchivedCopy> {
  const document = await readDocument(file)
  if ('indication' in document || !document.isClosed) throw new Error('only a signed file is archived')
  const pdf = await openForUpdate(file)
  addEvidence(pdf, document.store, revocation)
  const field = addUnseenField(pdf)
  const object = pdf.context.registry.allocateRef().objectNumber
  const trailer = completeTrailer(pdf)
  const stored = await pdf.save({ incremental: true, compressStreams: false })
  if (!equal(stored.subarray(0, file.length), file)) throw new Error('the update would change what was signed')

  const size = pdf.context.registry.nextObjectNumber
  const end = { length: stored.length, xref: lastXref(stored), size, xrefStreams: pdf.usesXRefStreams, trailer }
  const slot = { object, field, entries: '', reserve: tokenSize, kind: 'document-timestamp' } as const
  const { before, after } = signatureRevision(end, slot)
  const token = await timestamp(concat(stored, before, after))
  const bytes = concat(stored, before, contents(token, tokenSize), after)
  return { bytes, sha256: hex(await sha256(bytes)), provableUntil: endOf(token) }
}

/** All that was there stays where it is, for earlier time-stamps are judged by it; what is new comes behind it. */
function addEvidence(
  pdf: PDF,
  known: { certificates: Uint8Array[]; crls: Uint8Array[]; ocsps: Uint8Array[] },
  fresh: Revocation,
): void {
  const catalog = pdf.getCatalog()
  const resolve = resolverOf(pdf)
  const before = catalog.getDict('DSS', resolve)
  const extended = (key: string, old: Uint8Array[], all: Uint8Array[]) => {
    const news = all.filter((one) => !old.some((other) => equal(other, one)))
    return PdfArray.of(...itemsOf(pdf, before, key), ...news.map((one) => pdf.register(stream({}, one))))
  }
  const store = dict({
    Type: name('DSS'),
    Certs: extended('Certs', known.certificates, fresh.certificates),
    CRLs: extended('CRLs', known.crls, fresh.crls),
    OCSPs: extended('OCSPs', known.ocsps, fresh.ocsps ?? []),
  })
  catalog.set('DSS', pdf.register(store))
}

const itemsOf = (pdf: PDF, from: PdfDict | undefined, key: string): PdfObject[] =>
  from?.getArray(key, resolverOf(pdf))?.toArray() ?? []

/** A field without extent on no page: it shows nothing (ISO 32000-2, 12.8.5). */
function addUnseenField(pdf: PDF): { object: number; entries: string } {
  const form = pdf.getOrCreateForm()
  let title = 'Archive'
  for (let more = 2; form.hasField(title); more++) title = `Archive${more}`
  const field = form.createSignatureField(title).getDict()
  const ref = pdf.context.getRef(field)
  if (!ref) throw new Error('a new field has no number')
  field.delete('Kids')
  field.set('Type', name('Annot'))
  field.set('Subtype', name('Widget'))
  field.set('F', number(132))
  field.set('Rect', numbers(0, 0, 0, 0))
  const entries = `/FT/Sig/T(${title})/Type/Annot/Subtype/Widget/F 132/Rect[0 0 0 0]`
  return { object: ref.objectNumber, entries }
}

/** When the first of the certificates ends by whose time-stamps a signed file is proven; null where there are none. */
export async function timestampsEnd(file: Uint8Array): Promise<Date | null> {
  const document = await readDocument(file)
  if ('indication' in document) return null
  const found = document.signatures.filter((one) => 'end' in one).toSorted((a, b) => b.end - a.end)
  const [last] = found
  if (last?.subFilter === 'ETSI.RFC3161') return endOf(readAt(last.contents).raw)
  const tokens = found.map(({ contents: cms }) =>
    readSignedData(readAt(cms).raw).signer.unsigned.get(oid.signatureTimestamp),
  )
  const ends = tokens.filter((token) => token !== undefined).map(({ raw }) => endOf(raw).getTime())
  return ends.length > 0 ? new Date(Math.min(...ends)) : null
}

function endOf(token: Uint8Array): Date {
  const certificate = namedCertificate(readSignedData(token))
  if (!certificate) throw new Error('the token does not name its certificate')
  return certificate.notAfter
}
