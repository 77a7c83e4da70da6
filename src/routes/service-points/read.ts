import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { readServicePoint } from '../../usecases/service-points/read.ts'
import { refusals } from '../problem.ts'
import { cachedForMinutes, contentTag } from '../public.ts'
import { alreadyHas } from '../shapes.ts'
import { PointId, ServicePointView, showServicePoint } from './view.ts'

const no = refusals('no-such-service-point')

const route = createRoute({
  method: 'get',
  path: '/v1/service-points/{id}',
  operationId: 'readServicePoint',
  tags: ['Catalogue'],
  summary: 'Read a service point',
  description:
    'One place where one can hand in: whose it is, what kind of point, and when it opens. It still answers after its unit has ceased; the list then leaves it out.',
  security: [],
  request: {
    params: z.object({
      id: PointId.openapi({ param: { name: 'id', in: 'path' }, description: '`id` of a listed service point.' }),
    }),
    headers: z.object({ 'if-none-match': z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'The service point',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: ServicePointView } },
    },
    304: { description: 'You have this already.' },
    ...no.responses,
  },
})

export function readRoute(api: Api) {
  api.openapi(route, async (c) => {
    const view = showServicePoint(no.unwrap(await readServicePoint(c.var.context, c.req.valid('param').id)))
    const headers = { etag: await contentTag(view), 'cache-control': cachedForMinutes }
    if (alreadyHas(c, headers.etag)) return c.body(null, 304, headers)
    return c.json(view, 200, headers)
  })
}
