import { isSigned, UnacceptedAlgorithm } from './algorithms.ts'
import { equal } from './bytes.ts'
import { keyUsage, readCertificate, type Certificate } from './certificate.ts'
import { NotDer } from './der.ts'
import { failed, undecided, type Finding } from './finding.ts'
import { isIssuedBy, readRevocationList, type RevocationList } from './revocation-list.ts'

/** All that certificates are judged by in one verification: what the caller trusts, and what lies at hand as evidence. */
export type Evidence = {
  roots: Certificate[]
  /** From the file: believed only as far as a chain to a root carries them. */
  certificates: Certificate[]
  lists: RevocationList[]
  /** Now. */
  at: Date
  /** Whether an authority signed a certificate or list, as far as that was already asked. */
  verified: Map<Certificate, Map<Certificate | RevocationList, Promise<boolean>>>
}

export function evidenceOf(roots: Uint8Array[], crls: Uint8Array[], at: Date): Evidence {
  return {
    roots: roots.map(readCertificate),
    certificates: [],
    lists: crls.map(readRevocationList).filter((list) => list !== null),
    at,
    verified: new Map(),
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

/** From the certificate to a root, in this order; null if nothing at hand leads there. */
export async function chainOf(leaf: Certificate, evidence: Evidence): Promise<Certificate[] | null> {
  if (evidence.certificates.length > mostCertificates) return null
  const extend = async (chain: Certificate[]): Promise<Certificate[] | null> => {
    const last = chain.at(-1)
    if (!last) return null
    if (evidence.roots.some((root) => equal(root.der, last.der))) return chain
    if (chain.length === longestChain) return null
    for (const issuer of [...evidence.roots, ...evidence.certificates]) {
      if (chain.includes(issuer) || !isNamedIssuer(issuer, last)) continue
      const whole = (await hasIssued(issuer, last, evidence)) ? await extend([...chain, issuer]) : null
      if (whole) return whole
    }
    return null
  }
  return extend([leaf])
}

const isNamedIssuer = (issuer: Certificate, issued: Certificate) => equal(issuer.subject, issued.issuer)

function hasIssued(issuer: Certificate, issued: Certificate, evidence: Evidence): Promise<boolean> {
  const { signatureAlgorithm: algorithm, signature, toBeSigned: bytes } = issued
  const same = evidence.certificates.find(({ der }) => equal(der, issued.der)) ?? issued
  return once(evidence, issuer, same, () => isSigned({ algorithm, signature, bytes, publicKey: issuer.publicKey }))
}

function once(
  { verified }: Evidence,
  issuer: Certificate,
  issued: Certificate | RevocationList,
  ask: () => Promise<boolean>,
): Promise<boolean> {
  const known = verified.get(issuer) ?? new Map<Certificate | RevocationList, Promise<boolean>>()
  verified.set(issuer, known)
  const answer = known.get(issued) ?? ask().catch(neverTrue)
  known.set(issued, answer)
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

/**
 * Whether any certificate of the chain but the root was revoked at `time`, and whether that can be known: each needs a
 * list of its issuer that was in force at `time` or made later. A list from the file counts, its issuer signed it.
 */
export async function revocationFinding(
  chain: Certificate[],
  time: Date,
  proven: boolean,
  evidence: Evidence,
): Promise<Finding | null> {
  for (const [position, certificate] of chain.slice(0, -1).entries()) {
    const issuer = chain[position + 1]
    if (!issuer) break
    const lists = await listsOf(issuer, evidence)
    const revocations = lists.map((list) => list.revoked.get(certificate.serial)).filter((entry) => entry !== undefined)
    // Without a time-stamp nothing proves that the signature was there before the revocation.
    if (revocations.some(({ from }) => !proven || from <= time)) {
      if (position > 0) return undecided('REVOKED_CA_NO_POE', 'authority-revoked')
      return proven ? failed('REVOKED', 'certificate-revoked') : undecided('REVOKED_NO_POE', 'certificate-revoked')
    }
    const told = lists.some((list) => list.nextUpdate >= time && list.thisUpdate <= certificate.notAfter)
    if (!told) return undecided('TRY_LATER', 'revocation-unknown')
  }
  return null
}

async function listsOf(issuer: Certificate, evidence: Evidence): Promise<RevocationList[]> {
  const past = evidence.lists.filter((list) => list.thisUpdate <= evidence.at)
  const issued = await Promise.all(past.map((list) => once(evidence, issuer, list, () => isIssuedBy(list, issuer))))
  return past.filter((_, index) => issued[index])
}
