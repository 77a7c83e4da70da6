import type { Context } from '../../context.ts'
import { computeDue, type Due } from '../../domain/deadline.ts'
import type { Dossier, Pause } from '../../domain/dossier.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import { officeHours, roundTheClock } from '../../domain/working-time.ts'
import { ok, type Result } from '../../platform/result.ts'
import { localTime } from '../../platform/time.ts'

/** The procedure as it stood when the dossier came in; a dossier keeps its version. */
export async function procedureOf(context: Context, dossier: Dossier): Promise<ProcedureVersion> {
  const { code, version } = dossier.procedure
  const procedure = await context.procedures.version(code, version)
  if (!procedure) throw new Error(`procedure ${code} version ${version} is gone`)
  return procedure
}

/** When a dossier would be due that the competent unit received at that moment. */
export async function dueFrom(
  context: Context,
  procedure: ProcedureVersion,
  startedAt: string,
  pauses: Pause[] = [],
  handedInAt: string | null = null,
): Promise<Result<Due, 'calendar-unknown'>> {
  const calendar = await context.calendar.calendar()
  return computeDue({
    limit: procedure.time,
    cutoff: procedure.cutoff,
    startedAt,
    handedInAt,
    pauses,
    outages: [],
    calendar,
    hours: officeHours,
  })
}

/** The due date of a dossier whose clock starts at that moment; null where the limit is a text. */
export async function dueAt(
  context: Context,
  dossier: Dossier,
  startedAt: string,
  pauses: Pause[] = [],
): Promise<Result<string | null, 'calendar-unknown'>> {
  const due = await dueFrom(context, await procedureOf(context, dossier), startedAt, pauses)
  return due.ok ? ok(due.value.dueAt) : due
}

/** How the due date of a dossier was reached; no steps before its clock has started. A new appointment is not part of it. */
export async function explainDue(context: Context, dossier: Dossier): Promise<Result<Due, 'calendar-unknown'>> {
  const { competentReceivedAt, receivedAt, pauses } = dossier.clock
  if (!competentReceivedAt) return ok({ dueAt: null, steps: [] })
  const procedure = await procedureOf(context, dossier)
  return dueFrom(context, procedure, competentReceivedAt, pauses, receivedAt)
}

/** Until when the applicant may answer a request made now; null where the procedure sets no time. */
export async function answerBy(
  context: Context,
  procedure: ProcedureVersion,
): Promise<Result<string | null, 'calendar-unknown'>> {
  const limit = procedure.supplement.answerWithin
  if (!limit) return ok(null)
  const calendar = await context.calendar.calendar()
  const startedAt = localTime(context.now())
  const due = computeDue({
    limit,
    cutoff: null,
    startedAt,
    pauses: [],
    outages: [],
    calendar,
    hours: roundTheClock,
    bound: 'applicant',
  })
  return due.ok ? ok(due.value.dueAt) : due
}
