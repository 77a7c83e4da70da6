import type { Context } from '../../context.ts'
import { consentNamedBy } from '../../platform/jwt.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { RegisteredApp } from '../../store/apps.ts'
import { endByApp, refreshTokenOf } from './redeem.ts'

/**
 * An app gives back what it got (RFC 7009): with either token the whole consent ends, for an access token by itself cannot be called
 * back. A token that nobody knows, or another app's, changes nothing, and the app is not told which it was.
 */
export async function revokeToken(
  context: Context,
  app: RegisteredApp,
  token: string,
): Promise<Result<void, 'unsupported_token_type'>> {
  const refreshed = await refreshTokenOf(context, app, token)
  if (refreshed) return ok(await endByApp(context, refreshed.kept, 'given-back'))
  const named = await consentNamedBy(token, context.config)
  if (named?.client !== app.id) return ok(undefined)
  if (named.consent === undefined) return refuse('unsupported_token_type')
  const kept = await context.consents.find(named.consent)
  return ok(kept && (await endByApp(context, kept, 'given-back')))
}
