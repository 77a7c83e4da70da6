import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { listFreshness } from '../../platform/status-list.ts'
import { readStatusList } from '../../usecases/copies/read-status-list.ts'
import { refusals } from '../problem.ts'

const ListId = z
  .string()
  .max(40)
  .regex(/^[A-Z0-9-]+\.\d{4}$/)
  .openapi({
    param: { name: 'id', in: 'path' },
    description: 'Unit and year of a register of copies.',
    example: '00082-2025.2026',
  })

const no = refusals('no-such-status-list')
const route = createRoute({
  method: 'get',
  path: '/v1/status-lists/{id}',
  operationId: 'readStatusList',
  tags: ['Public'],
  summary: 'Read how attested copies stand',
  description:
    'A Token Status List for the SD-JWTs of copies: two bits for each copy of a unit’s register of one year (0 valid, 1 revoked, 3 superseded) at the place that the SD-JWT names. A JWT, signed by a key of `/.well-known/jwks.json`; to be kept for its `ttl`, and believed no longer than its `exp`.',
  security: [],
  request: { params: z.object({ id: ListId }) },
  responses: {
    200: {
      description: 'The list of this moment',
      content: { 'application/statuslist+jwt': { schema: z.string().max(1_000_000) } },
    },
    ...no.responses,
  },
})

export function statusListRoute(api: Api) {
  api.openapi(route, async (c) => {
    const token = no.unwrap(await readStatusList(c.var.context, c.req.valid('param').id))
    const headers = {
      'content-type': 'application/statuslist+jwt',
      'cache-control': `public, max-age=${listFreshness}`,
    }
    return c.body(token, 200, headers)
  })
}
