import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { accepts } from 'hono/accepts'
import type { Api, House } from '../../app.ts'
import { byteOrderMark } from '../../platform/csv.ts'
import { readRegister, type RegisterQuery, streamRegister } from '../../usecases/registers/read.ts'
import { refusals } from '../problem.ts'
import { CivilDate, linkNext, PageQuery, pageOfItems, UnitId } from '../shapes.ts'
import { streamed } from './stream.ts'
import { csvHead, csvLines, RegisterLineView, showLines } from './view.ts'

const no = refusals('token-needed', 'not-allowed')

const Page = pageOfItems(RegisterLineView).openapi('RegisterPage')

const longest = 366
const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000

const Query = PageQuery.extend({
  unit: UnitId.optional().openapi({ description: 'Your own unit; no other register is open to you.' }),
  from: CivilDate,
  to: CivilDate.openapi({ description: 'Included; at most 366 days after `from`.' }),
  after: z
    .string()
    .max(46)
    .regex(/^[0-9a-f-]{36}~\d{1,9}$/)
    .optional()
    .openapi({ description: '`next` of the page before.' }),
}).refine(({ from, to }) => daysBetween(from, to) >= 0 && daysBetween(from, to) <= longest, {
  path: ['to'],
  error: 'not a span of 0 to 366 days',
})

const route = createRoute({
  method: 'get',
  path: '/v1/registers/dossiers',
  operationId: 'readDossierRegister',
  tags: ['Registers'],
  summary: 'Read the register of dossiers',
  description:
    'Form 07 of Circular 03/2025/TT-VPCP, annex I, for the supervisor of a unit: the dossiers that the unit decides or took in, entered within the given days, in the order of entry. As JSON in pages, or with `Accept: text/csv` as one file (UTF-8 with byte order mark, RFC 4180; cells that a spreadsheet would take for a formula begin with an apostrophe). What is known of a person is shown as long as it is not erased.',
  security: [{ officer: [] }],
  request: { query: Query },
  responses: {
    200: {
      description: 'A page, or the whole extract as CSV',
      headers: z.object({ link: z.string().optional() }),
      content: {
        'application/json': { schema: Page },
        'text/csv': { schema: { type: 'string', maxLength: 10_485_760 } },
      },
    },
    ...no.responses,
  },
})

const supports = ['application/json', 'text/csv']

export function readRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { limit, after, ...query } = c.req.valid('query')
    const headers = { vary: 'Accept', 'cache-control': 'private, no-store' }
    if (accepts(c, { header: 'Accept', supports, default: 'application/json' }) === 'text/csv')
      return c.body(csvStream(c, query), 200, {
        ...headers,
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': `attachment; filename="so-theo-doi-ho-so-${query.from}-${query.to}.csv"`,
      })
    const [id = '', lines = ''] = (after ?? '').split('~')
    const place = after === undefined ? undefined : { id, lines: Number(lines) }
    const page = no.unwrap(await readRegister(c.var.context, query, place, limit))
    const next = page.next && `${page.next.id}~${page.next.lines}`
    return c.json(Page.parse({ items: await showLines(c, page.items), next }), 200, {
      ...headers,
      ...linkNext(c, next),
    })
  })
}

const csvStream = (c: HonoContext<House>, query: RegisterQuery) =>
  streamed(byteOrderMark + csvHead, no.unwrap(streamRegister(c.var.context, query)), (lines) => csvLines(c, lines))
