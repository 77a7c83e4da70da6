import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { type FeeQuote, quoteFee } from '../../usecases/payments/quote.ts'
import { refusals } from '../problem.ts'
import { cachedForMinutes } from '../public.ts'
import { ProcedureCode } from '../procedures/view.ts'
import { CivilDate } from '../shapes.ts'
import { circumstanceIds } from './asked.ts'
import { FeeLine, Money, vnd } from './fee-view.ts'

const Pages = z.coerce.number().int().min(1).max(10_000)
const Copies = z.coerce.number().int().min(1).max(1_000)

const FeeQuoteView = z
  .object({
    procedure: z.object({ code: z.string().max(20), version: z.int().min(1) }),
    on: CivilDate,
    status: z.enum(['free', 'quoted', 'to-be-set']).openapi({
      description:
        '`to-be-set`: an authority sets a part of it; the officer names the amount when the dossier is there.',
    }),
    total: Money.nullable(),
    lines: z.array(FeeLine).max(20),
  })
  .openapi('FeeQuote')

const no = refusals('no-such-procedure')

const route = createRoute({
  method: 'get',
  path: '/v1/procedures/{code}/fee-quote',
  operationId: 'quoteFee',
  tags: ['Payments'],
  summary: 'Foresee what it costs',
  description:
    'The sum for so many pages and copies, handed in that way, line by line with reasons. The very function that prices real dossiers. Where the catalogue does not know an amount (for example because the city’s People’s Council sets it) there is no total, and the line says who sets it.',
  security: [],
  request: {
    params: z.object({ code: ProcedureCode.openapi({ example: '1.001456' }) }),
    query: z.strictObject({
      pages: Pages.default(1).openapi({ description: 'Pages of one copy.' }),
      copies: Copies.default(1).openapi({ description: 'How many copies, or persons, diplomas, transactions, …' }),
      channel: z.enum(['online', 'direct', 'postal']).default('online'),
      circumstances: z
        .preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), circumstanceIds)
        .default([])
        .openapi({
          type: 'string',
          maxLength: 650,
          description: 'Ids of `fees.circumstances` of the procedure, with commas between.',
          example: 'lost-or-damaged',
        }),
      on: CivilDate.optional().openapi({ description: 'Today, if not given.' }),
    }),
  },
  responses: {
    200: { description: 'The sum and its lines', content: { 'application/json': { schema: FeeQuoteView } } },
    ...no.responses,
  },
})

const showQuote = ({ procedure, facts, quote: { amount, lines } }: FeeQuote) =>
  FeeQuoteView.parse({
    procedure: { code: procedure.code, version: procedure.version },
    on: facts.on,
    status: amount === null ? 'to-be-set' : amount === 0 ? 'free' : 'quoted',
    total: amount === null ? null : vnd(amount),
    lines,
  })

export function feeQuoteRoute(api: Api) {
  api.openapi(route, async (c) => {
    const question = { code: c.req.valid('param').code, ...c.req.valid('query') }
    const found = no.unwrap(await quoteFee(c.var.context, question))
    return c.json(showQuote(found), 200, question.on ? { 'cache-control': cachedForMinutes } : {})
  })
}
