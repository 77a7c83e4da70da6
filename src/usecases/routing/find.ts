import type { Context } from '../../context.ts'
import { type ProcedureVersion, unitCodesOf } from '../../domain/procedure.ts'
import { type Candidate, route, type RoutingStep } from '../../domain/routing.ts'
import type { Unit, UnitId } from '../../domain/unit.ts'
import { type InputError, ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import { readProcedure } from '../procedures/read.ts'
import { directoryAround } from './directory.ts'

export type RoutingRequest = {
  procedure: string
  place?: string | undefined
  chosen?: string | undefined
  on?: string | undefined
}

/** Either one competent unit, or the candidates among whom no rule can choose. */
export type Found = {
  procedure: ProcedureVersion
  on: string
  place: UnitId | null
  competent: UnitId | null
  candidates: Candidate[]
  steps: RoutingStep[]
}

/** Which unit would be competent, and by which rules; refuses with every fault of the question at once. Public. */
export async function findCompetentUnit(
  context: Context,
  asked: RoutingRequest,
): Promise<Result<Found, 'invalid-request'>> {
  const on = asked.on ?? localDate(context.now())
  const look = async (id: string | undefined) => (id === undefined ? null : context.units.find(id))
  const [read, place, chosen] = await Promise.all([
    readProcedure(context, asked.procedure, on),
    look(asked.place),
    look(asked.chosen),
  ])
  const errors: InputError[] = []
  if (!read.ok) errors.push({ pointer: '/query/procedure', ...(await noProcedure(context, asked.procedure)) })
  if (place === undefined) errors.push({ pointer: '/query/place', ...noUnit })
  if (chosen === undefined) errors.push({ pointer: '/query/chosen', ...noUnit })
  if (!read.ok || place === undefined || chosen === undefined) return refuse('invalid-request', { errors })

  const { procedure } = read.value
  const routed = await routeFrom(context, { procedure, place, chosen, on })
  const said = { procedure, on, place: place?.id ?? null }
  if (routed.ok) return ok({ ...said, competent: routed.value.unit, candidates: [], steps: routed.value.steps })
  if ('candidates' in routed)
    return ok({ ...said, competent: null, candidates: routed.candidates, steps: routed.steps })
  const detail = routed.because?.detail ?? noUnit.detail
  return refuse('invalid-request', {
    errors: [{ pointer: pointerOf(procedure, chosen), code: routed.refusal, detail }],
  })
}

type Question = { procedure: ProcedureVersion; place: Unit | null; chosen: Unit | null; on: string }

async function routeFrom(context: Context, question: Question) {
  const { competence } = question.procedure
  const directory = await directoryAround(context.units, [question.place, question.chosen], unitCodesOf(competence))
  return route({ ...question, directory })
}

/** Which part of the question would have to be another for there to be an answer. */
const pointerOf = ({ competence }: ProcedureVersion, chosen: Unit | null) =>
  competence.by === 'department' ? '/query/on' : competence.by === 'choice' && chosen ? '/query/chosen' : '/query/place'

const noUnit = { code: 'unknown-unit', detail: { vi: 'Không có đơn vị này.', en: 'There is no such unit.' } }

const noProcedure = async ({ procedures }: Context, code: string) =>
  (await procedures.exists(code))
    ? {
        code: 'procedure-closed',
        detail: { vi: 'Thủ tục không có hiệu lực vào ngày đó.', en: 'The procedure is not in force on that date.' },
      }
    : {
        code: 'unknown-procedure',
        detail: { vi: 'Không có thủ tục này trong danh mục.', en: 'There is no such procedure in the catalogue.' },
      }
