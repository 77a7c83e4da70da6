import type { Context } from '../../context.ts'
import { computeDue, type Due } from '../../domain/deadline.ts'
import type { Dossier, Pause } from '../../domain/dossier.ts'
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

/** Whose opening hours its term keeps to. */
const unitOf = ({ clock, competentUnit }: Dossier) => clock.hoursOf ?? competentUnit

/** When a dossier would be due that the competent unit received at that moment, by the opening hours of `unit` (null: the usual ones). */
export async function dueFrom(
  context: Context,
  procedure: ProcedureVersion,
  startedAt: string,
  { unit, pauses = [], handedInAt = null }: { unit: string | null; pauses?: Pause[]; handedInAt?: string | null },
): Promise<Result<Due, 'calendar-unknown'>> {
  const [calendar, ledger, hours] = await Promise.all([
    context.calendar.calendar(),
    context.outages.ledger(),
    unit === null ? officeHours : context.calendar.hoursOf(unit),
  ])
  const { time: limit, cutoff } = procedure
  return computeDue({ limit, cutoff, startedAt, handedInAt, pauses, outages: counted(ledger), calendar, hours })
}

/** The due date of a dossier whose clock starts at that moment; null where the limit is a text. */
export async function dueAt(
  context: Context,
  dossier: Dossier,
  startedAt: string,
  pauses: Pause[] = [],
): Promise<Result<string | null, 'calendar-unknown'>> {
  const due = await dueFrom(context, await procedureOf(context, dossier), startedAt, { unit: unitOf(dossier), pauses })
  return due.ok ? ok(due.value.dueAt) : due
}

/** How the due date of a dossier was reached; no steps before its clock has started. A new appointment is not part of it. */
export async function explainDue(context: Context, dossier: Dossier): Promise<Result<Due, 'calendar-unknown'>> {
  const { competentReceivedAt, receivedAt, pauses } = dossier.clock
  if (!competentReceivedAt) return ok({ dueAt: null, steps: [] })
  const procedure = await procedureOf(context, dossier)
  return dueFrom(context, procedure, competentReceivedAt, { unit: unitOf(dossier), pauses, handedInAt: receivedAt })
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
