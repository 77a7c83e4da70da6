import { Drawing, sealRed, type QrCode } from './drawing.ts'
import { timeOfDay } from './dates.ts'
import { setLine, setOnce, widthOf, wrap, wrapEvenly, type Line } from './lettering.ts'
import { a5, Flow, labelColumn, margin } from './slip-flow.ts'
import type { Sheet, SheetPart, SheetSignature } from './slip-sheet.ts'

/** Type sizes in points: the largest in which a slip fits on one page, or the first where none does. */
const sizes = [10, 9.4, 8.8] as const
const columns = { unit: 102, nation: 275 }
const middle = (margin.left + margin.right) / 2

/** The pages of a slip, and where on which of them the seal's signature stands: left, bottom, width, height in points. */
export type SlipLayout = {
  pages: Drawing[]
  seal: { page: number; x: number; y: number; width: number; height: number; appearance: Drawing }
}

/** Sets a form on A5 pages (Circular 01/2018/TT-VPCP art. 9). `sealedAt` is shown in the box of the electronic seal, `code` is the link's. */
export function slipLayout(sheet: Sheet, sealedAt: Date, code: QrCode): SlipLayout {
  const largest = layoutIn(sizes[0], sheet, sealedAt, code)
  if (largest.pages.length === 1) return largest
  for (const size of sizes.slice(1)) {
    const smaller = layoutIn(size, sheet, sealedAt, code)
    if (smaller.pages.length === 1) return smaller
  }
  return largest
}

function layoutIn(size: number, sheet: Sheet, sealedAt: Date, code: QrCode): SlipLayout {
  const flow = new Flow()
  flow.y = letterhead(flow.page, sheet) - 20
  title(flow, sheet, code)
  for (const part of sheet.parts.slice(0, -1)) setPart(flow, part, size)
  const last = sheet.parts.at(-1)
  // No signature stands alone on a page: what comes before it goes along.
  if (last) flow.room(heightOf(last, size) + notesOf(sheet).height + 8)
  if (last) setPart(flow, last, size)
  const seal = signatures(flow, sheet, size, sealedAt)
  flow.pages.forEach((page, index) => {
    footer(page, sheet, index + 1, flow.pages.length)
    if (sheet.mark) page.centred(sheet.mark, middle, a5.height - 15, 8, 'bold', sealRed)
  })
  return { pages: flow.pages, seal }
}

/** Decree 30/2020/NĐ-CP, annex I: the unit on the left, nation and motto on the right. Answers how far down it reaches. */
function letterhead(page: Drawing, sheet: Sheet): number {
  const top = margin.top - 20
  const upper = (text: string) => text.toLocaleUpperCase('vi')
  page.text(sheet.form, margin.right - widthOf(sheet.form, 8), margin.top - 4, 8)
  const authority = sheet.authority ? wrapEvenly(upper(sheet.authority), 128, 8.5) : []
  const unit = wrapEvenly(upper(sheet.unit), 128, 8.5, 'bold')
  authority.forEach((line, index) => page.centred(line, columns.unit, top - index * 11, 8.5))
  const below = top - authority.length * 11
  unit.forEach((line, index) => page.centred(line, columns.unit, below - index * 11, 8.5, 'bold'))
  const rule = below - (unit.length - 1) * 11 - 5
  page.line(columns.unit - 24, rule, columns.unit + 24, 0.6)
  const number = wrapEvenly(`Số: ${sheet.number}`, 132, 8.5)
  number.forEach((line, index) => page.centred(line, columns.unit, rule - 13 - index * 11, 8.5))

  const motto = 'Độc lập - Tự do - Hạnh phúc'
  page.centred('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', columns.nation, top, 9, 'bold')
  page.centred(motto, columns.nation, top - 12.5, 9.5, 'bold')
  const half = widthOf(motto, 9.5, 'bold') / 2
  page.line(columns.nation - half, top - 17, columns.nation + half, 0.6)
  const date = top - 34
  page.centred(sheet.placeAndDate, columns.nation, date, 9.5)
  return Math.min(rule - 13 - (number.length - 1) * 11, date)
}

/** Title, dossier code, and the QR code on the left of both. */
function title(flow: Flow, sheet: Sheet, code: QrCode): void {
  const side = 58
  const top = flow.y + 10
  flow.page.qrCode(code, margin.left, top - side, side)
  const left = margin.left + side + 12
  const centre = (left + margin.right) / 2
  const lines = sheet.title.flatMap((line) => wrapEvenly(line, margin.right - left, 12.5, 'bold'))
  const below = wrapEvenly(sheet.subtitle, margin.right - left, 10)
  const height = lines.length * 15.5 + below.length * 13
  let y = top - Math.max(0, (side - height) / 2) - 11
  for (const line of lines) {
    flow.page.centred(line, centre, y, 12.5, 'bold')
    y -= 15.5
  }
  for (const line of below) {
    flow.page.centred(line, centre, y, 10)
    y -= 13
  }
  flow.y = Math.min(y, top - side) - 14
}

