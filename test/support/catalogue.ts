import type { ProcedureVersion } from '../../src/domain/procedure.ts'
import type { Directory, Takeover } from '../../src/domain/succession.ts'
import type { Unit } from '../../src/domain/unit.ts'
import { readCatalogue } from '../../src/imports/catalogue.ts'
import { readFiles } from '../../src/local/catalogue.ts'

/** The shipped catalogue in memory, without a database. For tests that run in plain node. */
export function publishedCatalogue() {
  const { rows } = readCatalogue(readFiles())
  const { units, successions } = rows.units
  const byId = new Map<string, Unit>(units.map((unit) => [unit.id, unit]))
  const unit = (id: string): Unit => {
    const found = byId.get(id)
    if (!found) throw new Error(`there is no unit ${id}`)
    return found
  }
  const procedure = (code: string, on: string): ProcedureVersion => {
    const inForce = (one: ProcedureVersion) => one.validFrom <= on && (one.validTo === null || on < one.validTo)
    const found = rows.procedures.find((one) => one.code === code && inForce(one))
    if (!found) throw new Error(`there is no procedure ${code} on ${on}`)
    return found
  }
  return {
    units,
    successions,
    unit,
    procedure,
    procedures: rows.procedures,
    directory: directoryOf(units, successions),
  }
}

/** What `routing.ts` asks, out of lists. */
export function directoryOf(
  units: readonly Unit[],
  successions: readonly (Takeover['succession'] & { ground: Takeover['ground'] })[],
): Directory {
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  const takeovers = successions.flatMap(({ ground, ...succession }): Takeover[] => {
    const unit = byId.get(succession.to)
    return unit ? [{ unit, succession, ground }] : []
  })
  return {
    unit: (id) => byId.get(id),
    withCode: (code) => units.filter((one) => one.code === code),
    successors: (id) => takeovers.filter(({ succession }) => succession.from === id),
  }
}
