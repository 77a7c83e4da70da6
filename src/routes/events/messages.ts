import { z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { messages, pascalOf } from './types.ts'

/** The headers of Standard Webhooks 1.0, on every message. */
const headers = z.object({
  'webhook-id': z
    .string()
    .max(64)
    .openapi({ description: 'The id of the event: the same however often it comes.', example: 'event_1042' }),
  'webhook-timestamp': z
    .string()
    .max(12)
    .openapi({ description: 'When this attempt was signed, in seconds since 1970.', example: '1795399200' }),
  'webhook-signature': z.string().max(2000).openapi({
    description:
      'For every live secret one `v1` (HMAC-SHA-256) and one `v1a` (Ed25519) signature, with spaces between them.',
    example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  }),
})

/** What the service sends to receivers, for the `webhooks` of the OpenAPI document. */
export function describeMessages(api: Api) {
  for (const { type, summary, schema } of messages)
    api.openAPIRegistry.registerWebhook({
      method: 'post',
      path: type,
      operationId: `on${pascalOf(type)}`,
      tags: ['Webhooks'],
      summary,
      description: `${summary}. Answer 2xx within ten seconds and work afterwards; anything else is tried again for three days. 410 ends it.`,
      security: [],
      request: {
        headers,
        body: { required: true, content: { 'application/cloudevents+json': { schema } } },
      },
      responses: {
        '2XX': { description: 'Taken.' },
        410: { description: 'Never again: the webhook is disabled.' },
        default: { description: 'Tried again later, not sooner than `Retry-After` asks.' },
      },
    })
}
