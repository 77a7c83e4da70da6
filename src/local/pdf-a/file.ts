// A PDF as `pdf-lib` reads it, a program that has no part in writing ours, with each object as plain data.
import {
  decodePDFRawStream,
  PDFArray,
  PDFBool,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFRawStream,
  PDFRef,
  PDFString,
} from 'pdf-lib'

/** A name is its text with the slash before it; whoever wants to know of a string whether it was hex asks `Text`. */
export type Value = null | boolean | number | `/${string}` | Text | PDFRef | Value[] | Dict | Stream

export class Text {
  /** Characters of PDFDocEncoding or UTF-16, decoded; the digits where it was written as hex. */
  readonly text: string
  readonly hex: string | null
  readonly length: number
  constructor(text: string, hex: string | null, length: number) {
    this.text = text
    this.hex = hex
    this.length = length
  }
}

export type Dict = Map<string, Value>

export class Stream {
  readonly dict: Dict
  /** As it lies in the file, and as it reads with its filters undone. */
  readonly raw: Uint8Array
  readonly data: () => Uint8Array
  constructor(dict: Dict, raw: Uint8Array, data: () => Uint8Array) {
    this.dict = dict
    this.raw = raw
    this.data = data
  }
}

export type ReadFile = {
  bytes: Uint8Array
  /** One character a byte, so that places in it are places in the file. */
  text: string
  trailer: Dict
  catalog: Dict
  /** Every object that the file holds in its last state. */
  objects: Value[]
  /** Where each object of each revision begins, from the cross-reference tables. */
  places: number[]
  at: (value: Value | undefined) => Value
  dict: (value: Value | undefined) => Dict
  list: (value: Value | undefined) => Value[]
}

export async function readFile(bytes: Uint8Array): Promise<ReadFile> {
  const pdf = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true })
  const text = Buffer.from(bytes).toString('latin1')
  const { context } = pdf
  const at = (value: Value | undefined): Value => {
    const found = value instanceof PDFRef ? context.lookup(value) : undefined
    return value instanceof PDFRef ? (found ? plain(found) : null) : (value ?? null)
  }
  const dict = (value: Value | undefined): Dict => {
    const found = at(value)
    return found instanceof Map ? found : found instanceof Stream ? found.dict : new Map()
  }
  const list = (value: Value | undefined): Value[] => {
    const found = at(value)
    return Array.isArray(found) ? found : []
  }
  const { Root, Info, ID, Encrypt } = context.trailerInfo
  const entries = Object.entries({ Root, Info, ID, Encrypt }).flatMap(([key, value]): [string, Value][] =>
    value ? [[key, plain(value)]] : [],
  )
  const trailer: Dict = new Map(entries)
  const objects = context.enumerateIndirectObjects().map(([, object]) => plain(object))
  return { bytes, text, trailer, catalog: dict(trailer.get('Root')), objects, places: placesIn(text), at, dict, list }
}

function plain(object: PDFObject): Value {
  if (object instanceof PDFBool) return object.asBoolean()
  if (object instanceof PDFNumber) return object.asNumber()
  if (object instanceof PDFName) return `/${nameOf(object)}`
  if (object instanceof PDFString) return new Text(object.decodeText(), null, object.asBytes().length)
  if (object instanceof PDFHexString) {
    return new Text(object.decodeText(), object.asString(), object.asBytes().length)
  }
  if (object instanceof PDFRef) return object
  if (object instanceof PDFArray) return object.asArray().map(plain)
  if (object instanceof PDFDict) return plainDict(object)
  if (object instanceof PDFRawStream) {
    return new Stream(plainDict(object.dict), object.contents, () => decodePDFRawStream(object).decode())
  }
  return null
}

const nameOf = (name: PDFName) => Buffer.from(name.asBytes()).toString('utf8')
const plainDict = (dict: PDFDict): Dict => new Map(dict.entries().map(([key, value]) => [nameOf(key), plain(value)]))

/** Follows the cross-reference tables from the end of the file to its beginning; other kinds hold no places here. */
function placesIn(text: string): number[] {
  const places: number[] = []
  let next = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1] ?? -1)
  for (const seen = new Set<number>(); next >= 0 && !seen.has(next);) {
    seen.add(next)
    const end = text.indexOf('startxref', next)
    const section = text.slice(next, end)
    for (const [, place = ''] of section.matchAll(/^(\d{10}) \d{5} n/gm)) places.push(Number(place))
    next = Number(/\/Prev (\d+)/.exec(section.slice(section.indexOf('trailer')))?.[1] ?? -1)
  }
  return places
}

/** A value in words, for comparing names and for telling of a fault. */
export function said(value: Value | undefined): string {
  if (value instanceof Text) return value.text
  if (value instanceof PDFRef) return value.toString()
  return typeof value === 'object' && value !== null ? '…' : String(value)
}

/** Every value of a file, those inside of others as well. */
export function* everyValue(values: Iterable<Value>): Generator<Value> {
  for (const value of values) {
    yield value
    if (Array.isArray(value)) yield* everyValue(value)
    else if (value instanceof Map) yield* everyValue(value.values())
    else if (value instanceof Stream) yield* everyValue(value.dict.values())
  }
}

/** Every dictionary of a file, those of streams as well. */
export function* everyDict(file: ReadFile): Generator<Dict> {
  for (const value of everyValue(file.objects)) {
    if (value instanceof Map) yield value
    else if (value instanceof Stream) yield value.dict
  }
}
