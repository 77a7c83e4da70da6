import type { Context } from '../../context.ts'
import type { UnitId } from '../../domain/unit.ts'
import { refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import type { Kept } from '../../store/dossiers.ts'
import type { Command } from '../../store/idempotency.ts'
import { inJournal, visible } from '../access.ts'
import { replay } from '../dossiers/move.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'

export type AssignmentRefusal =
  | 'token-needed'
  | 'not-allowed'
  | 'no-such-dossier'
  | 'changed-meanwhile'
  | 'not-awaiting-assignment'
  | 'not-a-candidate'

/** A supervisor of a candidate, or of the unit that keeps the dossier meanwhile, says which of the candidates it belongs to. */
export async function assignDossier(
  context: Context,
  input: { code: string; version: number; unit: string; reason: string; command: Command | undefined },
): Promise<Result<Replayable<Kept>, AssignmentRefusal | 'file-taken' | 'erased' | 'idempotency-key-reused'>> {
  const found = await visible(context, 'assignDossier', input.code)
  if (!found.ok) return found
  const again = (id: string, version: number) => replay(context, id, version)
  return onceForKey<Kept, AssignmentRefusal | 'file-taken' | 'erased'>(context, input.command, again, async () => {
    const kept = found.value
    const { unassigned, version, competentUnit, id } = kept.dossier
    if (version !== input.version) return refuse('changed-meanwhile')
    if (!unassigned) return refuse('not-awaiting-assignment')
    const to = unassigned.candidates.find((candidate) => candidate === input.unit)
    if (!to) return refuse('not-a-candidate', among(unassigned.candidates))
    const at = context.now()
    const clause = await clauseOf(context, unassigned.unit, to)
    const event = { type: 'dossier.rerouted', from: competentUnit, to, on: localDate(at), clause } as const
    return context.dossiers.append(kept, {
      writes: [{ event, sealed: { assignmentReason: input.reason } }],
      at,
      actor: inJournal(context.actor),
      ...(input.command && { command: input.command.key }),
      along: input.command ? [context.idempotency.remember(input.command, id, version + 1, at)] : [],
    })
  })
}

const among = (candidates: UnitId[]) => ({
  detail: {
    vi: `Chọn một trong các đơn vị: ${candidates.join(', ')}.`,
    en: `Choose one of these units: ${candidates.join(', ')}.`,
  },
})

/** Of the law by which the candidate took its part, where it took it from that very unit. */
async function clauseOf(context: Context, from: UnitId, to: UnitId): Promise<number | null> {
  const relatives = await context.units.successors(from)
  return relatives.find(({ unit }) => unit.id === to)?.succession.clause ?? null
}
