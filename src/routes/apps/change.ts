import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { changeApp } from '../../usecases/apps/change.ts'
import { versionOf } from '../../usecases/apps/read.ts'
import { refusals } from '../problem.ts'
import { etagOf, IfMatchHeader, ifMatch } from '../shapes.ts'
import { AppId, AppName, AppView, Dpop, Scopes, showApp } from './view.ts'

const AppChange = z.strictObject({ name: AppName, scopes: Scopes, dpop: Dpop }).openapi('AppChange', {
  example: { name: 'Ứng dụng Ví Dụ', scopes: ['dossiers:submit:commune', 'dossiers:read:commune'], dpop: 'required' },
})

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-app',
  'invalid-request',
  'if-match-needed',
  'changed-meanwhile',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'put',
  path: '/v1/apps/{id}',
  operationId: 'changeApp',
  tags: ['Apps'],
  summary: 'Change an app',
  description:
    'For operators. Replaces name, scopes and `dpop`; what they were stays on record. Tokens that the app has keep what they say until they run out, within ten minutes. Its webhooks tell at once nothing any more that it may not read.',
  security: [{ officer: [] }],
  request: {
    params: z.object({ id: AppId }),
    headers: z.object({ 'if-match': IfMatchHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: AppChange } } },
  },
  responses: {
    200: {
      description: 'The app after the change',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: AppView } },
    },
    ...no.responses,
  },
})

export function changeRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const input = { id, version: ifMatch(c), settings: c.req.valid('json') }
    const app = no.unwrap(await changeApp(c.var.context, input))
    return c.json(showApp(app), 200, { etag: etagOf(versionOf(app)) })
  })
}
