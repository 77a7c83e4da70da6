import type { Context } from '../../context.ts'
import type { Terms } from '../../domain/consent.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { allowed, ownerName } from '../access.ts'

type Refusal = 'token-needed' | 'not-allowed' | 'no-such-app'

const none: Terms = { scopes: [], redirectUris: [], purposes: [] }

/** What an app may ask citizens for today. */
export async function readTerms(context: Context, app: string): Promise<Result<Terms, Refusal>> {
  const may = allowed(context, 'readApps')
  if (!may.ok) return may
  if (!(await context.apps.find(app))) return refuse('no-such-app')
  return ok((await context.consents.terms(app)) ?? none)
}

/** Sets it anew, in whole. A scope that is left out ends at once, under consents that were given before, too. */
export async function setTerms(context: Context, app: string, terms: Terms): Promise<Result<Terms, Refusal>> {
  const may = allowed(context, 'manageApps')
  if (!may.ok) return may
  if (!(await context.apps.find(app))) return refuse('no-such-app')
  await context.consents.setTerms(app, terms, { by: ownerName(context.actor), at: context.now() })
  return ok(terms)
}
