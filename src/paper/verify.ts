import { nameAttribute, readCertificate, type Certificate } from './certificate.ts'
import { evidenceOf, withCertificates, type Evidence } from './chain.ts'
import { oid } from './cms.ts'
import { NotDer, readAt } from './der.ts'
import { coveredBytes, readDocument, type FoundSignature, type SignedDocument } from './document.ts'
import { conclude, failed, undecided, type Finding, type Indication, type SubIndication } from './finding.ts'
import { copyFields } from './order.ts'
import { readRevocationList } from './revocation-list.ts'
import {
  certificateFindings,
  bindingFindings,
  cryptographicFindings,
  damageFindings,
  namedCertificate,
} from './signature-check.ts'
import { readSignedData, type SignedData } from './signed-data.ts'
import { judgeTimestamp } from './timestamp-check.ts'
import { hex, sha256 } from './bytes.ts'

export type { Indication, SubIndication } from './finding.ts'

/** What the judge goes by: nothing that the file says about itself. Certificates and lists are DER. */
export type Trust = {
  roots: Uint8Array[]
  /** Revocation lists at hand; those in the file are used as well, since their issuers signed them. */
  crls: Uint8Array[]
  at: Date
  /** Who must have signed: each must match the certificate of one signature that passed. */
  requiredSigners?: RequiredSigner[]
}

export type RequiredSigner = { commonName: string } | { certificateSha256: string }

export type SignatureVerdict = {
  field: string
  indication: Indication
  subIndication: SubIndication | null
  /** What was found, in this project's words (docs/verify.md); empty if nothing. */
  reasons: string[]
  signer: string | null
  organisation: string | null
  /** The time-stamp's time, only if the time-stamp itself passed. */
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
  signatures: SignatureVerdict[]
}

/**
 * Judges a PDF by its signatures (ETSI EN 319 102-1, with the stricter rules of docs/verify.md): every byte is either
 * covered by a signature that passes or has only one value that does. Never throws on what the bytes are.
 */
export async function verifyPdf(bytes: Uint8Array, trust: Trust): Promise<Verdict> {
  const document = await readDocument(bytes)
  if ('indication' in document) return verdictOf([document], false, [])
  const evidence = evidenceOf(trust.roots, trust.crls, trust.at)
  addStore(evidence, document.store)

  const signatures: SignatureVerdict[] = []
  for (const signature of document.signatures) signatures.push(await judge(bytes, signature, evidence))
  const end = Math.max(0, ...document.signatures.map((signature) => ('end' in signature ? signature.end : 0)))
  const wholeDocumentCovered = end === bytes.length
  const findings: Finding[] = []
  if (!wholeDocumentCovered) findings.push(failed('FORMAT_FAILURE', 'bytes-after-last-signature'))
  // A copy that was cut off behind the certifier's signature still has the seal's empty field.
  if (copyFields.some((field) => document.unsignedFields.includes(field))) {
    findings.push(undecided('SIG_CONSTRAINTS_FAILURE', 'signature-missing'))
  }
  if (!(trust.requiredSigners ?? []).every((required) => signatures.some((one) => isBy(one, required)))) {
    findings.push(undecided('SIG_CONSTRAINTS_FAILURE', 'required-signer-missing'))
  }
  return verdictOf(findings, wholeDocumentCovered, signatures)
}

function verdictOf(findings: Finding[], wholeDocumentCovered: boolean, signatures: SignatureVerdict[]): Verdict {
  const worst = (wanted: Indication) => [...findings, ...signatures].find(({ indication }) => indication === wanted)
  const { indication, subIndication } = worst('TOTAL-FAILED') ??
    worst('INDETERMINATE') ?? { indication: 'TOTAL-PASSED' as const, subIndication: null }
  return { indication, subIndication, reasons: findings.map(({ reason }) => reason), wholeDocumentCovered, signatures }
}

const isBy = (signature: SignatureVerdict, required: RequiredSigner) =>
  signature.indication === 'TOTAL-PASSED' &&
  ('commonName' in required
    ? signature.signer === required.commonName
    : signature.certificateSha256 === required.certificateSha256)

function addStore(evidence: Evidence, { certificates, crls }: SignedDocument['store']): void {
  for (const der of certificates) {
    try {
      evidence.certificates.push(readCertificate(der))
    } catch (error) {
      if (!(error instanceof NotDer)) throw error
    }
  }
  evidence.lists.push(...crls.map(readRevocationList).filter((list) => list !== null))
}

async function judge(
  file: Uint8Array,
  signature: SignedDocument['signatures'][number],
  evidence: Evidence,
): Promise<SignatureVerdict> {
  const { field } = signature
  if ('finding' in signature) return described(field, [signature.finding])
  try {
    return await judgeCms(file, signature, evidence)
  } catch (error) {
    if (!(error instanceof NotDer)) throw error
    return described(field, [failed('FORMAT_FAILURE', 'cms-format')])
  }
}

const subFilters = new Set(['ETSI.CAdES.detached', 'adbe.pkcs7.detached'])

async function judgeCms(file: Uint8Array, signature: FoundSignature, evidence: Evidence): Promise<SignatureVerdict> {
  const { field, contents } = signature
  if (!subFilters.has(signature.subFilter)) return described(field, [failed('FORMAT_FAILURE', 'sub-filter')])
  const cms = readAt(contents).raw
  const findings: Finding[] = []
  if (contents.subarray(cms.length).some((byte) => byte !== 0)) findings.push(failed('FORMAT_FAILURE', 'padding'))
  if (signature.changedLater) findings.push(laterChange(signature))
  const data = readSignedData(cms)
  if (data.contentType !== oid.data || data.embedded) findings.push(failed('FORMAT_FAILURE', 'not-detached'))
  if (!onlyTimestamp(data)) findings.push(failed('FORMAT_FAILURE', 'unsigned-attribute'))
  const known = withCertificates(evidence, data.certificates)
  findings.push(...(await damageFindings(data, known)))

  const certificate = namedCertificate(data)
  if (!certificate) return described(field, [...findings, failed('FORMAT_FAILURE', 'signing-certificate-missing')])
  findings.push(...(await cryptographicFindings(data, coveredBytes(file, signature), certificate)))
  findings.push(...(await bindingFindings(data, certificate)))
  const stamped = await judgeTimestamp(data, known)
  findings.push(...stamped.findings)
  const moment = { time: stamped.at ?? evidence.at, proven: stamped.at !== null }
  findings.push(...(await certificateFindings(certificate, 'documents', moment, known)))
  return described(field, findings, certificate, stamped.at)
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
  field: string,
  findings: Finding[],
  certificate?: Certificate,
  signedAt: Date | null = null,
): Promise<SignatureVerdict> {
  return {
    field,
    ...conclude(findings),
    reasons: findings.map(({ reason }) => reason),
    signer: certificate ? nameAttribute(certificate.subject, 'commonName') : null,
    organisation: certificate ? nameAttribute(certificate.subject, 'organisation') : null,
    signedAt,
    issuer: certificate ? nameAttribute(certificate.issuer, 'commonName') : null,
    certificateSerial: certificate?.serial ?? null,
    certificateSha256: certificate ? hex(await sha256(certificate.der)) : null,
  }
}
