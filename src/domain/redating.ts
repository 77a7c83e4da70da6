// What an entry about an outage does to the date of an open dossier. The same whether it was written already or not, so that no
// run over all dossiers has to end before anybody may look.
import type { Calendar } from './calendar.ts'
import { computeDue, type DueQuestion } from './deadline.ts'
import type { Dossier, DossierEvent } from './dossier.ts'
import { type HoursEntry, termHours } from './opening-hours.ts'
import { countedAfter, type OutageEntry } from './outage.ts'
import type { ProcedureVersion } from './procedure.ts'
import { roundTheClock } from './working-time.ts'

/** By what a dossier is dated, beside what it knows itself. */
export type DatedBy = {
  procedure: Pick<ProcedureVersion, 'time' | 'cutoff' | 'supplement'>
  calendar: Calendar
  /** What was told of the opening hours of its unit. */
  told: readonly HoursEntry[]
}

/** Whether it has a date now that an outage could move: the unit's, or the applicant's. A clock that stands still is dated when it goes on. */
export const isDated = (dossier: Dossier): boolean =>
  dossier.status === 'awaiting-supplement'
    ? dossier.request.answerBy !== null
    : (dossier.status === 'accepted' || dossier.status === 'processing') && dossier.clock.originalDueAt !== null

/** The new date that follows from an entry; null where it moves nothing. */
export function redatingBy(
  dossier: Dossier,
  ledger: readonly OutageEntry[],
  { number, outage }: OutageEntry,
  by: DatedBy,
): DossierEvent | null {
  const question = isDated(dossier) ? questionOf(dossier, by) : null
  if (!question) return null
  const due = computeDue({ ...question, outages: countedAfter(ledger, number) })
  if (!due.ok || due.value.dueAt === null) return null
  const { dueAt } = due.value
  if (dossier.status === 'awaiting-supplement')
    return dueAt === dossier.request.answerBy
      ? null
      : { type: 'dossier.redated', outage: outage.id, dueAt: null, answerBy: dueAt }
  return dueAt === dossier.clock.originalDueAt
    ? null
    : { type: 'dossier.redated', outage: outage.id, dueAt, answerBy: null }
}

function questionOf(dossier: Dossier, by: DatedBy): Omit<DueQuestion, 'outages'> | null {
  if (dossier.status === 'awaiting-supplement') return applicantsTerm(dossier.request.requestedAt, by)
  const { competentReceivedAt: startedAt } = dossier.clock
  if (startedAt === null) return null
  const { procedure, calendar, told } = by
  return { limit: procedure.time, cutoff: procedure.cutoff, startedAt, calendar, ...termHours(told, dossier.clock) }
}

/** The question after the date by which an applicant must answer; null where the procedure sets no time. */
export function applicantsTerm(
  requestedAt: string,
  { procedure, calendar }: Pick<DatedBy, 'procedure' | 'calendar'>,
): Omit<DueQuestion, 'outages'> | null {
  const limit = procedure.supplement.answerWithin
  const rest = { cutoff: null, startedAt: requestedAt, pauses: [], calendar, hours: roundTheClock }
  return limit && { limit, ...rest, bound: 'applicant' }
}
