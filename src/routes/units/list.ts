import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { listUnits } from '../../usecases/units/list.ts'
import { refusals } from '../problem.ts'
import { cachedForMinutes, contentTag } from '../public.ts'
import { alreadyHas, CivilDate, linkNext, PageQuery, pageOfItems } from '../shapes.ts'
import { showSummary, UnitLevel, UnitStatus, UnitSummary } from './view.ts'

const no = refusals()

const Page = pageOfItems(UnitSummary).openapi('UnitPage')

const route = createRoute({
  method: 'get',
  path: '/v1/units',
  operationId: 'listUnits',
  tags: ['Catalogue'],
  summary: 'List units of government',
  description:
    'The city, its departments, the communes and wards since 2025-07-01, and the districts and communes before. `status` is judged on the day `on`. Search takes words with or without Vietnamese accents.',
  security: [],
  request: {
    query: PageQuery.extend({
      level: UnitLevel.optional(),
      status: UnitStatus.optional(),
      on: CivilDate.optional().openapi({ description: 'The day; today if not given.' }),
      q: z.string().max(100).optional().openapi({ example: 'cua nam' }),
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
    const { items, next, on } = await listUnits(c.var.context, given, limit)
    const page = Page.parse({ items: items.map((unit) => showSummary(unit, on)), next })
    const headers = { etag: await contentTag(page), 'cache-control': cachedForMinutes, ...linkNext(c, next) }
    if (alreadyHas(c, headers.etag)) return c.body(null, 304, headers)
    return c.json(page, 200, headers)
  })
}
