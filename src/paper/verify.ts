import { nameAttribute, readCertificate, type Certificate } from './certificate.ts'
import { evidenceOf, withCertificates, type Evidence } from './chain.ts'
import { oid } from './cms.ts'
import { NotDer, readAt } from './der.ts'
import { coveredBytes, readDocument, type FoundSignature, type SignedDocument } from './document.ts'
import { conclude, failed, undecided, type Finding, type Indication, type SubIndication } from './finding.ts'
import { copyFields } from './order.ts'
import { readResponse } from './ocsp.ts'
import type { Moment } from './revocation.ts'
import { readRevocationList } from './revocation-list.ts'
import {
  certificateFindings,
  bindingFindings,
  cryptographicFindings,
  damageFindings,
  namedCertificate,
} from './signature-check.ts'
import { readSignedData, type SignedData } from './signed-data.ts'
import { judgeTimestamp, judgeToken } from './timestamp-check.ts'
import { hex, sha256 } from './bytes.ts'

export type { Indication, SubIndication } from './finding.ts'

/** What the judge goes by: nothing that the file says about itself. Certificates and lists are DER. */
export type Trust = {
  roots: Uint8Array[]
  /** Revocation lists at hand; those in the file are used as well, since their issuers signed them. */
  crls: Uint8Array[]
  /** OCSP responses at hand, beside those in the file. */
  ocsps?: Uint8Array[]
  at: Date
  /** Who must have signed: each must match the certificate of one signature that passed. */
  requiredSigners?: RequiredSigner[]
}

export type RequiredSigner = { commonName: string } | { certificateSha256: string }

export type SignatureVerdict = {
  field: string
  /** A document time-stamp seals a file for the archive; nobody signs anything by it. */
  kind: 'signature' | 'document-timestamp'
  indication: Indication
  subIndication: SubIndication | null
  /** What was found, in this project's words (docs/verify.md); empty if nothing. */
  reasons: string[]
  signer: string | null
  organisation: string | null
  /** When it is proven to have been there: by its time-stamp or one of the document, only if that one passed. */
  signedAt: Date | null
  issuer: string | null
  /** Lower-case hex. */
  certificateSerial: string | null
  certificateSha256: string | null
}

export type Verdict = {
  indication: Indication
  subIndication: SubIndication | null
  reasons: string[]
  /** Whether the last signature covers the file up to its end. */
  wholeDocumentCovered: boolean
  /** Where the last of the signatures proper stops covering the file: what follows only keeps it provable. */
  signedTo: number
  signatures: SignatureVerdict[]
}

/**
 * Judges a PDF by its signatures (ETSI EN 319 102-1, with the stricter rules of docs/verify.md): every byte is either
 * covered by a signature that passes or has only one value that does. Never throws on what the bytes are.
 */
export async function verifyPdf(bytes: Uint8Array, trust: Trust): Promise<Verdict> {
  const document = await readDocument(bytes)
  if ('indication' in document) return verdictOf([document], false, [], 0)
  const evidence = evidenceOf(trust.roots, trust.crls, trust.at, trust.ocsps)
  addStore(evidence, document.store)

  const signatures = await judgeAll(bytes, document, evidence)
  const findings: Finding[] = []
  if (!document.isClosed) findings.push(failed('FORMAT_FAILURE', 'bytes-after-last-signature'))
  if (signatures.every(({ kind }) => kind !== 'signature')) findings.push(failed('FORMAT_FAILURE', 'no-signature'))
  // A copy that was cut off behind the certifier's signature still has the seal's empty field.
  if (copyFields.some((field) => document.unsignedFields.includes(field))) {
    findings.push(undecided('SIG_CONSTRAINTS_FAILURE', 'signature-missing'))
  }
  if (!(trust.requiredSigners ?? []).every((required) => signatures.some((one) => isBy(one, required)))) {
    findings.push(undecided('SIG_CONSTRAINTS_FAILURE', 'required-signer-missing'))
  }
  const ends = document.signatures.map((one) => ('end' in one && !isDocumentTimestamp(one) ? one.end : 0))
  return verdictOf(findings, document.end === bytes.length, signatures, Math.max(0, ...ends))
}

