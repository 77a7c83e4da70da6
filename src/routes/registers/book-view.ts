import { z } from '@hono/zod-openapi'
import { certifierWords, closingWords, remark, serialText, shortDate } from '../../domain/book-words.ts'
import type { Book, BookLine } from '../../domain/book.ts'
import { csvRecord } from '../../platform/csv.ts'
import { CopyNumber, CopyStatus } from '../copies/view.ts'
import { Money, vnd } from '../payments/fee-view.ts'
import { Instant, orNull, pageOfItems, UnitRef } from '../shapes.ts'

export const Year = z.string().regex(/^20\d{2}$/)

export const Register = z
  .string()
  .max(60)
  .regex(/^[A-Z0-9-]{1,40}-(0|\d{4})\/SCTDT-BS$/)

const BookLineView = z
  .object({
    serial: z.int().min(1).openapi({ description: 'The number in the book.' }),
    certifiedAt: Instant,
    title: z.string().max(300),
    owner: z.string().max(200).nullable().openapi({ description: 'For whom it was made; null once erased.' }),
    certifier: z.object({ name: z.string().max(200), title: z.string().max(200).nullable() }),
    fee: orNull(Money, 'For all copies under the number; null where none is charged or an authority sets it.'),
    isVoid: z.boolean().openapi({ description: 'No copy came of the number; `reason` of its copies says why.' }),
    copies: z
      .array(
        z.object({
          number: CopyNumber,
          status: CopyStatus,
          at: Instant.openapi({ description: 'When it came to stand so.' }),
          reason: z.string().max(2000).nullable().openapi({ description: 'Why it failed or was revoked.' }),
          by: CopyNumber.nullable().openapi({ description: 'The newer copy in its place.' }),
        }),
      )
      .max(20)
      .openapi({ description: 'All that share the number.' }),
  })
  .openapi('CopyRegisterLine')

const book = {
  register: Register,
  year: Year,
  unit: UnitRef,
  last: z.int().min(0).openapi({ description: 'The last number so far; 0 where nothing was entered.' }),
  closedAt: Instant.nullable().openapi({
    description: 'When the book was closed with that number; null while open.',
  }),
}

export const BookPage = pageOfItems(z.object(book).openapi('CopyRegisterBook')).openapi('CopyRegisterBooks', {
  example: {
    items: [
      {
        register: '00082-0/SCTDT-BS',
        year: '2025',
        unit: { id: '00082-0', name: { vi: 'Phường Trần Hưng Đạo', en: 'Tran Hung Dao Ward' } },
        last: 214,
        closedAt: '2026-01-01T00:00:20.000+07:00',
      },
    ],
    next: null,
  },
})

export const BookView = pageOfItems(BookLineView)
  .extend(book)
  .openapi('CopyRegisterPage', {
    example: {
      register: '00082-2025/SCTDT-BS',
      year: '2026',
      unit: { id: '00082-2025', name: { vi: 'Phường Cửa Nam', en: 'Cua Nam Ward' } },
      last: 1,
      closedAt: null,
      items: [
        {
          serial: 1,
          certifiedAt: '2026-11-23T09:05:00.000+07:00',
          title: 'Giấy khai sinh',
          owner: 'Nguyễn Thị Lan',
          certifier: { name: 'Vũ Thị Chứng Thực', title: 'Chủ tịch' },
          fee: null,
          isVoid: false,
          copies: [
            {
              number: '00082-2025.2026.01',
              status: 'revoked',
              at: '2026-11-24T10:00:00.000+07:00',
              reason: 'certified-wrongly',
              by: null,
            },
          ],
        },
      ],
      next: null,
    },
  })

/** How many numbers a volume in print, or a portion of the CSV, holds. */
export const volume = 300

/** The data that is attached to a volume: a page like the others, only longer. */
export const BookVolume = BookView.extend({ items: z.array(BookLineView).max(volume) })

const columns = [
  'Số chứng thực',
  'Ngày chứng thực',
  'Người yêu cầu chứng thực',
  'Tên giấy tờ',
  'Người ký',
  'Số bản sao',
  'Phí chứng thực (đồng)',
  'Ghi chú',
]
/** A line as JSON. */
export const showLine = (line: BookLine) => ({ ...line, fee: line.fee === null ? null : vnd(line.fee) })

export const csvHead = csvRecord(columns)

export const csvLines = (lines: BookLine[]): string =>
  lines
    .map((line) =>
      csvRecord([
        serialText(line.serial),
        shortDate(line.certifiedAt),
        line.owner ?? '',
        line.title,
        certifierWords(line),
        `${line.copies.length}`,
        `${line.fee ?? ''}`,
        remark(line),
      ]),
    )
    .join('')

/** The last record: the closing entry, or that the book is open still. */
export const closingRecord = (book: Book): string => csvRecord([...columns.slice(1).map(() => ''), closingWords(book)])
