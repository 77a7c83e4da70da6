import { createRoute, z } from '@hono/zod-openapi'
import { accepts } from 'hono/accepts'
import type { Api } from '../../app.ts'
import { byteOrderMark } from '../../platform/csv.ts'
import { bookSheet } from '../../usecases/registers/book-sheet.ts'
import { portionsOf, readBook } from '../../usecases/registers/copies.ts'
import { sealSheet } from '../../usecases/signing/seal-sheet.ts'
import { refusals } from '../problem.ts'
import { linkNext, PageQuery, unitRef, unitsNamed } from '../shapes.ts'
import {
  BookView,
  BookVolume,
  closingRecord,
  csvHead,
  csvLines,
  Register,
  showLine,
  volume,
  Year,
} from './book-view.ts'
import { streamed } from './stream.ts'

const no = refusals('token-needed', 'not-allowed', 'no-signing-certificate', 'signing-not-possible', 'not-printable')

const Query = PageQuery.extend({
  year: Year.optional().openapi({ description: 'This year if left out.', example: '2026' }),
  register: Register.optional().openapi({
    description: 'Your own unit’s, or that of a unit whose place yours took; no other register is open to you.',
    example: '00082-2025/SCTDT-BS',
  }),
  after: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional()
    .openapi({ description: '`next` of the page before: its last number.' }),
})

const route = createRoute({
  method: 'get',
  path: '/v1/registers/copies',
  operationId: 'readCopyRegister',
  tags: ['Registers'],
  summary: 'Read the register of certified copies',
  description:
    'The book of one year (Decree 23/2015/NĐ-CP art. 13) for the supervisor of its unit, or of the one that took its place: every number from 01 without a gap, void ones with their reason, what was revoked or superseded since, and the closing entry once the year is over. As JSON in pages; with `Accept: text/csv` as one file (UTF-8 with byte order mark, RFC 4180); with `Accept: application/pdf` as a volume of up to 300 numbers under the electronic seal of the unit that keeps it (PDF/A-3b, the same data attached as JSON), which anybody can check at `/v1/verifications`; `Link` leads to the next volume. For whom a copy was made is shown as long as it is not erased.',
  security: [{ officer: [] }],
  request: { query: Query },
  responses: {
    200: {
      description: 'A page, the whole book as CSV, or a volume as PDF',
      headers: z.object({ link: z.string().optional() }),
      content: {
        'application/json': { schema: BookView },
        'text/csv': { schema: { type: 'string', maxLength: 10_485_760 } },
        'application/pdf': { schema: { type: 'string', format: 'binary' } },
      },
    },
    ...no.responses,
  },
})

const supports = ['application/json', 'text/csv', 'application/pdf']

export function copiesRoute(api: Api) {
  api.openapi(route, async (c) => {
    const { context } = c.var
    const { limit, after, ...query } = c.req.valid('query')
    const type = accepts(c, { header: 'Accept', supports, default: 'application/json' })
    const behind = type === 'text/csv' ? 0 : Number(after ?? 0)
    const page = no.unwrap(await readBook(context, query, behind, type === 'application/json' ? limit : volume))
    const { unit, keeper, book, items } = page
    const next = page.next === null ? null : String(page.next)
    const headers = { vary: 'Accept', 'cache-control': 'private, no-store' }
    const name = `so-chung-thuc-ban-sao-${book.year}`
    if (type === 'text/csv')
      return c.body(streamed(byteOrderMark + csvHead, portionsOf(context, page), csvLines, closingRecord(book)), 200, {
        ...headers,
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': `attachment; filename="${name}.csv"`,
      })
    const facts = { ...book, unit: unitRef(unit, await unitsNamed(c, [unit])), items: items.map(showLine), next }
    if (type === 'application/pdf') {
      const fileName = `${name}-${behind + 1}`
      const value = BookVolume.parse(facts)
      const data = { fileName: `${fileName}.json`, description: 'Nội dung của sổ dưới dạng dữ liệu', value }
      const bytes = no.unwrap(await sealSheet(context, keeper, await bookSheet(context, page), data))
      return c.body(Uint8Array.from(bytes), 200, {
        ...headers,
        ...linkNext(c, next),
        'content-type': 'application/pdf',
        'content-disposition': `inline; filename="${fileName}.pdf"`,
      })
    }
    return c.json(BookView.parse(facts), 200, { ...headers, ...linkNext(c, next) })
  })
}
