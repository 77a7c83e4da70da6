import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { readOpeningHours } from '../../usecases/units/opening-hours.ts'
import { refusals } from '../problem.ts'
import { cachedForMinutes } from '../public.ts'
import { alreadyHas, CivilDate, UnitId } from '../shapes.ts'
import { hoursTag, OpeningHoursView, showOpeningHours } from './hours-view.ts'

const no = refusals('no-such-unit')

const route = createRoute({
  method: 'get',
  path: '/v1/units/{id}/opening-hours',
  operationId: 'readOpeningHours',
  tags: ['Catalogue'],
  summary: 'Read the opening hours of a unit',
  description:
    'Whether and at which windows it opens on that day, and the week that this is taken from: the hours that due dates keep to. A unit that has set none has the usual ones.',
  security: [],
  request: {
    params: z.object({ id: UnitId.openapi({ param: { name: 'id', in: 'path' } }) }),
    query: z.strictObject({ on: CivilDate.optional().openapi({ description: 'The day; today if not given.' }) }),
    headers: z.object({ 'if-none-match': z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'The opening hours',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: OpeningHoursView } },
    },
    304: { description: 'You have this already.' },
    ...no.responses,
  },
})

export function openingHoursRoute(api: Api) {
  api.openapi(route, async (c) => {
    const question = { id: c.req.valid('param').id, ...c.req.valid('query') }
    const view = showOpeningHours(no.unwrap(await readOpeningHours(c.var.context, question)))
    const headers = { etag: await hoursTag(view), 'cache-control': cachedForMinutes }
    if (alreadyHas(c, headers.etag)) return c.body(null, 304, headers)
    return c.json(view, 200, headers)
  })
}
