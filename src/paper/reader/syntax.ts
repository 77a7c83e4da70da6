/** The bytes are not the PDF syntax that was expected, or more of it than anyone needs. */
export class NotPdf extends Error {}

/** A PDF object (ISO 32000-1, 7.3). Dictionaries are maps; a missing key and null mean the same. */
export type Value = null | boolean | number | Name | Text | Reference | Value[] | Dictionary | Stream
export type Dictionary = Map<string, Value>

export class Name {
  readonly value: string
  constructor(value: string) {
    this.value = value
  }
}

/** A string, and where it was written: from its opening to behind its closing bracket. */
export class Text {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes
    this.start = start
    this.end = end
  }
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

const deepest = 64
// By tables: a large file has every byte looked at (ISO 32000-1, 7.2.2).
const spaces = Uint8Array.from({ length: 256 }, (_, byte) => Number('\0\t\n\f\r '.includes(String.fromCharCode(byte))))
const regulars = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(!'\0\t\n\f\r ()<>[]{}/%'.includes(String.fromCharCode(byte))),
)
const isSpace = (byte: number | undefined) => byte !== undefined && spaces[byte] === 1
const isRegular = (byte: number | undefined) => byte !== undefined && regulars[byte] === 1
const code = (letter: string) => letter.charCodeAt(0)
const [open, close, openAngle, closeAngle, openSquare, closeSquare, slash, percent, backslash] = Array.from(
  '()<>[]/%\\',
  code,
)

/**
 * Reads objects from bytes, strictly and in one pass: whatever stands where no object can begin is an error, so every
 * step moves on and nothing is guessed.
 */
export class Syntax {
  readonly bytes: Uint8Array
  at: number
  readonly #references: Set<number> | undefined
  /** `references` gets the number of every object that is referred to. */
  constructor(bytes: Uint8Array, at = 0, references?: Set<number>) {
    this.bytes = bytes
    this.at = at
    this.#references = references
  }

  skipSpace(): void {
    for (;;) {
      const byte = this.bytes[this.at]
      if (byte === percent) while (this.at < this.bytes.length && !this.#endsLine()) this.at++
      else if (isSpace(byte)) this.at++
      else return
    }
  }

  #endsLine = () => this.bytes[this.at] === 0x0a || this.bytes[this.at] === 0x0d

  /** Takes a keyword if it comes next. */
  takeWord(word: string): boolean {
    this.skipSpace()
    for (let index = 0; index < word.length; index++) {
      if (this.bytes[this.at + index] !== word.charCodeAt(index)) return false
    }
    if (isRegular(this.bytes[this.at + word.length])) return false
    this.at += word.length
    return true
  }

  expectWord(word: string): void {
    if (!this.takeWord(word)) throw new NotPdf(`no ${word} at ${this.at}`)
  }

  /** Takes a comment that is a whole line and says exactly this. */
  expectLine(line: string): void {
    while (isSpace(this.bytes[this.at])) this.at++
    const end = this.at + line.length
    const said = String.fromCharCode(...this.bytes.subarray(this.at, end))
    if (said !== line || isRegular(this.bytes[end])) throw new NotPdf(`no ${line} at ${this.at}`)
    this.at = end
  }

  /** A whole number without sign. */
  wholeNumber(): number {
    const value = this.#takeWholeNumber()
    if (value === null) throw new NotPdf(`no number at ${this.at}`)
    return value
  }

  #takeWholeNumber(): number | null {
    this.skipSpace()
    const start = this.at
    let value = 0
    for (;;) {
      const byte = this.bytes[this.at]
      if (byte === undefined || byte < 0x30 || byte > 0x39) break
      value = value * 10 + byte - 0x30
      this.at++
    }
    const length = this.at - start
    if (length > 0 && length <= 10 && !isRegular(this.bytes[this.at])) return value
    this.at = start
    return null
  }

