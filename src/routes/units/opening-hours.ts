import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { type OpeningHours, readOpeningHours } from '../../usecases/units/opening-hours.ts'
import { refusals } from '../problem.ts'
import { cachedForMinutes, contentTag } from '../public.ts'
import { alreadyHas, CivilDate, OpenWindows, showWindows, UnitId, UnitRef } from '../shapes.ts'

const no = refusals('no-such-unit')

const OpeningHoursView = z
  .object({
    unit: UnitRef,
    on: CivilDate,
    windows: OpenWindows,
    changes: z.array(CivilDate).max(1000).openapi({
      description: 'The days, past and to come, from which other hours held; empty: always the usual ones.',
    }),
  })
  .openapi('OpeningHours')

const route = createRoute({
  method: 'get',
  path: '/v1/units/{id}/opening-hours',
  operationId: 'readOpeningHours',
  tags: ['Catalogue'],
  summary: 'Read the opening hours of a unit',
  description:
    'At which windows it opens on that day, if that is a working day: the hours that due dates keep to. A unit that has set none has the usual ones.',
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

const showOpeningHours = ({ unit, on, windows, changes }: OpeningHours) =>
  OpeningHoursView.parse({
    unit: { id: unit.id, name: unit.name },
    on,
    windows: showWindows(windows),
    changes: changes.map(({ from }) => from),
  })

export function openingHoursRoute(api: Api) {
  api.openapi(route, async (c) => {
    const question = { id: c.req.valid('param').id, ...c.req.valid('query') }
    const view = showOpeningHours(no.unwrap(await readOpeningHours(c.var.context, question)))
    const headers = { etag: await contentTag(view), 'cache-control': cachedForMinutes }
    if (alreadyHas(c, headers.etag)) return c.body(null, 304, headers)
    return c.json(view, 200, headers)
  })
}
