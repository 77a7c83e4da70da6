import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { Api, House } from '../../app.ts'
import type { Replayable } from '../../usecases/idempotent.ts'
import { type PaymentFor, startPayment } from '../../usecases/payments/start.ts'
import { takeCash } from '../../usecases/payments/take-cash.ts'
import { refusals } from '../problem.ts'
import { commandOf, DossierCode, etagOf, IdempotencyKeyHeader, IfMatchHeader, ifMatch } from '../shapes.ts'
import { PaymentView, showPayment } from './view.ts'

const Online = z.strictObject({
  method: z.literal('online'),
  provider: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/)
    .optional()
    .openapi({ description: 'Any that the city uses, if not given.' }),
  returnUrl: z
    .url({ protocol: /^https?$/ })
    .max(1000)
    .optional()
    .openapi({ description: 'Where the payer’s browser goes afterwards. The outcome is told to us, not there.' }),
})

const Cash = z.strictObject({
  method: z.literal('cash'),
  amount: z.int().min(1).max(1_000_000_000).openapi({ description: 'VND that reception counted: all of it.' }),
  paperReceipt: z
    .string()
    .trim()
    .min(1)
    .max(50)
    .optional()
    .openapi({ description: 'Series and number of a paper receipt that was handed over.', example: 'AB/26P 0001234' }),
})

const Pay = z.discriminatedUnion('method', [Online, Cash]).openapi('Pay', { example: { method: 'online' } })

/** What whoever pays may be told, for whatever it is. */
export const payRefusals = [
  'token-needed',
  'not-allowed',
  'not-awaiting-payment',
  'no-such-provider',
  'provider-unreachable',
  'if-match-needed',
  'changed-meanwhile',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
] as const

export const payRequest = {
  headers: z.object({ 'if-match': IfMatchHeader.optional(), 'idempotency-key': IdempotencyKeyHeader.optional() }),
  body: { required: true, content: { 'application/json': { schema: Pay } } },
}

export const paidReply = {
  description: 'The payment',
  headers: z.object({ location: z.string(), etag: z.string(), 'idempotent-replayed': z.string().optional() }),
  content: { 'application/json': { schema: PaymentView } },
}

/** The 201 with the payment that was made, or was there already. */
export async function replyPaid(c: HonoContext<House>, { value: payment, replayed }: Replayable<PaymentFor>) {
  const { id, version } = payment.kept.payment
  return c.json(await showPayment(c, payment), 201, {
    location: `/v1/payments/${id}`,
    etag: etagOf(version),
    ...(replayed && { 'idempotent-replayed': 'true' }),
  })
}

const no = refusals('no-such-dossier', ...payRefusals)

const route = createRoute({
  method: 'post',
  path: '/v1/dossiers/{code}/payments',
  operationId: 'pay',
  tags: ['Payments'],
  summary: 'Pay what a dossier asks for',
  description:
    '`online`: the applicant or the app begins a payment and sends the payer’s browser to `redirectUrl`; while one is going on, it is answered again instead of a second one. `cash`: reception takes the money at its counter (needs If-Match); the dossier goes on at once, and the receipt has its number.',
  security: [{ citizen: ['dossiers'] }, { app: ['dossiers:submit'] }, { officer: [] }],
  request: { params: z.object({ code: DossierCode }), ...payRequest },
  responses: { 201: paidReply, ...no.responses },
})

export function payRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { code } = c.req.valid('param')
    const wish = c.req.valid('json')
    const command = commandOf(c, wish)
    const paid = no.unwrap(
      wish.method === 'online'
        ? await startPayment(c.var.context, { code, wish, command })
        : await takeCash(c.var.context, { code, version: ifMatch(c), cash: wish, command }),
    )
    return replyPaid(c, paid)
  })
}
