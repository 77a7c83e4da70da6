/** The coded data of a picture is not what its headers promise. */
export class NotJpeg extends Error {}

/** Sixteen bits to the length of the code that they begin with, times 256, and its symbol; 0 where none begins so. */
export type Codes = Uint16Array

/** A table of a DHT segment (ITU-T T.81, C.2): how many codes there are of each length, and their symbols. @throws NotJpeg */
export function codesOf(counts: Uint8Array, symbols: Uint8Array): Codes {
  const codes = new Uint16Array(65_536)
  let [at, next] = [0, 0]
  for (const [index, count] of counts.entries()) {
    for (let one = 0; one < count; one++, at++) {
      const end = next + (1 << (15 - index))
      if (end > codes.length) throw new NotJpeg('too many codes')
      codes.fill(((index + 1) << 8) | (symbols[at] ?? 0), next, end)
      next = end
    }
  }
  return codes
}

/** Reads the coded data of one scan bit by bit (F.2.2.5), without the zeros that are stuffed behind FF. */
export class Bits {
  readonly #data: Uint8Array
  #at = 0
  #held = 0
  #count = 0
  /** Ones that stand behind the end, to be looked at but never used. */
  #padding = 0

  constructor(data: Uint8Array) {
    this.#data = data
  }

  #fill(): void {
    for (; this.#count < 16; this.#count += 8) {
      const byte = this.#data[this.#at] ?? 0xff
      if (byte !== 0xff) this.#at++
      else if (this.#data[this.#at + 1] === 0) this.#at += 2
      else this.#padding += 8
      this.#held = ((this.#held << 8) | byte) & 0xffffff
    }
  }

  /** The next bits, at most 16. @throws NotJpeg where there are fewer */
  take(count: number): number {
    if (this.#count < 16) this.#fill()
    this.#count -= count
    if (this.#count < this.#padding) throw new NotJpeg('the data breaks off')
    return (this.#held >> this.#count) & ((1 << count) - 1)
  }

  /** The next symbol. @throws NotJpeg */
  symbol(codes: Codes): number {
    if (this.#count < 16) this.#fill()
    const found = codes[(this.#held >> (this.#count - 16)) & 0xffff] ?? 0
    if (found === 0) throw new NotJpeg('no code')
    this.#count -= found >> 8
    if (this.#count < this.#padding) throw new NotJpeg('the data breaks off')
    return found & 255
  }

  /** Goes on behind the restart of this number, which must be next. @throws NotJpeg */
  restart(number: number): void {
    this.#skipFill()
    if (this.#count - this.#padding >= 8 || this.#data[this.#at + 1] !== 0xd0 + (number & 7))
      throw new NotJpeg('no restart')
    this.#at += 2
    ;[this.#held, this.#count, this.#padding] = [0, 0, 0]
  }

  /** How many whole bytes are left. */
  left(): number {
    this.#skipFill()
    return this.#data.length - this.#at + ((this.#count - this.#padding) >> 3)
  }

  /** Any marker may have more than one FF (B.1.1.2). */
  #skipFill(): void {
    while (this.#data[this.#at] === 0xff && [0xff, undefined].includes(this.#data[this.#at + 1])) this.#at++
  }
}
