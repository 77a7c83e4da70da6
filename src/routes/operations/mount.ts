import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import type { DeadLetter } from '../../store/dead-letters.ts'
import { listDeadLetters, replayDeadLetter } from '../../usecases/operations/dead-letters.ts'
import { refusals } from '../problem.ts'
import { Instant, linkNext, PageQuery, pageOfItems } from '../shapes.ts'

const LetterId = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9:_-]+$/)
  .openapi({ example: 'copy_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e:1' })

const DeadLetterView = z
  .object({ id: LetterId, type: z.string().max(64), diedAt: Instant, replayedAt: Instant.nullable() })
  .openapi('DeadLetter')

const show = (letter: DeadLetter) => DeadLetterView.parse(letter)
const Page = pageOfItems(DeadLetterView).openapi('DeadLetterPage')

const noList = refusals('token-needed', 'not-allowed')
const list = createRoute({
  method: 'get',
  path: '/v1/dead-letters',
  operationId: 'listDeadLetters',
  tags: ['Operation'],
  summary: 'List messages that could not be handled',
  description: 'What the queue gave up on after its retries. Each is kept until it was replayed; none is ever dropped.',
  security: [{ officer: [] }],
  request: { query: PageQuery },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: Page } },
    },
    ...noList.responses,
  },
})

const noReplay = refusals('token-needed', 'not-allowed', 'no-such-dead-letter', 'nothing-to-replay')
const replay = createRoute({
  method: 'post',
  path: '/v1/dead-letters/{id}/replay',
  operationId: 'replayDeadLetter',
  tags: ['Operation'],
  summary: 'Try a dead message again',
  description: 'Puts the message back into the outbox. Its effect still happens at most once.',
  security: [{ officer: [] }],
  request: { params: z.object({ id: LetterId.openapi({ param: { name: 'id', in: 'path' } }) }) },
  responses: {
    200: { description: 'The letter, replayed', content: { 'application/json': { schema: DeadLetterView } } },
    ...noReplay.responses,
  },
})

export function mountOperations(api: Api) {
  api.openapi(list, async (c) => {
    const { limit, after } = c.req.valid('query')
    const page = noList.unwrap(await listDeadLetters(c.var.context, after, limit))
    return c.json(Page.parse({ items: page.items.map(show), next: page.next }), 200, linkNext(c, page.next))
  })
  api.openapi(replay, async (c) =>
    c.json(show(noReplay.unwrap(await replayDeadLetter(c.var.context, c.req.valid('param').id))), 200),
  )
}
