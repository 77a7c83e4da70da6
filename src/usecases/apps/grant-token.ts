import type { Context } from '../../context.ts'
import type { Scope } from '../../domain/actor.ts'
import { signToken, tokenLifetime } from '../../platform/jwt.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { type Proof, proveClient } from './prove-client.ts'

/** `scopes` empty: all that the app is registered for (RFC 6749 §3.3). */
export type TokenRequest = { proof: Proof; scopes: string[]; audiences: string[] }
export type Grant = { token: string; scopes: Scope[]; expiresIn: number }

/** A short-lived access token for an app that proved who it is (RFC 6749 §4.4, RFC 9068). */
export async function grantToken(
  context: Context,
  { proof, scopes, audiences }: TokenRequest,
): Promise<Result<Grant, 'invalid_client' | 'invalid_scope'>> {
  const proved = await proveClient(context, proof, audiences)
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
