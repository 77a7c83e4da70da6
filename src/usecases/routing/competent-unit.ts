import type { Context } from '../../context.ts'
import type { DossierEvent } from '../../domain/dossier.ts'
import { type ProcedureVersion, unitCodesOf } from '../../domain/procedure.ts'
import { route, succeed, type Routed } from '../../domain/routing.ts'
import { standsOn, type Succession, type Unit, type UnitId } from '../../domain/unit.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { directoryAround } from './directory.ts'

type Question = { procedure: ProcedureVersion; place: Unit | null; former: Unit | null; on: string; today: string }

export type Competence = { unit: UnitId; reroutes: (DossierEvent & { type: 'dossier.rerouted' })[] }

type Refusal = 'place-needed' | 'unit-not-standing' | 'place-ambiguous'

/** The unit that decides a new dossier; for one taken over, the unit it was lodged with and how it came to today's. */
export async function competentUnit(context: Context, question: Question): Promise<Result<Competence, Refusal>> {
  const { procedure, place, former, on, today } = question
  const directory = await directoryAround(context.units, [place, former], unitCodesOf(procedure.competence))
  if (!former) {
    const routed = explained(route({ procedure, place, chosen: place, on, directory }))
    return routed.ok ? ok({ unit: routed.value.unit, reroutes: [] }) : routed
  }
  if (standsOn(former, today)) return ok({ unit: former.id, reroutes: [] })
  const inForce = (await context.procedures.on(procedure.code, today))?.competence ?? null
  const heir = explained(succeed({ unit: former, place, inForce, on: today, directory }))
  if (!heir.ok) return heir
  const clause = heir.value.way.at(-1)?.clause ?? null
  const since = former.effectiveTo ?? today
  return ok({
    unit: former.id,
    reroutes: [{ type: 'dossier.rerouted', from: former.id, to: heir.value.unit, on: since, clause }],
  })
}

/** Where nobody can choose by rule, the refusal names the units that the applicant can choose from. */
function explained(routed: Routed): Result<{ unit: UnitId; way: readonly Succession[] }, Refusal> {
  if (routed.ok) return routed
  if (!('candidates' in routed)) return routed
  const ids = routed.candidates.map(({ unit }) => unit).join(', ')
  return refuse('place-ambiguous', {
    detail: { vi: `Nêu rõ một trong các đơn vị kế thừa: ${ids}.`, en: `Name one of the successor units: ${ids}.` },
  })
}
