import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { listPayments, listRefunds, readPayment, readReceipt } from '../../usecases/payments/read.ts'
import { refusals } from '../problem.ts'
import { alreadyHas, DossierCode, etagOf, linkNext, PageQuery, pageOfItems } from '../shapes.ts'
import { PaymentId, PaymentView, ReceiptView, showPayment, showPayments, showReceipt } from './view.ts'

export const Id = PaymentId.openapi({ param: { name: 'id', in: 'path' } })
export const Page = pageOfItems(PaymentView).openapi('PaymentPage')
const everybody = [{ app: ['dossiers:read'] }, { citizen: ['dossiers'] }, { officer: [] }]

const noRead = refusals('token-needed', 'not-allowed', 'no-such-payment')
const read = createRoute({
  method: 'get',
  path: '/v1/payments/{id}',
  operationId: 'readPayment',
  tags: ['Payments'],
  summary: 'Read a payment',
  description: 'For whoever may see its dossier. Ask by ETag while it is open; the provider tells us within seconds.',
  security: everybody,
  request: { params: z.object({ id: Id }), headers: z.object({ 'if-none-match': z.string().max(500).optional() }) },
  responses: {
    200: {
      description: 'The payment',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: PaymentView } },
    },
    304: { description: 'You have this version already.' },
    ...noRead.responses,
  },
})

const noReceipt = refusals('token-needed', 'not-allowed', 'no-such-payment', 'not-paid')
const receipt = createRoute({
  method: 'get',
  path: '/v1/payments/{id}/receipt',
  operationId: 'readReceipt',
  tags: ['Payments'],
  summary: 'Read the receipt of a payment',
  description: 'Who received how much, from whom and for what, with fees and charges apart, once it is paid.',
  security: everybody,
  request: { params: z.object({ id: Id }) },
  responses: {
    200: { description: 'The receipt', content: { 'application/json': { schema: ReceiptView } } },
    ...noReceipt.responses,
  },
})

const noList = refusals('token-needed', 'not-allowed', 'no-such-dossier')
const list = createRoute({
  method: 'get',
  path: '/v1/dossiers/{code}/payments',
  operationId: 'listDossierPayments',
  tags: ['Payments'],
  summary: 'List the payments of a dossier',
  description: 'Every attempt, newest first.',
  security: everybody,
  request: { params: z.object({ code: DossierCode }) },
  responses: {
    200: { description: 'The attempts', content: { 'application/json': { schema: Page } } },
    ...noList.responses,
  },
})

const noRefunds = refusals('token-needed', 'not-allowed')
const refunds = createRoute({
  method: 'get',
  path: '/v1/payments',
  operationId: 'listRefunds',
  tags: ['Payments'],
  summary: 'List what my unit has to pay back',
  description:
    'Money that came in and pays for nothing: after a withdrawal, a second time, or in another amount. Newest first.',
  security: [{ officer: [] }],
  request: { query: PageQuery.extend({ status: z.literal('to-be-refunded').openapi({ example: 'to-be-refunded' }) }) },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: Page } },
    },
    ...noRefunds.responses,
  },
})

export function readRoutes(api: Api) {
  api.openapi(read, async (c) => {
    const found = noRead.unwrap(await readPayment(c.var.context, c.req.valid('param').id))
    const etag = etagOf(found.kept.payment.version)
    const headers = { etag, 'cache-control': 'private, no-cache' }
    if (alreadyHas(c, etag)) return c.body(null, 304, headers)
    return c.json(await showPayment(c, found), 200, headers)
  })
  api.openapi(receipt, async (c) =>
    c.json(showReceipt(noReceipt.unwrap(await readReceipt(c.var.context, c.req.valid('param').id))), 200),
  )
  api.openapi(list, async (c) => {
    const payments = noList.unwrap(await listPayments(c.var.context, c.req.valid('param').code))
    return c.json(Page.parse({ items: await showPayments(c, payments), next: null }), 200)
  })
  api.openapi(refunds, async (c) => {
    const { limit, after } = c.req.valid('query')
    const { items, next } = noRefunds.unwrap(await listRefunds(c.var.context, after, limit))
    return c.json(Page.parse({ items: await showPayments(c, items), next }), 200, linkNext(c, next))
  })
}
