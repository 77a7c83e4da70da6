import { encode } from 'uqr'
import { glyphString, widthOf, type Weight } from './lettering.ts'

/** Red, green and blue from 0 to 1. */
export type Colour = readonly [number, number, number]

export const ink: Colour = [0.1, 0.1, 0.12]
export const sealRed: Colour = [0.76, 0.07, 0.11]

const point = (value: number) => String(Math.round(value * 100) / 100)

/** Collects the operators of one content stream; places and sizes in points, y upwards. */
export class Drawing {
  #operators = ''

  text(text: string, x: number, y: number, size: number, weight: Weight = 'regular', colour: Colour = ink): this {
    const font = weight === 'bold' ? 'F2' : 'F1'
    const place = `${point(x)} ${point(y)} Td`
    this.#operators += `${colour.join(' ')} rg BT /${font} ${size} Tf ${place} ${glyphString(text, weight)} Tj ET\n`
    return this
  }

  centred(text: string, middle: number, y: number, size: number, weight: Weight = 'regular', colour?: Colour): this {
    return this.text(text, middle - widthOf(text, size, weight) / 2, y, size, weight, colour)
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

  /** A QR code (ISO/IEC 18004, error correction M). A fixed mask saves trying all eight, which readers do not need. */
  qrCode(text: string, x: number, y: number, side: number): this {
    const { size, data } = encode(text, { ecc: 'M', border: 0, maskPattern: 2 })
    const module = side / size
    // Image space: modules counted from the top left corner, each one unit wide.
    this.#operators += `q 0 g ${module} 0 0 ${-module} ${point(x)} ${point(y + side)} cm\n`
    data.forEach((row, down) => {
      let across = 0
      while (across < size) {
        let run = 0
        while (row[across + run]) run++
        if (run > 0) this.#operators += `${across} ${down} ${run} 1 re\n`
        across += run + 1
      }
    })
    this.#operators += 'f Q\n'
    return this
  }

  toString(): string {
    return this.#operators
  }
}
