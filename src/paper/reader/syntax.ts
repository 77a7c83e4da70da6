import {
  closeAngle,
  digitOf,
  isSpace,
  Name,
  NotPdf,
  openAngle,
  Reference,
  Stream,
  Text,
  type Dictionary,
  type Value,
} from './values.ts'

const deepest = 64
// Of what one object holds each value counts, arrays and dictionaries four times: so many take 20 MB.
const mostValues = 300_000
const mostReferences = 250_000
const regulars = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(!'\0\t\n\f\r ()<>[]{}/%'.includes(String.fromCharCode(byte))),
)
const isRegular = (byte: number | undefined) => byte !== undefined && regulars[byte] === 1
const code = (letter: string) => letter.charCodeAt(0)
const [open, close, openSquare, closeSquare, slash, percent, backslash] = Array.from('()[]/%\\', code)

/**
 * Reads objects from bytes, strictly and in one pass: whatever stands where no object can begin is an error, so every
 * step moves on and nothing is guessed.
 */
export class Syntax {
  readonly bytes: Uint8Array
  at: number
  /** How many values the object at hand had; arrays and dictionaries count four times. */
  values = 0
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
    if (++this.values > mostValues) throw new NotPdf('too many values')
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
        if (this.#references && this.#references.size > mostReferences) throw new NotPdf('too many references')
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
    this.values += 3
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
    this.values += 3
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
    for (this.at++; this.bytes[this.at] !== closeAngle; this.at++) {
      const byte = this.bytes[this.at]
      if (byte === undefined) throw new NotPdf('a string without end')
      if (!isSpace(byte)) digitOf(byte)
    }
    this.at++
    return new Text(this.bytes, start, this.at)
  }

  #literalString(): Text {
    const start = this.at++
    for (let depth = 1; depth > 0; this.at++) {
      const byte = this.bytes[this.at]
      if (byte === undefined) throw new NotPdf('a string without end')
      if (byte === open) depth++
      else if (byte === close) depth--
      else if (byte === backslash) this.at++
    }
    return new Text(this.bytes, start, this.at)
  }

  /** `12 0 obj … endobj`; answers the object, and where its stream data begins if it has one. */
  indirectObject(expected: number): Value {
    if (this.wholeNumber() !== expected) throw new NotPdf(`not object ${expected} at ${this.at}`)
    return this.#objectBody()
  }

  /** The same, whatever its number is. */
  anyObject(): Value {
    this.wholeNumber()
    return this.#objectBody()
  }

  #objectBody(): Value {
    this.values = 0
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
