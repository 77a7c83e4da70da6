import { setLine, type Line, type Weight } from './lettering.ts'

/** Red, green and blue from 0 to 1. */
export type Colour = readonly [number, number, number]

export const ink: Colour = [0.1, 0.1, 0.12]
export const sealRed: Colour = [0.76, 0.07, 0.11]

const point = (value: number) => String(Math.round(value * 100) / 100)

/** Rows of modules from the top, of which the dark ones are true. */
export type QrCode = readonly (readonly boolean[])[]

/** Collects the operators of one content stream; places and sizes in points, y upwards. */
export class Drawing {
  #operators = ''

  /** `weight` counts where the words are not set yet. */
  text(words: string | Line, x: number, y: number, size: number, weight?: Weight, colour: Colour = ink): this {
    const line = typeof words === 'string' ? setLine(words, weight) : words
    const font = `/${line.weight === 'bold' ? 'F2' : 'F1'} ${size} Tf ${point(x)} ${point(y)} Td`
    // Letters are glyph ids in hex: nothing in them can end the string or become an operator.
    this.#operators += `${colour.join(' ')} rg BT ${font} <${line.glyphs}> Tj ET\n`
    return this
  }

  centred(words: string | Line, middle: number, y: number, size: number, weight?: Weight, colour?: Colour): this {
    const line = typeof words === 'string' ? setLine(words, weight) : words
    return this.text(line, middle - (line.width * size) / 2000, y, size, weight, colour)
  }

  line(fromX: number, y: number, toX: number, thickness: number, colour: Colour = ink): this {
    this.#operators += `${colour.join(' ')} RG ${thickness} w ${point(fromX)} ${point(y)} m ${point(toX)} ${point(y)} l S\n`
    return this
  }

  frame(x: number, y: number, width: number, height: number, thickness: number, colour: Colour = ink): this {
    const box = [x, y, width, height].map(point).join(' ')
    this.#operators += `${colour.join(' ')} RG ${thickness} w ${box} re S\n`
    return this
  }

  qrCode(rows: QrCode, x: number, y: number, side: number): this {
    const size = rows.length
    const module = side / size
    // Image space: modules counted from the top left corner, each one unit wide.
    let drawn = `q 0 g ${module} 0 0 ${-module} ${point(x)} ${point(y + side)} cm\n`
    for (let down = 0; down < size; down++) {
      const row = rows[down] ?? []
      for (let across = 0; across < size; across++) {
        const first = across
        while (row[across]) across++
        if (across > first) drawn += `${first} ${down} ${across - first} 1 re\n`
      }
    }
    this.#operators += `${drawn}f Q\n`
    return this
  }

  toString(): string {
    return this.#operators
  }
}
