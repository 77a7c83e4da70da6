import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  listWebhooks,
  readWebhook,
} from '../../usecases/webhooks/manage.ts'
import { refusals } from '../problem.ts'
import {
  alreadyHas,
  commandOf,
  etagOf,
  IdempotencyKeyHeader,
  IfMatchHeader,
  ifMatch,
  linkNext,
  PageQuery,
  pageOfItems,
} from '../shapes.ts'
import { common, WebhookParam } from './shapes.ts'
import { CreatedWebhookView, showCreated, showWebhook, WebhookChange, WebhookView, WebhookWishes } from './view.ts'

const noCreation = refusals(
  'token-needed',
  'not-allowed',
  'invalid-request',
  'too-many-webhooks',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
)
const noList = refusals('token-needed', 'not-allowed')
const no = refusals('token-needed', 'not-allowed', 'no-such-webhook')
const noChange = refusals(
  'token-needed',
  'not-allowed',
  'no-such-webhook',
  'invalid-request',
  'if-match-needed',
  'changed-meanwhile',
  'wrong-media-type',
  'too-large',
)
const noDeletion = refusals('token-needed', 'not-allowed', 'no-such-webhook', 'changed-meanwhile')

const Page = pageOfItems(WebhookView).openapi('WebhookPage')
const shown = {
  headers: z.object({ etag: z.string() }),
  content: { 'application/json': { schema: WebhookView } },
}

const creating = createRoute({
  ...common,
  method: 'post',
  path: '/v1/webhooks',
  operationId: 'createWebhook',
  summary: 'Be told of what happens',
  description:
    'From now on every event of the dossiers that the app handed in, and of their copies, is posted to the receiver, signed as Standard Webhooks 1.0. The secret is shown this once. `POST …/ping` tries the receiver out.',
  request: {
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: WebhookWishes } } },
  },
  responses: {
    201: {
      description: 'The webhook, with its first secret',
      headers: z.object({ location: z.string(), etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: CreatedWebhookView } },
    },
    ...noCreation.responses,
  },
})

const listing = createRoute({
  ...common,
  method: 'get',
  path: '/v1/webhooks',
  operationId: 'listWebhooks',
  summary: 'List your webhooks',
  description: 'The webhooks of the app that asks, newest first; an app may have ten.',
  request: { query: PageQuery },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: Page } },
    },
    ...noList.responses,
  },
})

const reading = createRoute({
  ...common,
  method: 'get',
  path: '/v1/webhooks/{id}',
  operationId: 'readWebhook',
  summary: 'Read a webhook',
  description: 'With its status, since when its receiver fails, and its public keys. Secrets are never shown again.',
  request: { params: WebhookParam, headers: z.object({ 'if-none-match': z.string().max(500).optional() }) },
  responses: {
    200: { description: 'The webhook', ...shown },
    304: { description: 'You have this version already.' },
    ...no.responses,
  },
})

const changing = createRoute({
  ...common,
  method: 'put',
  path: '/v1/webhooks/{id}',
  operationId: 'changeWebhook',
  summary: 'Change a webhook',
  description:
    'Replaces address and filters. `active: false` rests it: what happens then is not sent, but stands in the feed. `active: true` takes it up again, also after it was disabled; `POST …/replay` brings what was missed.',
  request: {
    params: WebhookParam,
    headers: z.object({ 'if-match': IfMatchHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: WebhookChange } } },
  },
  responses: { 200: { description: 'The webhook after the change', ...shown }, ...noChange.responses },
})

const deleting = createRoute({
  ...common,
  method: 'delete',
  path: '/v1/webhooks/{id}',
  operationId: 'deleteWebhook',
  summary: 'Delete a webhook',
  description:
    'Nothing is sent any more, also nothing that waited, and its keys are destroyed. `If-Match` is not needed, but obeyed.',
  request: { params: WebhookParam, headers: z.object({ 'if-match': IfMatchHeader.optional() }) },
  responses: { 204: { description: 'Deleted' }, ...noDeletion.responses },
})

export function manageRoutes(api: Api) {
  api.openapi(creating, async (c) => {
    const wishes = c.req.valid('json')
    const { value, replayed } = noCreation.unwrap(await createWebhook(c.var.context, wishes, commandOf(c, wishes)))
    const { webhook } = value.kept
    return c.json(showCreated(value.kept, value.secret), 201, {
      location: `/v1/webhooks/${webhook.id}`,
      etag: etagOf(webhook.version),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    })
  })
  api.openapi(listing, async (c) => {
    const { limit, after } = c.req.valid('query')
    const { items, next } = noList.unwrap(await listWebhooks(c.var.context, after, limit))
    return c.json(Page.parse({ items: items.map(showWebhook), next }), 200, linkNext(c, next))
  })
  api.openapi(reading, async (c) => {
    const kept = no.unwrap(await readWebhook(c.var.context, c.req.valid('param').id))
    const headers = { etag: etagOf(kept.webhook.version), 'cache-control': 'private, no-cache' }
    return alreadyHas(c, headers.etag) ? c.body(null, 304, headers) : c.json(showWebhook(kept), 200, headers)
  })
  api.openapi(changing, async (c) => {
    const { active, ...wishes } = c.req.valid('json')
    const input = { id: c.req.valid('param').id, version: ifMatch(c), wishes, active }
    const kept = noChange.unwrap(await changeWebhook(c.var.context, input))
    return c.json(showWebhook(kept), 200, { etag: etagOf(kept.webhook.version) })
  })
  api.openapi(deleting, async (c) => {
    const version = c.req.header('if-match') === undefined ? undefined : ifMatch(c)
    noDeletion.unwrap(await deleteWebhook(c.var.context, c.req.valid('param').id, version))
    return c.body(null, 204)
  })
}
