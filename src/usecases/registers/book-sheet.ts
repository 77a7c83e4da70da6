import type { Context } from '../../context.ts'
import { certifierWords, closingWords, remark, serialText, shortDate } from '../../domain/book-words.ts'
import { bookName } from '../../domain/copy.ts'
import { grouped } from '../../domain/fee.ts'
import { authorityAbove, dateOfIssue, erased, placeOf, unitName } from '../../domain/slip-phrases.ts'
import type { Sheet } from '../../paper/slip.ts'
import { localTime } from '../../platform/time.ts'
import { column, table, text } from '../dossiers/slip-parts.ts'
import type { BookPage } from './copies.ts'

const columns = [
  column('Số', 0.06, 'centre'),
  column('Ngày chứng thực', 0.13),
  column('Người yêu cầu', 0.15),
  column('Tên giấy tờ', 0.17),
  column('Người ký', 0.15),
  column('Số bản', 0.06, 'centre'),
  column('Phí (đồng)', 0.13, 'centre'),
  column('Ghi chú', 0.15),
]

/** A stretch of a book as it is printed and bound (Decree 23/2015 art. 13). */
export async function bookSheet(context: Context, page: BookPage): Promise<Sheet> {
  const { unit: id, keeper, book, items, next } = page
  const [unit, kept] = await Promise.all([id, keeper].map((one) => context.units.find(one)))
  if (!unit) throw new Error(`the unit ${id} of a register is gone`)
  const above = unit.parentId ? await context.units.find(unit.parentId) : undefined
  const units = new Map([unit, ...(kept ? [kept] : []), ...(above ? [above] : [])].map((one) => [one.id, one]))
  const query = new URLSearchParams({ year: book.year, register: book.register })
  const url = `${context.config.publicOrigin}/v1/registers/copies?${query.toString()}`
  const [first, last] = [items.at(0), items.at(-1)]
  const stretch = first && last ? `Từ số ${serialText(first.serial)} đến số ${serialText(last.serial)}` : 'Chưa có số'
  return {
    form: 'SCTĐT/BS',
    authority: authorityAbove(unit, units),
    unit: unitName(id, units),
    number: bookName(book.year),
    placeAndDate: `${placeOf(unit, units)}, ${dateOfIssue(localTime(context.now()))}`,
    title: ['SỔ CHỨNG THỰC BẢN SAO', 'TỪ BẢN CHÍNH'],
    subtitle: `Năm ${book.year}. ${stretch}`,
    link: { url, caption: `Sổ điện tử: quét mã QR, hoặc mở ${url}` },
    parts: [
      table(columns, items.map(lineCells)),
      text(next === null ? closingWords(book) : `Còn tiếp: đến số ${serialText(book.last)}.`, 'bold'),
    ],
    signatures: [
      null,
      {
        office: keeper === id ? 'CƠ QUAN CHỨNG THỰC' : 'CƠ QUAN LƯU GIỮ',
        how: '(ký số của cơ quan)',
        name: '',
        sealed: true,
      },
    ],
    notes: [
      'Căn cứ Nghị định 23/2015/NĐ-CP, Điều 13.',
      ...(keeper === id
        ? []
        : [`Sổ của ${unitName(id, units)} (${id}), do ${unitName(keeper, units)} (${keeper}) lưu giữ.`]),
    ],
  }
}

const lineCells = (line: BookPage['items'][number]): string[] => [
  serialText(line.serial),
  shortDate(line.certifiedAt),
  line.owner ?? erased,
  line.title,
  certifierWords(line),
  serialText(line.copies.length),
  line.fee === null ? '' : grouped(line.fee, '.'),
  remark(line),
]
