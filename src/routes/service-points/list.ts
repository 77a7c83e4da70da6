import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { farthest } from '../../domain/near.ts'
import { listServicePoints } from '../../usecases/service-points/list.ts'
import { refusals } from '../problem.ts'
import { cachedForMinutes, cachedForOneself, contentTag } from '../public.ts'
import { alreadyHas, linkNext, orNull, PageQuery, pageOfItems, UnitId } from '../shapes.ts'
import { ListedPoint, PointKind, Reach, showListed, showReach } from './view.ts'

const no = refusals()

const Page = pageOfItems(ListedPoint)
  .extend({ reach: orNull(Reach, 'Null where no place was given.') })
  .openapi('ServicePointPage')

const coordinate = /^-?\d{1,3}(\.\d{1,15})?$/

/** Two decimal numbers; NaN, which lies in no range, for whatever is not one. */
const numbersIn = (text: string) => text.split(',').map((part) => (coordinate.test(part) ? Number(part) : NaN))

const isPlace = (text: string) => {
  const [lat = NaN, lon = NaN, ...more] = numbersIn(text)
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && more.length === 0
}

const Near = z
  .string()
  .max(60)
  .refine(
    isPlace,
    'Vĩ độ trước (−90 đến 90), rồi kinh độ (−180 đến 180), cách nhau bằng dấu phẩy, ví dụ 21.0245,105.8412. Latitude first (−90 to 90), then longitude (−180 to 180), with a comma between them, such as 21.0245,105.8412.',
  )
  .openapi({
    example: '21.0245,105.8412',
    description:
      'A place as latitude,longitude in degrees (WGS 84). Three decimals say it to a hundred metres: enough.',
  })

const route = createRoute({
  method: 'get',
  path: '/v1/service-points',
  operationId: 'listServicePoints',
  tags: ['Catalogue'],
  summary: 'List service points',
  description:
    'Where one can hand in; any point receives for any unit. With `near` the nearest come first, with their distance along the great circle, and `reach` says whether one is within 5 km or 30 minutes; when none is, it names the nearest all the same. Points of units that have ceased are left out.',
  security: [],
  request: {
    query: PageQuery.extend({
      near: Near.optional(),
      radius: z.coerce
        .number()
        .int()
        .min(1)
        .max(farthest)
        .optional()
        .openapi({ example: 5000, description: 'Metres around `near`; 5,000 if not given.' }),
      kind: PointKind.optional(),
      unit: UnitId.optional().openapi({ description: 'Only points of this unit.' }),
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
    const { limit, near, ...question } = c.req.valid('query')
    const [lat = NaN, lon = NaN] = near === undefined ? [] : numbersIn(near)
    const given = Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined))
    const asked = { ...given, ...(near !== undefined && { near: { lat, lon } }) }
    const { items, next, nearest } = no.unwrap(await listServicePoints(c.var.context, asked, limit))
    const page = Page.parse({
      items: items.map(showListed),
      next,
      reach: near === undefined ? null : showReach(nearest),
    })
    // Where somebody is stays out of caches that others share.
    const kept = near === undefined ? cachedForMinutes : cachedForOneself
    const headers = { etag: await contentTag(page), 'cache-control': kept, ...linkNext(c, next) }
    if (alreadyHas(c, headers.etag)) return c.body(null, 304, headers)
    return c.json(page, 200, headers)
  })
}
