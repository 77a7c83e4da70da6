/** The bytes are not the PDF syntax that was expected, or more of it than anyone needs. */
export class NotPdf extends Error {}

/** A PDF object (ISO 32000-1, 7.3). Dictionaries are maps; a missing key and null mean the same. */
export type Value = null | boolean | number | Name | Text | Reference | Value[] | Dictionary | Stream
export type Dictionary = Map<string, Value>

// By a table: a large file has every byte looked at (ISO 32000-1, 7.2.2).
const spaces = Uint8Array.from({ length: 256 }, (_, byte) => Number('\0\t\n\f\r '.includes(String.fromCharCode(byte))))
export const isSpace = (byte: number | undefined) => byte !== undefined && spaces[byte] === 1
export const [openAngle, closeAngle] = [0x3c, 0x3e]
const backslash = 0x5c

export class Name {
  readonly value: string
  constructor(value: string) {
    this.value = value
  }
}

/** A string, and where it was written: from its opening to behind its closing bracket. */
export class Text {
  readonly start: number
  readonly end: number
  readonly #source: Uint8Array
  constructor(source: Uint8Array, start: number, end: number) {
    this.#source = source
    this.start = start
    this.end = end
  }

  /** As it stands in the file, brackets and escapes included. */
  get written(): Uint8Array {
    return this.#source.subarray(this.start, this.end)
  }

  /** Of escapes only the backslash is taken away: names of fields need no more, and signatures are written in hex. */
  get bytes(): Uint8Array {
    const written = this.#source.subarray(this.start + 1, this.end - 1)
    if (this.#source[this.start] === openAngle) return fromHex(written)
    return written.filter((byte, index) => byte !== backslash || written[index - 1] === backslash)
  }
}

function fromHex(written: Uint8Array): Uint8Array {
  const bytes = new Uint8Array((written.length + 1) >> 1)
  let count = 0
  for (const byte of written) {
    if (isSpace(byte)) continue
    const half = count >> 1
    bytes[half] = (bytes[half] ?? 0) | (digitOf(byte) << (count % 2 ? 0 : 4))
    count++
  }
  return bytes.subarray(0, (count + 1) >> 1)
}

export class Reference {
  readonly object: number
  readonly generation: number
  constructor(object: number, generation: number) {
    this.object = object
    this.generation = generation
  }
}

/** The dictionary and where the data begins; its end is told by /Length, which may stand elsewhere. */
export class Stream {
  readonly dictionary: Dictionary
  readonly start: number
  constructor(dictionary: Dictionary, start: number) {
    this.dictionary = dictionary
    this.start = start
  }
}

/** The value of each byte as a hex digit; 255 for what is none. */
const digits = new Uint8Array(256).fill(255)
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16)
  digits[digit.charCodeAt(0)] = digits[digit.toUpperCase().charCodeAt(0)] = value
}

export function digitOf(byte: number): number {
  const digit = digits[byte] ?? 255
  if (digit === 255) throw new NotPdf('no hex digit')
  return digit
}
