import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { paymentScenarios } from '../../domain/payment-scenario.ts'
import { payOrder, readOrder } from '../../usecases/sandbox/pay.ts'
import { refusals } from '../problem.ts'

const Reference = z
  .string()
  .regex(/^sim-[0-9a-f-]{36}$/)
  .openapi({ example: 'sim-01935d3c-7b2f-4c4e-9a53-0d6f6c1b2a3e', description: 'The end of `redirectUrl`.' })

const params = z.object({ reference: Reference })

/** The page has a form, and it leads back to this very service. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const noRead = refusals('sandbox-only', 'no-such-order')
const read = createRoute({
  method: 'get',
  path: '/v1/sandbox/payments/{reference}',
  operationId: 'readTestPayment',
  tags: ['Sandbox'],
  summary: 'See the page of a simulated payment',
  description:
    'Where `redirectUrl` of a payment leads in a sandbox: a page with a button for each thing that can happen.',
  security: [],
  request: { params },
  responses: {
    200: { description: 'The page', content: { 'text/html': { schema: z.string().max(20_000) } } },
    ...noRead.responses,
  },
})

const noPlay = refusals('sandbox-only', 'no-such-order', 'order-decided', 'wrong-media-type', 'too-large')
const play = createRoute({
  method: 'post',
  path: '/v1/sandbox/payments/{reference}',
  operationId: 'playTestPayment',
  tags: ['Sandbox'],
  summary: 'Play the payer of a simulated payment',
  description:
    'The payer does what the scenario says, and the provider tells the service: `success`, `failure`, `duplicate` (told three times), `silent` (paid and never told), `timeout`, `late` (paid after the end) or `wrong-amount`.',
  security: [],
  request: {
    params,
    body: {
      required: true,
      content: {
        'application/x-www-form-urlencoded': {
          schema: z
            .strictObject({ scenario: z.enum(paymentScenarios) })
            .openapi('TestPaymentScenario', { example: { scenario: 'success' } }),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'Done, and the payment had no `returnUrl`',
      content: {
        'application/json': {
          schema: z
            .object({ outcome: z.enum(['succeeded', 'failed', 'expired']) })
            .openapi('TestPaymentOutcome', { example: { outcome: 'succeeded' } }),
        },
      },
    },
    303: { description: 'Done; the payer goes back to `returnUrl`', headers: z.object({ location: z.string() }) },
    ...noPlay.responses,
  },
})

export function paymentRoutes(api: Api) {
  api.openapi(read, (c) => {
    const html = noRead.unwrap(readOrder(c.var.context, c.req.valid('param').reference))
    return c.html(html, 200, { 'content-security-policy': policy })
  })
  api.openapi(play, async (c) => {
    const { reference } = c.req.valid('param')
    const { scenario } = c.req.valid('form')
    const { outcome, returnUrl } = noPlay.unwrap(await payOrder(c.var.context, reference, scenario))
    if (returnUrl !== null) return c.body(null, 303, { location: returnUrl })
    return c.json({ outcome }, 200)
  })
}
