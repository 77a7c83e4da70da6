import { z } from '@hono/zod-openapi'
import { appKinds } from '../../domain/actor.ts'
import { isScope, longestScope, mostScopes, type Scope, scopePattern } from '../../domain/scope.ts'
import type { UnnamedKey } from '../../platform/jwt.ts'
import type { Registered } from '../../usecases/apps/register.ts'
import type { AddedSecret } from '../../usecases/apps/credentials.ts'
import type { App, AppKey, RegisteredApp } from '../../store/apps.ts'
import { Instant, Line } from '../shapes.ts'

const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const example = '01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e'

export const AppId = z
  .string()
  .max(64)
  .regex(new RegExp(`^app_${uuid}$`))
  .openapi({ example: `app_${example}`, description: 'Also its OAuth client id.' })

export const SecretId = z
  .string()
  .max(64)
  .regex(new RegExp(`^secret_${uuid}$`))
  .openapi({ example: `secret_${example}` })
export const KeyId = z
  .string()
  .max(64)
  .regex(new RegExp(`^key_${uuid}$`))
  .openapi({ example: `key_${example}` })

const ScopeText = z
  .string()
  .max(longestScope)
  .regex(scopePattern)
  .transform((text): Scope => {
    if (isScope(text)) return text
    throw new Error(`${text} passed for a scope`)
  })

export const Scopes = z
  .array(ScopeText)
  .min(1)
  .max(mostScopes)
  .openapi({
    example: ['dossiers:submit:commune', 'dossiers:read'],
    description:
      'What the app may ask tokens for: `webhooks`, or `dossiers:submit`, `dossiers:read` or `dossiers:take-over`, each for all procedures, for those that one level decides today (`…:city`, `…:commune`), or for one (`…:1.004873`).',
  })

export const Dpop = z.enum(['optional', 'required']).openapi({
  description: '`required`: the app gets tokens only with a proof of possession, bound to its key (DPoP, RFC 9449).',
})

export const AppName = Line(200).openapi({ example: 'Ứng dụng Ví Dụ' })

const base64url = (min: number, max: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .min(min)
    .max(max)
const named = {
  kid: z
    .string()
    .regex(/^[\w.~:-]{1,64}$/)
    .optional()
    .openapi({ description: 'Names the key; its thumbprint (RFC 7638) where missing.' }),
  use: z.literal('sig').optional(),
  key_ops: z.array(z.literal('verify')).max(1).optional(),
}

/** A public JWK (RFC 7517). Private members are not known here, so a private key is refused and never stored. */
export const PublicJwk = z
  .discriminatedUnion('kty', [
    z.strictObject({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: base64url(43, 43),
      y: base64url(43, 43),
      alg: z.literal('ES256').optional(),
      ...named,
    }),
    z.strictObject({
      kty: z.literal('RSA'),
      n: base64url(342, 1366),
      e: base64url(1, 8),
      alg: z.literal('RS256').optional(),
      ...named,
    }),
    z.strictObject({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: base64url(43, 43),
      alg: z.enum(['EdDSA', 'Ed25519']).optional(),
      ...named,
    }),
  ])
  .openapi('PublicJwk', {
    example: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      kid: 'first',
    },
  })

/** The key itself, without what only says how to use it. */
export function bareKey(jwk: z.output<typeof PublicJwk>): UnnamedKey {
  const { kid } = jwk
  switch (jwk.kty) {
    case 'EC':
      return { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, kid }
    case 'RSA':
      return { kty: jwk.kty, n: jwk.n, e: jwk.e, kid }
    case 'OKP':
      return { kty: jwk.kty, crv: jwk.crv, x: jwk.x, kid }
  }
}

const credential = { createdAt: Instant, revokedAt: Instant.nullable() }

export const SecretView = z.object({ id: SecretId, ...credential }).openapi('AppSecret')
export const KeyView = z
  .object({ id: KeyId, kid: z.string().max(64), kty: z.enum(['EC', 'RSA', 'OKP']), ...credential })
  .openapi('AppKey')

export const Kind = z.enum(appKinds).openapi({
  description: '`sandbox`: the app works with a city of its own, with invented people and a clock that can be moved.',
})

const base = { id: AppId, name: AppName, kind: Kind, scopes: Scopes, dpop: Dpop, createdAt: Instant }
export const AppSummaryView = z.object(base).openapi('AppSummary')
export const AppView = z
  .object({ ...base, secrets: z.array(SecretView).max(1000), keys: z.array(KeyView).max(1000) })
  .openapi('App')

const secretValue = z.string().max(100).nullable().openapi({
  example: 'motcua_Zm9yIGRvY3VtZW50YXRpb24gb25seSwgbm90IHJlYWw',
  description: 'Shown this once; null when the same command is sent again, and for an app that brought a key instead.',
})

export const RegisteredAppView = AppView.extend({ clientSecret: secretValue }).openapi('RegisteredApp')
export const AddedSecretView = SecretView.extend({ clientSecret: secretValue }).openapi('AddedAppSecret')

const showKeys = (keys: AppKey[]) => keys.map(({ jwk, ...key }) => ({ ...key, kty: jwk.kty }))

export const showSummary = (app: App) => AppSummaryView.parse(app)
export const showApp = (app: RegisteredApp) => AppView.parse({ ...app, keys: showKeys(app.keys) })
export const showRegistered = ({ app, secret }: Registered) =>
  RegisteredAppView.parse({ ...showApp(app), clientSecret: secret })
export const showKey = (key: AppKey) => KeyView.parse({ ...key, kty: key.jwk.kty })
export const showAddedSecret = ({ secret, value }: AddedSecret) =>
  AddedSecretView.parse({ ...secret, clientSecret: value })
