import { decodeJwt, errors, importJWK, jwtVerify, type JWTHeaderParameters } from 'jose'
import type { PublicKey } from './jwt.ts'
import { ok, refuse, type Result } from './result.ts'

/** Algorithms of client assertions; `EdDSA` and `Ed25519` (RFC 9864) name the same one. */
export const assertionAlgorithms = ['ES256', 'RS256', 'EdDSA', 'Ed25519']

/** An assertion proves possession now, so it may not be good for longer than this, in seconds. */
const longestLife = 300
/** Seconds by which the client's clock may differ from ours. */
const clockTolerance = 10

export type Assertion = { jti: string; expiresAt: Date }

/** The client that an assertion claims to come from; nothing is verified yet. */
export function clientNamedBy(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub
  } catch {
    return undefined
  }
}

/**
 * Verifies a client assertion (RFC 7523 §3, OpenID Connect Core §9): signed by one of the client's keys, `iss` = `sub` = the
 * client, `aud` one of ours, `exp` at most five minutes ahead, `jti` present. The refusal's detail is safe to show.
 */
export async function verifyAssertion(
  assertion: string,
  expected: { client: string; audiences: string[]; keys: PublicKey[]; now: Date },
): Promise<Result<Assertion, 'assertion-invalid'>> {
  const { client, audiences, keys, now } = expected
  const options = {
    algorithms: assertionAlgorithms,
    issuer: client,
    subject: client,
    audience: audiences,
    requiredClaims: ['exp', 'jti'],
    clockTolerance,
    currentDate: now,
  }
  try {
    const { payload } = await jwtVerify(assertion, (header: JWTHeaderParameters) => keyFor(keys, header), options)
    const { exp, jti } = payload
    if (exp === undefined || typeof jti !== 'string' || jti.length < 1 || jti.length > 255)
      return invalid('jti must be 1 to 255 characters')
    if (exp * 1000 > now.getTime() + (longestLife + clockTolerance) * 1000)
      return invalid('exp is more than 5 minutes ahead')
    return ok({ jti, expiresAt: new Date((exp + 2 * clockTolerance) * 1000) })
  } catch (error) {
    if (error instanceof errors.JWTExpired) return invalid('the assertion has expired')
    if (error instanceof errors.JWTClaimValidationFailed) return invalid(`the claim ${error.claim} is missing or wrong`)
    if (error instanceof errors.JOSEError || error instanceof UnknownKey)
      return invalid('the signature does not verify')
    throw error
  }
}

class UnknownKey extends Error {}

const kinds: Record<string, PublicKey['kty']> = { ES256: 'EC', RS256: 'RSA', EdDSA: 'OKP', Ed25519: 'OKP' }

/** Without `kid` the only key that fits the algorithm is meant; where several fit, the client must name one. */
async function keyFor(keys: PublicKey[], { kid, alg }: JWTHeaderParameters) {
  const fitting = keys.filter((key) => key.kty === kinds[alg] && (kid === undefined || key.kid === kid))
  const [key] = fitting
  if (!key || fitting.length > 1) throw new UnknownKey()
  return importJWK(key, alg)
}

const invalid = (en: string) => refuse('assertion-invalid', { detail: { vi: en, en } })
