/** A picture that becomes a page: its size in pixels as it is stored, how it is to be held, and its image XObject in the syntax of PDF. */
export type Picture = {
  width: number
  height: number
  orientation: Orientation
  entries: string
  data: Uint8Array
}

/** Which edges of the picture as stored are its top and its left (Exif 2.32, 4.6.4 A); 1 is as it is. */
type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** From the picture as stored to the picture as held, both in a square from 0 to 1 (ISO 32000-1, 8.3.3). */
export const upright: Record<Orientation, readonly [number, number, number, number, number, number]> = {
  1: [1, 0, 0, 1, 0, 0],
  2: [-1, 0, 0, 1, 1, 0],
  3: [-1, 0, 0, -1, 1, 1],
  4: [1, 0, 0, -1, 0, 1],
  5: [0, -1, -1, 0, 1, 1],
  6: [0, -1, 1, 0, 0, 1],
  7: [0, 1, 1, 0, 0, 0],
  8: [0, 1, -1, 0, 1, 0],
}

/** The orientation entry of the first directory of a TIFF structure, as JPEG and PNG carry it; 1 where there is none. */
export function orientationOf(tiff: Uint8Array): Orientation {
  if (tiff.length < 14) return 1
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const little = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, little)
  if (directory + 2 > tiff.length) return 1
  const entries = view.getUint16(directory, little)
  for (let index = 0; index < entries; index++) {
    const entry = directory + 2 + index * 12
    if (entry + 12 > tiff.length) return 1
    if (view.getUint16(entry, little) !== 0x0112) continue
    const value = view.getUint16(entry + 8, little)
    return isOrientation(value) ? value : 1
  }
  return 1
}

const isOrientation = (value: number): value is Orientation => value in upright
