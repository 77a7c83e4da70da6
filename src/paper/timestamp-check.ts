import { digest, hashName, UnacceptedAlgorithm } from './algorithms.ts'
import { equal } from './bytes.ts'
import type { Certificate } from './certificate.ts'
import { withCertificates, type Evidence } from './chain.ts'
import { oid } from './oids.ts'
import { objectIdentifier, sequence } from './der.ts'
import { failed, undecided, type Finding } from './finding.ts'
import { inTimestamp } from './reason-words.ts'
import {
  bindingFindings,
  certificateFindings,
  cryptographicFindings,
  damageFindings,
  namedCertificate,
} from './signature-check.ts'
import { readSignedData, type SignedData } from './signed-data.ts'
import { timestampInfo, type TimestampInfo } from './timestamp.ts'

/** A time-stamp's judgement: `at` only if nothing speaks against it. */
export type JudgedTimestamp = { at: Date | null; findings: Finding[]; certificate: Certificate | null }

/**
 * Judges the time-stamp of a signature (RFC 3161; ETSI EN 319 122-1, 5.3), if it has one. `knownAt` is when a later
 * time-stamp proves that it was there already, or now. @throws NotDer
 */
export async function judgeTimestamp(
  { signer }: SignedData,
  evidence: Evidence,
  knownAt = evidence.at,
): Promise<JudgedTimestamp> {
  const token = signer.unsigned.get(oid.signatureTimestamp)
  if (!token) return { at: null, findings: [], certificate: null }
  return judgeToken(token.raw, signer.signature, evidence, knownAt)
}

/** Judges a TimeStampToken over these bytes. @throws NotDer */
export async function judgeToken(
  token: Uint8Array,
  stamped: Uint8Array,
  evidence: Evidence,
  knownAt = evidence.at,
): Promise<JudgedTimestamp> {
  const data = readSignedData(token)
  if (data.contentType !== oid.timestampInfo || !data.embedded || data.signer.unsigned.size > 0) {
    return { at: null, findings: [failed('FORMAT_FAILURE', 'timestamp-format')], certificate: null }
  }
  const known = withCertificates(evidence, data.certificates)
  const findings = await damageFindings(data, known)
  const certificate = namedCertificate(data) ?? null
  if (!certificate) findings.push(failed('FORMAT_FAILURE', 'signing-certificate-missing'))
  else {
    findings.push(...(await cryptographicFindings(data, data.embedded, certificate)))
    findings.push(...(await bindingFindings(data, certificate)))
  }
  const info = timestampInfo(data.embedded)
  findings.push(...(await imprintFindings(info, stamped)))
  if (info.at > knownAt) findings.push(undecided('SIG_CONSTRAINTS_FAILURE', 'from-the-future'))
  if (certificate) findings.push(...(await authorityFindings(certificate, info.at, knownAt, known)))
  const named = findings.map((finding) => ({ ...finding, reason: inTimestamp(finding.reason) }))
  return { at: findings.length === 0 ? info.at : null, findings: named, certificate }
}

async function imprintFindings({ hash, imprint }: TimestampInfo, stamped: Uint8Array): Promise<Finding[]> {
  try {
    const name = hashName(sequence(objectIdentifier(hash)))
    return equal(imprint, await digest(name, stamped)) ? [] : [failed('HASH_FAILURE', 'imprint')]
  } catch (error) {
    if (!(error instanceof UnacceptedAlgorithm)) throw error
    return [undecided('CRYPTO_CONSTRAINTS_FAILURE', 'algorithm-not-accepted')]
  }
}

/**
 * The authority must have been good when it stamped, and still when the token is known to have been there: a key that
 * was stolen before could have made a token of any date.
 */
async function authorityFindings(
  certificate: Certificate,
  stampedAt: Date,
  knownAt: Date,
  evidence: Evidence,
): Promise<Finding[]> {
  const isPast = knownAt < evidence.at
  const moment = { time: stampedAt, proven: false, knownAt: isPast ? knownAt : null }
  const then = await certificateFindings(certificate, 'time-stamps', moment, evidence)
  if (then.length > 0 || knownAt <= certificate.notAfter) return then
  return [undecided('OUT_OF_BOUNDS_NO_POE', 'certificate-expired')]
}
