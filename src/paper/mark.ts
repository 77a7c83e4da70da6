import type { Draft } from './draft.ts'
import { Drawing, sealRed } from './drawing.ts'
import { setLine, setOnce, widthOf } from './lettering.ts'
import type { CopyOrder } from './order.ts'
import type { Page } from './page.ts'
import { addForm } from './resources.ts'

/** Puts the red "BẢN SAO" (Circular 01/2020/TT-BTP) into the upper right corner of a page, as the reader sees it. */
export function markAsCopy(draft: Draft, page: Page, order: CopyOrder, fonts: string): void {
  const { drawing, width, height } = copyMark(order)
  const { seen, turns } = page
  const [seenWidth, seenHeight] = turns % 2 ? [seen.height, seen.width] : [seen.width, seen.height]
  const scale = Math.min(1, seenWidth / 400)
  const place = `${scale} 0 0 ${scale} ${seenWidth - (width + 18) * scale} ${seenHeight - (height + 18) * scale}`
  const form = addForm(draft, drawing, width, height, fonts)
  page.paintOver(form, `${uprightMatrix(page).join(' ')} cm ${place} cm`)
}

function copyMark(order: CopyOrder): { drawing: Drawing; width: number; height: number } {
  const words = setOnce('BẢN SAO', 'bold')
  const below = setLine(`Số ${order.number}, quyển ${order.register}`)
  const mark = order.mark === undefined ? null : setOnce(order.mark, 'bold')
  const rise = mark ? 12 : 0
  const width = Math.max(widthOf(words, 13), widthOf(below, 7.5), mark ? widthOf(mark, 7.5) : 0) + 18
  const height = 34 + rise
  const drawing = new Drawing()
    .frame(0.6, 0.6, width - 1.2, height - 1.2, 1.2, sealRed)
    .centred(words, width / 2, 18 + rise, 13, 'bold', sealRed)
    .centred(below, width / 2, 7.5 + rise, 7.5, 'regular', sealRed)
  if (mark) drawing.centred(mark, width / 2, 7.5, 7.5, 'bold', sealRed)
  return { drawing, width, height }
}

/** From what a reader sees, counted from the lower left corner, to the space of a page shown turned clockwise. */
function uprightMatrix({ turns, seen: { x, y, width, height } }: Page): number[] {
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
