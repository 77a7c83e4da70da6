import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { KeptMandate } from '../../store/mandates.ts'
import { allowed, personsOf } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'

export type MandateRefusal = 'token-needed' | 'not-allowed' | 'no-such-mandate'

/** The mandates that who asks gave or got, newest first. */
export async function listMandates(
  context: Context,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<KeptMandate>, 'token-needed' | 'not-allowed'>> {
  const may = allowed(context, 'readMandates')
  if (!may.ok) return may
  const persons = await personsOf(context, context.actor)
  return ok(pageOf(await context.mandates.list(persons, before, limit), limit, ({ mandate }) => mandate.id))
}

export async function readMandate(context: Context, id: string): Promise<Result<KeptMandate, MandateRefusal>> {
  const may = allowed(context, 'readMandates')
  return may.ok ? ownMandate(context, id) : may
}

/** A mandate if who asks gave or got it; for anybody else it does not exist. */
export async function ownMandate(context: Context, id: string): Promise<Result<KeptMandate, 'no-such-mandate'>> {
  const [kept, persons] = await Promise.all([context.mandates.find(id), personsOf(context, context.actor)])
  const isTheirs = kept && (persons.includes(kept.organisation) || persons.includes(kept.person))
  return isTheirs ? ok(kept) : refuse('no-such-mandate')
}
