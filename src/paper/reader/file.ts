import { latin1Text } from '../bytes.ts'
import { Budget } from './budget.ts'
import {
  entryEffort,
  mostObjects,
  type Place,
  readTable,
  streamEntries,
  type Table,
  Tables,
} from './cross-references.ts'
import { decoded } from './filters.ts'
import { Syntax } from './syntax.ts'
import { NotPdf, Reference, Stream, type Dictionary, type Value } from './values.ts'

// What no honest file comes near to.
const mostRevisions = 512

/**
 * A PDF as far as signatures need it: its cross-references and the objects asked for. It is read strictly (a file whose
 * cross-references are broken is not guessed at) and within bounds; everything it throws for bad bytes is a NotPdf.
 */
export class PdfFile {
  readonly bytes: Uint8Array
  readonly places = new Map<number, Place>()
  /** Where each cross-reference section begins, and where the trailer of a table ends; a stream ends as objects do. */
  readonly sections = new Map<number, number | null>()
  trailer: Dictionary = new Map()
  /** Whether any section says so: strings and streams are then something else than what is written. */
  isEncrypted = false
  readonly #objects = new Map<number, Promise<Value>>()
  readonly #references = new Set<number>()
  readonly #budget: Budget
  readonly #tables: Tables
  #earlier: { end: number; file: Promise<PdfFile> } | undefined

  private constructor(bytes: Uint8Array, budget: Budget, tables: Tables) {
    this.bytes = bytes
    this.#budget = budget
    this.#tables = tables
  }

  /** The file as it was when it ended here; the last one that was asked for is kept. @throws NotPdf */
  upTo(end: number): Promise<PdfFile> {
    if (this.#earlier?.end !== end) {
      this.#earlier = { end, file: PdfFile.#open(this.bytes.subarray(0, end), this.#budget, this.#tables) }
    }
    return this.#earlier.file
  }

  static open(bytes: Uint8Array): Promise<PdfFile> {
    return PdfFile.#open(bytes, new Budget(), new Tables())
  }

