import { Drawing } from './drawing.ts'
import { widthOf, wrap, type Line, type Weight } from './lettering.ts'

/** ISO 216 A5 upright, in points, and the margins of a slip. */
export const a5 = { width: 420, height: 595 }
export const margin = { left: 36, right: 384, top: 563, bottom: 42 }

/** Sets text line by line down as many pages as it takes; `y` is the base line of the next line. */
export class Flow {
  readonly pages: Drawing[] = [new Drawing()]
  y = margin.top - 9

  get page(): Drawing {
    return this.pages.at(-1) ?? new Drawing()
  }

  /** Goes to a new page unless so many points are left on this one. Answers whether it did. */
  room(height: number): boolean {
    if (this.y - height >= margin.bottom) return false
    this.pages.push(new Drawing())
    this.y = margin.top - 9
    return true
  }

  skip(height: number): void {
    this.y -= height
  }

  /** One paragraph for each line of the text, broken at the margins. */
  text(text: string, size: number, weight: Weight = 'regular', left: number = margin.left): void {
    const leading = size * 1.32
    for (const line of linesOf(text, margin.right - left, size, weight)) {
      this.room(leading)
      this.page.text(line, left, this.y, size, weight)
      this.y -= leading
    }
  }

  /** A label, and its value beside it, hanging. */
  fact(label: string, value: string, column: number, size: number, weight: Weight = 'regular'): void {
    const leading = size * 1.32
    const labels = wrap(label, column - 8, size)
    const values = linesOf(value, margin.right - margin.left - column, size, weight)
    for (let line = 0; line < Math.max(labels.length, values.length); line++) {
      this.room(leading)
      this.page.text(labels[line] ?? '', margin.left, this.y, size)
      this.page.text(values[line] ?? '', margin.left + column, this.y, size, weight)
      this.y -= leading
    }
  }

  /** A ruled table. Its head is repeated on each page that it reaches; a row longer than a page is cut between lines. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[], size: number): void {
    const widths = columns.map(({ share }) => share * (margin.right - margin.left))
    const broken = (cells: readonly string[], weight: Weight) =>
      widths.map((width, at) => linesOf(cells[at] ?? '', width - 2 * padding, size, weight))
    const head = broken(
      columns.map(({ title }) => title),
      'bold',
    )
    const first = rows[0] ? heightOf(broken(rows[0], 'regular'), size) : 0
    this.room(heightOf(head, size) + Math.min(first, 200))
    this.#row(head, columns, widths, size, 'bold')
    for (const cells of rows) {
      for (const part of slices(broken(cells, 'regular'), mostLines)) {
        if (this.room(heightOf(part, size))) this.#row(head, columns, widths, size, 'bold')
        this.#row(part, columns, widths, size, 'regular')
      }
    }
    this.y -= size * 1.32
  }

  #row(cells: Line[][], columns: readonly Column[], widths: number[], size: number, weight: Weight): void {
    const height = heightOf(cells, size)
    // The base line of what follows stands a line below a row's lower edge; the row itself is ruled from its upper edge.
    const top = this.y + size
    let x = margin.left
    cells.forEach((lines, at) => {
      const width = widths[at] ?? 0
      this.page.frame(x, top - height, width, height, 0.5)
      const centred = weight === 'bold' || columns[at]?.align === 'centre'
      lines.forEach((line, down) => {
        const base = top - padding - size * (0.82 + down * 1.25)
        if (centred) this.page.centred(line, x + width / 2, base, size, weight)
        else this.page.text(line, x + padding, base, size, weight)
      })
      x += width
    })
    this.y -= height
  }
}

type Column = { title: string; share: number; align?: 'centre' }

const padding = 3
const mostLines = 30

const heightOf = (cells: Line[][], size: number) =>
  Math.max(1, ...cells.map((lines) => lines.length)) * size * 1.25 + 2 * padding

/** A row in parts of so many lines at most. */
function slices(cells: Line[][], most: number): Line[][][] {
  const longest = Math.max(1, ...cells.map((lines) => lines.length))
  const parts = Array.from({ length: Math.ceil(longest / most) }, (_, at) => at * most)
  return parts.map((from) => cells.map((lines) => lines.slice(from, from + most)))
}

/** The lines of a text whose own line breaks are kept. */
const linesOf = (text: string, width: number, size: number, weight: Weight): Line[] =>
  text.split(/\r\n|\r|\n/).flatMap((paragraph) => wrap(paragraph, width, size, weight))

/** Width of the label column: as wide as the widest label, but never more than 44 % of the line. */
export const labelColumn = (labels: readonly string[], size: number): number =>
  Math.min(Math.max(...labels.map((label) => widthOf(label, size)), 0) + 8, (margin.right - margin.left) * 0.44)
