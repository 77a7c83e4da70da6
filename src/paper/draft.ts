import { beginningOf, nothing, type Beginning } from './beginning.ts'
import type { PdfFile } from './reader/file.ts'
import type { PageTree } from './reader/page-tree.ts'
import type { Dictionary, Reference } from './reader/values.ts'
import { crossReferences, type FileEnd, type Place } from './revision.ts'
import { hexString, to, written, writtenDictionary } from './written.ts'

/** Text of which each character is a byte, and bytes as they are, to be written behind the bytes of `base`. */
export type Written = { base: Uint8Array; parts: readonly (string | Uint8Array)[]; end: FileEnd }

/** Not ASCII behind the first line: so that nobody takes the file for text (ISO 32000-1, 7.5.2). */
const header = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'

/**
 * A PDF that is being written: a new one, or an update at the end of another, whose bytes stay as they are (ISO 32000-1,
 * 7.5.6). New objects are given in the syntax of PDF and known by their numbers; all are of generation 0.
 */
export class Draft {
  /** Entries that the catalog gets, by key and in the syntax of PDF. */
  readonly catalog: Record<string, string> = {}
  /** The trailer's `/Info` in the syntax of PDF; empty where there is none. */
  info: string
  /** Whether someone signed what is continued. */
  readonly isSigned: boolean
  readonly #beginning: Beginning
  readonly #parts: (string | Uint8Array)[] = []
  readonly #places = new Map<number, Place>()
  readonly #pages: number[] = []
  readonly #fields: number[] = []
  /** What was written since the last bytes. */
  #syntax: string
  #length: number
  #next: number

  private constructor(beginning: Beginning, start: string) {
    this.#beginning = beginning
    this.isSigned = beginning.isSigned
    this.#syntax = start
    this.#length = beginning.bytes.length + start.length
    this.#next = beginning.end.size
    this.info = beginning.info
  }

  /** A new file, without pages. */
  static blank = () => new Draft(nothing(), header)

  /** An update of this file; pages can be added where its tree is given. @throws NotPdf if an object of it is not sound */
  static async onto(file: PdfFile, pages: PageTree | null = null): Promise<Draft> {
    const last = file.bytes.at(-1)
    return new Draft({ ...(await beginningOf(file)), pages }, last === 0x0a || last === 0x0d ? '' : '\n')
  }

  /** A number that no object has and that nothing refers to yet. */
  reserve(): number {
    return this.#next++
  }

  add(syntax: string): number {
    const object = this.reserve()
    this.write(object, syntax)
    return object
  }

  /** Writes the object whose number was reserved. */
  write(object: number, syntax: string, generation = 0): void {
    this.#places.set(object, { at: this.#length, generation })
    this.#append(`${object} ${generation} obj\n${syntax}\nendobj\n`)
  }

  /** A stream with these entries besides its length. */
  addStream(entries: string, data: string | Uint8Array): number {
    const object = this.reserve()
    this.#places.set(object, { at: this.#length, generation: 0 })
    this.#append(`${object} 0 obj\n<<${entries}/Length ${data.length}>>\nstream\n`)
    if (typeof data === 'string') this.#append(data)
    else {
      this.#parts.push(this.#syntax, data)
      this.#syntax = ''
      this.#length += data.length
    }
    this.#append('\nendstream\nendobj\n')
    return object
  }

  /** Writes an object that there is again, with some of its entries replaced or added. */
  change({ object, generation }: Reference, dictionary: Dictionary, changes: Record<string, string>): void {
    this.write(object, writtenDictionary(dictionary, changes), generation)
  }

  /** A page at the end, of this size in points. It says all of itself: nothing is inherited. */
  addPage(width: number, height: number, entries: string, object = this.reserve()): number {
    const { pages } = this.#beginning
    if (!pages) throw new Error('pages are added to a tree')
    const box = `[0 0 ${width} ${height}]`
    const place = `/Parent ${written(pages.root)}/MediaBox${box}/CropBox${box}/Rotate 0`
    this.write(object, `<</Type/Page${place}${entries}>>`)
    this.#pages.push(object)
    return object
  }

  /** The title under which a field can be added: the wanted one, with a number where the form has it already. */
  freeTitle(wanted: string): string {
    const { titles } = this.#beginning.form
    let title = wanted
    for (let more = 2; titles.has(title); more++) title = `${wanted}${more}`
    return title
  }

  /** A field of the form, not below another one. */
  addField(syntax: string): number {
    const object = this.add(syntax)
    this.#fields.push(object)
    return object
  }

  /** Completes catalog, form and pages, and ends the file. */
  close(): Written {
    const { bytes, end, root, catalog, id } = this.#beginning
    this.#writeForm()
    this.#writePages()
    if (Object.keys(this.catalog).length > 0 || bytes.length === 0) this.change(root, catalog, this.catalog)
    const random = hexString(crypto.getRandomValues(new Uint8Array(16)))
    const trailer = `/Root ${written(root)}${this.info}${id || `/ID[${random}${random}]`}`
    const { text, next } = crossReferences({ ...end, length: this.#length, size: this.#next, trailer }, this.#places)
    this.#append(text)
    return { base: bytes, parts: [...this.#parts, this.#syntax], end: next }
  }

  #append(syntax: string): void {
    this.#syntax += syntax
    this.#length += syntax.length
  }

  #writePages(): void {
    const { pages } = this.#beginning
    if (!pages || this.#pages.length === 0) return
    const kids = [...pages.kids.map(written), ...this.#pages.map(to)].join(' ')
    this.change(pages.root, pages.node, { Kids: `[${kids}]`, Count: String(pages.count + this.#pages.length) })
  }

  /** Signatures exist, and the file may only be appended to: flags 3 (ISO 32000-1, table 219). */
  #writeForm(): void {
    const { reference, dictionary, fields } = this.#beginning.form
    if (this.#fields.length === 0) return
    const all = [...fields.map(written), ...this.#fields.map(to)].join(' ')
    const changes = { Fields: `[${all}]`, SigFlags: '3' }
    if (reference) this.change(reference, dictionary, changes)
    else this.catalog['AcroForm'] = writtenDictionary(dictionary, changes)
  }
}
