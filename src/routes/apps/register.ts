import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { registerApp } from '../../usecases/apps/register.ts'
import { refusals } from '../problem.ts'
import { commandOf, etagOf, IdempotencyKeyHeader } from '../shapes.ts'
import { versionOf } from '../../usecases/apps/read.ts'
import { AppName, bareKey, Dpop, Kind, PublicJwk, RegisteredAppView, Scopes, showRegistered } from './view.ts'

export const Registration = z
  .strictObject({
    name: AppName,
    kind: Kind.default('live'),
    scopes: Scopes,
    dpop: Dpop.default('optional'),
    jwks: z
      .strictObject({ keys: z.array(PublicJwk).min(1).max(5) })
      .optional()
      .openapi({ description: 'Public keys for `private_key_jwt`. An app that brings keys gets no secret.' }),
  })
  .openapi('AppRegistration', { example: { name: 'Ứng dụng Ví Dụ', scopes: ['dossiers:submit', 'dossiers:read'] } })

const no = refusals(
  'token-needed',
  'not-allowed',
  'invalid-request',
  'key-id-in-use',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'post',
  path: '/v1/apps',
  operationId: 'registerApp',
  tags: ['Apps'],
  summary: 'Register an app',
  description:
    'For operators. The reply holds the client id and, unless the app brings keys of its own, the client secret: it is shown this once, and only its hash is kept. The app then gets tokens at `POST /oauth/token`.',
  security: [{ officer: [] }],
  request: {
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: Registration } } },
  },
  responses: {
    201: {
      description: 'Registered',
      headers: z.object({ location: z.string(), etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: RegisteredAppView } },
    },
    ...no.responses,
  },
})

export function registerRoute(api: Api) {
  api.openapi(route, async (c) => {
    const body = c.req.valid('json')
    const { jwks, ...settings } = body
    const registration = { ...settings, keys: jwks?.keys.map(bareKey) ?? [] }
    const { value, replayed } = no.unwrap(await registerApp(c.var.context, registration, commandOf(c, body)))
    return c.json(showRegistered(value), 201, {
      location: `/v1/apps/${value.app.id}`,
      etag: etagOf(versionOf(value.app)),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    })
  })
}
