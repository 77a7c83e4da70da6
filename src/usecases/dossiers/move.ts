import type { Context } from '../../context.ts'
import type { Actor, PublicActor } from '../../domain/actor.ts'
import { mayGo } from '../../domain/dossier.ts'
import { hasRoom } from '../../domain/room.ts'
import { type Mover, moversTo, transitionOf } from '../../domain/transitions.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { Append, Kept } from '../../store/dossiers.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, inJournal, visible } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { type Move, type StepRefusal, stepFor } from './steps.ts'

export type MoveRefusal =
  | StepRefusal
  | 'token-needed'
  | 'not-allowed'
  | 'no-such-dossier'
  | 'changed-meanwhile'
  | 'step-not-possible'
  | 'file-taken'
  | 'too-many-events'

/** An officer, or the applicant who wants it back, takes a dossier one step further. `version` is the one they have seen (If-Match). */
export async function moveDossier(
  context: Context,
  input: { code: string; version: number; move: Move; command: Command | undefined },
): Promise<Result<Replayable<Kept>, MoveRefusal | 'idempotency-key-reused'>> {
  const { actor } = context
  if (actor.kind === 'public') return refuse('token-needed')
  const may = allowed(context, 'moveDossier')
  if (!may.ok) return may
  const movers = moversTo(input.move.to)
  if (!moverNames(actor).some((name) => movers.has(name))) return refuse('not-allowed')
  const found = await visible(context, input.code)
  if (!found.ok) return found
  const again = async (id: string, version: number) => replay(context, id, version)
  return onceForKey<Kept, MoveRefusal>(context, input.command, again, async () => {
    const kept = found.value
    if (kept.dossier.version !== input.version) return refuse('changed-meanwhile')
    const possible = mayGo(kept.dossier, input.move.to)
    if (!possible.ok) return possible
    if (!mayTake(actor, kept, input.move)) return refuse('not-allowed')
    const recalls = 'outcome' in input.move && input.move.outcome === 'recalled'
    const room = hasRoom(kept.dossier, recalls ? 'again' : input.move.to)
    if (!room.ok) return room
    // One step, one moment: what is counted from it and what the journal says agree to the millisecond.
    const at = context.now()
    const step = await stepFor({ ...context, now: () => at }, kept, actor, input.move)
    if (!step.ok) return step
    if (step.value.write.event.type !== transitionOf(kept.dossier.status, input.move.to)?.event) return decidedAgain
    const append: Append = {
      writes: [step.value.write],
      at,
      actor: inJournal(actor),
      ...(input.command && { command: input.command.key }),
      along: [
        ...(step.value.along ?? []),
        ...(input.command
          ? [context.idempotency.remember(input.command, kept.dossier.id, kept.dossier.version + 1, at)]
          : []),
      ],
    }
    return context.dossiers.append(kept, append)
  })
}

/** Of the ways to “resolved” a decision starts from the work, and a recall from a result that was given out. */
const decidedAgain = refuse('step-not-possible', {
  detail: {
    vi: 'Kết quả đã trả chỉ có thể được rút lại để trả lần nữa; hồ sơ chưa giải quyết thì không có gì để rút lại.',
    en: 'A result that was given out can only be recalled, not decided again; and only such a result can be recalled.',
  },
})

/** The dossier as it was when the command with this key was first answered. */
export async function replay(context: Context, id: string, version: number): Promise<Result<Kept, never>> {
  const kept = await context.dossiers.asOf(id, version)
  if (!kept) throw new Error(`dossier ${id} of an accepted command is gone`)
  return ok(kept)
}

/** As whom an actor moves dossiers. */
const moverNames = (actor: Exclude<Actor, PublicActor>): readonly Mover[] =>
  actor.kind === 'officer' ? actor.roles : ['applicant']

/** One must be a mover of this very row, and who decides sits in the competent unit; a receiving point only receives and hands out. */
function mayTake(actor: Exclude<Actor, PublicActor>, { dossier }: Kept, move: Move): boolean {
  const step = transitionOf(dossier.status, move.to)
  const names = moverNames(actor)
  if (!step || !names.some((name) => step.by.includes(name))) return false
  if (actor.kind !== 'officer') return true
  if (dossier.competentUnit === actor.unit) return true
  return dossier.receivingPoint === actor.unit && step.by.includes('reception') && names.includes('reception')
}
