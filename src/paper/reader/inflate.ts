import { concat, own } from '../bytes.ts'
import { NotPdf } from './syntax.ts'

/** Inflates zlib data up to a limit of bytes. @throws NotPdf if it is damaged or larger. */
export async function inflate(data: Uint8Array, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of inflating(data)) {
    length += part.length
    if (length > limit) throw new NotPdf('inflates to too much')
    parts.push(part)
  }
  return concat(...parts)
}

/** Inflates zlib data part by part, for as long as somebody takes them. @throws NotPdf if it is damaged. */
export async function* inflating(data: Uint8Array): AsyncGenerator<Uint8Array> {
  const reader = new Blob([own(data)]).stream().pipeThrough(new DecompressionStream('deflate')).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new NotPdf('damaged data')
      })
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Undoes the PNG predictors by which rows of a table are written as differences (ISO 32000-1, 7.4.4.4). */
export function unpredict(data: Uint8Array, columns: number): Uint8Array {
  const rows = Math.floor(data.length / (columns + 1))
  const out = new Uint8Array(rows * columns)
  let above = new Uint8Array(columns)
  for (let row = 0; row < rows; row++) {
    const here = out.subarray(row * columns, (row + 1) * columns)
    unpredictRow(data.subarray(row * (columns + 1), (row + 1) * (columns + 1)), above, here, 1)
    above = here
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
