import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { type ForeseenDue, foreseeDueDate } from '../../usecases/procedures/due-date.ts'
import { DueStep, InstantInQuery } from '../explained.ts'
import { refusals } from '../problem.ts'
import { cachedForMinutes } from '../public.ts'
import { Instant, OpenWindows, orNull, showWindows, UnitId, UnitRef } from '../shapes.ts'
import { ProcedureCode, TimeLimit } from './view.ts'

const DueDate = z
  .object({
    procedure: z.object({ code: z.string().max(20), version: z.int().min(1) }),
    time: TimeLimit,
    unit: orNull(UnitRef, 'As it was asked for.'),
    openingHours: OpenWindows,
    receivedAt: Instant,
    dueAt: Instant.nullable().openapi({ description: 'Null where the law gives words instead of a time.' }),
    steps: z.array(DueStep).max(1000),
  })
  .openapi('DueDate')

const no = refusals('no-such-procedure', 'calendar-unknown')

const route = createRoute({
  method: 'get',
  path: '/v1/procedures/{code}/due-date',
  operationId: 'foreseeDueDate',
  tags: ['Catalogue'],
  summary: 'Foresee a due date',
  description:
    'When the result would be due of a complete dossier that the competent unit receives at that moment, with every step of the computation: opening hours, the 15:00 rule, the first day, days off and make-up Saturdays. The very function that dates real dossiers; known outages count already.',
  security: [],
  request: {
    params: z.object({ code: ProcedureCode }),
    query: z.strictObject({
      receivedAt: InstantInQuery.optional().openapi({ description: 'Now, if not given.' }),
      unit: UnitId.optional().openapi({ description: 'The competent unit, for its opening hours.' }),
    }),
  },
  responses: {
    200: { description: 'The due date and how it is reached', content: { 'application/json': { schema: DueDate } } },
    ...no.responses,
  },
})

const showDueDate = ({ procedure, unit, windows, receivedAt, due }: ForeseenDue) =>
  DueDate.parse({
    procedure: { code: procedure.code, version: procedure.version },
    time: procedure.time,
    unit: unit && { id: unit.id, name: unit.name },
    openingHours: showWindows(windows),
    receivedAt,
    dueAt: due.dueAt,
    steps: due.steps,
  })

export function dueDateRoute(api: Api) {
  api.openapi(route, async (c) => {
    const question = { code: c.req.valid('param').code, ...c.req.valid('query') }
    const found = no.unwrap(await foreseeDueDate(c.var.context, question))
    return c.json(showDueDate(found), 200, question.receivedAt ? { 'cache-control': cachedForMinutes } : {})
  })
}
