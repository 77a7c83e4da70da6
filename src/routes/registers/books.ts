import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { unitOf } from '../../domain/copy.ts'
import { listBooks } from '../../usecases/registers/books.ts'
import { refusals } from '../problem.ts'
import { linkNext, PageQuery, unitRef, unitsNamed } from '../shapes.ts'
import { BookPage } from './book-view.ts'

const no = refusals('token-needed', 'not-allowed')

const route = createRoute({
  method: 'get',
  path: '/v1/registers/copies/books',
  operationId: 'listBooks',
  tags: ['Registers'],
  summary: 'List the books of certified copies',
  description:
    'The books that the supervisor’s unit keeps: its own, and those of units that have ceased and whose place it took (where one was divided, each of its successors). One for each unit and year, the newest year first, closed ones too; read one at `/v1/registers/copies` with its `register` and `year`.',
  security: [{ officer: [] }],
  request: {
    query: PageQuery.extend({
      after: z
        .string()
        .max(70)
        .regex(/^20\d{2}~[A-Z0-9-]{1,40}-(0|\d{4})\/SCTDT-BS$/)
        .optional()
        .openapi({ description: '`next` of the page before.' }),
    }),
  },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ link: z.string().optional() }),
      content: { 'application/json': { schema: BookPage } },
    },
    ...no.responses,
  },
})

export function booksRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { limit, after } = c.req.valid('query')
    const [year, register] = after?.split('~') ?? []
    const place = year && register ? { year, register } : undefined
    const { items, next } = no.unwrap(await listBooks(c.var.context, place, limit))
    const units = await unitsNamed(
      c,
      items.map(({ register: of }) => unitOf(of)),
    )
    const shown = items.map((book) => ({ ...book, unit: unitRef(unitOf(book.register), units) }))
    return c.json(BookPage.parse({ items: shown, next }), 200, linkNext(c, next))
  })
}
