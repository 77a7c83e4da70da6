import type { Context } from '../../context.ts'
import type { Hours } from '../../domain/calendar.ts'
import { computeDue, type Due, type DueQuestion } from '../../domain/deadline.ts'
import { type ClockGoesOn, type ClockStart, closed, type Dossier } from '../../domain/dossier.ts'
import { hoursKnown, lastOf, termHours } from '../../domain/opening-hours.ts'
import { counted } from '../../domain/outage.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import { applicantsTerm } from '../../domain/redating.ts'
import { officeHours } from '../../domain/working-time.ts'
import { ok, type Result } from '../../platform/result.ts'
import { localTime } from '../../platform/time.ts'

/** The procedure as it stood when the dossier came in; a dossier keeps its version. */
export async function procedureOf(context: Context, dossier: Dossier): Promise<ProcedureVersion> {
  const { code, version } = dossier.procedure
  const procedure = await context.procedures.version(code, version)
  if (!procedure) throw new Error(`procedure ${code} version ${version} is gone`)
  return procedure
}

/** What was told of the opening hours that its term keeps to: those of the unit that received it. */
const toldOf = (context: Context, { clock, competentUnit }: Dossier) =>
  context.openingHours.ledgerOf(clock.hoursOf ?? competentUnit)

/** The opening hours of a unit by all that is known now; null: those of every unit that has set none. */
export async function hoursNow(context: Context, unit: string | null): Promise<Hours> {
  return unit === null ? officeHours : hoursKnown(await context.openingHours.ledgerOf(unit), Infinity)
}

/** When a dossier would be due that the competent unit received at that moment, and keeps to those hours. */
export async function dueFrom(
  context: Context,
  procedure: ProcedureVersion,
  startedAt: string,
  by: Pick<DueQuestion, 'hours' | 'handedInAt'> & Partial<Pick<DueQuestion, 'pauses'>>,
): Promise<Result<Due, 'calendar-unknown'>> {
  const [calendar, ledger] = await Promise.all([context.calendar.calendar(), context.outages.ledger()])
  const { time: limit, cutoff } = procedure
  return computeDue({ limit, cutoff, startedAt, pauses: [], outages: counted(ledger), calendar, ...by })
}

/** The clock starts at that moment, by the opening hours as they are known now; a limit in words has no date. */
export async function startClock(
  context: Context,
  dossier: Dossier,
  competentReceivedAt: string,
): Promise<Result<ClockStart, 'calendar-unknown'>> {
  const [procedure, told] = await Promise.all([procedureOf(context, dossier), toldOf(context, dossier)])
  const knownHours = lastOf(told)
  const due = await dueFrom(context, procedure, competentReceivedAt, { hours: hoursKnown(told, knownHours) })
  return due.ok ? ok({ competentReceivedAt, dueAt: due.value.dueAt, knownHours }) : due
}

/** What stood still goes on now: by the hours that were known when its count began, which for a restart is now. */
export async function goOn(
  context: Context,
  dossier: Dossier,
  clock: ClockGoesOn['clock'],
): Promise<Result<ClockGoesOn, 'calendar-unknown'>> {
  const { competentReceivedAt } = dossier.clock
  if (competentReceivedAt === null) return ok({ clock, dueAt: null })
  const [procedure, told] = await Promise.all([procedureOf(context, dossier), toldOf(context, dossier)])
  const how = clock === 'RESTART' ? { clock, knownHours: lastOf(told) } : { clock }
  const pauses = closed(dossier.clock.pauses, localTime(context.now()), how)
  const due = await dueFrom(context, procedure, competentReceivedAt, termHours(told, { ...dossier.clock, pauses }))
  return due.ok ? ok({ ...how, dueAt: due.value.dueAt }) : due
}

/** The clock goes on, or starts only now. */
export async function startOrGoOn(context: Context, dossier: Dossier): Promise<Result<ClockStart, 'calendar-unknown'>> {
  if (dossier.clock.competentReceivedAt === null)
    return startClock(context, dossier, dossier.takenOver?.receivedAt ?? localTime(context.now()))
  const due = await goOn(context, dossier, 'RESUME')
  return due.ok ? ok({ competentReceivedAt: null, dueAt: due.value.dueAt }) : due
}

/**
 * How the due date of a dossier was reached, by what was known of the opening hours when it was written; no steps before its clock
 * has started. A new appointment is not part of it.
 */
export async function explainDue(context: Context, dossier: Dossier): Promise<Result<Due, 'calendar-unknown'>> {
  const { competentReceivedAt, receivedAt: handedInAt } = dossier.clock
  if (!competentReceivedAt) return ok({ dueAt: null, steps: [] })
  const [procedure, told] = await Promise.all([procedureOf(context, dossier), toldOf(context, dossier)])
  return dueFrom(context, procedure, competentReceivedAt, { ...termHours(told, dossier.clock), handedInAt })
}

/** Until when the applicant may answer a request made now; null where the procedure sets no time. */
export async function answerBy(
  context: Context,
  procedure: ProcedureVersion,
): Promise<Result<string | null, 'calendar-unknown'>> {
  const [calendar, ledger] = await Promise.all([context.calendar.calendar(), context.outages.ledger()])
  const term = applicantsTerm(localTime(context.now()), { procedure, calendar })
  if (!term) return ok(null)
  const due = computeDue({ ...term, outages: counted(ledger) })
  return due.ok ? ok(due.value.dueAt) : due
}
