import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { refundPayment } from '../../usecases/payments/refund.ts'
import { refusals } from '../problem.ts'
import { etagOf, IfMatchHeader, ifMatch } from '../shapes.ts'
import { Id } from './read.ts'
import { PaymentView, showPayment } from './view.ts'

export const Refund = z
  .strictObject({
    transfer: z
      .string()
      .regex(/^[A-Za-z0-9./-]{3,50}$/)
      .openapi({ description: 'The bank’s reference of the transfer.' }),
  })
  .openapi('Refund', { example: { transfer: 'FT26327000123' } })

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-payment',
  'nothing-to-refund',
  'if-match-needed',
  'changed-meanwhile',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'post',
  path: '/v1/payments/{id}/refund',
  operationId: 'refundPayment',
  tags: ['Payments'],
  summary: 'Record that money went back',
  description: 'A supervisor of the unit that collected it, once the transfer was made.',
  security: [{ officer: [] }],
  request: {
    params: z.object({ id: Id }),
    headers: z.object({ 'if-match': IfMatchHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: Refund } } },
  },
  responses: {
    200: {
      description: 'The payment, refunded',
      headers: z.object({ etag: z.string() }),
      content: { 'application/json': { schema: PaymentView } },
    },
    ...no.responses,
  },
})

export function refundRoute(api: Api) {
  api.openapi(route, async (c) => {
    const input = { id: c.req.valid('param').id, version: ifMatch(c), ...c.req.valid('json') }
    const done = no.unwrap(await refundPayment(c.var.context, input))
    return c.json(await showPayment(c, done), 200, { etag: etagOf(done.kept.payment.version) })
  })
}