const isDocumentTimestamp = ({ subFilter }: FoundSignature) => subFilter === 'ETSI.RFC3161'

/** The latest first: a document time-stamp that passes proves that all which it covers was there at its time. */
async function judgeAll(
  bytes: Uint8Array,
  { signatures }: SignedDocument,
  evidence: Evidence,
): Promise<SignatureVerdict[]> {
  const room = new Uint8Array(bytes.length)
  const verdicts = new Map<SignedDocument['signatures'][number], SignatureVerdict>()
  const proofs: { at: Date; from: number }[] = []
  const endOf = (one: SignedDocument['signatures'][number]) => ('end' in one ? one.end : 0)
  for (const signature of signatures.toSorted((a, b) => endOf(b) - endOf(a))) {
    const later = proofs.filter(({ from }) => from >= endOf(signature)).map(({ at }) => at.getTime())
    const provenAt = later.length > 0 ? new Date(Math.min(...later)) : null
    const verdict = await judge(bytes, signature, provenAt, room, evidence)
    verdicts.set(signature, verdict)
    if (verdict.kind === 'document-timestamp' && verdict.indication === 'TOTAL-PASSED' && 'gap' in signature) {
      if (verdict.signedAt) proofs.push({ at: verdict.signedAt, from: signature.gap.start })
    }
  }
  return signatures.map((signature) => verdicts.get(signature)).filter((verdict) => verdict !== undefined)
}

function verdictOf(
  findings: Finding[],
  wholeDocumentCovered: boolean,
  signatures: SignatureVerdict[],
  signedTo: number,
): Verdict {
  const worst = (wanted: Indication) => [...findings, ...signatures].find(({ indication }) => indication === wanted)
  const { indication, subIndication } = worst('TOTAL-FAILED') ??
    worst('INDETERMINATE') ?? { indication: 'TOTAL-PASSED' as const, subIndication: null }
  const reasons = findings.map(({ reason }) => reason)
  return { indication, subIndication, reasons, wholeDocumentCovered, signedTo, signatures }
}

const isBy = (signature: SignatureVerdict, required: RequiredSigner) =>
  signature.kind === 'signature' &&
  signature.indication === 'TOTAL-PASSED' &&
  ('commonName' in required
    ? signature.signer === required.commonName
    : signature.certificateSha256 === required.certificateSha256)

function addStore(evidence: Evidence, { certificates, crls, ocsps }: SignedDocument['store']): void {
  for (const der of certificates) {
    try {
      evidence.certificates.push(readCertificate(der))
    } catch (error) {
      if (!(error instanceof NotDer)) throw error
    }
  }
  evidence.lists.push(...crls.map(readRevocationList).filter((list) => list !== null))
  evidence.responses.push(...ocsps.map(readResponse).filter((response) => response !== null))
}

async function judge(
  file: Uint8Array,
  signature: SignedDocument['signatures'][number],
  provenAt: Date | null,
  room: Uint8Array,
  evidence: Evidence,
): Promise<SignatureVerdict> {
  if ('finding' in signature) return described({ field: signature.field, kind: 'signature' }, [signature.finding])
  const is = {
    field: signature.field,
    kind: isDocumentTimestamp(signature) ? 'document-timestamp' : 'signature',
  } as const
  try {
    const content = coveredBytes(file, signature, room)
    return is.kind === 'signature'
      ? await judgeCms(is, signature, content, provenAt, evidence)
      : await judgeDocumentTimestamp(is, signature, content, provenAt, evidence)
  } catch (error) {
    if (!(error instanceof NotDer)) throw error
    return described(is, [failed('FORMAT_FAILURE', 'cms-format')])
  }
}

type Judged = Pick<SignatureVerdict, 'field' | 'kind'>

