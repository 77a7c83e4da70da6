import { createRoute, z } from '@hono/zod-openapi'
import { html } from 'hono/html'
import type { Api } from '../../app.ts'
import { asyncapiDocument } from '../events/asyncapi.ts'
import { problemReplies } from '../problem.ts'
import { openapiDocument } from './document.ts'

/** The interactive reference. Script and style come from this very service, so it works where there is no other network. */
const docsPage = html`<!doctype html>
  <html lang="vi">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Một cửa · API</title>
      <link rel="stylesheet" href="/docs/assets/swagger-ui.css" />
      <link rel="stylesheet" href="/docs/assets/docs.css" />
      <link rel="icon" href="data:," />
    </head>
    <body>
      <div class="intro">
        <header>
          <b>MỘT CỬA</b>
          <span>Tài liệu API dịch vụ công <span class="quiet" lang="en">· the city’s open e-service API</span></span>
          <nav>
            <a href="/docs/guides">Hướng dẫn · <span lang="en">Guides</span></a>
            <a href="/openapi.json">OpenAPI 3.1</a>
            <a href="/asyncapi.json">AsyncAPI 3</a>
            <a href="/problems">Mã lỗi · <span lang="en">Problems</span></a>
            <a href="/.well-known/oauth-protected-resource">Nơi cấp mã truy cập · <span lang="en">Issuers</span></a>
          </nav>
        </header>
        <ol>
          <li>
            Chọn thủ tục trong <a href="#/Catalogue/listProcedures">danh mục</a>: mỗi thủ tục có lược đồ biểu mẫu và một
            ví dụ điền sẵn.
            <span class="quiet" lang="en">Pick a procedure; it brings its form’s schema and an example.</span>
          </li>
          <li>
            Bấm <b>Authorize</b> và dán mã truy cập; khi chạy thử trên máy:
            <code>npm run --silent token -- citizen</code>.
            <span class="quiet" lang="en">Press Authorize and paste a token.</span>
          </li>
          <li>
            Mở một thao tác rồi bấm <b>Execute</b>, ví dụ <a href="#/Dossiers/fileDossier">nộp hồ sơ</a>; ví dụ có sẵn
            gửi được ngay.
            <span class="quiet" lang="en">Open an operation and press Execute; the examples work as they are.</span>
          </li>
        </ol>
      </div>
      <div id="reference"></div>
      <noscript>Trang này cần JavaScript; bản máy đọc ở <a href="/openapi.json">/openapi.json</a>.</noscript>
      <script src="/docs/assets/swagger-ui-bundle.js"></script>
      <script src="/docs/assets/docs.js"></script>
    </body>
  </html>`

/** Only this origin's scripts run; the reference sets styles on elements, so those may be inline. */
const policyOf = (origin: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self' ${origin}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`

const common = { method: 'get' as const, tags: ['House'], security: [] }

const reference = createRoute({
  ...common,
  path: '/docs',
  operationId: 'readReference',
  summary: 'This reference, to try things out',
  description: 'Works where there is no network but this service.',
  responses: {
    200: { description: 'The page', content: { 'text/html': { schema: z.string().max(100_000) } } },
    ...problemReplies('internal'),
  },
})

const description = {
  ...common,
  path: '/openapi.json',
  operationId: 'readDescription',
  summary: 'This API, as OpenAPI 3.1',
  description: 'What clients are made from; the repository keeps the same under openapi/.',
  responses: {
    200: {
      description: 'The document',
      content: { 'application/json': { schema: z.object({ openapi: z.literal('3.1.0') }).loose() } },
    },
    ...problemReplies('internal'),
  },
}

const events = {
  ...common,
  path: '/asyncapi.json',
  operationId: 'readEventDescription',
  summary: 'What webhooks carry, as AsyncAPI 3',
  description: 'Every event with its schema and an example; the repository keeps the same under openapi/.',
  responses: {
    200: {
      description: 'The document',
      content: { 'application/json': { schema: z.object({ asyncapi: z.literal('3.0.0') }).loose() } },
    },
    ...problemReplies('internal'),
  },
}

export function docsRoutes(api: Api) {
  api.openapi(reference, (c) => {
    c.header('content-security-policy', policyOf(c.var.config.publicOrigin))
    return c.html(docsPage, 200)
  })
  // Not by api.openapi(), whose reply must have a type: a document has more shapes than one wants to name.
  api.openAPIRegistry.registerPath(description)
  // Each takes tens of milliseconds to make, and is the same for everybody.
  let openapi: ReturnType<typeof openapiDocument> | undefined
  let asyncapi: ReturnType<typeof asyncapiDocument> | undefined
  api.get(description.path, (c) => {
    const headers = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' }
    return c.json((openapi ??= openapiDocument(api, c.var.config.publicOrigin)), 200, headers)
  })
  api.openAPIRegistry.registerPath(events)
  api.get(events.path, (c) => {
    const headers = { 'cache-control': 'public, max-age=300' }
    return c.json((asyncapi ??= asyncapiDocument(api, c.var.config.publicOrigin)), 200, headers)
  })
  api.get('/docs/assets/:file{swagger-ui(-bundle)?\\.(js|css)|docs\\.(js|css)}', async (c) => {
    const known = c.req.header('if-none-match')
    const asked = new Request(new URL(`/docs/${c.req.param('file')}`, c.req.url), {
      headers: known === undefined ? {} : { 'if-none-match': known },
    })
    const asset = await c.env.ASSETS.fetch(asked)
    return new Response(asset.body, { status: asset.status, headers: asset.headers })
  })
}
