import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { App, RegisteredApp } from '../../store/apps.ts'
import { allowed } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'

type Refusal = 'token-needed' | 'not-allowed'

/** All apps, newest first. */
export async function listApps(
  context: Context,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<App>, Refusal>> {
  const may = allowed(context, 'readApps')
  if (!may.ok) return may
  return ok(pageOf(await context.apps.list(before, limit), limit, ({ id }) => id))
}

/** One app with its credentials, live and revoked; never a secret itself. */
export async function readApp(context: Context, id: string): Promise<Result<RegisteredApp, Refusal | 'no-such-app'>> {
  const may = allowed(context, 'readApps')
  if (!may.ok) return may
  const app = await context.apps.find(id)
  return app ? ok(app) : refuse('no-such-app')
}

/** Every change of an app changes its settings, adds a credential or revokes one: their number is what `ETag` tells. */
export const versionOf = ({ version, secrets, keys }: RegisteredApp): number =>
  version + [...secrets, ...keys].reduce((changes, { revokedAt }) => changes + (revokedAt === null ? 1 : 2), 0)
