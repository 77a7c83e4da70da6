import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { addWebhookSecret, revokeWebhookSecret } from '../../usecases/webhooks/secrets.ts'
import { refusals } from '../problem.ts'
import { commandOf, IdempotencyKeyHeader } from '../shapes.ts'
import { common, WebhookParam, WebhookSecretId } from './shapes.ts'
import { AddedSecretView, showAdded } from './view.ts'

const noMore = refusals(
  'token-needed',
  'not-allowed',
  'no-such-webhook',
  'too-many-credentials',
  'idempotency-key-reused',
)
const noEnd = refusals('token-needed', 'not-allowed', 'no-such-webhook', 'no-such-credential', 'last-credential')

const adding = createRoute({
  ...common,
  method: 'post',
  path: '/v1/webhooks/{id}/secrets',
  operationId: 'addWebhookSecret',
  summary: 'Give a webhook another secret',
  description:
    'Messages are signed with every live secret and key, so the receiver changes over without a gap; three may be live at a time. Revoke the old one afterwards.',
  request: { params: WebhookParam, headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }) },
  responses: {
    201: {
      description: 'The secret, shown this once',
      headers: z.object({ 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: AddedSecretView } },
    },
    ...noMore.responses,
  },
})

const revoking = createRoute({
  ...common,
  method: 'delete',
  path: '/v1/webhooks/{id}/secrets/{credential}',
  operationId: 'revokeWebhookSecret',
  summary: 'Revoke a webhook’s secret',
  description: 'Nothing is signed with it, nor with the key beside it, from now on; both are destroyed.',
  request: { params: WebhookParam.extend({ credential: WebhookSecretId }) },
  responses: { 204: { description: 'Revoked' }, ...noEnd.responses },
})

export function secretRoutes(api: Api) {
  api.openapi(adding, async (c) => {
    const { id } = c.req.valid('param')
    const { value, replayed } = noMore.unwrap(await addWebhookSecret(c.var.context, id, commandOf(c, {})))
    return c.json(showAdded(value.secret, value.value), 201, replayed ? { 'idempotent-replayed': 'true' } : {})
  })
  api.openapi(revoking, async (c) => {
    const { id, credential } = c.req.valid('param')
    noEnd.unwrap(await revokeWebhookSecret(c.var.context, id, credential))
    return c.body(null, 204)
  })
}
