import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Config, TrustedIssuer } from '../../config.ts'
import { type Actor, roles } from '../../domain/actor.ts'
import { inOrder, isScope } from '../../domain/scope.ts'
import { type Possession, verifyProof } from '../../platform/dpop.ts'
import { IssuerUnreachable, keysOf } from '../../platform/issuers.ts'
import { consentIn, ownKeys } from '../../platform/jwt.ts'
import { log } from '../../platform/log.ts'
import { ok, refuse, type Refused, type Result, type Text } from '../../platform/result.ts'

export type IdentityConfig = Pick<Config, 'publicOrigin' | 'issuers' | 'tokenKeys'>
export type TokenRefusal = 'token-invalid' | 'token-expired' | 'issuer-unreachable' | 'dpop-proof-invalid'

/** Who asks, and by which proof where the token is bound to a key: it must not come a second time. */
export type Identified = { actor: Actor; possession?: Possession }

/** The request that a proof has to be about; `url` without query, `proof` as the header DPoP has it. */
export type Asked = { method: string; url: string; proof: string | undefined }

const longestToken = 8_192
/** Seconds by which the issuer's clock may differ from ours. */
const clockTolerance = 10

/**
 * Who sends this `Authorization` header? None at all is the public; anything else must be a valid token of ours or of a trusted
 * issuer, in the form of RFC 9068: as bearer (RFC 6750), or with the proof of the key that it is bound to (RFC 9449 §7). A bad
 * token never turns into the public, and a bound one never into a bearer token.
 */
export async function identify(
  authorization: string | null,
  config: IdentityConfig,
  now: Date,
  asked?: Asked,
): Promise<Result<Identified, TokenRefusal>> {
  if (authorization === null) return ok({ actor: { kind: 'public' } })
  const [, scheme = '', token] = /^(Bearer|DPoP) +([A-Za-z0-9._-]+)$/i.exec(authorization) ?? []
  if (!token || token.length > longestToken) return because.form
  const iss = issuerNamedBy(token)
  const issuer = config.issuers.find((trusted) => trusted.issuer === iss)
  if (!issuer && iss !== config.publicOrigin) return because.iss
  const verified = issuer ? await personBehind(token, issuer, now) : await appBehind(token, config, now)
  if (!verified.ok) return verified
  const { actor, bound } = verified.value
  if (scheme.toLowerCase() === 'bearer') return bound === undefined ? ok({ actor }) : because.bound
  if (bound === undefined) return because.unbound
  if (asked?.proof === undefined) return refuse('dpop-proof-invalid')
  const proved = await verifyProof(asked.proof, { method: asked.method, url: asked.url, token, now })
  if (!proved.ok) return proved
  return proved.value.jkt === bound ? ok({ actor, possession: proved.value }) : because.key
}

type Behind = Promise<Result<{ actor: Actor; bound: unknown }, TokenRefusal>>

/** What the token is bound to: the thumbprint of a key, or something that we cannot check and nobody can prove here. */
function boundTo({ cnf }: JWTPayload): unknown {
  if (cnf === undefined) return undefined
  return typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? cnf.jkt : null
}

