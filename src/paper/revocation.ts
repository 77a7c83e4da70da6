import { keyUsage, purpose, type Certificate } from './certificate.ts'
import { equal } from './bytes.ts'
import { hasIssued, hasSigned, type Evidence } from './chain.ts'
import { NotDer } from './der.ts'
import { failed, undecided, type Finding } from './finding.ts'
import { isResponder, statementOn, type OcspResponse } from './ocsp.ts'
import { revokedFrom, type RevocationList } from './revocation-list.ts'

/** When a certificate is to have been good. */
export type Moment = {
  time: Date
  /** Whether a time-stamp proves that the signature was there at `time`. */
  proven: boolean
  /** When, at the latest, the signature is known to have been there; a later revocation does not concern it. */
  knownAt: Date | null
}

/** What an authority, or whom it entrusted with it, says of a certificate. */
type Status = { revokedFrom: Date | null; thisUpdate: Date; nextUpdate: Date }

/**
 * Whether any certificate of the chain but the root was revoked, and whether that can be known: each needs a list or
 * an OCSP response that was in force at `time` or made later. One from the file counts, for its issuer signed it.
 */
export async function revocationFinding(
  chain: Certificate[],
  { time, proven, knownAt }: Moment,
  evidence: Evidence,
): Promise<Finding | null> {
  for (const [position, certificate] of chain.slice(0, -1).entries()) {
    const issuer = chain[position + 1]
    if (!issuer) break
    const statuses = await statusesOf(certificate, issuer, evidence)
    // Without a time-stamp nothing proves that the signature was there before the revocation.
    if (statuses.some(({ revokedFrom: from }) => from && (!knownAt || from <= knownAt))) {
      if (position > 0) return undecided('REVOKED_CA_NO_POE', 'authority-revoked')
      return proven ? failed('REVOKED', 'certificate-revoked') : undecided('REVOKED_NO_POE', 'certificate-revoked')
    }
    const told = statuses.some((one) => one.nextUpdate >= time && one.thisUpdate <= certificate.notAfter)
    if (!told) return undecided('TRY_LATER', 'revocation-unknown')
  }
  return null
}

async function statusesOf(certificate: Certificate, issuer: Certificate, evidence: Evidence): Promise<Status[]> {
  const found = await listedStatuses(certificate, issuer, evidence)
  for (const response of evidence.responses) {
    const statement = await statementOn(response, certificate, issuer)
    if (!statement || statement.status === 'unknown' || statement.thisUpdate > evidence.at) continue
    if (!(await isAuthorised(response, issuer, evidence))) continue
    const revoked = statement.status === 'good' ? null : statement.status.revokedFrom
    found.push({ revokedFrom: revoked, thisUpdate: statement.thisUpdate, nextUpdate: statement.nextUpdate })
  }
  return found
}

async function listedStatuses(certificate: Certificate, issuer: Certificate, evidence: Evidence): Promise<Status[]> {
  if (issuer.keyUsage !== null && !(issuer.keyUsage & keyUsage.crlSign)) return []
  const found: Status[] = []
  for (const list of evidence.lists) {
    if (list.thisUpdate > evidence.at || !equal(list.issuer, issuer.subject)) continue
    const { thisUpdate, nextUpdate } = list
    const revoked = (await hasSigned(issuer, list, evidence)) ? listed(list, certificate.serial) : undefined
    if (revoked !== undefined) found.push({ revokedFrom: revoked, thisUpdate, nextUpdate })
  }
  return found
}

/** Undefined if the list, though signed, cannot be read to its end. */
function listed(list: RevocationList, serial: string): Date | null | undefined {
  try {
    return revokedFrom(list, serial)
  } catch (error) {
    if (error instanceof NotDer) return undefined
    throw error
  }
}

/**
 * RFC 6960, 4.2.2.2: the authority itself answers, or a responder whose certificate this very authority issued for
 * OCSP signing, valid when it answered and not revoked, unless the authority ruled that this is not to be asked.
 */
async function isAuthorised(response: OcspResponse, issuer: Certificate, evidence: Evidence): Promise<boolean> {
  for (const signer of [issuer, ...response.certificates, ...evidence.certificates]) {
    if (!(await isResponder(response, signer)) || !(await hasSigned(signer, response, evidence))) continue
    if (equal(signer.der, issuer.der) || (await isEntrusted(signer, response.producedAt, issuer, evidence))) return true
  }
  return false
}

async function isEntrusted(signer: Certificate, at: Date, issuer: Certificate, evidence: Evidence): Promise<boolean> {
  const isMeant =
    signer.extendedKeyUsage?.includes(purpose.ocspSigning) === true &&
    signer.unknownCritical.length === 0 &&
    (signer.keyUsage === null || (signer.keyUsage & keyUsage.digitalSignature) !== 0)
  if (!isMeant || at < signer.notBefore || at > signer.notAfter || !equal(signer.issuer, issuer.subject)) return false
  if (!(await hasIssued(issuer, signer, evidence))) return false
  if (signer.isNeverChecked) return true
  const statuses = await listedStatuses(signer, issuer, evidence)
  return statuses.some(({ nextUpdate }) => nextUpdate >= at) && statuses.every(({ revokedFrom }) => !revokedFrom)
}
