import { chainOf, type Evidence, evidenceOf, withCertificates } from './chain.ts'
import type { TimestampClient } from './cms.ts'
import { NotDer } from './der.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import { readResponse } from './ocsp.ts'
import { inTimestamp } from './reason-words.ts'
import { readSignedData } from './signed-data.ts'
import { type JudgedTimestamp, judgeToken } from './timestamp-check.ts'
import { timestampClient, type TimestampPost, TimestampRefused } from './timestamp.ts'

/** None of the authorities gave a time-stamp that would pass; `causes` has one for each, in the order of asking. */
export class NoTimestamp extends Error {
  readonly causes: unknown[]
  constructor(causes: unknown[]) {
    super(`no time-stamp: ${causes.map(String).join('; ')}`)
    this.causes = causes
  }
}

/** `policy` is the only one that its tokens may have; null accepts any. */
export type TimestampAuthority = { post: TimestampPost; policy: string | null }

/** What its certificates are judged by, all in DER. */
export type TimestampTrust = {
  roots: Uint8Array[]
  intermediates: Uint8Array[]
  crls: Uint8Array[]
  ocsps?: Uint8Array[]
  /** Asked, with the chain of an authority, where nothing at hand tells whether it was revoked; answers OCSP responses. */
  ask?: (chain: Certificate[], evidence: Evidence) => Promise<Uint8Array[]>
}

/** A clock may be ahead of ours by this much, in milliseconds. */
const tolerance = 60_000

/** Asks one authority after the other; a token counts only when its signature, chain and revocation pass. */
export function timestampsFrom(
  authorities: readonly TimestampAuthority[],
  trust: TimestampTrust,
  now: () => Date,
): TimestampClient {
  return async (stamped) => {
    const causes: unknown[] = []
    for (const { post, policy } of authorities) {
      try {
        const token = await timestampClient(post, policy === null ? {} : { policy })(stamped)
        await mustPass(token, stamped, trust, now())
        return token
      } catch (error) {
        causes.push(error)
      }
    }
    throw new NoTimestamp(causes)
  }
}

async function mustPass(token: Uint8Array, stamped: Uint8Array, trust: TimestampTrust, now: Date): Promise<void> {
  const evidence = evidenceOf(trust.roots, trust.crls, new Date(now.getTime() + tolerance), trust.ocsps)
  evidence.certificates.push(...trust.intermediates.map(readCertificate))
  const { at, findings } = await judge(token, stamped, evidence, trust.ask).catch((error: unknown) => {
    if (error instanceof NotDer) throw new TimestampRefused('the token is malformed')
    throw error
  })
  const reasons = findings.map(({ reason }) => reason).join(', ')
  if (!at) throw new TimestampRefused(`the token does not pass: ${reasons}`)
  if (Math.abs(at.getTime() - now.getTime()) > 5 * tolerance) throw new TimestampRefused('the token is of another time')
}

async function judge(
  token: Uint8Array,
  stamped: Uint8Array,
  evidence: Evidence,
  ask: TimestampTrust['ask'],
): Promise<JudgedTimestamp> {
  const judged = await judgeToken(token, stamped, evidence)
  const isUntold = judged.findings.every(({ reason }) => reason === inTimestamp('revocation-unknown'))
  if (judged.at || !judged.certificate || !ask || !isUntold) return judged
  const known = withCertificates(evidence, readSignedData(token).certificates)
  const chain = (await chainOf(judged.certificate, known)) ?? []
  evidence.responses.push(...(await ask(chain, known)).map(readResponse).filter((response) => response !== null))
  return judgeToken(token, stamped, evidence)
}
