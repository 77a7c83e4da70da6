type Size = { width: number; height: number }

const at16 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
const at32 = (bytes: Uint8Array, at: number) => at16(bytes, at) * 65536 + at16(bytes, at + 2)

/** The size in the header of a PNG that ends properly (W3C PNG, 5); null if it is damaged. */
export function pngSize(bytes: Uint8Array): Size | null {
  const iend = 0x49454e44
  if (bytes.length < 45 || at32(bytes, 12) !== 0x49484452 || at32(bytes, bytes.length - 8) !== iend) return null
  const size = { width: at32(bytes, 16), height: at32(bytes, 20) }
  return size.width > 0 && size.height > 0 ? size : null
}

/** The segments before the picture itself: marker and contents (ITU-T T.81, B.1). */
function* segments(bytes: Uint8Array): Generator<{ marker: number; body: Uint8Array }> {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0
    const length = at16(bytes, at + 2)
    if (length < 2 || marker === 0xda) return
    yield { marker, body: bytes.subarray(at + 4, at + 2 + length) }
    at += 2 + length
  }
}

/** The size in the frame header of a JPEG in grey or colour that ends properly; null if it is damaged. */
export function jpegSize(bytes: Uint8Array): Size | null {
  const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
  for (const { marker, body } of segments(bytes)) {
    if (!isFrame(marker)) continue
    const size = { width: at16(body, 3), height: at16(body, 1) }
    return size.width > 0 && size.height > 0 && endsProperly(bytes) ? size : null
  }
  return null
}

/** Cameras pad their files, so the end-of-image marker may be followed by other bytes. */
function endsProperly(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at > 2; at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true
  }
  return false
}

/** How far clockwise the picture must be turned to stand upright, from the Exif orientation; mirrored ones count as 0. */
export function jpegOrientation(bytes: Uint8Array): 0 | 90 | 180 | 270 {
  for (const { marker, body } of segments(bytes)) {
    const isExif = marker === 0xe1 && at32(body, 0) === 0x45786966
    if (!isExif) continue
    const turns = { 3: 180, 6: 90, 8: 270 } as const
    const value = exifOrientation(body.subarray(6))
    return value === 3 || value === 6 || value === 8 ? turns[value] : 0
  }
  return 0
}

/** The orientation entry of the first directory of a TIFF structure (Exif 2.32, 4.6.4 A). */
function exifOrientation(tiff: Uint8Array): number {
  if (tiff.length < 14) return 1
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const little = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, little)
  if (directory + 2 > tiff.length) return 1
  const entries = view.getUint16(directory, little)
  for (let index = 0; index < entries; index++) {
    const entry = directory + 2 + index * 12
    if (entry + 12 > tiff.length) return 1
    if (view.getUint16(entry, little) === 0x0112) return view.getUint16(entry + 8, little)
  }
  return 1
}
