import { concat, hex, latin1, latin1Text } from '../../src/paper/bytes.ts'
import { PdfFile } from '../../src/paper/reader/file.ts'
import { Name, Reference, Stream, Text, type Dictionary, type Value } from '../../src/paper/reader/values.ts'

/** A PDF object as text again. */
export function written(value: Value | undefined): string {
  if (value instanceof Name) return `/${value.value}`
  if (value instanceof Reference) return `${value.object} ${value.generation} R`
  if (value instanceof Text) return `<${hex(value.bytes)}>`
  if (value instanceof Stream) throw new Error('streams are not written again')
  if (Array.isArray(value)) return `[${value.map(written).join(' ')}]`
  if (value instanceof Map) return `<<${[...value].map(([key, item]) => `/${key} ${written(item)}`).join('')}>>`
  return String(value ?? null)
}

type Objects = Map<number, string | Uint8Array>

/** The file as it is now, for writing the next revision of it. */
export async function opened(bytes: Uint8Array) {
  const file = await PdfFile.open(bytes)
  const root = file.trailer.get('Root')
  const size = file.trailer.get('Size')
  const catalog = await file.dictionary(root)
  const form = catalog?.get('AcroForm')
  if (!(root instanceof Reference) || typeof size !== 'number' || !catalog) throw new Error('unexpected file')
  const formObject = form instanceof Reference ? form.object : null
  return { file, root: root.object, size, catalog, form: await file.dictionary(form), formObject }
}

/** An incremental update with these objects, written by hand with a table of cross-references. */
export async function appended(bytes: Uint8Array, objects: Objects): Promise<Uint8Array> {
  const { file, root, size } = await opened(bytes)
  const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(latin1Text(bytes.subarray(-64)))?.[1]
  const parts: Uint8Array[] = [bytes]
  const rows: string[] = []
  let at = bytes.length
  for (const [number, body] of objects) {
    const data = typeof body === 'string' ? null : body
    const head = data === null ? body : `<</Length ${data.length}>>\nstream\n`
    const object = concat(
      latin1(`${number} 0 obj\n${String(head)}`),
      data ?? latin1(''),
      latin1(`${data ? '\nendstream' : ''}\nendobj\n`),
    )
    rows.push(`${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`)
    parts.push(object)
    at += object.length
  }
  const last = Math.max(size, ...[...objects.keys()].map((number) => number + 1))
  const carried = ['ID', 'Info'].filter((key) => file.trailer.has(key))
  const id = carried.map((key) => `/${key} ${written(file.trailer.get(key))}`).join('')
  const trailer = `trailer\n<</Size ${last}/Root ${root} 0 R${id}/Prev ${previous}>>\nstartxref\n${at}\n%%EOF\n`
  return concat(...parts, latin1(`xref\n${rows.join('')}${trailer}`))
}

const withEntries = (dictionary: Dictionary, entries: [string, Value][]): string =>
  written(new Map([...dictionary, ...entries]))

/** An update that puts evidence into a document security store and does nothing else. */
export async function withStore(
  bytes: Uint8Array,
  store: { Certs?: Uint8Array[]; CRLs?: Uint8Array[]; OCSPs?: Uint8Array[] },
  others: Objects = new Map(),
): Promise<Uint8Array> {
  const { root, size, catalog } = await opened(bytes)
  const objects: Objects = new Map([[root, withEntries(catalog, [['DSS', new Reference(size, 0)]])], ...others])
  let next = size + 1
  const lists = Object.entries(store).map(([key, items]) => {
    const numbers = items.map((item) => {
      objects.set(next, item)
      return `${next++} 0 R`
    })
    return `/${key}[${numbers.join(' ')}]`
  })
  objects.set(size, `<</Type/DSS${lists.join('')}>>`)
  return appended(bytes, objects)
}

export type Sealing = {
  subFilter: string
  /** The CMS or time-stamp token over these bytes. */
  cms: (content: Uint8Array) => Promise<Uint8Array>
  rect?: string
  /** `Sig` if not told. */
  type?: string
  name?: string
}

const room = 16_384

/** An update with one more signature field and its value, as software of others writes it. */
export async function sealed(bytes: Uint8Array, sealing: Sealing, others: Objects = new Map()): Promise<Uint8Array> {
  const { root, size, catalog, form, formObject } = await opened(bytes)
  const { subFilter, cms, rect = '0 0 0 0', type = 'Sig', name = `Field${size}` } = sealing
  const [value, field] = [size, size + 1]
  const fields = [...((form?.get('Fields') as Value[] | undefined) ?? []), new Reference(field, 0)]
  const newForm = new Map([...(form ?? new Map<string, Value>()), ['Fields', fields], ['SigFlags', 3]] as [
    string,
    Value,
  ][])
  const zeros = '0'.repeat(room)
  const blank = ' '.repeat(30)
  const update = await appended(
    bytes,
    new Map<number, string | Uint8Array>([
      formObject === null ? [root, withEntries(catalog, [['AcroForm', newForm]])] : [formObject, written(newForm)],
      [field, `<</FT/Sig/Type/Annot/Subtype/Widget/F 132/T(${name})/Rect[${rect}]/V ${value} 0 R>>`],
      [value, `<</Type/${type}/Filter/Adobe.PPKLite/SubFilter/${subFilter}/ByteRange[0 ${blank}]/Contents<${zeros}>>>`],
      ...others,
    ]),
  )
  const text = latin1Text(update)
  const start = text.lastIndexOf(`/Contents<${zeros}`) + '/Contents'.length
  const end = start + room + 2
  const range = `${start} ${end} ${update.length - end}`.padEnd(30)
  update.set(latin1(range), text.lastIndexOf(blank))
  const content = concat(update.subarray(0, start), update.subarray(end))
  update.set(latin1(hex(await cms(content))), start + 1)
  return update
}
