import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { listCopies, readCopy } from '../../usecases/copies/read.ts'
import { refusals } from '../problem.ts'
import { alreadyHas, CopyId, etagOf, Instant, linkNext, PageQuery, pageOfItems } from '../shapes.ts'
import { certifyRoute } from './certify.ts'
import { contentRoute } from './content.ts'
import { revokeRoute } from './revoke.ts'
import { shareRoutes } from './shares.ts'
import { statusListRoute } from './status-list.ts'
import { CopyNumber, CopyStatus, CopyView, ProcedureCode, showCopies, showCopy } from './view.ts'

const Id = CopyId.openapi({ param: { name: 'id', in: 'path' } })
const Page = pageOfItems(CopyView).openapi('CopyPage')

const noList = refusals('token-needed', 'not-allowed')
const list = createRoute({
  method: 'get',
  path: '/v1/copies',
  operationId: 'listCopies',
  tags: ['Copies'],
  summary: 'List the certified copies in my account',
  description: 'A citizen’s or organisation’s own certified copies, newest first. Nobody else’s, for nobody else.',
  security: [{ consent: ['citizen:copies:read'] }, { citizen: ['copies'] }],
  request: {
    query: PageQuery.extend({
      status: CopyStatus.optional().openapi({ description: 'Only those that stand so.', example: 'valid' }),
      procedure: ProcedureCode.optional().openapi({
        description: 'Only results of this procedure.',
        example: '1.004873',
      }),
      number: CopyNumber.optional(),
      issuedAfter: Instant.optional().openapi({ description: 'Only those whose file was made after this.' }),
      issuedBefore: Instant.optional().openapi({ description: 'Only those whose file was made before this.' }),
    }),
  },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: Page } },
    },
    ...noList.responses,
  },
})

const noRead = refusals('token-needed', 'not-allowed', 'no-such-copy')
const read = createRoute({
  method: 'get',
  path: '/v1/copies/{id}',
  operationId: 'readCopy',
  tags: ['Copies'],
  summary: 'Read a copy’s record and status',
  description: 'For its owner, for the unit that issued it, and for officers who see its dossier.',
  security: [{ consent: ['citizen:copies:read'] }, { citizen: ['copies'] }, { officer: [] }],
  request: { params: z.object({ id: Id }), headers: z.object({ 'if-none-match': z.string().max(500).optional() }) },
  responses: {
    200: {
      description: 'The record',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: CopyView } },
    },
    304: { description: 'You have this version already.' },
    ...noRead.responses,
  },
})

export function mountCopies(api: Api) {
  certifyRoute(api)
  revokeRoute(api)
  shareRoutes(api)
  contentRoute(api)
  statusListRoute(api)
  api.openapi(list, async (c) => {
    const { limit, after, ...filters } = c.req.valid('query')
    const page = noList.unwrap(await listCopies(c.var.context, filters, after, limit))
    return c.json(Page.parse({ items: await showCopies(c, page.items), next: page.next }), 200, linkNext(c, page.next))
  })
  api.openapi(read, async (c) => {
    const kept = noRead.unwrap(await readCopy(c.var.context, c.req.valid('param').id))
    const etag = etagOf(kept.copy.version)
    const headers = { etag, 'cache-control': 'private, no-cache' }
    if (alreadyHas(c, etag)) return c.body(null, 304, headers)
    return c.json(await showCopy(c, kept), 200, headers)
  })
}
