import type { Context } from '../../context.ts'
import type { Calendar } from '../../domain/calendar.ts'
import { announcedInTime, type OutageEntry } from '../../domain/outage.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { type Page, pageOf } from '../dossiers/read.ts'

/** An outage as it is known now, and whether it was announced in time: null where that is not asked of it. */
export type KnownOutage = OutageEntry & { inTime: boolean | null }

/** Every outage, past and to come, newest first. Public. */
export async function listOutages(
  context: Context,
  before: string | undefined,
  limit: number,
): Promise<Page<KnownOutage>> {
  const [entries, calendar] = await Promise.all([context.outages.list(before, limit), context.calendar.calendar()])
  const page = pageOf(entries, limit, ({ outage }) => outage.id)
  return { ...page, items: page.items.map((entry) => judge(entry, calendar)) }
}

export async function readOutage(context: Context, id: string): Promise<Result<KnownOutage, 'no-such-outage'>> {
  const found = await context.outages.find(id)
  return found ? ok(await judged(context, found)) : refuse('no-such-outage')
}

export const judged = async (context: Context, entry: OutageEntry): Promise<KnownOutage> =>
  judge(entry, await context.calendar.calendar())

function judge(entry: OutageEntry, calendar: Calendar): KnownOutage {
  const { announcedAt, from } = entry.outage
  return { ...entry, inTime: announcedAt === null ? null : announcedInTime(announcedAt, from, calendar) }
}
