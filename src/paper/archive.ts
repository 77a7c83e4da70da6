import { concat, equal, hex, sha256 } from './bytes.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import { chainOf, type Evidence, withCertificates } from './chain.ts'
import type { TimestampClient } from './cms.ts'
import { readAt } from './der.ts'
import { readDocument } from './document.ts'
import { Draft } from './draft.ts'
import { oid } from './oids.ts'
import { PdfFile } from './reader/file.ts'
import { signatureRevision } from './revision.ts'
import { namedCertificate } from './signature-check.ts'
import { readSignedData } from './signed-data.ts'
import { assemble, fill, tokenSize } from './signing.ts'
import type { Revocation, Slot } from './stamp.ts'
import { to, written } from './written.ts'

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
  const continued = await PdfFile.open(file)
  const draft = await Draft.onto(continued)
  await addEvidence(draft, continued, document.store, revocation)
  const field = addUnseenField(draft)
  const object = draft.reserve()
  const closed = draft.close()
  const slot = { object, field, entries: '', reserve: tokenSize, kind: 'document-timestamp' } as const
  const revision = signatureRevision(closed.end, slot)
  const bytes = assemble(closed, [revision])
  const { gap } = revision
  const token = await timestamp(concat(bytes.subarray(0, gap.start), bytes.subarray(gap.end)))
  fill(bytes, gap, token)
  return { bytes, sha256: hex(await sha256(bytes)), provableUntil: endOf(token) }
}

/** All that was there stays where it is, for earlier time-stamps are judged by it; what is new comes behind it. */
async function addEvidence(
  draft: Draft,
  file: PdfFile,
  known: { certificates: Uint8Array[]; crls: Uint8Array[]; ocsps: Uint8Array[] },
  fresh: Revocation,
): Promise<void> {
  const catalog = await file.dictionary(file.trailer.get('Root'))
  const before = await file.dictionary(catalog?.get('DSS'))
  const extended = async (key: string, old: Uint8Array[], all: Uint8Array[]) => {
    const kept = (await file.array(before?.get(key))).map(written)
    const news = all.filter((one) => !old.some((other) => equal(other, one)))
    return `/${key}[${[...kept, ...news.map((one) => to(draft.addStream('', one)))].join(' ')}]`
  }
  const certificates = await extended('Certs', known.certificates, fresh.certificates)
  const crls = await extended('CRLs', known.crls, fresh.crls)
  const ocsps = await extended('OCSPs', known.ocsps, fresh.ocsps ?? [])
  draft.catalog['DSS'] = to(draft.add(`<</Type/DSS${certificates}${crls}${ocsps}>>`))
}

/** A field without extent on no page: it shows nothing (ISO 32000-2, 12.8.5). */
function addUnseenField(draft: Draft): Slot['field'] {
  const widget = '/Type/Annot/Subtype/Widget/F 132/Rect[0 0 0 0]'
  const entries = `/FT/Sig/T(${draft.freeTitle('Archive')})${widget}`
  return { object: draft.addField(`<<${entries}>>`), entries }
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

/** The chains of all who signed or stamped a file, as far as it and what is at hand lead to a root. */
export async function chainsIn(file: Uint8Array, evidence: Evidence): Promise<Certificate[][]> {
  const document = await readDocument(file)
  if ('indication' in document) return []
  const signed = document.signatures.flatMap((one) => ('end' in one ? [readSignedData(readAt(one.contents).raw)] : []))
  const tokens = signed.flatMap(({ signer }) => signer.unsigned.get(oid.signatureTimestamp) ?? [])
  const containers = [...signed, ...tokens.map(({ raw }) => readSignedData(raw))]
  const enclosed = containers.flatMap(({ certificates }) => certificates)
  const known = withCertificates(evidence, [...document.store.certificates.map(readCertificate), ...enclosed])
  const leafs = containers.map(namedCertificate).filter((leaf) => leaf !== undefined)
  const chains = await Promise.all(leafs.map((leaf) => chainOf(leaf, known)))
  return chains.filter((chain) => chain !== null)
}

function endOf(token: Uint8Array): Date {
  const certificate = namedCertificate(readSignedData(token))
  if (!certificate) throw new Error('the token does not name its certificate')
  return certificate.notAfter
}
