import type { Context } from '../../context.ts'
import type { Scope } from '../../domain/actor.ts'
import { clientNamedBy, verifyAssertion } from '../../platform/client-assertions.ts'
import { signToken, tokenLifetime } from '../../platform/jwt.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { isSecretOf } from '../../platform/secrets.ts'
import type { RegisteredApp } from '../../store/apps.ts'

/** How a client proves who it is: `client_secret_basic` or `private_key_jwt`. */
export type Proof = { secret: string; client: string } | { assertion: string; client?: string }

/** `scopes` empty: all that the app is registered for (RFC 6749 §3.3). */
export type TokenRequest = { proof: Proof; scopes: string[]; audiences: string[] }
export type Grant = { token: string; scopes: Scope[]; expiresIn: number }

/** A short-lived access token for an app that proved who it is (RFC 6749 §4.4, RFC 9068). */
export async function grantToken(
  context: Context,
  { proof, scopes, audiences }: TokenRequest,
): Promise<Result<Grant, 'invalid_client' | 'invalid_scope'>> {
  const proved =
    'secret' in proof ? await appWithSecret(context, proof) : await appWithAssertion(context, proof, audiences)
  if (!proved.ok) return proved
  const app = proved.value
  const granted = scopes.length === 0 ? app.scopes : app.scopes.filter((scope) => scopes.includes(scope))
  if (scopes.some((scope) => !granted.some((known) => known === scope))) return refuse('invalid_scope')
  const claims = {
    origin: context.config.publicOrigin,
    client: app.id,
    scopes: granted,
    id: context.newId(),
    at: context.now(),
  }
  return ok({ token: await signToken(context.config.tokenKeys, claims), scopes: granted, expiresIn: tokenLifetime })
}

type Proved = Result<RegisteredApp, 'invalid_client'>

async function appWithSecret(
  context: Context,
  { client, secret }: { client: string; secret: string },
): Promise<Proved> {
  const app = await context.apps.find(client)
  const live = app?.secrets.filter(({ revokedAt }) => revokedAt === null) ?? []
  const matches = await Promise.all(live.map(({ hash }) => isSecretOf(secret, hash)))
  return app && matches.includes(true) ? ok(app) : refuse('invalid_client')
}

async function appWithAssertion(
  context: Context,
  { assertion, client }: { assertion: string; client?: string },
  audiences: string[],
): Promise<Proved> {
  const named = clientNamedBy(assertion)
  if (!named || (client !== undefined && client !== named)) return refuse('invalid_client')
  const app = await context.apps.find(named)
  if (!app) return refuse('invalid_client')
  const keys = app.keys.filter(({ revokedAt }) => revokedAt === null).map(({ jwk }) => jwk)
  const now = context.now()
  const verified = await verifyAssertion(assertion, { client: named, audiences, keys, now })
  if (!verified.ok) return refuse('invalid_client', verified.because)
  const { jti, expiresAt } = verified.value
  const first = await context.apps.useAssertion(app.id, jti, expiresAt, now)
  const replayed = 'the assertion was used before (jti)'
  return first ? ok(app) : refuse('invalid_client', { detail: { vi: replayed, en: replayed } })
}
