import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { listDeliveries, pingWebhook, replayEvents, retryDelivery } from '../../usecases/webhooks/deliveries.ts'
import { EventId } from '../events/types.ts'
import { refusals } from '../problem.ts'
import { Instant, linkNext, pageOfItems } from '../shapes.ts'
import { common, WebhookParam } from './shapes.ts'
import { AttemptView, DeliveryStatus, DeliveryView, showAttempt, showDelivery } from './view.ts'

const no = refusals('token-needed', 'not-allowed', 'no-such-webhook')
const noRetry = refusals('token-needed', 'not-allowed', 'no-such-webhook', 'no-such-delivery', 'webhook-disabled')
const noReplay = refusals(
  'token-needed',
  'not-allowed',
  'no-such-webhook',
  'webhook-disabled',
  'wrong-media-type',
  'too-large',
)

const Page = pageOfItems(DeliveryView).openapi('WebhookDeliveryPage')
const Replay = z
  .strictObject({ from: Instant.openapi({ description: 'Events since then are sent again.' }) })
  .openapi('Replay', { example: { from: '2026-11-20T00:00:00.000+07:00' } })
const Replayed = z
  .object({ events: z.int().min(0).openapi({ description: 'How many will be sent.' }) })
  .openapi('Replayed')

const listing = createRoute({
  ...common,
  method: 'get',
  path: '/v1/webhooks/{id}/deliveries',
  operationId: 'listWebhookDeliveries',
  summary: 'See what was sent and what came of it',
  description:
    'The latest event first, each with its attempts: when, how long, the status or the fault, and how the reply began.',
  request: {
    params: WebhookParam,
    query: z.strictObject({
      status: DeliveryStatus.optional(),
      after: EventId.optional().openapi({ description: '`next` of the page before.' }),
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

const retrying = createRoute({
  ...common,
  method: 'post',
  path: '/v1/webhooks/{id}/deliveries/{event}/retry',
  operationId: 'retryWebhookDelivery',
  summary: 'Send one event again',
  description:
    'At once, and by the whole schedule if need be, also what was delivered before. The message keeps its id, so the receiver knows it again.',
  request: { params: WebhookParam.extend({ event: EventId }) },
  responses: {
    200: { description: 'The delivery, on its way', content: { 'application/json': { schema: DeliveryView } } },
    ...noRetry.responses,
  },
})

const replaying = createRoute({
  ...common,
  method: 'post',
  path: '/v1/webhooks/{id}/replay',
  operationId: 'replayWebhook',
  summary: 'Send everything again since a time',
  description:
    'Every event since then that the webhook wants, also what was delivered before, with the ids that they had: for a receiver that was away, or lost what it had.',
  request: { params: WebhookParam, body: { required: true, content: { 'application/json': { schema: Replay } } } },
  responses: {
    202: { description: 'They are on their way', content: { 'application/json': { schema: Replayed } } },
    ...noReplay.responses,
  },
})

const pinging = createRoute({
  ...common,
  method: 'post',
  path: '/v1/webhooks/{id}/ping',
  operationId: 'pingWebhook',
  summary: 'Try a receiver out',
  description:
    'Posts a signed `webhook.ping` at once, waits ten seconds at most, and tells what came of it. Works on a disabled webhook too.',
  request: { params: WebhookParam },
  responses: {
    200: { description: 'What came of it', content: { 'application/json': { schema: AttemptView } } },
    ...no.responses,
  },
})

export function deliveryRoutes(api: Api) {
  api.openapi(listing, async (c) => {
    const { status, after, limit } = c.req.valid('query')
    const asked = { limit, ...(status && { status }), ...(after && { before: after }) }
    const page = no.unwrap(await listDeliveries(c.var.context, c.req.valid('param').id, asked))
    return c.json(Page.parse({ items: page.items.map(showDelivery), next: page.next }), 200, linkNext(c, page.next))
  })
  api.openapi(retrying, async (c) => {
    const { id, event } = c.req.valid('param')
    return c.json(showDelivery(noRetry.unwrap(await retryDelivery(c.var.context, id, event))), 200)
  })
  api.openapi(replaying, async (c) => {
    const from = new Date(c.req.valid('json').from)
    return c.json(
      Replayed.parse(noReplay.unwrap(await replayEvents(c.var.context, c.req.valid('param').id, from))),
      202,
    )
  })
  api.openapi(pinging, async (c) => {
    return c.json(showAttempt(no.unwrap(await pingWebhook(c.var.context, c.req.valid('param').id))), 200)
  })
}
