import { effortOf, isSigned, UnacceptedAlgorithm } from './algorithms.ts'
import { equal } from './bytes.ts'
import { keyUsage, readCertificate, type Certificate } from './certificate.ts'
import { NotDer } from './der.ts'
import { failed, undecided, type Finding } from './finding.ts'
import { readResponse, type OcspResponse } from './ocsp.ts'
import { readRevocationList, type RevocationList } from './revocation-list.ts'

/** All that certificates are judged by in one verification: what the caller trusts, and what lies at hand as evidence. */
export type Evidence = {
  roots: Certificate[]
  /** From the file: believed only as far as a chain to a root carries them. */
  certificates: Certificate[]
  lists: RevocationList[]
  responses: OcspResponse[]
  /** Now. */
  at: Date
  /** Whether an authority signed something, as far as that was already asked. */
  verified: Map<Certificate, Map<Signed, Promise<boolean>>>
  /** What is left for asking, by the measure of `effortOf`: more than any honest file needs. */
  effort: { left: number }
}

/** Whatever an authority puts its signature under. */
type Signed = { toBeSigned: Uint8Array; signatureAlgorithm: Uint8Array; signature: Uint8Array }

export function evidenceOf(roots: Uint8Array[], crls: Uint8Array[], at: Date, ocsps: Uint8Array[] = []): Evidence {
  return {
    roots: roots.map(readCertificate),
    certificates: [],
    lists: crls.map(readRevocationList).filter((list) => list !== null),
    responses: ocsps.map(readResponse).filter((response) => response !== null),
    at,
    verified: new Map(),
    effort: { left: 1000 },
  }
}

/** The certificates of a container beside those at hand, each of them once. */
export function withCertificates(evidence: Evidence, more: Certificate[]): Evidence {
  const certificates = [...evidence.certificates]
  for (const one of more) if (!certificates.some(({ der }) => equal(der, one.der))) certificates.push(one)
  return { ...evidence, certificates }
}

// A chain of more authorities is nothing that a real PKI has, and a file could make us search for ever.
const longestChain = 6
const mostCertificates = 64

/** From the certificate to the nearest root, in this order; null if nothing at hand leads there. */
export async function chainOf(leaf: Certificate, evidence: Evidence): Promise<Certificate[] | null> {
  if (evidence.certificates.length > mostCertificates) return null
  const authorities = [...evidence.roots, ...evidence.certificates]
  const seen = new Set([leaf])
  let chains = [[leaf]]
  for (let length = 1; length <= longestChain; length++) {
    const longer: Certificate[][] = []
    for (const chain of chains) {
      const last = chain[length - 1] ?? leaf
      if (evidence.roots.some((root) => equal(root.der, last.der))) return chain
      for (const issuer of authorities) {
        if (seen.has(issuer) || !isNamedIssuer(issuer, last) || !(await hasIssued(issuer, last, evidence))) continue
        seen.add(issuer)
        longer.push([...chain, issuer])
      }
    }
    chains = longer
  }
  return null
}

const isNamedIssuer = (issuer: Certificate, issued: Certificate) => equal(issuer.subject, issued.issuer)

/** Whether this authority put its signature under a certificate; whether it may is for `authorityFinding` to say. */
export function hasIssued(issuer: Certificate, issued: Certificate, evidence: Evidence): Promise<boolean> {
  return hasSigned(issuer, evidence.certificates.find(({ der }) => equal(der, issued.der)) ?? issued, evidence)
}

/** Asked once for each pair, and of no file more often than any honest one needs. */
export function hasSigned(signer: Certificate, signed: Signed, { verified, effort }: Evidence): Promise<boolean> {
  const before = verified.get(signer)?.get(signed)
  if (before) return before
  effort.left -= effortOf(signer.publicKey)
  if (effort.left < 0) return Promise.resolve(false)
  const { signatureAlgorithm: algorithm, signature, toBeSigned: bytes } = signed
  const answer = isSigned({ algorithm, signature, bytes, publicKey: signer.publicKey }).catch(neverTrue)
  verified.set(signer, (verified.get(signer) ?? new Map<Signed, Promise<boolean>>()).set(signed, answer))
  return answer
}

function neverTrue(error: unknown): false {
  if (error instanceof NotDer || error instanceof UnacceptedAlgorithm) return false
  throw error
}

/**
 * Whether a certificate that lies in a container, where no signature need cover it, was changed: an authority at hand
 * is named by it, but did not sign it. One from a stranger is not wrong, only useless.
 */
export async function isDamaged(certificate: Certificate, evidence: Evidence): Promise<boolean> {
  const { authorityKeyId } = certificate
  const claimed = [...evidence.roots, ...evidence.certificates].filter(
    (other) => isNamedIssuer(other, certificate) || (authorityKeyId !== null && other.subjectKeyId === authorityKeyId),
  )
  const answers = await Promise.all(claimed.map((issuer) => hasIssued(issuer, certificate, evidence)))
  return answers.length > 0 && !answers.includes(true)
}

/** RFC 5280, 6.1.4: whether each authority of a chain may issue what stands below it. Answers the first objection. */
export function authorityFinding(chain: Certificate[]): Finding | null {
  for (const [position, certificate] of chain.entries()) {
    if (certificate.unknownCritical.length > 0)
      return undecided('CHAIN_CONSTRAINTS_FAILURE', 'unknown-critical-extension')
    if (position === 0) continue
    const usage = certificate.keyUsage
    const mayIssue = certificate.isAuthority && (usage === null || (usage & keyUsage.certificateSign) !== 0)
    if (!mayIssue) return undecided('CHAIN_CONSTRAINTS_FAILURE', 'issuer-is-no-authority')
    if (certificate.pathLength !== null && position - 1 > certificate.pathLength) {
      return undecided('CHAIN_CONSTRAINTS_FAILURE', 'path-too-long')
    }
  }
  return null
}

/** Whether every certificate of the chain was valid at `time`. `proven` says that a time-stamp proves the time. */
export function validityFinding(chain: Certificate[], time: Date, proven: boolean): Finding | null {
  const [leaf, ...authorities] = chain
  if (leaf && time < leaf.notBefore) {
    return proven
      ? failed('NOT_YET_VALID', 'certificate-not-yet-valid')
      : undecided('OUT_OF_BOUNDS_NO_POE', 'certificate-not-yet-valid')
  }
  if (leaf && time > leaf.notAfter) {
    return proven ? failed('EXPIRED', 'certificate-expired') : undecided('OUT_OF_BOUNDS_NO_POE', 'certificate-expired')
  }
  const outside = authorities.some(({ notBefore, notAfter }) => time < notBefore || time > notAfter)
  return outside ? undecided('OUT_OF_BOUNDS_NO_POE', 'authority-certificate-expired') : null
}
