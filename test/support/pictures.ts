import { crc32, deflateSync } from 'node:zlib'
import { concat, latin1 } from '../../src/paper/bytes.ts'

/** W3C PNG, 11.2.1: `type` is 0 grey, 2 colours, 3 palette, 4 grey and 6 colours with transparency. */
export type PngHeader = { width: number; height: number; depth: number; type: number; interlaced?: boolean }

const whole = (value: number) => Uint8Array.of(value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255)

export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const checked = concat(latin1(type), data)
  return concat(whole(data.length), checked, whole(crc32(checked)))
}

/** A PNG of these rows, each behind the number of its filter; `before` are chunks that come before the picture. */
export const pngOf = (header: PngHeader, rows: Uint8Array, before: [type: string, data: Uint8Array][] = []) =>
  pngOfData(header, deflateSync(rows), before)

/** The same of rows that are compressed already, by whom- and however. */
export function pngOfData(header: PngHeader, data: Uint8Array, before: [type: string, data: Uint8Array][] = []) {
  const { width, height, depth, type, interlaced = false } = header
  return concat(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', concat(whole(width), whole(height), Uint8Array.of(depth, type, 0, 0, interlaced ? 1 : 0))),
    ...before.map(([name, data]) => pngChunk(name, data)),
    pngChunk('IDAT', data),
    pngChunk('IEND', new Uint8Array()),
  )
}

export const samplesOf = (type: number): number => ({ 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 })[type] ?? 1

/** Rows of colours that run, so that a misplaced byte shows; every filter in turn, over bytes that are as they come. */
export function someRows({ width, height, depth, type }: PngHeader): Uint8Array {
  const length = Math.ceil((width * samplesOf(type) * depth) / 8)
  return Uint8Array.from({ length: height * (length + 1) }, (_, at) => {
    const [row, column] = [Math.floor(at / (length + 1)), at % (length + 1)]
    return column === 0 ? row % 5 : (row * 37 + column * 53 + ((row * column) >> 3)) % 256
  })
}
