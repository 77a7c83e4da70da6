import { concat } from './bytes.ts'

/** The bytes are not the DER (ITU-T X.690) that was expected. */
export class NotDer extends Error {}

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** The tag of `[number]` in a schema: constructed when explicit or a structure, primitive when an implicit string. */
export const context = (number: number, form: 'constructed' | 'primitive' = 'constructed') =>
  (form === 'constructed' ? 0xa0 : 0x80) | number

// ---- writing

/** Tag, length and contents; up to 16 MB. */
export function tlv(tagByte: number, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  let header: number[]
  if (length < 0x80) header = [length]
  else if (length < 0x100) header = [0x81, length]
  else if (length < 0x10000) header = [0x82, length >> 8, length & 0xff]
  else header = [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]
  return concat(Uint8Array.of(tagByte, ...header), ...parts)
}

export const sequence = (...parts: Uint8Array[]) => tlv(tag.sequence, ...parts)
export const octetString = (bytes: Uint8Array) => tlv(tag.octetString, bytes)
export const explicit = (number: number, ...parts: Uint8Array[]) => tlv(context(number), ...parts)

/** SET OF: the elements in ascending order of their encodings (X.690, 11.6). */
export const setOf = (...parts: Uint8Array[]) => tlv(tag.set, ...inSetOrder(parts))

export const inSetOrder = (parts: Uint8Array[]): Uint8Array[] => parts.toSorted(byBytes)

function byBytes(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length && at < b.length; at++) if (a[at] !== b[at]) return (a[at] ?? 0) - (b[at] ?? 0)
  return a.length - b.length
}

/** An INTEGER from its unsigned big-endian bytes. */
export function unsigned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first === -1 ? Uint8Array.of(0) : bytes.subarray(first)
  return tlv(tag.integer, (digits[0] ?? 0) & 0x80 ? Uint8Array.of(0) : new Uint8Array(), digits)
}

const identifiers = new Map<string, Uint8Array<ArrayBuffer>>()

/** Of identifiers that the program names: each is encoded once. */
export function objectIdentifier(dotted: string): Uint8Array<ArrayBuffer> {
  const encoded = identifiers.get(dotted) ?? encodeIdentifier(dotted)
  identifiers.set(dotted, encoded)
  return encoded
}

function encodeIdentifier(dotted: string): Uint8Array<ArrayBuffer> {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const septets = [arc & 0x7f]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left & 0x7f) | 0x80)
    return septets
  })
  return tlv(tag.objectIdentifier, Uint8Array.from(bytes))
}

// ---- reading

/** One value: `raw` is all of it, `body` its contents. Both are views into the bytes that were read. */
export type Der = { tag: number; raw: Uint8Array; body: Uint8Array }

/** Reads one value that starts at `at`; lengths must be definite and minimal, as DER demands. */
export function readAt(bytes: Uint8Array, at = 0): Der {
  const tagByte = bytes[at]
  const first = bytes[at + 1]
  if (tagByte === undefined || first === undefined) throw new NotDer('ends too early')
  if ((tagByte & 0x1f) === 0x1f) throw new NotDer('long tag')
  let length = first
  let start = at + 2
  if (first & 0x80) {
    const size = first & 0x7f
    if (size === 0 || size > 4) throw new NotDer('indefinite or oversized length')
    length = 0
    for (let index = 0; index < size; index++) length = length * 256 + (bytes[start + index] ?? 0)
    start += size
    if (length < (size === 1 ? 0x80 : 256 ** (size - 1))) throw new NotDer('length is not minimal')
  }
  if (start + length > bytes.length) throw new NotDer('ends too early')
  return { tag: tagByte, raw: bytes.subarray(at, start + length), body: bytes.subarray(start, start + length) }
}

/** Reads a value that fills all the bytes. */
export function read(bytes: Uint8Array, expected?: number): Der {
  const value = readAt(bytes)
  if (value.raw.length !== bytes.length) throw new NotDer('bytes after the value')
  return expect(value, expected)
}

export function expect(value: Der | undefined, expected?: number): Der {
  if (!value) throw new NotDer('a value is missing')
  if (expected !== undefined && value.tag !== expected) throw new NotDer(`tag ${value.tag} instead of ${expected}`)
  return value
}

// Lists that may be long, as of revoked certificates, are walked through and not taken apart.
const mostChildren = 1024

/** The values inside a constructed one. */
export function childrenOf(value: Der): Der[] {
  const children: Der[] = []
  for (let at = 0; at < value.body.length;) {
    const child = readAt(value.body, at)
    if (children.push(child) > mostChildren) throw new NotDer('too many values')
    at += child.raw.length
  }
  return children
}

/** Walks the members of a SEQUENCE or SET in their order; optional ones are taken only if their tag is next. */
export class Members {
  readonly #members: Der[]
  #next = 0
  constructor(value: Der) {
    this.#members = childrenOf(value)
  }
  take(expected?: number): Der {
    return expect(this.#members[this.#next++], expected)
  }
  takeIf(expected: number): Der | undefined {
    return this.#members[this.#next]?.tag === expected ? this.#members[this.#next++] : undefined
  }
  /** All that is left. */
  rest(): Der[] {
    const rest = this.#members.slice(this.#next)
    this.#next = this.#members.length
    return rest
  }
  end(): void {
    if (this.#next < this.#members.length) throw new NotDer('an unknown member')
  }
}

export const members = (value: Der | undefined, expected: number = tag.sequence) => new Members(expect(value, expected))

export function oidOf(value: Der | undefined): string {
  const { body } = expect(value, tag.objectIdentifier)
  const arcs: number[] = []
  let arc = 0
  for (const byte of body) {
    arc = arc * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    arcs.push(arc)
    arc = 0
  }
  const first = arcs.shift() ?? 0
  const root = Math.min(2, Math.floor(first / 40))
  return [root, first - root * 40, ...arcs].join('.')
}

/** A small INTEGER: versions, path lengths, salt lengths. */
export function smallNumber(value: Der | undefined): number {
  const { body } = expect(value)
  if (body.length === 0 || body.length > 4) throw new NotDer('not a small number')
  return body.reduce((sum, byte) => sum * 256 + byte, 0)
}

/** UTCTime or GeneralizedTime as RFC 5280, 4.1.2.5 allows them: in Z; fractions only in time stamps (RFC 3161). */
export function timeOf(value: Der): Date {
  const text = String.fromCharCode(...value.body)
  const parts = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.\d{1,9})?Z$/.exec(text)
  if (!parts) throw new NotDer('not a time')
  const [, year = '', month, day, hour, minute, second, fraction = ''] = parts
  if ((value.tag === tag.utcTime) !== (year.length === 2)) throw new NotDer('not a time')
  const century = year.length === 4 ? '' : Number(year) < 50 ? '20' : '19'
  const at = new Date(`${century}${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`)
  if (Number.isNaN(at.getTime())) throw new NotDer('not a time')
  return at
}

/** The contents of a BIT STRING that has no unused bits: signatures, keys. */
export function wholeBits(value: Der | undefined): Uint8Array {
  const { body } = expect(value, tag.bitString)
  if (body[0] !== 0) throw new NotDer('unused bits')
  return body.subarray(1)
}
