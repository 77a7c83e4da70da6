import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { listOpenings } from '../../usecases/copies/openings.ts'
import { shareCopy } from '../../usecases/copies/share.ts'
import { listShares, readShare, revokeShare } from '../../usecases/copies/shares.ts'
import { refusals } from '../problem.ts'
import { contentTag } from '../public.ts'
import {
  alreadyHas,
  commandOf,
  CopyId,
  etagOf,
  IdempotencyKeyHeader,
  linkNext,
  PageQuery,
  pageOfItems,
} from '../shapes.ts'
import {
  Lending,
  NewShareView,
  OpeningView,
  ShareId,
  ShareView,
  showNewShare,
  showOpenings,
  showShare,
} from './share-view.ts'

const Id = CopyId.openapi({ param: { name: 'id', in: 'path' } })
const Share = ShareId.openapi({ param: { name: 'share', in: 'path' } })
const common = { tags: ['Copies'], security: [{ citizen: ['copies'] }] }
const SharePage = pageOfItems(ShareView).openapi('SharePage')
const OpeningPage = pageOfItems(OpeningView).openapi('OpeningPage')

const noLoan = refusals(
  'token-needed',
  'not-allowed',
  'no-such-copy',
  'copy-not-valid',
  'invalid-request',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
)
const lend = createRoute({
  ...common,
  method: 'post',
  path: '/v1/copies/{id}/shares',
  operationId: 'shareCopy',
  summary: 'Lend a copy',
  description:
    'The owner lends a valid copy for a purpose and until a time. The reply holds a link, once: whoever has it opens the PDF without an account until then, and each opening is recorded.',
  request: {
    params: z.object({ id: Id }),
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: Lending,
          example: {
            recipient: 'Ngân hàng Ví Dụ, chi nhánh Cửa Nam',
            purpose: 'Mở tài khoản',
            until: '2027-01-31T17:00:00+07:00',
            most: 3,
          },
        },
      },
    },
  },
  responses: {
    201: {
      description: 'Lent',
      headers: z.object({ location: z.string(), etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: NewShareView } },
    },
    ...noLoan.responses,
  },
})

const noList = refusals('token-needed', 'not-allowed', 'no-such-copy')
const list = createRoute({
  ...common,
  method: 'get',
  path: '/v1/copies/{id}/shares',
  operationId: 'listShares',
  summary: 'List the shares of a copy',
  description:
    'To whom the owner lent it, until when, and how often it was opened; newest first. The links are not shown again.',
  request: { params: z.object({ id: Id }), query: PageQuery },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: SharePage } },
    },
    ...noList.responses,
  },
})

const noOne = refusals('token-needed', 'not-allowed', 'no-such-copy', 'no-such-share')
const read = createRoute({
  ...common,
  method: 'get',
  path: '/v1/copies/{id}/shares/{share}',
  operationId: 'readShare',
  summary: 'Read a share',
  description: 'How one share stands: open, ended, used up or revoked, and how often it was opened.',
  request: {
    params: z.object({ id: Id, share: Share }),
    headers: z.object({ 'if-none-match': z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'The share',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: ShareView } },
    },
    304: { description: 'You have it as it is.' },
    ...noOne.responses,
  },
})

const revoke = createRoute({
  ...common,
  method: 'delete',
  path: '/v1/copies/{id}/shares/{share}',
  operationId: 'revokeShare',
  summary: 'Take a share back',
  description: 'The link opens nothing from now on. What was opened before stays in the list of openings.',
  request: { params: z.object({ id: Id, share: Share }) },
  responses: { 204: { description: 'Taken back, now or before' }, ...noOne.responses },
})

const openings = createRoute({
  ...common,
  method: 'get',
  path: '/v1/copies/{id}/openings',
  operationId: 'listOpenings',
  summary: 'List who opened my copy',
  description:
    'For its owner, newest first: when and as what the file was opened. Officials are named by their unit, apps by their name, holders of a link by the share; no person is.',
  request: { params: z.object({ id: Id }), query: PageQuery },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: OpeningPage } },
    },
    ...noList.responses,
  },
})

const privately = { 'cache-control': 'private, no-cache' }

export function shareRoutes(api: Api) {
  api.openapi(lend, async (c) => {
    const body = c.req.valid('json')
    const lending = { copy: c.req.valid('param').id, ...body }
    const { value, replayed } = noLoan.unwrap(await shareCopy(c.var.context, lending, commandOf(c, body)))
    return c.json(showNewShare(c, value), 201, {
      location: `/v1/copies/${value.share.copy}/shares/${value.share.id}`,
      etag: etagOf(value.share.version),
      'cache-control': 'private, no-store',
      ...(replayed && { 'idempotent-replayed': 'true' }),
    })
  })
  api.openapi(list, async (c) => {
    const { limit, after } = c.req.valid('query')
    const page = noList.unwrap(await listShares(c.var.context, c.req.valid('param').id, after, limit))
    const items = page.items.map((share) => showShare(c, share))
    return c.json(SharePage.parse({ items, next: page.next }), 200, { ...privately, ...linkNext(c, page.next) })
  })
  api.openapi(read, async (c) => {
    const { id, share } = c.req.valid('param')
    const view = showShare(c, noOne.unwrap(await readShare(c.var.context, id, share)))
    const etag = await contentTag(view)
    if (alreadyHas(c, etag)) return c.body(null, 304, { etag, ...privately })
    return c.json(view, 200, { etag, ...privately })
  })
  api.openapi(revoke, async (c) => {
    const { id, share } = c.req.valid('param')
    noOne.unwrap(await revokeShare(c.var.context, id, share))
    return c.body(null, 204)
  })
  api.openapi(openings, async (c) => {
    const { limit, after } = c.req.valid('query')
    const page = noList.unwrap(await listOpenings(c.var.context, c.req.valid('param').id, after, limit))
    const items = await showOpenings(c, page.items)
    return c.json(OpeningPage.parse({ items, next: page.next }), 200, { ...privately, ...linkNext(c, page.next) })
  })
}
