import type { Context } from '../../context.ts'
import { inOrder } from '../../domain/scope.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { AppSettings, RegisteredApp } from '../../store/apps.ts'
import { allowed, ownerName } from '../access.ts'
import { versionOf } from './read.ts'
import { existing, scopeErrors } from './register.ts'

export type ChangeRefusal = 'token-needed' | 'not-allowed' | 'no-such-app' | 'invalid-request' | 'changed-meanwhile'

/**
 * Replaces what an app is registered with; `version` is the one seen (If-Match). Tokens got before keep what they say until they run
 * out, within ten minutes; webhooks tell nothing any more from now on that the app may not read.
 */
export async function changeApp(
  context: Context,
  input: { id: string; version: number; settings: AppSettings },
): Promise<Result<RegisteredApp, ChangeRefusal>> {
  const may = allowed(context, 'manageApps')
  if (!may.ok) return may
  const app = await context.apps.find(input.id)
  if (!app) return refuse('no-such-app')
  const errors = await scopeErrors(context, input.settings.scopes)
  if (errors.length > 0) return refuse('invalid-request', { errors })
  if (versionOf(app) !== input.version) return refuse('changed-meanwhile')
  const settings = { ...input.settings, scopes: inOrder(input.settings.scopes) }
  const changed = await context.apps.change(app, settings, { by: ownerName(context.actor), at: context.now() })
  return changed.ok ? ok(await existing(context, input.id)) : changed
}
