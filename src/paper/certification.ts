import { dateInFigures, dateInWords, timeOfDay } from './dates.ts'
import { Drawing, ink, sealRed, type Colour, type QrCode } from './drawing.ts'
import { setLine, setOnce, widthOf, wrap, wrapEvenly, type Line } from './lettering.ts'
import type { CopyOrder } from './order.ts'

/** ISO 216 A4, in points. */
export const a4 = { width: 595, height: 842 }

const margin = { left: 72, right: 523 }
const middle = (margin.left + margin.right) / 2
const columns = { unit: 164, nation: 397 }

/** A box on the page that one signer's signature fills: left, bottom, width and height in points. */
export type SignatureBox = { x: number; y: number; width: number; height: number; appearance: Drawing }
export type CertificationPage = { content: Drawing; certifier: SignatureBox; seal: SignatureBox }

/**
 * The page that is added behind the original: the law's certification text, two boxes for the signatures,
 * and the way to check the copy, with the QR `code` of its address. `original` is told of so that a reader can match it with a
 * scan of their own.
 */
export function certificationPage(
  order: CopyOrder,
  original: { pages: number; sha256: string },
  code: QrCode,
): CertificationPage {
  const content = new Drawing()
  nationalHeader(content, order.unitName)
  if (order.mark) content.centred(order.mark, middle, 806, 11, 'bold', sealRed)
  title(content, order)
  const end = facts(content, order, original.pages)
  const boxes = signatures(content, order, end - 34)
  howToCheck(content, order, original.sha256, code)
  return { content, ...boxes }
}

