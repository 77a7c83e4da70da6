import type { Directory } from '../../domain/succession.ts'
import type { Unit } from '../../domain/unit.ts'
import type { Relative, UnitStore } from '../../store/units.ts'

/**
 * The units that a question touches, read ahead: the seeds and the stretches of the codes, their parents, and whoever succeeded
 * them, as many reforms long as it takes.
 */
export async function directoryAround(
  units: UnitStore,
  seeds: (Unit | null | undefined)[],
  codes: string[] = [],
): Promise<Directory> {
  const known = new Map<string, Unit>()
  const stretches = new Map<string, Unit[]>()
  const heirs = new Map<string, Relative[]>()
  for (const code of codes) stretches.set(code, await units.withCode(code))
  let open = [...seeds.filter((unit) => unit !== null && unit !== undefined), ...[...stretches.values()].flat()]
  while (open.length > 0) {
    const fresh = open.filter((unit) => !known.has(unit.id))
    for (const unit of fresh) known.set(unit.id, unit)
    const relatives = await Promise.all(
      fresh.map(async (unit) => (unit.effectiveTo === null ? [] : units.successors(unit.id))),
    )
    for (const [index, unit] of fresh.entries()) heirs.set(unit.id, relatives[index] ?? [])
    const parents = await units.findAll(fresh.flatMap((unit) => (unit.parentId ? [unit.parentId] : [])))
    open = [...relatives.flat().map(({ unit }) => unit), ...parents].filter((unit) => !known.has(unit.id))
  }
  return {
    unit: (id) => known.get(id),
    withCode: (code) => stretches.get(code) ?? [...known.values()].filter((unit) => unit.code === code),
    successors: (id) => heirs.get(id) ?? [],
  }
}