  #regularWord(): string {
    const start = this.at
    while (isRegular(this.bytes[this.at])) this.at++
    if (this.at - start > 256) throw new NotPdf('a word too long')
    if (this.at - start === 1) return String.fromCharCode(this.bytes[start] ?? 0)
    return String.fromCharCode(...this.bytes.subarray(start, this.at))
  }

  /** One object; a reference where two numbers and an R stand. */
  value(depth = 0): Value {
    if (depth > deepest) throw new NotPdf('nested too deep')
    this.skipSpace()
    const byte = this.bytes[this.at]
    if (byte === slash) return this.#name()
    if (byte === open) return this.#literalString()
    if (byte === openSquare) return this.#array(depth)
    if (byte === openAngle) return this.bytes[this.at + 1] === openAngle ? this.#dictionary(depth) : this.#hexString()
    return this.#referenceOrWord()
  }

  #referenceOrWord(): Value {
    const start = this.at
    const object = this.#takeWholeNumber()
    if (object !== null) {
      const behind = this.at
      const generation = this.#takeWholeNumber()
      if (generation !== null && this.takeWord('R')) {
        this.#references?.add(object)
        return new Reference(object, generation)
      }
      this.at = behind
      return object
    }
    this.at = start
    const word = this.#regularWord()
    if (word === 'null') return null
    if (word === 'true' || word === 'false') return word === 'true'
    if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) return Number(word)
    throw new NotPdf(`no object at ${start}`)
  }

  #name(): Name {
    this.at++
    const word = this.#regularWord()
    if (!word.includes('#')) return new Name(word)
    return new Name(word.replaceAll(/#([0-9A-Fa-f]{2})/g, (_, pair: string) => String.fromCharCode(parseInt(pair, 16))))
  }

  #array(depth: number): Value[] {
    this.at++
    const items: Value[] = []
    for (;;) {
      this.skipSpace()
      if (this.bytes[this.at] === closeSquare) break
      items.push(this.value(depth + 1))
    }
    this.at++
    return items
  }

  #dictionary(depth: number): Dictionary {
    this.at += 2
    const entries: Dictionary = new Map()
    for (;;) {
      this.skipSpace()
      if (this.bytes[this.at] === closeAngle && this.bytes[this.at + 1] === closeAngle) break
      if (this.bytes[this.at] !== slash) throw new NotPdf(`no key at ${this.at}`)
      const key = this.#name().value
      if (entries.has(key)) throw new NotPdf(`${key} twice`)
      entries.set(key, this.value(depth + 1))
    }
    this.at += 2
    return entries
  }

  #hexString(): Text {
    const start = this.at
    const end = this.bytes.indexOf(closeAngle ?? 0, start)
    if (end === -1) throw new NotPdf('a string without end')
    const bytes = new Uint8Array(Math.ceil((end - start) / 2))
    let count = 0
    for (this.at++; this.at < end; this.at++) {
      const byte = this.bytes[this.at] ?? 0
      if (isSpace(byte)) continue
      const half = count >> 1
      bytes[half] = (bytes[half] ?? 0) | (digitOf(byte) << (count % 2 ? 0 : 4))
      count++
    }
    this.at++
    return new Text(bytes.subarray(0, (count + 1) >> 1), start, this.at)
  }

  /** Of escapes only the backslash is taken away: names of fields need no more, and signatures are written in hex. */
  #literalString(): Text {
    const start = this.at++
    for (let depth = 1; depth > 0; this.at++) {
      const byte = this.bytes[this.at]
      if (byte === undefined) throw new NotPdf('a string without end')
      if (byte === open) depth++
      else if (byte === close) depth--
      else if (byte === backslash) this.at++
    }
    const written = this.bytes.subarray(start + 1, this.at - 1)
    const bytes = written.filter((byte, index) => byte !== backslash || written[index - 1] === backslash)
    return new Text(bytes, start, this.at)
  }

  /** `12 0 obj … endobj`; answers the object, and where its stream data begins if it has one. */
  indirectObject(expected: number): Value {
    if (this.wholeNumber() !== expected) throw new NotPdf(`not object ${expected} at ${this.at}`)
    this.wholeNumber()
    this.expectWord('obj')
    const value = this.value()
    if (!(value instanceof Map)) return value
    this.skipSpace()
    const word = Array.from('stream', code)
    if (!word.every((letter, index) => this.bytes[this.at + index] === letter)) return value
    this.at += word.length
    if (this.bytes[this.at] === 0x0d) this.at++
    if (this.bytes[this.at] === 0x0a) this.at++
    return new Stream(value, this.at)
  }
}

/** The value of each byte as a hex digit; 255 for what is none. */
const digits = new Uint8Array(256).fill(255)
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16)
  digits[digit.charCodeAt(0)] = digits[digit.toUpperCase().charCodeAt(0)] = value
}

function digitOf(byte: number): number {
  const digit = digits[byte] ?? 255
  if (digit === 255) throw new NotPdf('no hex digit')
  return digit
}
