import type { Context } from '../../context.ts'
import { coversScope, inOrder, isScope, proceduresIn, type Scope } from '../../domain/scope.ts'
import type { Possession } from '../../platform/dpop.ts'
import { sandboxOrigin } from '../../platform/sandbox.ts'
import { signToken, tokenLifetime } from '../../platform/jwt.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import { keyToBind } from './bind-token.ts'
import { type Proof, proveClient } from './prove-client.ts'

/** `scopes` empty: all that the app is registered for (RFC 6749 §3.3). */
export type TokenRequest = { proof: Proof; scopes: string[]; audiences: string[]; possession?: Possession | undefined }
export type Grant = { token: string; type: 'Bearer' | 'DPoP'; scopes: Scope[]; expiresIn: number }

/** A short-lived access token for an app that proved who it is (RFC 6749 §4.4, RFC 9068). */
export async function grantToken(
  context: Context,
  { proof, scopes, audiences, possession }: TokenRequest,
): Promise<Result<Grant, 'invalid_client' | 'invalid_scope' | 'invalid_request' | 'invalid_dpop_proof'>> {
  const proved = await proveClient(context, proof, audiences)
  if (!proved.ok) return proved
  const app = proved.value
  const given = scopes.length === 0 ? ok(app.scopes) : await grantable(context, app.scopes, scopes)
  if (!given.ok) return given
  const granted = given.value
  const key = await keyToBind(context, app, possession)
  if (!key.ok) return key
  const { publicOrigin } = context.config
  const inSandbox = app.kind === 'sandbox'
  if (inSandbox) await context.sandboxes.open(app)
  const claims = {
    origin: inSandbox ? sandboxOrigin(publicOrigin, app.id) : publicOrigin,
    client: app.id,
    scopes: granted,
    id: context.newId(),
    at: context.now(),
    jkt: key.value,
  }
  const token = await signToken(context.config.tokenKeys, claims)
  return ok({ token, type: key.value ? 'DPoP' : 'Bearer', scopes: granted, expiresIn: tokenLifetime })
}

/** What is asked for, where what is held covers all of it: the same scopes, or narrower ones of procedures that there are. */
export async function grantable(
  { procedures, now }: Context,
  held: readonly Scope[],
  asked: readonly string[],
): Promise<Result<Scope[], 'invalid_scope'>> {
  const known = asked.filter(isScope)
  const named = proceduresIn(known)
  const levels = named.length > 0 ? await procedures.levels(localDate(now()), named) : new Map()
  const isGood = (scope: string) =>
    isScope(scope) &&
    proceduresIn([scope]).every((code) => levels.has(code)) &&
    coversScope(held, scope, (code) => levels.get(code))
  const bad = asked.filter((scope) => !isGood(scope)).map((scope) => scope.replaceAll(/[^!#-[\]-~]/g, '?'))
  const said = `The app is not registered for ${bad.join(' ').slice(0, 200)}`
  return bad.length > 0 ? refuse('invalid_scope', { detail: { vi: said, en: said } }) : ok(inOrder(known))
}
