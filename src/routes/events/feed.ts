import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { envelopeOf } from '../../domain/feed.ts'
import { readFeed } from '../../usecases/events/read.ts'
import { refusals } from '../problem.ts'
import { linkNext, pageOfItems } from '../shapes.ts'
import { Event, EventId } from './types.ts'

const no = refusals('token-needed', 'not-allowed')
const Page = pageOfItems(Event).openapi('FeedPage')

const route = createRoute({
  method: 'get',
  path: '/v1/events',
  operationId: 'listEvents',
  tags: ['Webhooks'],
  summary: 'Read everything that happened to your dossiers',
  description:
    'The truth for an app: every event of the dossiers that it handed in and of their copies, oldest first, each as webhooks carry it. Keep the id of the last one and send it as `after`; nothing ever comes up before it later. Webhooks are quicker, this is complete.',
  security: [{ app: ['webhooks'] }],
  request: {
    query: z.strictObject({
      after: EventId.optional().openapi({
        description: 'The id of the last event that you have; none for the beginning.',
      }),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
  },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: Page } },
    },
    ...no.responses,
  },
})

export function feedRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { after, limit } = c.req.valid('query')
    const page = no.unwrap(await readFeed(c.var.context, after, limit))
    const items = page.items.map((entry) => envelopeOf(entry, c.var.config.publicOrigin))
    return c.json(Page.parse({ items, next: page.next }), 200, linkNext(c, page.next))
  })
}
