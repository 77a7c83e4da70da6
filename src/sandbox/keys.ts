import { SignJWT } from 'jose'
import { newTokenKey, publicKeys, type TokenKey, tokenLifetime } from '../platform/jwt.ts'
import { toBase64Url } from '../platform/crypto.ts'
import type { PersonClaims } from './box.ts'

/** The secrets of one sandbox; none of them is anybody else's. */
export type SandboxKeys = { master: string; index: string; payments: string; people: TokenKey }

const newSecretKey = () => toBase64Url(crypto.getRandomValues(new Uint8Array(32)))

export const newKeys = async (): Promise<SandboxKeys> => ({
  master: newSecretKey(),
  index: newSecretKey(),
  payments: newSecretKey(),
  people: await newTokenKey(),
})

const issuerOf = (origin: string, kind: 'citizen' | 'officer') => `${origin}/${kind}s`

/** The settings by which a sandbox trusts the people that it invented itself. */
export const ownIssuers = (origin: string, { people }: SandboxKeys) =>
  (['citizen', 'officer'] as const).map((kind) => ({
    key: `${kind}s`,
    issuer: issuerOf(origin, kind),
    audience: origin,
    algorithms: ['ES256'],
    kind,
    jwks: publicKeys([people]),
  }))

/** An access token (RFC 9068) for somebody invented, by the real time: how long tokens live is no matter of a sandbox's clock. */
export async function personToken(
  origin: string,
  { people }: SandboxKeys,
  kind: 'citizen' | 'officer',
  { sub, ...claims }: PersonClaims,
): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000)
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: people.kid })
    .setIssuer(issuerOf(origin, kind))
    .setAudience(origin)
    .setSubject(sub)
    .setJti(crypto.randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + tokenLifetime)
    .sign(people)
}
