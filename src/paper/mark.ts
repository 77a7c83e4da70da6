import { PdfArray, PdfDict, PdfNumber, PdfRef, type PDF, type PDFPage } from '@libpdf/core'
import { latin1 } from './bytes.ts'
import { Drawing, sealRed } from './drawing.ts'
import { widthOf } from './lettering.ts'
import type { CopyOrder } from './order.ts'
import { addForm, dict, inherited, resolverOf, stream } from './pdf.ts'

/** Puts the red "BẢN SAO" (Circular 01/2020/TT-BTP) into the upper right corner of the first page, as the reader sees it. */
export function markAsCopy(pdf: PDF, page: PDFPage, order: CopyOrder, resources: PdfDict): void {
  const { drawing, width, height } = copyMark(order)
  const mark = addForm(pdf, drawing, width, height, resources)
  const { x, y, width: pageWidth, height: pageHeight } = page.getCropBox()
  const rotate = inherited(page.dict, 'Rotate', resolverOf(pdf))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a remainder of 4
  const turns = rotate instanceof PdfNumber ? ((((Math.round(rotate.value / 90) % 4) + 4) % 4) as 0 | 1 | 2 | 3) : 0
  const upright = uprightMatrix(turns, x, y, pageWidth, pageHeight)
  const seenWidth = turns % 2 ? pageHeight : pageWidth
  const seenHeight = turns % 2 ? pageWidth : pageHeight
  const scale = Math.min(1, seenWidth / 400)
  const place = `${scale} 0 0 ${scale} ${seenWidth - (width + 18) * scale} ${seenHeight - (height + 18) * scale}`
  paintOver(pdf, page.dict, mark, `${upright.join(' ')} cm ${place} cm`)
}

function copyMark(order: CopyOrder): { drawing: Drawing; width: number; height: number } {
  const words = 'BẢN SAO'
  const below = `Số ${order.number}, quyển ${order.register}`
  const width = Math.max(widthOf(words, 13, 'bold'), widthOf(below, 7.5)) + 18
  const height = 34
  const drawing = new Drawing()
    .frame(0.6, 0.6, width - 1.2, height - 1.2, 1.2, sealRed)
    .centred(words, width / 2, 18, 13, 'bold', sealRed)
    .centred(below, width / 2, 7.5, 7.5, 'regular', sealRed)
  return { drawing, width, height }
}

/** From what a reader sees, counted from the lower left corner, to the space of a page shown turned clockwise. */
function uprightMatrix(turns: 0 | 1 | 2 | 3, x: number, y: number, width: number, height: number): number[] {
  switch (turns) {
    case 0:
      return [1, 0, 0, 1, x, y]
    case 1:
      return [0, 1, -1, 0, x + width, y]
    case 2:
      return [-1, 0, 0, -1, x + width, y + height]
    case 3:
      return [0, -1, 1, 0, x, y + height]
  }
}

/** Paints a form over a page: what the page's own content leaves behind in the graphics state is put away first. */
function paintOver(pdf: PDF, page: PdfDict, form: PdfRef, matrices: string): void {
  const resolve = resolverOf(pdf)
  const key = 'MotcuaMark'
  // A copy of the resources: they may be inherited or shared with other pages.
  const shared = inherited(page, 'Resources', resolve)
  const resources = shared instanceof PdfDict ? shared.clone() : dict({})
  const xObjects = resources.getDict('XObject', resolve)?.clone() ?? dict({})
  xObjects.set(key, form)
  resources.set('XObject', xObjects)
  page.set('Resources', resources)

  const contents = page.get('Contents')
  const resolved = contents instanceof PdfRef ? resolve(contents) : contents
  const own = resolved instanceof PdfArray ? resolved.toArray() : contents ? [contents] : []
  const before = pdf.register(stream({}, latin1('q\n')))
  const after = pdf.register(stream({}, latin1(`\nQ q ${matrices} /${key} Do Q\n`)))
  page.set('Contents', PdfArray.of(before, ...own, after))
}
