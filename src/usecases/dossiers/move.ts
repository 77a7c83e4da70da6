import type { Context } from '../../context.ts'
import type { Actor, PublicActor } from '../../domain/actor.ts'
import { evolve, mayGo, notFrom } from '../../domain/dossier.ts'
import { hasRoom } from '../../domain/room.ts'
import { type Mover, moversTo, type Transition } from '../../domain/transitions.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localTime } from '../../platform/time.ts'
import type { Kept } from '../../store/dossiers.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, inJournal, visible } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { type Move, type Step, type StepRefusal, stepFor } from './steps.ts'

export type MoveRefusal =
  | StepRefusal
  | 'token-needed'
  | 'not-allowed'
  | 'no-such-dossier'
  | 'changed-meanwhile'
  | 'step-not-possible'
  | 'file-taken'
  | 'too-many-events'

/** An officer, or the applicant who wants it back, takes a dossier a step further, or through the two of one session. `version` is the one they have seen (If-Match). */
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
  const found = await visible(context, 'moveDossier', input.code)
  if (!found.ok) return found
  const again = async (id: string, version: number) => replay(context, id, version)
  return onceForKey<Kept, MoveRefusal>(context, input.command, again, async () => {
    const kept = found.value
    if (kept.dossier.version !== input.version) return refuse('changed-meanwhile')
    const way = mayGo(kept.dossier, input.move.to)
    if (!way.ok) return way
    // Who may not take both steps of a session alone takes one after the other, as always.
    if (!way.value.every((step) => mayTake(actor, kept, step)))
      return way.value.length > 1 ? notFrom(kept.dossier, input.move.to) : refuse('not-allowed')
    const recalls = 'outcome' in input.move && input.move.outcome === 'recalled'
    const room = hasRoom(kept.dossier, recalls ? 'again' : input.move.to)
    if (!room.ok) return room
    // One request, one moment: what is counted from it and what the journal says agree to the millisecond.
    const at = context.now()
    const steps = await goAlong({ ...context, now: () => at }, kept, actor, input.move, way.value)
    if (!steps.ok) return steps
    const writes = steps.value.map(({ write }) => write)
    return context.dossiers.append(kept, {
      writes,
      at,
      actor: inJournal(actor),
      ...(input.command && { command: input.command.key }),
      along: [
        ...steps.value.flatMap(({ along }) => along ?? []),
        ...(input.command
          ? [context.idempotency.remember(input.command, kept.dossier.id, kept.dossier.version + writes.length, at)]
          : []),
      ],
    })
  })
}

/** Every step of the way, each from where the one before it leads; what is asked for is the last. */
async function goAlong(
  context: Context,
  kept: Kept,
  actor: Exclude<Actor, PublicActor>,
  move: Move,
  way: readonly Transition[],
): Promise<Result<Step[], StepRefusal | 'step-not-possible'>> {
  const steps: Step[] = []
  let { dossier } = kept
  for (const { to, event } of way) {
    const step = await stepFor(
      context,
      { ...kept, dossier },
      actor,
      to === 'accepted' && to !== move.to ? { to } : move,
    )
    if (!step.ok) return step
    if (step.value.write.event.type !== event) return decidedAgain
    steps.push(step.value)
    dossier = evolve(dossier, step.value.write.event, localTime(context.now()))
  }
  return ok(steps)
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
function mayTake(actor: Exclude<Actor, PublicActor>, { dossier }: Kept, step: Transition): boolean {
  const names = moverNames(actor)
  if (!names.some((name) => step.by.includes(name))) return false
  if (actor.kind !== 'officer') return true
  if (dossier.competentUnit === actor.unit) return true
  return dossier.receivingPoint === actor.unit && step.by.includes('reception') && names.includes('reception')
}