/** Decree 30/2020/ND-CP, annex I: the nation and its motto on the right, the authority on the left. */
function nationalHeader(page: Drawing, unitName: string): void {
  const nation = setOnce('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'bold')
  const motto = setOnce('Độc lập - Tự do - Hạnh phúc', 'bold')
  page.centred(nation, columns.nation, 772, 11.5).centred(motto, columns.nation, 756, 12.5)
  const mottoWidth = widthOf(motto, 12.5)
  page.line(columns.nation - mottoWidth / 2, 750, columns.nation + mottoWidth / 2, 0.7)

  const lines = wrapEvenly(unitName.toLocaleUpperCase('vi'), 190, 11.5, 'bold')
  lines.forEach((line, index) => page.centred(line, columns.unit, 772 - index * 15, 11.5))
  const rule = 765 - (lines.length - 1) * 15
  page.line(columns.unit - 32, rule, columns.unit + 32, 0.7)
}

function title(page: Drawing, order: CopyOrder): void {
  page.centred(setOnce('CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH', 'bold'), middle, 678, 15.5)
  page.line(middle - 45, 667, middle + 45, 0.7)
  page.centred(`Số chứng thực: ${order.number}`, middle - 105, 636, 13)
  page.centred(`Quyển số: ${order.register}`, middle + 95, 636, 13)
}

/** Sets the statements of the certification; answers how far down the page they reach. */
function facts(page: Drawing, order: CopyOrder, pages: number): number {
  const { certifiedAt, place, subject, certifier } = order
  const rows: [label: string, ...values: string[]][] = [
    ['Ngày chứng thực:', dateInFigures(certifiedAt), `(bằng chữ: ${dateInWords(certifiedAt)})`],
    ['Tại:', place],
    ['Giấy tờ được chứng thực:', subject],
    ['Người thực hiện chứng thực:', certifier.title ? `${certifier.name}, ${certifier.title}` : certifier.name],
  ]
  const labels = margin.left
  const values = labels + 172
  let y = 600
  for (const [label, ...paragraphs] of rows) {
    page.text(setOnce(label), labels, y, 13)
    for (const line of paragraphs.flatMap((paragraph) => wrapEvenly(paragraph, margin.right - values, 13))) {
      page.text(line, values, y, 13)
      y -= 18
    }
    y -= 5
  }
  const statement = `Bản sao điện tử gồm ${String(pages).padStart(2, '0')} trang ở trước trang này, đúng với bản chính đã xuất trình.`
  y -= 4
  for (const line of wrap(statement, margin.right - labels, 13)) {
    page.text(line, labels, y, 13)
    y -= 18
  }
  return y
}

function signatures(page: Drawing, order: CopyOrder, top: number): { certifier: SignatureBox; seal: SignatureBox } {
  const width = 206
  const height = 66
  const left = margin.left + width / 2
  const right = margin.right - width / 2
  page.centred(setOnce('CƠ QUAN THỰC HIỆN CHỨNG THỰC', 'bold'), left, top, 10.5)
  page.centred(setOnce('(dấu điện tử)'), left, top - 14, 10.5)
  page.centred(setOnce('NGƯỜI THỰC HIỆN CHỨNG THỰC', 'bold'), right, top, 10.5)
  page.centred(setOnce('(chữ ký số, họ và tên)'), right, top - 14, 10.5)

  const bottom = top - 26 - height
  wrapEvenly(order.certifier.name, width, 13, 'bold').forEach((line, index) =>
    page.centred(line, right, bottom - 20 - index * 16, 13),
  )
  const at = timeOfDay(order.certifiedAt)
  const box = (x: number, name: string, role: string, colour: Colour): SignatureBox => ({
    x,
    y: bottom,
    width,
    height,
    appearance: signatureAppearance({ width, height, name, role, at, colour }),
  })
  const { title } = order.certifier
  const role = title ? `Chức vụ: ${title}` : 'Người thực hiện chứng thực'
  return {
    certifier: box(right - width / 2, order.certifier.name, role, ink),
    seal: box(left - width / 2, order.unitName, 'Dấu điện tử của cơ quan', sealRed),
  }
}

type Appearance = { width: number; height: number; name: string; role: string; at: string; colour: Colour }

function signatureAppearance({ width, height, name, role, at, colour }: Appearance): Drawing {
  const drawing = new Drawing()
  drawing.frame(0.75, 0.75, width - 1.5, height - 1.5, 1.5, colour)
  drawing.frame(3.5, 3.5, width - 7, height - 7, 0.4, colour)
  const inner = width - 24
  const lines = [...wrap(`Ký bởi: ${name}`, inner, 9.5, 'bold').slice(0, 2), ...wrap(role, inner, 9.5).slice(0, 1)]
  lines.push(setLine(`Thời gian: ${at} +07:00`))
  const first = height / 2 + (lines.length * 12.5) / 2 - 9.5
  lines.forEach((line, index) => drawing.text(line, 12, first - index * 12.5, 9.5, line.weight, colour))
  return drawing
}

function howToCheck(page: Drawing, order: CopyOrder, sha256: string, code: QrCode): void {
  const side = 92
  const top = 168
  page.line(margin.left, top, margin.right, 0.4)
  page.qrCode(code, margin.left, top - 14 - side, side)
  const x = margin.left + side + 18
  let y = top - 22
  const right = margin.right - x
  const say = (lines: readonly Line[], size: number) => {
    for (const line of lines) {
      page.text(line, x, y, size)
      y -= size * 1.32
    }
    y -= 2.5
  }
  say([setOnce('Kiểm tra bản sao', 'bold')], 10.5)
  say(wrap(order.checkUrl, right, 9), 9)
  say((law ??= wrap(lawOfCopies, right, 9)), 9)
  say(wrap(`SHA-256 của tài liệu được sao: ${sha256}`, right, 7), 7)
}

const lawOfCopies =
  'Bản sao điện tử được chứng thực có giá trị sử dụng thay cho bản chính đã dùng để đối chiếu trong các giao dịch, ' +
  'trừ trường hợp pháp luật có quy định khác (Nghị định số 45/2020/NĐ-CP, Điều 10).'
let law: Line[] | undefined
