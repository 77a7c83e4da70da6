import type { Context } from '../../context.ts'
import { covers } from '../../domain/consent.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { CopyFilters, KeptCopy } from '../../store/copies.ts'
import { allowed, keeps, personsOf, seen } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'

export type ReadRefusal = 'token-needed' | 'not-allowed' | 'no-such-copy'

/** The copies in the account of the citizen or organisation who asks, newest first. */
export async function listCopies(
  context: Context,
  filters: CopyFilters,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<KeptCopy>, 'token-needed' | 'not-allowed'>> {
  const may = allowed(context, 'listCopies')
  if (!may.ok) return may
  const { actor } = context
  const owners = await personsOf(context, actor)
  if (owners.length === 0) return refuse('not-allowed')
  const reach = actor.kind === 'consented-app' ? actor.extent['citizen:copies:read'] : 'all'
  const asked = reach === 'all' ? filters : { ...filters, only: reach ?? [] }
  return ok(pageOf(await context.copies.list(owners, asked, before, limit), limit, ({ copy }) => copy.id))
}

/** One copy: for its owner, for the unit that issued it or took its place, and for who decides a dossier that it came of or proves something in. */
export async function readCopy(context: Context, id: string): Promise<Result<KeptCopy, ReadRefusal>> {
  const found = await visibleCopy(context, id)
  return found.ok ? ok(found.value.kept) : found
}

/** The copy, and the code of the dossier through which an officer of another unit sees it. */
export async function visibleCopy(
  context: Context,
  id: string,
): Promise<Result<{ kept: KeptCopy; through: string | null }, ReadRefusal>> {
  const may = allowed(context, 'readCopy')
  if (!may.ok) return may
  const kept = await context.copies.find(id)
  if (!kept) return refuse('no-such-copy')
  const { actor } = context
  const own =
    actor.kind === 'officer'
      ? await keeps(context, kept.copy.unit)
      : (await personsOf(context, actor)).includes(kept.owner)
  if (actor.kind === 'consented-app' && !covers(actor.extent, 'citizen:copies:read', id)) return refuse('no-such-copy')
  if (own) return ok({ kept, through: null })
  if (actor.kind !== 'officer') return refuse('no-such-copy')
  const dossiers = [...(kept.copy.dossier ? [kept.copy.dossier] : []), ...(await context.copies.usedIn(id))]
  for (const dossierId of dossiers) {
    const dossier = await context.dossiers.byId(dossierId)
    if (dossier && (await seen(context, dossier))) return ok({ kept, through: dossier.code })
  }
  return refuse('no-such-copy')
}