  static async #open(bytes: Uint8Array, budget: Budget, tables: Tables): Promise<PdfFile> {
    const file = new PdfFile(bytes, budget, tables)
    if (!latin1Text(bytes.subarray(0, 8)).startsWith('%PDF-')) throw new NotPdf('no header')
    await file.#readCrossReferences()
    return file
  }

  /** The object that a value refers to, or the value itself; an object that does not exist is null. */
  async resolve(value: Value | undefined): Promise<Value> {
    let target = value ?? null
    for (let hops = 0; target instanceof Reference; hops++) {
      if (hops > 8) throw new NotPdf('references in a circle')
      target = await this.object(target.object)
    }
    return target
  }

  async dictionary(value: Value | undefined): Promise<Dictionary | null> {
    const target = await this.resolve(value)
    return target instanceof Map ? target : null
  }

  async array(value: Value | undefined): Promise<Value[]> {
    const target = await this.resolve(value)
    return Array.isArray(target) ? target : []
  }

  async object(number: number): Promise<Value> {
    const known = this.#objects.get(number)
    if (known) return known
    const place = this.places.get(number)
    const read = place ? this.#read(number, place, (values) => this.#budget.keep(values)) : Promise.resolve(null)
    this.#objects.set(number, read)
    return read
  }

  /** Reads every object once, and keeps none. @throws NotPdf if one of them is not sound */
  async readAll(): Promise<void> {
    for (const [number, place] of this.places) {
      if ('at' in place) this.#parse(this.bytes, place.at, (syntax) => syntax.indirectObject(number))
      else await this.#read(number, place)
    }
  }

  /** The numbers of all objects that any object refers to. @throws NotPdf */
  async references(): Promise<ReadonlySet<number>> {
    await this.readAll()
    return this.#references
  }

  async #read(number: number, place: Place, keep = (_values: number): void => undefined): Promise<Value> {
    if ('at' in place) return this.#parse(this.bytes, place.at, (syntax) => syntax.indirectObject(number), { keep })
    const container = this.places.get(place.stream)
    if (!container || !('at' in container)) throw new NotPdf('an object stream inside of another')
    const stream = await this.object(place.stream)
    if (!(stream instanceof Stream)) throw new NotPdf('no object stream')
    const header = this.#headers.get(stream) ?? this.#readHeader(stream)
    this.#headers.set(stream, header)
    const member = (await header)[place.index]
    if (member?.number !== number) throw new NotPdf(`not object ${number} in the stream`)
    return this.#parse(await this.data(stream), member.at, (syntax) => syntax.value(), { keep })
  }

  /** Whatever is read is counted, also what turns out to be nothing. */
  #parse<T>(
    bytes: Uint8Array,
    at: number,
    read: (syntax: Syntax) => T,
    { references = this.#references, keep }: { references?: Set<number>; keep?: (values: number) => void } = {},
  ): T {
    const syntax = new Syntax(bytes, at, references)
    try {
      return read(syntax)
    } finally {
      this.#budget.read(Math.min(syntax.at, bytes.length) - at, syntax.values)
      keep?.(syntax.values)
    }
  }

  readonly #headers = new Map<Stream, Promise<{ number: number; at: number }[]>>()

  /** Which objects an object stream holds, and where (ISO 32000-1, 7.5.7). */
  async #readHeader(stream: Stream): Promise<{ number: number; at: number }[]> {
    const data = await this.data(stream)
    const count = await this.#number(stream.dictionary.get('N'))
    const first = await this.#number(stream.dictionary.get('First'))
    if (count > data.length) throw new NotPdf('an object stream too short')
    this.#budget.keep(count)
    const header = new Syntax(data)
    return Array.from({ length: count }, () => ({ number: header.wholeNumber(), at: first + header.wholeNumber() }))
  }

  readonly #decoded = new Map<Stream, Promise<Uint8Array>>()

  /** The decoded data of a stream: plain or deflated; signatures need no other filter. */
  data(stream: Stream): Promise<Uint8Array> {
    const data = this.#decoded.get(stream) ?? this.#decode(stream)
    this.#decoded.set(stream, data)
    return data
  }

  async #decode({ dictionary, start }: Stream): Promise<Uint8Array> {
    const length = await this.#number(dictionary.get('Length'))
    if (start + length > this.bytes.length) throw new NotPdf('a stream beyond the end')
    const raw = this.bytes.subarray(start, start + length)
    new Syntax(this.bytes, start + length).expectWord('endstream')
    const filters = await this.resolve(dictionary.get('Filter'))
    const [parameters] = [await this.resolve(dictionary.get('DecodeParms'))].flat()
    return decoded(raw, [filters].flat(), parameters ?? null, this.#budget)
  }

  async #number(value: Value | undefined): Promise<number> {
    const number = await this.resolve(value)
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) throw new NotPdf('no number')
    return number
  }

  /** ISO 32000-1, 7.5.5: from the last section back through /Prev; what a later section says of an object holds. */
  async #readCrossReferences(): Promise<void> {
    const tail = latin1Text(this.bytes.subarray(-1024))
    const last = /startxref\s+(\d{1,10})\s+%%EOF\s*$/.exec(tail)
    if (!last) throw new NotPdf('no startxref')
    let next: Value | undefined = Number(last[1])
    while (typeof next === 'number') {
      const isLast = this.sections.size === 0
      const section: Dictionary = await this.#readSection(next)
      if (isLast) this.trailer = section
      next = section.get('Prev')
    }
    if (!this.trailer.has('Root')) throw new NotPdf('no catalog')
  }

  /** Notes that a section begins here, and where it ends. @throws NotPdf where one was read before */
  #note(at: number, end: number | null): void {
    if (this.sections.has(at) || this.sections.size >= mostRevisions) throw new NotPdf('cross-references in a circle')
    this.sections.set(at, end)
  }

  async #readSection(at: number): Promise<Dictionary> {
    const found = this.#tables.lookUp(at, this.bytes.length) ?? this.#readTable(at)
    if (!found) return this.#readStream(at)
    const { entries, trailer, references, end } = found
    this.#note(at, end)
    for (const number of references) this.#references.add(number)
    // A hybrid file keeps what only newer readers find in a stream beside its table, which calls it free (7.5.8.4).
    const beside = trailer.get('XRefStm')
    if (typeof beside === 'number') {
      for (const [number, place] of entries) if (place) this.#place(number, place)
      await this.#readStream(beside, entries)
    }
    for (const [number, place] of entries) this.#place(number, place)
    return this.#noted(trailer)
  }

  #readTable(at: number): Table | null {
    const references = new Set<number>()
    const read = (syntax: Syntax) => (syntax.takeWord('xref') ? readTable(syntax, this.#budget) : null)
    const found = this.#parse(this.bytes, at, read, { references })
    return found && this.#tables.keep(at, { ...found, references })
  }

  #noted(section: Dictionary): Dictionary {
    if (section.has('Encrypt')) this.isEncrypted = true
    return section
  }

  /** Of a stream beside a table none of the entries may tell newer readers another place than older ones. */
  async #readStream(at: number, table?: ReadonlyMap<number, Place | null>): Promise<Dictionary> {
    this.#note(at, null)
    const stream = this.#parse(this.bytes, at, (syntax) => syntax.anyObject())
    if (!(stream instanceof Stream)) throw new NotPdf('no cross-references')
    const data = await this.data(stream)
    this.#budget.read(data.length)
    for (const [object, place] of streamEntries(stream.dictionary, data)) {
      this.#budget.read(0, entryEffort)
      const inTable = table?.get(object)
      const same = !inTable || (place && 'at' in place && 'at' in inTable && place.at === inTable.at)
      if (!same) throw new NotPdf('an object in two places')
      this.#place(object, place)
    }
    return this.#noted(stream.dictionary)
  }

  readonly #free = new Set<number>()

  /** Later sections are read first; a free entry hides an older object too. */
  #place(number: number, place: Place | null): void {
    if (this.places.has(number) || this.#free.has(number)) return
    if (this.places.size + this.#free.size >= mostObjects) throw new NotPdf('too many objects')
    if (place) this.places.set(number, place)
    else this.#free.add(number)
  }
}
