import { ok, refuse, type Result } from '../platform/result.ts'
import { orientationOf, type Picture } from './image.ts'
import { NotJpeg } from './jpeg-bits.ts'
import { type Segment, walkScans } from './jpeg-scan.ts'
import type { CopyRefusal } from './order.ts'

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff

const startOfScan = 0xda
const endOfImage = 0xd9

/**
 * A JPEG as a picture; its bytes go into the PDF as they are. Refuses one that is cut off or lacks a part, and kinds that viewers need not
 * know (ISO 32000-1, 7.4.8: baseline and progressive, in 8 bits). Of the four printing colours nobody knows how they look.
 */
export function openJpeg(bytes: Uint8Array, mostPixels: number): Result<Picture, CopyRefusal> {
  const segments = [...segmentsOf(bytes)]
  const frame = segments.find(({ marker }) => isFrame(marker))
  const isWhole = segments.some(({ marker }) => marker === startOfScan) && segments.at(-1)?.marker === endOfImage
  if (!frame || frame.body.length < 6 || !isWhole) return refuse('original-damaged')
  const [bits, height, width, components] = [frame.body[0], at16(frame.body, 1), at16(frame.body, 3), frame.body[5]]
  if (width === 0) return refuse('original-damaged')
  if (width * height > mostPixels) return refuse('original-too-large')
  const isKnown = frame.marker <= 0xc2 && bits === 8 && height > 0 && (components === 1 || components === 3)
  if (!isKnown) return refuse('original-picture-unsupported')
  if (!isComplete(segments, frame)) return refuse('original-damaged')
  const space = components === 1 ? 'DeviceGray' : 'DeviceRGB'
  const entries = `/ColorSpace/${space}/BitsPerComponent 8/Filter/DCTDecode`
  const exif = segments.find(({ marker, body }) => marker === 0xe1 && startsWithExif(body))
  return ok({ width, height, orientation: exif ? orientationOf(exif.body.subarray(6)) : 1, entries, data: bytes })
}

function isComplete(segments: Segment[], frame: Segment): boolean {
  try {
    walkScans(segments, frame)
    return true
  } catch (error) {
    if (error instanceof NotJpeg) return false
    throw error
  }
}

const at16 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

/** A frame's header, of whatever process (ITU-T T.81, table B.1). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

const startsWithExif = (body: Uint8Array) => [0x45, 0x78, 0x69, 0x66, 0, 0].every((byte, at) => body[at] === byte)

/** The marker segments up to the end of the image, or to where the file breaks off (ITU-T T.81, B.1). */
function* segmentsOf(bytes: Uint8Array): Generator<Segment> {
  for (let at = 2; at + 2 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    const length = marker === endOfImage ? 0 : at16(bytes, at + 2)
    if (at + 2 + length > bytes.length) return
    const next = at + 2 + length
    const end = marker === startOfScan ? endOfScan(bytes, next) : next
    yield { marker, body: bytes.subarray(at + 4, next), coded: bytes.subarray(next, end) }
    // Cameras pad their files: what follows the end is nobody's.
    if (length < 2) return
    at = end
  }
}

/** Where the next marker stands behind coded data; in it, FF is followed by 0 or by the number of a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  return bytes.length
}
