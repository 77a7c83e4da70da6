import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { findCompetentUnit } from '../../usecases/routing/find.ts'
import { RoutingStep } from '../explained.ts'
import { refusals } from '../problem.ts'
import { cachedForMinutes } from '../public.ts'
import { CivilDate, orNull, UnitId, unitRef, UnitRef, unitsNamed, Words } from '../shapes.ts'

const Candidate = z
  .object({
    unit: UnitRef,
    kind: z
      .enum(['full', 'partial', 'remainder', 'partial-area-only', 'partial-all-population'])
      .openapi({ description: 'Which part of the former unit it took.' }),
    clause: z.int().min(1).nullable().openapi({ description: 'Clause of the ground.' }),
    ground: orNull(Words, 'The law it rests on; null where none is known.'),
  })
  .openapi('Candidate')

const Routing = z
  .object({
    procedure: z.object({ code: z.string().max(20), version: z.int().min(1) }),
    on: CivilDate,
    place: orNull(UnitRef, 'As it was asked for.'),
    competentUnit: orNull(UnitRef, 'Null where no rule can choose among the candidates.'),
    candidates: z
      .array(Candidate)
      .max(1000)
      .openapi({ description: 'Where the place was divided: name one of them as `chosen`, or as the place itself.' }),
    steps: z.array(RoutingStep).max(100),
  })
  .openapi('Routing')

const no = refusals('invalid-request')

const route = createRoute({
  method: 'get',
  path: '/v1/routing',
  operationId: 'findCompetentUnit',
  tags: ['Catalogue'],
  summary: 'Find the competent unit',
  description:
    'Which unit decides a procedure for a place on a day, and every rule that says so. Places may be named by any unit of any time: a ward that is gone is followed to its successor. Where the residents of a place went several ways nothing is guessed: the answer is the list of candidates. Where one hands in does not matter: any point receives for any unit.',
  security: [],
  request: {
    query: z.strictObject({
      procedure: z
        .string()
        .regex(/^\d\.\d{6}$/)
        .openapi({ example: '1.001193' }),
      place: UnitId.optional().openapi({
        example: '00082-0',
        description: 'The commune of residence or of the thing; not needed for agencies of the city.',
      }),
      chosen: UnitId.optional().openapi({
        example: '00082-2025',
        description: 'The commune that the applicant asks for, where any may decide; or one of the candidates.',
      }),
      on: CivilDate.optional().openapi({ description: 'The day; today if not given.' }),
    }),
  },
  responses: {
    200: {
      description: 'The competent unit or the candidates, with the rules',
      content: { 'application/json': { schema: Routing } },
    },
    ...no.responses,
  },
})

export function findRoute(api: Api) {
  api.openapi(route, async (c) => {
    const asked = c.req.valid('query')
    const found = no.unwrap(await findCompetentUnit(c.var.context, asked))
    const { procedure, on, place, competent, candidates, steps } = found
    const units = await unitsNamed(c, [place, competent, ...candidates.map(({ unit }) => unit)])
    return c.json(
      Routing.parse({
        procedure: { code: procedure.code, version: procedure.version },
        on,
        place: place && unitRef(place, units),
        competentUnit: competent && unitRef(competent, units),
        candidates: candidates.map((one) => ({ ...one, unit: unitRef(one.unit, units) })),
        steps,
      }),
      200,
      asked.on ? { 'cache-control': cachedForMinutes } : {},
    )
  })
}
