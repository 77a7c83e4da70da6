import type { Context } from '../../context.ts'
import type { LateCause } from '../../domain/dossier.ts'
import { reappoint } from '../../domain/lateness.ts'
import { refuse, type Result } from '../../platform/result.ts'
import { localTime } from '../../platform/time.ts'
import type { Kept } from '../../store/dossiers.ts'
import type { Command } from '../../store/idempotency.ts'
import { inJournal, visible } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { hoursNow } from './due.ts'
import { replay } from './move.ts'

export type Reappointment = { date: string; cause: LateCause; reason: string }

export type ReappointmentRefusal =
  | 'token-needed'
  | 'not-allowed'
  | 'no-such-dossier'
  | 'changed-meanwhile'
  | 'key-in-use'
  | 'file-taken'
  | 'erased'
  | 'not-in-handling'
  | 'already-reappointed'
  | 'apology-too-late'
  | 'not-a-later-date'
  | 'not-a-working-day'
  | 'calendar-unknown'

/** The unit apologises before it is late and names one new date; being late is still counted against the first one. */
export async function reappointDossier(
  context: Context,
  input: { code: string; version: number; reappointment: Reappointment; command: Command | undefined },
): Promise<Result<Replayable<Kept>, Exclude<ReappointmentRefusal, 'key-in-use'> | 'idempotency-key-reused'>> {
  const found = await visible(context, 'reappointDossier', input.code)
  if (!found.ok) return found
  const again = (id: string, version: number) => replay(context, id, version)
  return onceForKey<Kept, Exclude<ReappointmentRefusal, 'key-in-use'>>(context, input.command, again, async () => {
    const kept = found.value
    const { dossier } = kept
    if (context.actor.kind !== 'officer' || context.actor.unit !== dossier.competentUnit) return refuse('not-allowed')
    if (dossier.version !== input.version) return refuse('changed-meanwhile')
    const { dueAt, reappointed } = dossier.clock
    if ((dossier.status !== 'accepted' && dossier.status !== 'processing') || !dueAt) return refuse('not-in-handling')
    const at = context.now()
    const { date, cause, reason } = input.reappointment
    const [calendar, hours] = await Promise.all([context.calendar.calendar(), hoursNow(context, dossier.competentUnit)])
    const before = reappointed !== null
    const due = reappoint({ dueAt, before, now: localTime(at), date, calendar, hours })
    if (!due.ok) return due
    const version = dossier.version + 1
    return context.dossiers.append(kept, {
      writes: [{ event: { type: 'dossier.rescheduled', dueAt: due.value, cause }, sealed: { apology: reason } }],
      at,
      actor: inJournal(context.actor),
      ...(input.command && { command: input.command.key }),
      along: input.command ? [context.idempotency.remember(input.command, dossier.id, version, at)] : [],
    })
  })
}
