import { hex, sha256, toBase64 } from './bytes.ts'
import { nameAttribute, type Certificate } from './certificate.ts'
import { withCertificates, type Evidence } from './chain.ts'
import { oid } from './oids.ts'
import { NotDer, readAt } from './der.ts'
import { coveredBytes, type FoundSignature, type SignedDocument } from './document.ts'
import { conclude, failed, undecided, type Finding } from './finding.ts'
import { explained } from './reason-words.ts'
import type { Moment } from './revocation.ts'
import {
  bindingFindings,
  certificateFindings,
  cryptographicFindings,
  damageFindings,
  namedCertificate,
} from './signature-check.ts'
import { readSignedData, type SignedData } from './signed-data.ts'
import { judgeTimestamp, judgeToken } from './timestamp-check.ts'
import type { SignatureVerdict } from './verify.ts'

export const isTimestamp = ({ subFilter }: FoundSignature) => subFilter === 'ETSI.RFC3161'

/** Judges one signature of a file. `provenAt` is when a later time-stamp proves that it was there; `room` is as long as the file. */
export async function judgeSignature(
  file: Uint8Array,
  signature: SignedDocument['signatures'][number],
  provenAt: Date | null,
  room: Uint8Array,
  evidence: Evidence,
): Promise<SignatureVerdict> {
  if ('finding' in signature) return described({ field: signature.field, kind: 'signature' }, [signature.finding])
  const is = {
    field: signature.field,
    kind: isTimestamp(signature) ? 'timestamp' : 'signature',
  } as const
  try {
    const content = coveredBytes(file, signature, room)
    return is.kind === 'signature'
      ? await judgeCms(is, signature, content, provenAt, evidence)
      : await judgeTimestampOf(is, signature, content, provenAt, evidence)
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
async function judgeTimestampOf(
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
    reasons: findings.map(explained),
    signer: certificate && nameAttribute(certificate.subject, 'commonName'),
    organisation: certificate && nameAttribute(certificate.subject, 'organisation'),
    signedAt,
    issuer: certificate && nameAttribute(certificate.issuer, 'commonName'),
    certificateSerial: certificate?.serial ?? null,
    certificateSha256: certificate && hex(await sha256(certificate.der)),
    certificate: certificate && toBase64(certificate.der),
  }
}
