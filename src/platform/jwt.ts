import {
  createLocalJWKSet,
  errors,
  exportJWK,
  generateKeyPair,
  calculateJwkThumbprint,
  importJWK,
  type LocalJWKSet,
  jwtVerify,
  SignJWT,
} from 'jose'

/** A private P-256 key in JWK form (RFC 7517), named by `kid`. */
export type TokenKey = { kty: 'EC'; crv: 'P-256'; x: string; y: string; d: string; kid: string }

/** A public key in JWK form: an app's, or one of ours as it is published. */
export type PublicKey =
  | { kty: 'EC'; crv: 'P-256'; x: string; y: string; kid: string }
  | { kty: 'RSA'; n: string; e: string; kid: string }
  | { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string }

type Unnamed<Key> = Key extends PublicKey ? Omit<Key, 'kid'> & { kid?: string | undefined } : never
export type UnnamedKey = Unnamed<PublicKey>

/** How long an access token lives, in seconds: short, because nothing can call it back. */
export const tokenLifetime = 600

/** A new signing key, its `kid` being its thumbprint (RFC 7638). */
export async function newTokenKey(): Promise<TokenKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { x, y, d } = await exportJWK(privateKey)
  if (!x || !y || !d) throw new Error('a P-256 private key has x, y and d')
  const key = { kty: 'EC', crv: 'P-256', x, y } as const
  return { ...key, d, kid: await calculateJwkThumbprint(key) }
}

/** The algorithm that a client signs with, by its kind of key. */
const algorithmOf = { EC: 'ES256', RSA: 'RS256', OKP: 'EdDSA' } as const

/** A client's public key made complete: named by its thumbprint if it has no name; undefined if it is no usable key. */
export async function usableKey(key: UnnamedKey): Promise<PublicKey | undefined> {
  const { kid, ...bare } = key
  try {
    await importJWK(bare, algorithmOf[bare.kty])
    return { ...bare, kid: kid ?? (await calculateJwkThumbprint(bare)) }
  } catch {
    return undefined
  }
}

/** The key set as the world may see it: named fields only, so no private part can slip through. */
export const publicKeys = (keys: readonly TokenKey[]) => ({
  keys: keys.map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid, alg: 'ES256', use: 'sig' })),
})

const resolvers = new WeakMap<readonly TokenKey[], LocalJWKSet>()

/** Finds our own key for a token; imported once per isolate. */
export function ownKeys(keys: readonly TokenKey[]): LocalJWKSet {
  const known = resolvers.get(keys)
  if (known) return known
  const resolver = createLocalJWKSet(publicKeys(keys))
  resolvers.set(keys, resolver)
  return resolver
}

/**
 * Signs an access token of RFC 9068 with the first key: this service issues it, and it is good for this service only. `jkt`: the
 * thumbprint of the key that has to be proved with it (RFC 9449 §6.1).
 */
export async function signToken(
  keys: readonly TokenKey[],
  claims: {
    origin: string
    client: string
    /** The consent under which the client acts; without one it acts for itself. */
    subject?: string
    scopes: readonly string[]
    id: string
    at: Date
    /** Seconds; never longer than any token. */
    expiresIn?: number
    jkt?: string | undefined
  },
): Promise<string> {
  const [key] = keys
  if (!key) throw new Error('no key to sign tokens with')
  const issuedAt = Math.floor(claims.at.getTime() / 1000)
  const bound = claims.jkt === undefined ? {} : { cnf: { jkt: claims.jkt } }
  return new SignJWT({ client_id: claims.client, scope: claims.scopes.join(' '), ...bound })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })
    .setIssuer(claims.origin)
    .setAudience(claims.origin)
    .setSubject(claims.subject ?? claims.client)
    .setJti(claims.id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + Math.min(tokenLifetime, claims.expiresIn ?? tokenLifetime))
    .sign(key)
}

/** The consent that the subject of one of our tokens is; undefined where an app acts for itself. */
export const consentIn = (subject: unknown): string | undefined =>
  typeof subject === 'string' && subject.startsWith('consent_') ? subject : undefined

/** Whose access token that is and under which consent, whether or not it has expired; undefined for anything that we did not sign. */
export async function consentNamedBy(
  token: string,
  { publicOrigin, tokenKeys }: { publicOrigin: string; tokenKeys: readonly TokenKey[] },
): Promise<{ client: string; consent: string | undefined } | undefined> {
  const rules = { issuer: publicOrigin, audience: publicOrigin, algorithms: ['ES256'], typ: 'at+jwt' }
  try {
    const { payload } = await jwtVerify(token, ownKeys(tokenKeys), { ...rules, currentDate: new Date(0) })
    const client = payload['client_id']
    return typeof client === 'string' ? { client, consent: consentIn(payload.sub) } : undefined
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
