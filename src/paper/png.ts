import { pipeline } from 'node:stream/promises'
import { crc32, createDeflate } from 'node:zlib'
import { ok, refuse, type Result } from '../platform/result.ts'
import { concat } from './bytes.ts'
import { orientationOf, type Picture } from './image.ts'
import type { CopyRefusal } from './order.ts'
import { inflateParts } from './reader/inflate-parts.ts'
import { unpredictRow } from './reader/predictor.ts'
import { NotPdf } from './reader/values.ts'
import { hexString } from './written.ts'

type Header = { width: number; height: number; depth: number; colours: Colours; alpha: boolean }
/** Samples of a pixel that are colours: one of grey or of a palette, or red, green and blue. */
type Colours = { space: 'DeviceGray' | 'DeviceRGB' | 'Indexed'; count: 1 | 3 }

const grey: Colours = { space: 'DeviceGray', count: 1 }
const rgb: Colours = { space: 'DeviceRGB', count: 3 }
const indexed: Colours = { space: 'Indexed', count: 1 }
/** By colour type (W3C PNG, table 11.1). */
const kinds = new Map<number, { colours: Colours; alpha: boolean; depths: number[] }>([
  [0, { colours: grey, alpha: false, depths: [1, 2, 4, 8, 16] }],
  [2, { colours: rgb, alpha: false, depths: [8, 16] }],
  [3, { colours: indexed, alpha: false, depths: [1, 2, 4, 8] }],
  [4, { colours: grey, alpha: true, depths: [8, 16] }],
  [6, { colours: rgb, alpha: true, depths: [8, 16] }],
])

export const isPng = (bytes: Uint8Array): boolean => signature.every((byte, at) => bytes[at] === byte)
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/**
 * A PNG as a picture on white paper: nothing of it stays transparent, for archives take no transparency (ISO 19005-3).
 * Its rows go into the PDF as they are where nothing is to be flattened. Refuses what is damaged anywhere.
 */
export async function openPng(bytes: Uint8Array, mostPixels: number): Promise<Result<Picture, CopyRefusal>> {
  const chunks = chunksOf(bytes)
  const header = chunks && headerOf(chunks)
  if (!chunks || !header) return refuse('original-damaged')
  const { width, height } = header
  if (width * height > mostPixels) return refuse('original-too-large')
  // Rows that come in seven passes would have to be sorted in memory; scanners make none.
  if (chunks.get('IHDR')?.[12] === 1) return refuse('original-picture-unsupported')
  const exif = chunks.get('eXIf')
  const orientation = exif ? orientationOf(exif) : 1
  try {
    return ok({ width, height, orientation, ...(await imageOf(header, chunks)) })
  } catch (error) {
    if (error instanceof NotPdf) return refuse('original-damaged')
    throw error
  }
}

type Chunks = ReadonlyMap<string, Uint8Array>

/** The chunks by type, those of the picture's data joined; null where one is cut off or fails its check (W3C PNG, 5.3). */
function chunksOf(bytes: Uint8Array): Chunks | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks = new Map<string, Uint8Array>()
  const data: Uint8Array[] = []
  for (let at = signature.length; at + 12 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at)
    if (end + 4 > bytes.length || crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) return null
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (type === 'IEND') return chunks.set('IDAT', concat(...data))
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, end))
    else chunks.set(type, bytes.subarray(at + 8, end))
    at = end + 4
  }
  return null
}

function headerOf(chunks: Chunks): Header | null {
  const header = chunks.get('IHDR')
  if (header?.length !== 13) return null
  const view = new DataView(header.buffer, header.byteOffset, header.length)
  const [width, height, depth] = [view.getUint32(0), view.getUint32(4), view.getUint8(8)]
  const kind = kinds.get(view.getUint8(9))
  if (!kind?.depths.includes(depth) || header[10] !== 0 || header[11] !== 0 || (header[12] ?? 2) > 1) return null
  return width > 0 && height > 0 ? { width, height, depth, colours: kind.colours, alpha: kind.alpha } : null
}

async function imageOf(header: Header, chunks: Chunks): Promise<Pick<Picture, 'entries' | 'data'>> {
  const { depth, colours, alpha } = header
  const clear = chunks.get('tRNS')
  const palette = paletteOf(header, chunks)
  if (clear && !alpha && colours.space !== 'Indexed' && clear.length !== 2 * colours.count)
    throw new NotPdf('no colour')
  if (alpha || (clear && !palette)) {
    return { entries: entriesOf(header, 8, `/${colours.space}`), data: await deflated(rowsOnWhite(header, chunks)) }
  }
  const space = palette ? indexedSpace(palette) : `/${colours.space}`
  const data = chunks.get('IDAT') ?? new Uint8Array()
  for await (const row of rowsOf(header, data)) if ((row[0] ?? 5) > 4) throw new NotPdf('an unknown predictor')
  return { entries: entriesOf(header, depth, space), data }
}

