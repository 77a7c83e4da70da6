import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { startPayment } from '../../usecases/payments/start.ts'
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

export const Pay = z.discriminatedUnion('method', [Online, Cash]).openapi('Pay', { example: { method: 'online' } })

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-dossier',
  'not-awaiting-payment',
  'no-such-provider',
  'provider-unreachable',
  'if-match-needed',
  'changed-meanwhile',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'post',
  path: '/v1/dossiers/{code}/payments',
  operationId: 'pay',
  tags: ['Payments'],
  summary: 'Pay what a dossier asks for',
  description:
    '`online`: the applicant or the app begins a payment and sends the payer’s browser to `redirectUrl`; while one is going on, it is answered again instead of a second one. `cash`: reception takes the money at its counter (needs If-Match); the dossier goes on at once, and the receipt has its number.',
  security: [{ citizen: ['dossiers'] }, { app: ['dossiers:submit'] }, { officer: [] }],
  request: {
    params: z.object({ code: DossierCode }),
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

export function payRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { code } = c.req.valid('param')
    const wish = c.req.valid('json')
    const command = commandOf(c, wish)
    const { value: payment, replayed } = no.unwrap(
      wish.method === 'online'
        ? await startPayment(c.var.context, { code, wish, command })
        : await takeCash(c.var.context, { code, version: ifMatch(c), cash: wish, command }),
    )
    const { id, version } = payment.kept.payment
    return c.json(await showPayment(c, payment), 201, {
      location: `/v1/payments/${id}`,
      etag: etagOf(version),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    })
  })
}
