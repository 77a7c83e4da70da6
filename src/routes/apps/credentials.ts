import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { addKey, addSecret, revokeCredential } from '../../usecases/apps/credentials.ts'
import { refusals } from '../problem.ts'
import { commandOf, IdempotencyKeyHeader } from '../shapes.ts'
import {
  AddedSecretView,
  AppId,
  bareKey,
  KeyId,
  KeyView,
  PublicJwk,
  SecretId,
  showAddedSecret,
  showKey,
} from './view.ts'

const noMore = refusals('token-needed', 'not-allowed', 'no-such-app', 'too-many-credentials', 'idempotency-key-reused')
const noKey = refusals(
  'token-needed',
  'not-allowed',
  'no-such-app',
  'invalid-request',
  'too-many-credentials',
  'key-id-in-use',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
)
const noEnd = refusals('token-needed', 'not-allowed', 'no-such-app', 'no-such-credential')

const common = { tags: ['Apps'], security: [{ officer: [] }] }
const changeOver =
  'For operators. The old ones stay good until they are revoked, so the app changes over without a gap; five may be live at a time.'
const ended =
  'For operators. It opens nothing from now on; tokens got with it run out within ten minutes. The record that it existed stays.'
const headers = z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() })
const replayedHeader = z.object({ 'idempotent-replayed': z.string().optional() })

const addingSecret = createRoute({
  ...common,
  method: 'post',
  path: '/v1/apps/{id}/secrets',
  operationId: 'addAppSecret',
  summary: 'Give an app another secret',
  description: changeOver,
  request: { params: z.object({ id: AppId }), headers },
  responses: {
    201: {
      description: 'The secret, shown this once',
      headers: replayedHeader,
      content: { 'application/json': { schema: AddedSecretView } },
    },
    ...noMore.responses,
  },
})

const addingKey = createRoute({
  ...common,
  method: 'post',
  path: '/v1/apps/{id}/keys',
  operationId: 'addAppKey',
  summary: 'Give an app another key',
  description: changeOver,
  request: {
    params: z.object({ id: AppId }),
    headers,
    body: { required: true, content: { 'application/json': { schema: PublicJwk } } },
  },
  responses: {
    201: { description: 'The key', headers: replayedHeader, content: { 'application/json': { schema: KeyView } } },
    ...noKey.responses,
  },
})

const revokingSecret = createRoute({
  ...common,
  method: 'delete',
  path: '/v1/apps/{id}/secrets/{credential}',
  operationId: 'revokeAppSecret',
  summary: 'Revoke a secret',
  description: ended,
  request: { params: z.object({ id: AppId, credential: SecretId }) },
  responses: { 204: { description: 'Revoked, now or before' }, ...noEnd.responses },
})

const revokingKey = createRoute({
  ...common,
  method: 'delete',
  path: '/v1/apps/{id}/keys/{key}',
  operationId: 'revokeAppKey',
  summary: 'Revoke a key',
  description: ended,
  request: { params: z.object({ id: AppId, key: KeyId }) },
  responses: { 204: { description: 'Revoked, now or before' }, ...noEnd.responses },
})

const replay = (replayed: boolean) => (replayed ? { 'idempotent-replayed': 'true' } : {})

export function credentialRoutes(api: Api) {
  api.openapi(addingSecret, async (c) => {
    const { id } = c.req.valid('param')
    const { value, replayed } = noMore.unwrap(await addSecret(c.var.context, id, commandOf(c, {})))
    return c.json(showAddedSecret(value), 201, replay(replayed))
  })
  api.openapi(addingKey, async (c) => {
    const { id } = c.req.valid('param')
    const key = bareKey(c.req.valid('json'))
    const { value, replayed } = noKey.unwrap(await addKey(c.var.context, id, key, commandOf(c, key)))
    return c.json(showKey(value), 201, replay(replayed))
  })
  api.openapi(revokingSecret, async (c) => {
    const { id, credential } = c.req.valid('param')
    noEnd.unwrap(await revokeCredential(c.var.context, id, credential))
    return c.body(null, 204)
  })
  api.openapi(revokingKey, async (c) => {
    const { id, key } = c.req.valid('param')
    noEnd.unwrap(await revokeCredential(c.var.context, id, key))
    return c.body(null, 204)
  })
}
