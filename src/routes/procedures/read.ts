import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { readProcedure } from '../../usecases/procedures/read.ts'
import { refusals } from '../problem.ts'
import { cachedForMinutes, contentTag } from '../public.ts'
import { alreadyHas, CivilDate } from '../shapes.ts'
import { ProcedureCode, ProcedureView, showProcedure } from './view.ts'

const no = refusals('no-such-procedure')

const route = createRoute({
  method: 'get',
  path: '/v1/procedures/{code}',
  operationId: 'readProcedure',
  tags: ['Catalogue'],
  summary: 'Read a procedure',
  description:
    'What it asks for, what it costs, how long it takes, who decides, and the JSON Schema of its form, in the version of a day. A dossier keeps the version of its reception.',
  security: [],
  request: {
    params: z.object({ code: ProcedureCode }),
    query: z.strictObject({ on: CivilDate.optional().openapi({ description: 'The day; today if not given.' }) }),
    headers: z.object({ 'if-none-match': z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'The version of that day',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: ProcedureView } },
    },
    304: { description: 'You have this version already.' },
    ...no.responses,
  },
})

export function readRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { code } = c.req.valid('param')
    const view = showProcedure(no.unwrap(await readProcedure(c.var.context, code, c.req.valid('query').on)))
    const headers = { etag: await contentTag(view), 'cache-control': cachedForMinutes }
    if (alreadyHas(c, headers.etag)) return c.body(null, 304, headers)
    return c.json(view, 200, headers)
  })
}
