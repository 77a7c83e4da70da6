import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { problemReplies } from '../problem.ts'
import { apiVersion } from '../version.ts'
import { discovery } from '../well-known/discovery.ts'
import { docsRoutes } from './docs.ts'
import { guideRoutes } from './guides.ts'
import { problemPages } from './problem-pages.ts'

const Health = z.object({ status: z.literal('ok'), version: z.string().max(20) }).openapi('Health')

const health = createRoute({
  method: 'get',
  path: '/health',
  operationId: 'readHealth',
  tags: ['House'],
  summary: 'Is the service up?',
  description: 'Answers when the Worker runs and its database can be read.',
  security: [],
  responses: {
    200: { description: 'Up', content: { 'application/json': { schema: Health } } },
    ...problemReplies('internal'),
  },
})

/** What belongs to the house itself rather than to a thing in it. */
export function mountHouse(api: Api) {
  api.openapi(health, async (c) => {
    await c.env.DB.prepare('SELECT 1').first()
    return c.json(Health.parse({ status: 'ok', version: apiVersion }), 200)
  })
  api.get('/', (c) => c.redirect('/docs'))
  docsRoutes(api)
  discovery(api)
  guideRoutes(api)
  problemPages(api)
}
