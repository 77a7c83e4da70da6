import { createRoute, z } from '@hono/zod-openapi'
import { html } from 'hono/html'
import type { Api } from '../../app.ts'
import { page } from '../page.ts'
import { problemReplies, Refused } from '../problem.ts'
import { problems } from '../problems.ts'

const htmlPage = { 'text/html': { schema: z.string().max(1_000_000) } }
const common = { method: 'get' as const, tags: ['House'], security: [] }

const listing = createRoute({
  ...common,
  path: '/problems',
  operationId: 'listProblems',
  summary: 'All problem codes',
  description: 'A page for people, in Vietnamese and English.',
  responses: { 200: { description: 'The page', content: htmlPage }, ...problemReplies('internal') },
})

const reading = createRoute({
  ...common,
  path: '/problems/{code}',
  operationId: 'readProblem',
  summary: 'What a problem code means, and what to do',
  description: 'The `type` of every problem document leads here.',
  request: {
    params: z.object({
      code: z
        .string()
        .max(64)
        .openapi({
          param: { name: 'code', in: 'path' },
          example: 'changed-meanwhile',
          description: 'The `code` of the problem document.',
        }),
    }),
  },
  responses: {
    200: { description: 'The page', content: htmlPage },
    ...problemReplies('no-such-address', 'invalid-request', 'internal'),
  },
})

/** The pages to which the `type` of every problem document leads. */
export function problemPages(api: Api) {
  api.openapi(listing, (c) => {
    const rows = Object.entries(problems).map(
      ([code, { status, title }]) =>
        html`<tr>
          <td>${status}</td>
          <td>
            <a href="/problems/${code}">${title.vi}</a><br /><span class="quiet" lang="en">${title.en}</span><br /><code
              class="quiet"
              >${code}</code
            >
          </td>
        </tr>`,
    )
    return c.html(
      page(
        'Mã lỗi',
        html`<h1>Mã lỗi <span class="quiet" lang="en">· Problem codes</span></h1>
          <table>
            <thead>
              <tr>
                <th>HTTP</th>
                <th>Ý nghĩa · <span lang="en">Meaning</span></th>
              </tr>
            </thead>
            <tbody>
              ${rows}
            </tbody>
          </table>`,
      ),
      200,
    )
  })
  api.openapi(reading, (c) => {
    const { code } = c.req.valid('param')
    const found = Object.entries(problems).find(([known]) => known === code)?.[1]
    if (!found) throw new Refused('no-such-address')
    return c.html(
      page(
        found.title.vi,
        html`<p class="quiet"><code>${code}</code> · HTTP ${found.status}</p>
          <h1>${found.title.vi}</h1>
          <p>${found.help.vi}</p>
          <div lang="en">
            <h2>${found.title.en}</h2>
            <p>${found.help.en}</p>
          </div>
          <p>
            <a href="/problems">Tất cả mã lỗi · <span lang="en">All problem codes</span></a>
          </p>`,
      ),
      200,
    )
  })
}