/** The dictionary of rows that are written as differences, as those of a PNG are (ISO 32000-1, 7.4.4.4). */
function entriesOf({ width, colours }: Header, bits: number, space: string): string {
  const parameters = `/Predictor 15/Colors ${colours.count}/BitsPerComponent ${bits}/Columns ${width}`
  return `/ColorSpace${space}/BitsPerComponent ${bits}/Filter/FlateDecode/DecodeParms<<${parameters}>>`
}

type Palette = { base: 'DeviceGray' | 'DeviceRGB'; colours: Uint8Array }

/** Colours by number, on white: a palette, or all greys of a picture one of whose few greys is transparent. */
function paletteOf({ colours: { space }, depth }: Header, chunks: Chunks): Palette | null {
  const clear = chunks.get('tRNS')
  if (space === 'Indexed') {
    const listed = chunks.get('PLTE')
    const fits = listed && listed.length > 0 && listed.length % 3 === 0 && listed.length <= 3 * 2 ** depth
    if (!fits) throw new NotPdf('no palette')
    const colours = listed.map((value, at) => onWhite(value, clear?.[Math.floor(at / 3)] ?? 255))
    return { base: 'DeviceRGB', colours }
  }
  if (space === 'DeviceRGB' || depth > 8 || !clear) return null
  const most = 2 ** depth - 1
  const colours = Uint8Array.from({ length: most + 1 }, (_, value) => (value === clear[1] ? 255 : (value * 255) / most))
  return { base: 'DeviceGray', colours }
}

const indexedSpace = ({ base, colours }: Palette): string => {
  const last = colours.length / (base === 'DeviceRGB' ? 3 : 1) - 1
  return `[/Indexed/${base} ${last}${hexString(colours)}]`
}

const onWhite = (value: number, alpha: number): number => Math.round((value * alpha) / 255) + 255 - alpha

/** The rows as they are stored, each behind the number of its predictor, in one array used again. @throws NotPdf */
async function* rowsOf({ width, height, depth, colours, alpha }: Header, data: Uint8Array): AsyncGenerator<Uint8Array> {
  const row = new Uint8Array(1 + Math.ceil((width * (colours.count + (alpha ? 1 : 0)) * depth) / 8))
  let [filled, left] = [0, height]
  for await (const part of inflateParts(data, row.length * height)) {
    for (let at = 0; at < part.length;) {
      const taken = part.subarray(at, at + row.length - filled)
      row.set(taken, filled)
      at += taken.length
      filled += taken.length
      if (filled < row.length) continue
      left--
      yield row
      filled = 0
    }
  }
  if (left > 0 || filled > 0) throw new NotPdf('fewer rows than the picture has')
}

/** The picture laid on white in 8 bits a sample, row by row, so that it is never in memory as a whole. @throws NotPdf */
async function* rowsOnWhite(header: Header, chunks: Chunks): AsyncGenerator<Uint8Array> {
  const { width, depth, colours, alpha } = header
  const bytes = depth / 8
  const step = (colours.count + (alpha ? 1 : 0)) * bytes
  const clear = alpha ? [] : Array.from(chunks.get('tRNS') ?? []).filter((_, at) => bytes === 2 || at % 2 === 1)
  let above = new Uint8Array(width * step)
  let here = new Uint8Array(width * step)
  const white = new Uint8Array(width * colours.count)
  for await (const row of rowsOf(header, chunks.get('IDAT') ?? new Uint8Array())) {
    unpredictRow(row, above, here, step)
    const written = new Uint8Array(1 + white.length)
    written[0] = differenceToAbove
    for (let pixel = 0; pixel < width; pixel++) {
      const from = pixel * step
      const opacity = alpha ? here[from + step - bytes] : clear.every((byte, at) => here[from + at] === byte) ? 0 : 255
      for (let colour = 0; colour < colours.count; colour++) {
        const to = pixel * colours.count + colour
        const value = onWhite(here[from + colour * bytes] ?? 0, opacity ?? 255)
        written[1 + to] = value - (white[to] ?? 0)
        white[to] = value
      }
    }
    yield written
    ;[above, here] = [here, above]
  }
}

/** The predictor "Up" (W3C PNG, 9.2). */
const differenceToAbove = 2

async function deflated(rows: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  await pipeline(rows, createDeflate(), async (deflating: AsyncIterable<Uint8Array>) => {
    for await (const part of deflating) parts.push(part)
  })
  return concat(...parts)
}