/** Read before anything is verified, so good for one thing only: choosing whose keys and rules must verify the rest. */
function issuerNamedBy(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

const AppClaims = z.object({ client_id: z.string(), scope: z.string() })

async function appBehind(token: string, config: IdentityConfig, now: Date): Behind {
  const rules = { issuer: config.publicOrigin, audience: config.publicOrigin, algorithms: ['ES256'] }
  const verified = await verify(token, ownKeys(config.tokenKeys), rules, now)
  if (!verified.ok) return verified
  const claims = AppClaims.safeParse(verified.value)
  if (!claims.success) return because.claims
  const granted = words(claims.data.scope)
  const [id, bound, consent] = [claims.data.client_id, boundTo(verified.value), consentIn(verified.value.sub)]
  if (consent !== undefined)
    return ok({ actor: { kind: 'consented-app', id, consent, scopes: granted, persons: [], extent: {} }, bound })
  return ok({ actor: { kind: 'app', id, scopes: inOrder(granted.filter(isScope)) }, bound })
}

async function personBehind(token: string, issuer: TrustedIssuer, now: Date): Behind {
  const keys = issuer.jwks ? createLocalJWKSet(issuer.jwks) : keysOf(issuer.issuer, now)
  const verified = await verify(token, keys, issuer, now)
  if (!verified.ok) return verified
  const actor = issuer.kind === 'citizen' ? citizenOf(verified.value, issuer) : officerOf(verified.value, issuer)
  return actor ? ok({ actor, bound: boundTo(verified.value) }) : because.claims
}

const CitizenClaims = z
  .object({
    sub: z.string().min(1).max(255),
    personal_id: z
      .string()
      .regex(/^\d{12}$/)
      .optional(),
    tax_code: z
      .string()
      .regex(/^\d{10}(-\d{3})?$/)
      .optional(),
    name: z.string().max(200).optional(),
    scope: z.string().default(''),
  })
  .refine((claims) => claims.personal_id ?? claims.tax_code)

function citizenOf(payload: JWTPayload, issuer: TrustedIssuer): Actor | undefined {
  const claims = CitizenClaims.safeParse(payload).data
  if (!claims) return undefined
  return {
    kind: 'citizen',
    id: `${issuer.key}:${claims.sub}`,
    personalId: claims.personal_id ?? null,
    taxCode: claims.tax_code ?? null,
    name: claims.name ?? null,
    scopes: words(claims.scope),
  }
}

const OfficerClaims = z.object({
  sub: z.string().min(1).max(255),
  name: z.string().min(1).max(200),
  unit: z.string().regex(/^[A-Z0-9-]{1,40}-(0|\d{4})$/),
  roles: z.array(z.string()).max(100),
  title: z.string().trim().min(1).max(100).optional(),
  personal_id: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
})

function officerOf(payload: JWTPayload, issuer: TrustedIssuer): Actor | undefined {
  const claims = OfficerClaims.safeParse(payload).data
  if (!claims) return undefined
  const { sub, name, unit, title, personal_id: personalId } = claims
  // The city's directory may hold roles of other systems; only ours count.
  const ours = roles.filter((role) => claims.roles.includes(role))
  return { kind: 'officer', id: `${issuer.key}:${sub}`, name, unit, roles: ours, title, personalId }
}

type Rules = { issuer: string; audience: string; algorithms: string[] }

async function verify(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, audience, algorithms }: Rules,
  now: Date,
): Promise<Result<JWTPayload, TokenRefusal>> {
  const requiredClaims = ['exp', 'sub']
  const options = { issuer, audience, algorithms, typ: 'at+jwt', requiredClaims, clockTolerance, currentDate: now }
  try {
    return ok((await jwtVerify(token, keys, options)).payload)
  } catch (error) {
    if (error instanceof IssuerUnreachable) {
      log('issuer.unreachable', { issuer, error: error.message })
      return refuse('issuer-unreachable')
    }
    if (error instanceof errors.JWTExpired) return because.exp
    if (error instanceof errors.JWTClaimValidationFailed) return because[claimNamed(error.claim)]
    if (error instanceof errors.JOSEError) return because.signature
    throw error
  }
}

const words = (scope: string): string[] => scope.split(' ').filter(Boolean)

const invalid = (detail: Text): Refused<'token-invalid'> => refuse('token-invalid', { detail })

/** What is wrong with a token, in words that help its sender; each is said only about a token they hold themselves. */
const because = {
  form: invalid({
    vi: 'Cần một mã truy cập dạng “Bearer {JWT}” hoặc “DPoP {JWT}”.',
    en: 'A token of the form “Bearer {JWT}” or “DPoP {JWT}” is needed.',
  }),
  iss: invalid({ vi: 'Không tin cậy bên cấp mã truy cập này.', en: 'The issuer of this token is not trusted here.' }),
  aud: invalid({ vi: 'Mã truy cập được cấp cho dịch vụ khác.', en: 'The token was issued for another service.' }),
  typ: invalid({ vi: 'Đây không phải mã truy cập (typ at+jwt).', en: 'This is not an access token (typ at+jwt).' }),
  nbf: invalid({ vi: 'Mã truy cập chưa đến lúc có hiệu lực.', en: 'The token is not valid yet.' }),
  exp: refuse('token-expired', { detail: { vi: 'Mã truy cập đã hết hạn.', en: 'The token has expired.' } }),
  claims: invalid({ vi: 'Mã truy cập thiếu thông tin cần có.', en: 'The token lacks claims that are needed here.' }),
  bound: invalid({
    vi: 'Mã này gắn với một khóa: gửi bằng “Authorization: DPoP” kèm bằng chứng.',
    en: 'The token is bound to a key: send it as “Authorization: DPoP” with a proof.',
  }),
  unbound: invalid({
    vi: 'Mã này không gắn với khóa nào: gửi bằng “Authorization: Bearer”.',
    en: 'The token is bound to no key: send it as “Authorization: Bearer”.',
  }),
  key: refuse('dpop-proof-invalid', {
    detail: { vi: 'DPoP: không phải khóa mà mã gắn với.', en: 'DPoP: not the key that the token is bound to.' },
  }),
  signature: invalid({ vi: 'Không kiểm chứng được chữ ký của mã.', en: 'The signature of the token does not verify.' }),
} as const

const claimNamed = (claim: string): 'iss' | 'aud' | 'typ' | 'nbf' | 'claims' =>
  claim === 'iss' || claim === 'aud' || claim === 'typ' || claim === 'nbf' ? claim : 'claims'
