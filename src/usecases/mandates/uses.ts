import type { Context } from '../../context.ts'
import { ok, type Result } from '../../platform/result.ts'
import type { MandateUse } from '../../store/mandates.ts'
import { allowed } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'
import { type MandateRefusal, ownMandate } from './read.ts'

/** Something that was done under a mandate, and what it was done to. */
export type ToldUse = {
  at: string
  type: string
  dossier: string | null
  payment: string | null
  copy: string | null
  share: string | null
}

/** What was done under a mandate, newest first: for both its sides. */
export async function listMandateUses(
  context: Context,
  id: string,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<ToldUse>, MandateRefusal>> {
  const may = allowed(context, 'readMandates')
  if (!may.ok) return may
  const found = await ownMandate(context, id)
  if (!found.ok) return found
  const page = pageOf(await context.mandates.uses(id, before, limit), limit, ({ cursor }) => cursor)
  return ok({ ...page, items: await Promise.all(page.items.map((use) => toldUse(context, use))) })
}

async function toldUse(context: Context, { at, subject, event }: MandateUse): Promise<ToldUse> {
  const use = { at, type: event.type, dossier: null, payment: null, copy: event.copy ?? null, share: null }
  const [thing] = event.type.split('.')
  if (thing === 'dossier') return { ...use, dossier: (await context.dossiers.byId(subject))?.code ?? null }
  if (thing === 'payment') return { ...use, payment: subject }
  if (event.type === 'copy.opened') return use
  return { ...use, copy: (await context.lending.find(subject))?.share.copy ?? null, share: subject }
}
