import { own } from '../bytes.ts'
import { NotPdf } from './syntax.ts'

/** Inflates zlib data up to a limit of bytes. @throws NotPdf if it is damaged or larger. */
export async function inflate(data: Uint8Array, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = new Blob([own(data)]).stream().pipeThrough(new DecompressionStream('deflate')).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      length += value.length
      if (length > limit) throw new NotPdf('inflates to too much')
      parts.push(value)
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined)
    throw error instanceof NotPdf ? error : new NotPdf('damaged data')
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Undoes the PNG predictors by which rows of a table are written as differences (ISO 32000-1, 7.4.4.4; W3C PNG, 9). */
export function unpredict(data: Uint8Array, columns: number, bytesPerPixel = 1): Uint8Array {
  const rows = Math.floor(data.length / (columns + 1))
  const out = new Uint8Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const filter = data[row * (columns + 1)]
    for (let column = 0; column < columns; column++) {
      const raw = data[row * (columns + 1) + 1 + column] ?? 0
      const here = row * columns + column
      const left = column >= bytesPerPixel ? (out[here - bytesPerPixel] ?? 0) : 0
      const up = row > 0 ? (out[here - columns] ?? 0) : 0
      const upLeft = row > 0 && column >= bytesPerPixel ? (out[here - columns - bytesPerPixel] ?? 0) : 0
      out[here] = raw + predicted(filter, left, up, upLeft)
    }
  }
  return out
}

function predicted(filter: number | undefined, left: number, up: number, upLeft: number): number {
  switch (filter) {
    case 0:
      return 0
    case 1:
      return left
    case 2:
      return up
    case 3:
      return Math.floor((left + up) / 2)
    case 4: {
      const estimate = left + up - upLeft
      const distances = [left, up, upLeft].map((value) => Math.abs(estimate - value))
      const nearest = distances.indexOf(Math.min(...distances))
      return [left, up, upLeft][nearest] ?? 0
    }
    default:
      throw new NotPdf('an unknown predictor')
  }
}
