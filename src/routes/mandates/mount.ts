import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { endMandate } from '../../usecases/mandates/end.ts'
import { giveMandate } from '../../usecases/mandates/give.ts'
import { listMandates, readMandate } from '../../usecases/mandates/read.ts'
import { listMandateUses } from '../../usecases/mandates/uses.ts'
import { refusals } from '../problem.ts'
import { contentTag } from '../public.ts'
import { alreadyHas, commandOf, IdempotencyKeyHeader, linkNext, PageQuery } from '../shapes.ts'
import { MandateId, MandatePage, MandateView, NamingBody, showMandate, UsePage } from './view.ts'

const common = { tags: ['Mandates'], security: [{ citizen: ['dossiers'] }] }
const one = { params: z.object({ id: MandateId }) }
const linked = z.object({ link: z.string().optional() })

const noGive = refusals(
  'token-needed',
  'not-allowed',
  'invalid-request',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
)
const give = createRoute({
  ...common,
  method: 'post',
  path: '/v1/mandates',
  operationId: 'giveMandate',
  summary: 'Name a representative of my organisation',
  description:
    'For an organisation, or for who acts for it by word of the identity provider: names a person who may act for it within an extent and until a time. That person sends the id of the mandate in the header `Mandate`; the request then counts as the organisation’s. Who acts under a mandate names nobody further, and a copy’s extents need a token with the scope `copies`.',
  request: {
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: NamingBody,
          example: {
            representative: { personalId: '001190000001', fullName: 'Nguyễn Thị Mẫu' },
            extent: ['read-copies', 'submit-dossiers'],
            until: '2027-01-31T17:00:00+07:00',
          },
        },
      },
    },
  },
  responses: {
    201: {
      description: 'Named',
      headers: z.object({ location: z.string(), etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: MandateView } },
    },
    ...noGive.responses,
  },
})

const noList = refusals('token-needed', 'not-allowed')
const list = createRoute({
  ...common,
  method: 'get',
  path: '/v1/mandates',
  operationId: 'listMandates',
  summary: 'List the mandates that I gave or got',
  description: 'Those of the organisation that the token speaks for, and those that name its person; newest first.',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', headers: linked, content: { 'application/json': { schema: MandatePage } } },
    ...noList.responses,
  },
})

const noOne = refusals('token-needed', 'not-allowed', 'no-such-mandate')
const read = createRoute({
  ...common,
  method: 'get',
  path: '/v1/mandates/{id}',
  operationId: 'readMandate',
  summary: 'Read a mandate',
  description: 'For both its sides: who may act for whom, how far, and until when.',
  request: { ...one, headers: z.object({ 'if-none-match': z.string().max(500).optional() }) },
  responses: {
    200: {
      description: 'The mandate',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: MandateView } },
    },
    304: { description: 'You have it as it is.' },
    ...noOne.responses,
  },
})

const end = createRoute({
  ...common,
  method: 'delete',
  path: '/v1/mandates/{id}',
  operationId: 'endMandate',
  summary: 'End a mandate before its time',
  description:
    'By the organisation or by the person: from now on nothing is done under it. What was done before stays, and stays listed.',
  request: one,
  responses: { 204: { description: 'Ended, now or before' }, ...noOne.responses },
})

const uses = createRoute({
  ...common,
  method: 'get',
  path: '/v1/mandates/{id}/uses',
  operationId: 'listMandateUses',
  summary: 'List what was done under a mandate',
  description:
    'For both its sides, newest first, out of the journal: each file that was opened, each share, and each step of a dossier or payment.',
  request: { ...one, query: PageQuery },
  responses: {
    200: { description: 'A page', headers: linked, content: { 'application/json': { schema: UsePage } } },
    ...noOne.responses,
  },
})

const privately = { 'cache-control': 'private, no-cache' }

export function mountMandates(api: Api) {
  api.openapi(give, async (c) => {
    const body = c.req.valid('json')
    const { value, replayed } = noGive.unwrap(await giveMandate(c.var.context, body, commandOf(c, body)))
    const view = showMandate(c, value)
    return c.json(view, 201, {
      location: `/v1/mandates/${view.id}`,
      etag: await contentTag(view),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    })
  })
  api.openapi(list, async (c) => {
    const { limit, after } = c.req.valid('query')
    const { items, next } = noList.unwrap(await listMandates(c.var.context, after, limit))
    const page = MandatePage.parse({ items: items.map((kept) => showMandate(c, kept)), next })
    return c.json(page, 200, { ...privately, ...linkNext(c, next) })
  })
  api.openapi(read, async (c) => {
    const view = showMandate(c, noOne.unwrap(await readMandate(c.var.context, c.req.valid('param').id)))
    const headers = { etag: await contentTag(view), ...privately }
    return alreadyHas(c, headers.etag) ? c.body(null, 304, headers) : c.json(view, 200, headers)
  })
  api.openapi(end, async (c) => {
    noOne.unwrap(await endMandate(c.var.context, c.req.valid('param').id))
    return c.body(null, 204)
  })
  api.openapi(uses, async (c) => {
    const { limit, after } = c.req.valid('query')
    const page = noOne.unwrap(await listMandateUses(c.var.context, c.req.valid('param').id, after, limit))
    return c.json(UsePage.parse(page), 200, { ...privately, ...linkNext(c, page.next) })
  })
}
