import type { Context } from '../../context.ts'
import { refuse, ok, type Result } from '../../platform/result.ts'
import type { Eyes, Filters } from '../../store/dossier-lists.ts'
import type { Kept } from '../../store/dossiers.ts'
import type { JournalRow } from '../../store/journal.ts'
import type { DossierEvent } from '../../domain/dossier.ts'
import { allowed, ownerName, personsOf, proceduresWithin, visible } from '../access.ts'

type ReadRefusal = 'token-needed' | 'not-allowed' | 'no-such-dossier'

/** One dossier, if the caller may see it. */
export const readDossier = (context: Context, code: string): Promise<Result<Kept, ReadRefusal>> =>
  visible(context, 'readDossier', code)

export type Page<T> = { items: T[]; next: string | null }

/** Cuts the one row too many off a page; the cursor is the id that the page ends with. */
export function pageOf<T>(rows: T[], limit: number, idOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? idOf(last) : null }
}

/** The dossiers that the caller may see, newest first, or by due date or change where these are asked for; `applicant` is a personal number or a tax code. */
export async function listDossiers(
  context: Context,
  { applicant, ...filters }: Filters,
  after: string | undefined,
  limit: number,
): Promise<Result<Page<Kept>, 'token-needed' | 'not-allowed'>> {
  const may = allowed(context, 'listDossiers')
  if (!may.ok) return may
  const eyes = await eyesOf(context)
  if (!eyes) return refuse('not-allowed')
  const person = applicant && (await context.vault.personHash(subjectOf(applicant)))
  const asked = { ...filters, ...(person && { applicant: person }) }
  const { rows, next } = await context.dossiers.list(eyes, asked, after, limit)
  return ok({ items: rows, next })
}

const subjectOf = (number: string) => (/^\d{12}$/.test(number) ? { personalId: number } : { taxCode: number })

async function eyesOf(context: Context): Promise<Eyes | undefined> {
  const { actor } = context
  if (actor.kind === 'app') {
    const procedures = await proceduresWithin(context, 'listDossiers')
    return { submitter: ownerName(actor), ...(procedures && { procedures }) }
  }
  if (actor.kind === 'officer') return { unit: actor.unit }
  const persons = await personsOf(context, actor)
  const reach = actor.kind === 'consented-app' ? actor.extent['citizen:dossiers:read'] : 'all'
  if (persons.length === 0 || reach === undefined) return undefined
  return reach === 'all' ? { persons } : { persons, only: reach }
}

/** The journal of one dossier from a sequence number on. */
export async function readEvents(
  context: Context,
  code: string,
  after: number,
  limit: number,
): Promise<Result<Page<JournalRow<DossierEvent>>, ReadRefusal>> {
  const found = await visible(context, 'readEvents', code)
  if (!found.ok) return found
  const rows = await context.dossiers.events(found.value.dossier.id, after, limit + 1)
  return ok(pageOf(rows, limit, ({ version }) => String(version)))
}

/** A dossier as anybody may see it; `open` when the look-up secret of its receipt was given. */
export type Progress = { kept: Kept; open: boolean; events: JournalRow<DossierEvent>[] }

/**
 * How far a dossier is: without the secret only code, completion and lateness are shown (Circular 01/2018/TT-VPCP art. 16(2)(d));
 * with the secret printed on the receipt also procedure, unit, steps and dates. Never anything about a person.
 */
export async function readProgress(
  context: Context,
  code: string,
  secret: string | undefined,
): Promise<Result<Progress, 'no-such-dossier' | 'lookup-secret-wrong'>> {
  const kept = await context.dossiers.find(code)
  if (!kept) return refuse('no-such-dossier')
  if (secret === undefined) return ok({ kept, open: false, events: [] })
  if (secret.toUpperCase() !== (await context.vault.lookupSecret(kept.dossier.id))) return refuse('lookup-secret-wrong')
  return ok({ kept, open: true, events: await context.dossiers.events(kept.dossier.id, 0, 200) })
}
