import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { listCopyPayments } from '../../usecases/payments/read.ts'
import { startCopyPayment } from '../../usecases/payments/start.ts'
import { takeCashForCopies } from '../../usecases/payments/take-cash.ts'
import { refusals } from '../problem.ts'
import { commandOf, CopyId, ifMatch } from '../shapes.ts'
import { paidReply, payRefusals, payRequest, replyPaid } from './pay.ts'
import { Page } from './read.ts'
import { showPayments } from './view.ts'

const Id = CopyId.openapi({ param: { name: 'id', in: 'path' } })

const no = refusals('no-such-copy', ...payRefusals)
const pay = createRoute({
  method: 'post',
  path: '/v1/copies/{id}/payments',
  operationId: 'payCopies',
  tags: ['Payments'],
  summary: 'Pay what the copies of an original cost',
  description:
    'The fee of all copies under the number of this one, together; they are signed once it is paid, and void if it is not within three days. `online`: the owner begins a payment and goes to `redirectUrl`. `cash`: reception of the unit takes the money at its counter (needs If-Match: the ETag of this copy).',
  security: [{ citizen: ['copies'] }, { officer: [] }],
  request: { params: z.object({ id: Id }), ...payRequest },
  responses: { 201: paidReply, ...no.responses },
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
    const paid = no.unwrap(
      wish.method === 'online'
        ? await startCopyPayment(c.var.context, { id, wish, command })
        : await takeCashForCopies(c.var.context, { id, version: ifMatch(c), cash: wish, command }),
    )
    return replyPaid(c, paid)
  })
  api.openapi(list, async (c) => {
    const items = noList.unwrap(await listCopyPayments(c.var.context, c.req.valid('param').id))
    return c.json(Page.parse({ items: await showPayments(c, items), next: null }), 200)
  })
}
