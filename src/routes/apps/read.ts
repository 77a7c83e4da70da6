import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { listApps, readApp, versionOf } from '../../usecases/apps/read.ts'
import { refusals } from '../problem.ts'
import { alreadyHas, etagOf, linkNext, PageQuery, pageOfItems } from '../shapes.ts'
import { AppId, AppSummaryView, AppView, showApp, showSummary } from './view.ts'

const noList = refusals('token-needed', 'not-allowed')
const no = refusals('token-needed', 'not-allowed', 'no-such-app')

const Page = pageOfItems(AppSummaryView).openapi('AppPage')

const listing = createRoute({
  method: 'get',
  path: '/v1/apps',
  operationId: 'listApps',
  tags: ['Apps'],
  summary: 'List apps',
  description: 'For operators. Every registered app, newest first.',
  security: [{ officer: [] }],
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
  method: 'get',
  path: '/v1/apps/{id}',
  operationId: 'readApp',
  tags: ['Apps'],
  summary: 'Read an app',
  description:
    'For operators. The app with its secrets and keys, live and revoked; a secret itself is never shown again.',
  security: [{ officer: [] }],
  request: { params: z.object({ id: AppId }), headers: z.object({ 'if-none-match': z.string().max(500).optional() }) },
  responses: {
    200: {
      description: 'The app',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: AppView } },
    },
    304: { description: 'You have this version already.' },
    ...no.responses,
  },
})

export function readRoutes(api: Api) {
  api.openapi(listing, async (c) => {
    const { limit, after } = c.req.valid('query')
    const { items, next } = noList.unwrap(await listApps(c.var.context, after, limit))
    return c.json(Page.parse({ items: items.map(showSummary), next }), 200, linkNext(c, next))
  })
  api.openapi(reading, async (c) => {
    const app = no.unwrap(await readApp(c.var.context, c.req.valid('param').id))
    const etag = etagOf(versionOf(app))
    const headers = { etag, 'cache-control': 'private, no-cache' }
    return alreadyHas(c, etag) ? c.body(null, 304, headers) : c.json(showApp(app), 200, headers)
  })
}
