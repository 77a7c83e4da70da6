import { concat, latin1 } from './bytes.ts'

/** What the profile calls itself, and the output condition by which PDF readers know it. */
export const srgbName = 'sRGB IEC61966-2.1'

const int16 = (value: number) => Uint8Array.of((value >> 8) & 255, value & 255)
const int32 = (value: number) => concat(int16(value >>> 16), int16(value))
/** A signed number with 16 binary places. */
const fixed = (value: number) => int32(Math.round(value * 65536))
const padded = (bytes: Uint8Array) => concat(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4))

// ICC.1:2001-04 (version 2), clause 6.5: the types of which the tags below are.
const typed = (type: string, ...parts: Uint8Array[]) => padded(concat(latin1(type), int32(0), ...parts))
const text = (words: string) => typed('text', latin1(`${words}\0`))
const xyz = (x: number, y: number, z: number) => typed('XYZ ', fixed(x), fixed(y), fixed(z))
const description = (words: string) =>
  typed('desc', int32(words.length + 1), latin1(`${words}\0`), new Uint8Array(4 + 4 + 2 + 1 + 67))

/** The linear light of a colour value from 0 to 1 (IEC 61966-2-1, 5.2). */
const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

/** One entry for each value of eight bits, which pictures and drawings have: between them nothing is asked. */
const curve = () => {
  const points = Array.from({ length: 256 }, (_, value) => int16(Math.round(linear(value / 255) * 65535)))
  return typed('curv', int32(points.length), ...points)
}

/** The white of the profile connection space, D50. */
const white = [0.9642, 1, 0.8249] as const

/** sRGB as a display profile (ICC.1:2001-04, 6.3.1): the primaries as seen under D50, and one curve for all three. */
function makeProfile(): Uint8Array<ArrayBuffer> {
  const shared = curve()
  const tags: [signature: string, data: Uint8Array][] = [
    ['desc', description(srgbName)],
    ['cprt', text('No copyright, use freely')],
    ['wtpt', xyz(...white)],
    ['rXYZ', xyz(0.43607, 0.22249, 0.01392)],
    ['gXYZ', xyz(0.38515, 0.71687, 0.09708)],
    ['bXYZ', xyz(0.14307, 0.06061, 0.7141)],
    ['rTRC', shared],
    ['gTRC', shared],
    ['bTRC', shared],
  ]
  const places = new Map<Uint8Array, number>()
  let end = 128 + 4 + tags.length * 12
  for (const [, data] of tags) {
    if (places.has(data)) continue
    places.set(data, end)
    end += data.length
  }
  const table = tags.map(([signature, data]) =>
    concat(latin1(signature), int32(places.get(data) ?? 0), int32(data.length)),
  )
  return concat(header(end), int32(tags.length), ...table, ...places.keys())
}

/** Clause 6.1: version 2.1, a display, RGB by way of XYZ, made on the day of the standard. */
function header(size: number): Uint8Array {
  const made = [1999, 10, 18, 0, 0, 0].map(int16)
  const kind = latin1('mntrRGB XYZ ')
  const head = concat(int32(size), int32(0), int32(0x02100000), kind, ...made, latin1('acsp'))
  const unsaid = 68 - head.length
  const whole = concat(head, new Uint8Array(unsaid), ...white.map(fixed))
  return concat(whole, new Uint8Array(128 - whole.length))
}

let made: Uint8Array<ArrayBuffer> | undefined
/** 988 bytes, the same for every file. */
export const srgbProfile = () => (made ??= makeProfile())
