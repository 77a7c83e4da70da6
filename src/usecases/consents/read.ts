import type { Context } from '../../context.ts'
import { type Consent, stands } from '../../domain/consent.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { ConsentUse, KeptConsent } from '../../store/consents.ts'
import { allowed, inJournal, personsOf } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'

export type ConsentRefusal = 'token-needed' | 'not-allowed' | 'no-such-consent'

/** A consent as its giver reads it: single dossiers by their codes. */
export type ToldConsent = KeptConsent & {
  dossiers: 'all' | string[] | null
  copies: Consent['extent'][keyof Consent['extent']] | null
}

/** The consents that who asks gave, newest first. */
export async function listConsents(
  context: Context,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<ToldConsent>, 'token-needed' | 'not-allowed'>> {
  const may = allowed(context, 'readConsents')
  if (!may.ok) return may
  const persons = await personsOf(context, context.actor)
  const page = pageOf(await context.consents.list(persons, before, limit), limit, ({ consent }) => consent.id)
  return ok({ ...page, items: await Promise.all(page.items.map((kept) => told(context, kept))) })
}

export async function readConsent(context: Context, id: string): Promise<Result<ToldConsent, ConsentRefusal>> {
  const may = allowed(context, 'readConsents')
  if (!may.ok) return may
  const found = await ownConsent(context, id)
  return found.ok ? ok(await told(context, found.value)) : found
}

/** Withdraws a consent: nothing is read under it any more, from this moment. What has ended already stays as it is. */
export async function endConsent(context: Context, id: string): Promise<Result<void, ConsentRefusal>> {
  const may = allowed(context, 'endConsent')
  if (!may.ok) return may
  const found = await ownConsent(context, id)
  if (!found.ok) return found
  const at = context.now()
  if (!stands(found.value.consent, at.getTime())) return ok(undefined)
  return ok(await context.consents.end(found.value, 'withdrawn', { at, actor: inJournal(context.actor) }))
}

/** What was read under a consent, the latest day first. */
export async function listConsentUses(
  context: Context,
  id: string,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<ConsentUse>, ConsentRefusal>> {
  const may = allowed(context, 'readConsents')
  if (!may.ok) return may
  const found = await ownConsent(context, id)
  if (!found.ok) return found
  return ok(pageOf(await context.consents.uses(id, before, limit), limit, ({ cursor }) => cursor))
}

/** A consent if who asks gave it; for anybody else it does not exist. */
async function ownConsent(context: Context, id: string): Promise<Result<KeptConsent, 'no-such-consent'>> {
  const [kept, persons] = await Promise.all([context.consents.find(id), personsOf(context, context.actor)])
  return kept && persons.includes(kept.person) ? ok(kept) : refuse('no-such-consent')
}

async function told(context: Context, kept: KeptConsent): Promise<ToldConsent> {
  const { extent } = kept.consent
  const reach = extent['citizen:dossiers:read']
  const copies = extent['citizen:copies:read'] ?? null
  if (reach === undefined || reach === 'all') return { ...kept, dossiers: reach ?? null, copies }
  const found = await Promise.all(reach.map((one) => context.dossiers.byId(one)))
  return { ...kept, dossiers: found.flatMap((one) => one?.code ?? []), copies }
}
