import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { listCopyPayments } from '../../usecases/payments/read.ts'
import { startCopyPayment } from '../../usecases/payments/start.ts'
import { takeCashForCopies } from '../../usecases/payments/take-cash.ts'
import { refusals } from '../problem.ts'
import { commandOf, CopyId, etagOf, IdempotencyKeyHeader, IfMatchHeader, ifMatch } from '../shapes.ts'
import { Pay } from './pay.ts'
import { Page } from './read.ts'
import { PaymentView, showPayment, showPayments } from './view.ts'

const Id = CopyId.openapi({ param: { name: 'id', in: 'path' } })

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-copy',
  'not-awaiting-payment',
  'no-such-provider',
  'provider-unreachable',
  'if-match-needed',
  'changed-meanwhile',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
)

const pay = createRoute({
  method: 'post',
  path: '/v1/copies/{id}/payments',
  operationId: 'payCopies',
  tags: ['Payments'],
  summary: 'Pay what the copies of an original cost',
  description:
    'The fee of all copies under the number of this one, together; they are signed once it is paid, and void if it is not within three days. `online`: the owner begins a payment and goes to `redirectUrl`. `cash`: reception of the unit takes the money at its counter (needs If-Match: the ETag of this copy).',
  security: [{ citizen: ['copies'] }, { officer: [] }],
  request: {
    params: z.object({ id: Id }),
    headers: z.object({ 'if-match': IfMatchHeader.optional(), 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: Pay } } },
  },
  responses: {
    201: {
      description: 'The payment',
      headers: z.object({ location: z.string(), etag: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: PaymentView } },
    },
    ...no.responses,
  },
})

const noList = refusals('token-needed', 'not-allowed', 'no-such-copy')
const list = createRoute({
  method: 'get',
  path: '/v1/copies/{id}/payments',
  operationId: 'listCopyPayments',
  tags: ['Payments'],
  summary: 'List the payments of copies',
  description: 'Every attempt to pay for the copies under the number of this one, newest first.',
  security: [{ citizen: ['copies'] }, { officer: [] }],
  request: { params: z.object({ id: Id }) },
  responses: {
    200: { description: 'The attempts', content: { 'application/json': { schema: Page } } },
    ...noList.responses,
  },
})

export function payCopiesRoutes(api: Api) {
  api.openapi(pay, async (c) => {
    const { id } = c.req.valid('param')
    const wish = c.req.valid('json')
    const command = commandOf(c, wish)
    const { value: payment, replayed } = no.unwrap(
      wish.method === 'online'
        ? await startCopyPayment(c.var.context, { id, wish, command })
        : await takeCashForCopies(c.var.context, { id, version: ifMatch(c), cash: wish, command }),
    )
    const { id: made, version } = payment.kept.payment
    return c.json(await showPayment(c, payment), 201, {
      location: `/v1/payments/${made}`,
      etag: etagOf(version),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    })
  })
  api.openapi(list, async (c) => {
    const items = no.unwrap(await listCopyPayments(c.var.context, c.req.valid('param').id))
    return c.json(Page.parse({ items: await showPayments(c, items), next: null }), 200)
  })
}
