import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { setOpeningHours } from '../../usecases/units/set-opening-hours.ts'
import { refusals } from '../problem.ts'
import { IfMatchHeader, ifMatch, UnitId } from '../shapes.ts'
import { hoursOf, hoursTag, OpeningHoursBody, OpeningHoursView, showOpeningHours } from './hours-view.ts'

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-unit',
  'if-match-needed',
  'changed-meanwhile',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'put',
  path: '/v1/units/{id}/opening-hours',
  operationId: 'setOpeningHours',
  tags: ['Catalogue'],
  summary: 'Set the opening hours of a unit',
  description:
    'How it opens from a day to come on, until another day for which that was set; what is set for the same day again replaces it. What has begun stays, and so does every due date that was written: hours count for a dossier as they were known when its clock started. Each setting is kept, with who did it and when.',
  security: [{ officer: [] }],
  request: {
    params: z.object({ id: UnitId.openapi({ param: { name: 'id', in: 'path' } }) }),
    headers: z.object({
      'if-match': IfMatchHeader.optional().openapi({
        description: 'The ETag of the opening hours as you last read them, of whatever day.',
        example: '"0-q83vEjRWeJq83vEj"',
      }),
    }),
    body: { required: true, content: { 'application/json': { schema: OpeningHoursBody } } },
  },
  responses: {
    200: {
      description: 'The opening hours of that day',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: OpeningHoursView } },
    },
    ...no.responses,
  },
})

export function setOpeningHoursRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const input = { id, version: ifMatch(c), hours: hoursOf(c.req.valid('json')) }
    const view = showOpeningHours(no.unwrap(await setOpeningHours(c.var.context, input)))
    return c.json(view, 200, { etag: await hoursTag(view) })
  })
}
