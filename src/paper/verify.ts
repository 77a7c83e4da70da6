import { readCertificate } from './certificate.ts'
import { evidenceOf, type Evidence } from './chain.ts'
import { NotDer } from './der.ts'
import { readDocument, type SignedDocument } from './document.ts'
import { failed, undecided, type Finding, type Indication, type SubIndication } from './finding.ts'
import { isTimestamp, judgeSignature } from './judge-signature.ts'
import { readResponse } from './ocsp.ts'
import { copyFields } from './order.ts'
import { explained, type Reason } from './reason-words.ts'
import { readRevocationList } from './revocation-list.ts'

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
  /** A time-stamp over the document seals it for the archive; nobody signs anything by it. */
  kind: 'signature' | 'timestamp'
  indication: Indication
  subIndication: SubIndication | null
  /** All that was found; empty if nothing. */
  reasons: Reason[]
  signer: string | null
  organisation: string | null
  /** When it is proven to have been there: by its time-stamp or one of the document, only if that one passed. */
  signedAt: Date | null
  issuer: string | null
  /** Lower-case hex. */
  certificateSerial: string | null
  certificateSha256: string | null
  /** DER in base64. */
  certificate: string | null
}

export type Verdict = {
  indication: Indication
  subIndication: SubIndication | null
  /** What was found of the file as a whole. */
  reasons: Reason[]
  /** Whether the last signature covers the file up to its end. */
  wholeDocumentCovered: boolean
  /** Where the last of the signatures proper stops covering the file: what follows only keeps it provable. */
  signedTo: number
  signatures: SignatureVerdict[]
  /** Whether those who had to sign did, by a signature that passed. */
  requiredSigners: (RequiredSigner & { signed: boolean })[]
}

/**
 * Judges a PDF by its signatures (ETSI EN 319 102-1, with the stricter rules of docs/verify.md): every byte is either
 * covered by a signature that passes or has only one value that does. Never throws on what the bytes are.
 */
export async function verifyPdf(bytes: Uint8Array, trust: Trust): Promise<Verdict> {
  const document = await readDocument(bytes)
  if ('indication' in document) return verdictOf([document], [], trust, { wholeDocumentCovered: false, signedTo: 0 })
  const evidence = evidenceOf(trust.roots, trust.crls, trust.at, trust.ocsps)
  addStore(evidence, document.store)

  const signatures = await judgeAll(bytes, document, evidence)
  const findings: Finding[] = []
  if (!document.isClosed) findings.push(failed('FORMAT_FAILURE', 'bytes-after-last-signature'))
  if (signatures.every(({ kind }) => kind !== 'signature')) findings.push(failed('FORMAT_FAILURE', 'no-signature'))
  // A copy that was cut off behind the certifier's signature still has the seal's field, empty or with a time-stamp in it.
  const stamped = signatures.flatMap(({ kind, field }) => (kind === 'signature' ? [] : [field]))
  if (copyFields.some((field) => document.unsignedFields.includes(field) || stamped.includes(field))) {
    findings.push(undecided('SIG_CONSTRAINTS_FAILURE', 'signature-missing'))
  }
  const ends = document.signatures.map((one) => ('end' in one && !isTimestamp(one) ? one.end : 0))
  const covered = { wholeDocumentCovered: document.end === bytes.length, signedTo: Math.max(0, ...ends) }
  return verdictOf(findings, signatures, trust, covered)
}

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
    const verdict = await judgeSignature(bytes, signature, provenAt, room, evidence)
    verdicts.set(signature, verdict)
    if (verdict.kind === 'timestamp' && verdict.indication === 'TOTAL-PASSED' && 'gap' in signature) {
      if (verdict.signedAt) proofs.push({ at: verdict.signedAt, from: signature.gap.start })
    }
  }
  return signatures.map((signature) => verdicts.get(signature)).filter((verdict) => verdict !== undefined)
}

function verdictOf(
  ofFile: Finding[],
  signatures: SignatureVerdict[],
  trust: Trust,
  covered: Pick<Verdict, 'wholeDocumentCovered' | 'signedTo'>,
): Verdict {
  const requiredSigners = (trust.requiredSigners ?? []).map((required) => ({
    ...required,
    signed: signatures.some((one) => isBy(one, required)),
  }))
  const isMissing = signatures.length > 0 && requiredSigners.some(({ signed }) => !signed)
  const missing = isMissing ? [undecided('SIG_CONSTRAINTS_FAILURE', 'required-signer-missing')] : []
  const findings = [...ofFile, ...missing]
  const worst = (wanted: Indication) => [...findings, ...signatures].find(({ indication }) => indication === wanted)
  const { indication, subIndication } = worst('TOTAL-FAILED') ??
    worst('INDETERMINATE') ?? { indication: 'TOTAL-PASSED' as const, subIndication: null }
  return { indication, subIndication, reasons: findings.map(explained), ...covered, signatures, requiredSigners }
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
