import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { listProcedures } from '../../usecases/procedures/list.ts'
import { refusals } from '../problem.ts'
import { cachedForMinutes, contentTag } from '../public.ts'
import { alreadyHas, CivilDate, linkNext, PageQuery, pageOfItems, UnitId } from '../shapes.ts'
import { ProcedureLevel, ProcedureSummary, showSummary } from './view.ts'

const no = refusals()

const Page = pageOfItems(ProcedureSummary).openapi('ProcedurePage')

const route = createRoute({
  method: 'get',
  path: '/v1/procedures',
  operationId: 'listProcedures',
  tags: ['Catalogue'],
  summary: 'List procedures',
  description:
    'The catalogue as it stands on a day, in order of code. Search takes words with or without Vietnamese accents, in any order.',
  security: [],
  request: {
    query: PageQuery.extend({
      level: ProcedureLevel.optional(),
      field: z
        .string()
        .max(100)
        .optional()
        .openapi({ example: 'civil-status', description: '`field.id` of a procedure.' }),
      q: z.string().max(100).optional().openapi({ example: 'khai sinh' }),
      unit: UnitId.optional().openapi({ description: 'Only what this unit may decide.' }),
      on: CivilDate.optional().openapi({ description: 'The day; today if not given.' }),
    }),
    headers: z.object({ 'if-none-match': z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'A page',
      headers: z.object({ etag: z.string(), link: z.string().optional() }),
      content: { 'application/json': { schema: Page } },
    },
    304: { description: 'You have this page already.' },
    ...no.responses,
  },
})

export function listRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { limit, ...question } = c.req.valid('query')
    const given = Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined))
    const { items, next } = no.unwrap(await listProcedures(c.var.context, given, limit))
    const page = Page.parse({ items: items.map(showSummary), next })
    const headers = { etag: await contentTag(page), 'cache-control': cachedForMinutes, ...linkNext(c, next) }
    if (alreadyHas(c, headers.etag)) return c.body(null, 304, headers)
    return c.json(page, 200, headers)
  })
}