const subFilters = new Set(['ETSI.CAdES.detached', 'adbe.pkcs7.detached'])

/** The CMS without its padding, and what its place in the file is to be blamed for. */
function enclosed(signature: FoundSignature): { cms: Uint8Array; findings: Finding[] } {
  const cms = readAt(signature.contents).raw
  const findings: Finding[] = []
  const isPadded = signature.contents.subarray(cms.length).every((byte) => byte === 0)
  if (!isPadded) findings.push(failed('FORMAT_FAILURE', 'padding'))
  if (signature.changedLater) findings.push(laterChange(signature))
  return { cms, findings }
}

/** ETSI EN 319 142-1, 5.4.3: a TimeStampToken over the file in the place of a signature. */
async function judgeDocumentTimestamp(
  is: Judged,
  signature: FoundSignature,
  content: Uint8Array,
  provenAt: Date | null,
  evidence: Evidence,
): Promise<SignatureVerdict> {
  const { cms, findings } = enclosed(signature)
  const stamped = await judgeToken(cms, content, evidence, provenAt ?? evidence.at)
  return described(is, [...findings, ...stamped.findings], stamped.certificate, stamped.at)
}

async function judgeCms(
  is: Judged,
  signature: FoundSignature,
  content: Uint8Array,
  provenAt: Date | null,
  evidence: Evidence,
): Promise<SignatureVerdict> {
  if (!subFilters.has(signature.subFilter)) return described(is, [failed('FORMAT_FAILURE', 'sub-filter')])
  const { cms, findings } = enclosed(signature)
  const data = readSignedData(cms)
  if (data.contentType !== oid.data || data.embedded) findings.push(failed('FORMAT_FAILURE', 'not-detached'))
  if (!onlyTimestamp(data)) findings.push(failed('FORMAT_FAILURE', 'unsigned-attribute'))
  const known = withCertificates(evidence, data.certificates)
  findings.push(...(await damageFindings(data, known)))

  const certificate = namedCertificate(data)
  if (!certificate) return described(is, [...findings, failed('FORMAT_FAILURE', 'signing-certificate-missing')])
  findings.push(...(await cryptographicFindings(data, content, certificate)))
  findings.push(...(await bindingFindings(data, certificate)))
  const stamped = await judgeTimestamp(data, known, provenAt ?? evidence.at)
  findings.push(...stamped.findings)
  const signedAt = stamped.at ?? provenAt
  const moment: Moment = { time: signedAt ?? evidence.at, proven: signedAt !== null, knownAt: signedAt }
  findings.push(...(await certificateFindings(certificate, 'documents', moment, known)))
  return described(is, findings, certificate, signedAt)
}

/** Who certified a document ruled changes out; others may not have minded, so only a person can tell. */
const laterChange = ({ certifies }: FoundSignature) =>
  certifies
    ? failed('FORMAT_FAILURE', 'changed-after-certification')
    : undecided('SIG_CONSTRAINTS_FAILURE', 'changed-after-signing')

/** ETSI EN 319 142-1, table 1: of all unsigned attributes PAdES knows only the signature time-stamp. */
const onlyTimestamp = ({ signer }: SignedData) =>
  [...signer.unsigned.keys()].every((type) => type === oid.signatureTimestamp)

async function described(
  is: Judged,
  findings: Finding[],
  certificate: Certificate | null = null,
  signedAt: Date | null = null,
): Promise<SignatureVerdict> {
  return {
    ...is,
    ...conclude(findings),
    reasons: findings.map(({ reason }) => reason),
    signer: certificate && nameAttribute(certificate.subject, 'commonName'),
    organisation: certificate && nameAttribute(certificate.subject, 'organisation'),
    signedAt,
    issuer: certificate && nameAttribute(certificate.issuer, 'commonName'),
    certificateSerial: certificate?.serial ?? null,
    certificateSha256: certificate && hex(await sha256(certificate.der)),
  }
}