function setPart(flow: Flow, part: SheetPart, size: number): void {
  switch (part.kind) {
    case 'text':
      flow.text(part.text, size, part.weight)
      return flow.skip(3)
    case 'facts': {
      const column = labelColumn(
        part.rows.map(({ label }) => label),
        size,
      )
      for (const { label, value, weight } of part.rows) flow.fact(label, value, column, size, weight)
      return flow.skip(4)
    }
    case 'table':
      return flow.table(part.columns, part.rows, size * 0.85)
  }
}

/** How high a last part is set, in points; 0 where it is too high to be kept with the signatures. */
function heightOf(part: SheetPart, size: number): number {
  if (part.kind === 'table') return 0
  const texts = part.kind === 'text' ? [part.text] : part.rows.map(({ value }) => value)
  const width = (margin.right - margin.left) * (part.kind === 'text' ? 1 : 0.56)
  const height = texts.reduce((sum, text) => sum + Math.max(1, wrap(text, width, size).length) * size * 1.32, 4)
  return height < 200 ? height : 0
}

const half = { width: 166, box: 50 }

/** The notes, and how high they and the signatures are: where nobody signs on the left they stand there, otherwise below. */
function notesOf({ notes, link, signatures: [left] }: Sheet): { lines: Line[]; height: number } {
  const width = left ? margin.right - margin.left : half.width - 8
  const lines = [...notes, link.caption].flatMap((note) => wrap(note, width, 7.5))
  return { lines, height: left ? 100 + lines.length * 10 : Math.max(88, lines.length * 10) }
}

/** Both signatures side by side, never torn apart by a page's end, and the notes; answers the place of the seal. */
function signatures(flow: Flow, sheet: Sheet, size: number, at: Date): SlipLayout['seal'] {
  const { width, box } = half
  const [left, right] = sheet.signatures
  const { lines, height } = notesOf(sheet)
  flow.skip(4)
  flow.room(height)
  const top = flow.y
  const places = { left: margin.left + width / 2, right: margin.right - width / 2 }
  const lowest = signed(flow.page, right, places.right, top, size)
  if (left) {
    flow.y = Math.min(lowest, signed(flow.page, left, places.left, top, size)) - 14
    flow.page.line(margin.left, flow.y + 4, margin.left + 90, 0.4)
    lines.forEach((line, index) => flow.page.text(line, margin.left, flow.y - 7 - index * 10, 7.5))
  } else lines.forEach((line, index) => flow.page.text(line, margin.left, top - index * 10, 7.5))
  const x = (left?.sealed ? places.left : places.right) - width / 2
  const appearance = sealBox(width, box, sheet.unit, at)
  return { page: flow.pages.length - 1, x, y: top - 20 - box, width, height: box, appearance }
}

/** One signature around that middle; answers its lowest base line. */
function signed(
  page: Drawing,
  { office, how, name }: SheetSignature,
  centre: number,
  top: number,
  size: number,
): number {
  page.centred(office, centre, top, 9, 'bold')
  page.centred(how, centre, top - 12, 8.5)
  const base = top - 20 - half.box - 13
  const lines = wrapEvenly(name, half.width, size, 'bold')
  lines.forEach((line, index) => page.centred(line, centre, base - index * 13, size, 'bold'))
  return base - Math.max(0, lines.length - 1) * 13
}

/** What a reader sees of the electronic seal (Decree 30/2020/NĐ-CP, annex I: red, with the unit's name and the time). */
function sealBox(width: number, height: number, unit: string, at: Date): Drawing {
  const drawing = new Drawing()
  drawing.frame(0.75, 0.75, width - 1.5, height - 1.5, 1.2, sealRed).frame(3, 3, width - 6, height - 6, 0.4, sealRed)
  const inner = width - 16
  const name = wrapEvenly(`Ký bởi: ${unit}`, inner, 8, 'bold').slice(0, 2)
  const lines = [...name, setOnce('Dấu điện tử của cơ quan'), setLine(`Thời gian: ${timeOfDay(at)} +07:00`)]
  const first = height / 2 + (lines.length * 10) / 2 - 7.5
  lines.forEach((line, index) => drawing.text(line, 8, first - index * 10, 8, line.weight, sealRed))
  return drawing
}

function footer(page: Drawing, sheet: Sheet, number: number, of: number): void {
  if (of < 2) return
  page.centred(`${sheet.subtitle} · trang ${number}/${of}`, middle, 24, 8)
}
