import type { Context } from '../../context.ts'
import type { LateCause } from '../../domain/dossier.ts'
import { lateOf } from '../../domain/late-cause.ts'
import { hasRoom } from '../../domain/room.ts'
import { refuse, type Result } from '../../platform/result.ts'
import type { Kept } from '../../store/dossiers.ts'
import type { Command } from '../../store/idempotency.ts'
import { inJournal, visible } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { replay } from './move.ts'

export type LateCauseRefusal =
  | 'token-needed'
  | 'not-allowed'
  | 'no-such-dossier'
  | 'changed-meanwhile'
  | 'file-taken'
  | 'erased'
  | 'not-late'
  | 'cause-in-apology'
  | 'too-many-events'

/** An official of the unit knows better than the service why a dossier is late, or was decided late, and says how. */
export async function correctLateCause(
  context: Context,
  input: {
    code: string
    version: number
    correction: { cause: LateCause; reason: string }
    command: Command | undefined
  },
): Promise<Result<Replayable<Kept>, LateCauseRefusal | 'idempotency-key-reused'>> {
  const found = await visible(context, 'correctLateCause', input.code)
  if (!found.ok) return found
  const again = (id: string, version: number) => replay(context, id, version)
  return onceForKey<Kept, LateCauseRefusal>(context, input.command, again, async () => {
    const kept = found.value
    const { dossier } = kept
    if (context.actor.kind !== 'officer' || context.actor.unit !== dossier.competentUnit) return refuse('not-allowed')
    if (dossier.version !== input.version) return refuse('changed-meanwhile')
    const at = context.now()
    const late = lateOf(dossier, at.getTime())
    if (!late) return refuse('not-late')
    if (late.by === 'apology') return refuse('cause-in-apology')
    const room = hasRoom(dossier, 'again')
    if (!room.ok) return room
    const { cause, reason } = input.correction
    return context.dossiers.append(kept, {
      writes: [{ event: { type: 'dossier.late-cause-corrected', cause }, sealed: { lateReason: reason } }],
      at,
      actor: inJournal(context.actor),
      ...(input.command && { command: input.command.key }),
      along: input.command ? [context.idempotency.remember(input.command, dossier.id, dossier.version + 1, at)] : [],
    })
  })
}
