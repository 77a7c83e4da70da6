import { createRoute, z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import type { Api } from '../../app.ts'
import { takeCallback } from '../../usecases/payments/callback.ts'
import { refusals, sayNo } from '../problem.ts'

const Callback = z
  .object({
    payment: z.string().max(100).openapi({ description: 'Our id, as it was ordered.' }),
    outcome: z.enum(['pending', 'succeeded', 'failed', 'expired', 'cancelled']),
    amount: z.int().min(0),
    currency: z.string().length(3),
  })
  .openapi('PaymentCallback', {
    example: {
      payment: 'payment_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e',
      outcome: 'succeeded',
      amount: 10000,
      currency: 'VND',
    },
  })

const no = refusals('no-such-provider', 'no-such-payment', 'signature-wrong', 'message-out-of-time', 'too-large')

// What is signed and is no word of a provider cannot be read; it is never looked at field by field.
const { 422: _never, ...replies } = no.responses

const route = createRoute({
  method: 'post',
  path: '/v1/payment-callbacks/{provider}',
  operationId: 'tellPayment',
  tags: ['Payments'],
  summary: 'Tell the outcome of a payment (providers only)',
  description:
    'Signed by Standard Webhooks 1.0 with the provider’s key, at most five minutes old. Say it as often as you like: it counts once. A success counts however late it comes; what no longer pays for the dossier is recorded to be refunded.',
  security: [],
  request: {
    params: z.object({
      provider: z
        .string()
        .regex(/^[a-z0-9-]{1,32}$/)
        .openapi({
          param: { name: 'provider', in: 'path' },
          example: 'demo-pay',
          description: 'The provider, as the settings name it.',
        }),
    }),
    headers: z.object({
      'webhook-id': z.string().max(256).optional(),
      'webhook-timestamp': z.string().max(12).optional(),
      'webhook-signature': z.string().max(1000).optional(),
    }),
  },
  responses: { 204: { description: 'Taken, now or before.' }, ...replies },
})

export function callbackRoute(api: Api) {
  // The signature covers the bytes, so the body is read as text and only then as JSON; the schema is for the reader.
  const described = {
    ...route,
    request: { ...route.request, body: { required: true, content: { 'application/json': { schema: Callback } } } },
  }
  api.openAPIRegistry.registerPath(described)
  const small = bodyLimit({ maxSize: 16 * 1024, onError: (c) => sayNo(c, 'too-large') })
  api.on('POST', route.getRoutingPath(), small, async (c) => {
    const provider = c.req.param('provider')
    const body = await c.req.text()
    no.unwrap(await takeCallback(c.var.context, { provider, header: (name) => c.req.header(name), body }))
    return c.body(null, 204)
  })
}
