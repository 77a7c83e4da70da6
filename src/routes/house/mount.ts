import { createRoute, z } from '@hono/zod-openapi'
import { html } from 'hono/html'
import type { Api } from '../../app.ts'
import { page } from '../page.ts'
import { Refused } from '../problem.ts'
import { problems } from '../problems.ts'
import { apiVersion } from '../version.ts'
import { openapiDocument } from './document.ts'
import { docsPage } from './docs.ts'

const health = createRoute({
  method: 'get',
  path: '/health',
  operationId: 'readHealth',
  tags: ['House'],
  summary: 'Is the service up?',
  description: 'Answers when the Worker runs and its database can be read.',
  security: [],
  responses: {
    200: {
      description: 'Up',
      content: {
        'application/json': {
          schema: z.object({ status: z.literal('ok'), version: z.string().max(20) }).openapi('Health'),
        },
      },
    },
  },
})

/** What belongs to the house itself rather than to a thing in it. */
export function mountHouse(api: Api) {
  api.openapi(health, async (c) => {
    await c.env.DB.prepare('SELECT 1').first()
    return c.json({ status: 'ok' as const, version: apiVersion }, 200)
  })
  api.get('/', (c) => c.redirect('/docs'))
  api.get('/openapi.json', (c) => {
    c.header('cache-control', 'public, max-age=300')
    c.header('access-control-allow-origin', '*')
    return c.json(openapiDocument(api, c.var.config.publicOrigin))
  })
  api.get('/docs', (c) => c.html(docsPage))
  api.get('/docs/assets/:file{swagger-ui(-bundle)?\\.(js|css)|docs\\.js}', async (c) => {
    const asset = await c.env.ASSETS.fetch(new URL(`/docs/${c.req.param('file')}`, c.req.url))
    return new Response(asset.body, { status: asset.status, headers: asset.headers })
  })
  api.get('/problems', (c) => {
    const rows = Object.entries(problems).map(
      ([code, { status, title }]) =>
        html`<tr>
          <td>
            <a href="/problems/${code}"><code>${code}</code></a>
          </td>
          <td>${status}</td>
          <td>${title.vi}<br /><span class="quiet">${title.en}</span></td>
        </tr>`,
    )
    return c.html(
      page(
        'Mã lỗi',
        html`<h1>Mã lỗi · Problem codes</h1>
          <table>
            ${rows}
          </table>`,
      ),
    )
  })
  api.get('/problems/:code', (c) => {
    const code = c.req.param('code')
    const found = Object.entries(problems).find(([known]) => known === code)?.[1]
    if (!found) throw new Refused('no-such-address')
    return c.html(
      page(
        found.title.vi,
        html`<p class="quiet"><code>${code}</code> · HTTP ${found.status}</p>
          <h1>${found.title.vi}</h1>
          <p>${found.help.vi}</p>
          <div lang="en">
            <h1>${found.title.en}</h1>
            <p>${found.help.en}</p>
          </div>
          <p><a href="/problems">Tất cả mã lỗi · All problem codes</a></p>`,
      ),
    )
  })
}
