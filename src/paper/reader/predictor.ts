import { NotPdf } from './values.ts'

// Cross-references are what is written so; those of 250,000 objects take three megabytes.
const mostPredicted = 8 * 1024 * 1024

/** Undoes, in place, the PNG predictors by which rows of a table are written as differences (ISO 32000-1, 7.4.4.4). */
export function unpredict(data: Uint8Array, columns: number): Uint8Array {
  if (data.length > mostPredicted) throw new NotPdf('too much to predict')
  const rows = Math.floor(data.length / (columns + 1))
  // What is written lies never behind what is still to be read.
  const out = data.subarray(0, rows * columns)
  for (let row = 0; row < rows; row++) {
    const start = row * (columns + 1)
    const predict = predictors[data[start] ?? -1]
    if (!predict) throw new NotPdf('an unknown predictor')
    for (let column = 0; column < columns; column++) {
      const here = row * columns + column
      const left = column > 0 ? (out[here - 1] ?? 0) : 0
      const up = row > 0 ? (out[here - columns] ?? 0) : 0
      const upLeft = row > 0 && column > 0 ? (out[here - columns - 1] ?? 0) : 0
      out[here] = (data[start + 1 + column] ?? 0) + predict(left, up, upLeft)
    }
  }
  return out
}

/**
 * Undoes the predictor that the first byte of a row names, into `out` (W3C PNG, 9.2). `above` is the row before as it
 * came out, zeros for the first; `step` is how many bytes a pixel takes. @throws NotPdf for an unknown predictor.
 */
export function unpredictRow(row: Uint8Array, above: Uint8Array, out: Uint8Array, step: number): void {
  const predict = predictors[row[0] ?? -1]
  if (!predict) throw new NotPdf('an unknown predictor')
  for (let at = 0; at < out.length; at++) {
    const left = at >= step ? (out[at - step] ?? 0) : 0
    const upLeft = at >= step ? (above[at - step] ?? 0) : 0
    out[at] = (row[at + 1] ?? 0) + predict(left, above[at] ?? 0, upLeft)
  }
}

const predictors: readonly ((left: number, up: number, upLeft: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
]

/** Whichever neighbour is nearest to their estimate; of equals the first (W3C PNG, 9.4). */
function paeth(left: number, up: number, upLeft: number): number {
  const toLeft = Math.abs(up - upLeft)
  const toUp = Math.abs(left - upLeft)
  const toUpLeft = Math.abs(left + up - 2 * upLeft)
  if (toLeft <= toUp && toLeft <= toUpLeft) return left
  return toUp <= toUpLeft ? up : upLeft
}
