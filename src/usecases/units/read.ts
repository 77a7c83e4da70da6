import type { Context } from '../../context.ts'
import type { Unit } from '../../domain/unit.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { Relative } from '../../store/units.ts'

export type ReadUnit =
  | { found: 'unit'; unit: Unit; parent: Unit | null; successors: Relative[]; predecessors: Relative[] }
  /** An official code alone names nobody for sure: codes are re-used. */
  | { found: 'code'; code: string; units: Unit[] }

/** One unit with whom it came from and who took over, or the units that ever bore a code. Public. */
export async function readUnit({ units }: Context, idOrCode: string): Promise<Result<ReadUnit, 'no-such-unit'>> {
  const unit = await units.find(idOrCode)
  if (!unit) {
    const bearers = await units.withCode(idOrCode)
    return bearers.length > 0 ? ok({ found: 'code', code: idOrCode, units: bearers }) : refuse('no-such-unit')
  }
  const [parent, successors, predecessors] = await Promise.all([
    unit.parentId === null ? undefined : units.find(unit.parentId),
    units.successors(unit.id),
    units.predecessors(unit.id),
  ])
  return ok({ found: 'unit', unit, parent: parent ?? null, successors, predecessors })
}
