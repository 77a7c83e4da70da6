import { signatureFields, textOf } from './document.ts'
import type { PdfFile } from './reader/file.ts'
import type { PageTree } from './reader/page-tree.ts'
import { Name, NotPdf, Reference, Text, type Dictionary, type Value } from './reader/values.ts'
import type { FileEnd } from './revision.ts'
import { written } from './written.ts'

/** What a draft continues: another file with its catalog, form and pages, or nothing. */
export type Beginning = {
  bytes: Uint8Array
  end: Pick<FileEnd, 'xref' | 'size' | 'xrefStreams'>
  root: Reference
  catalog: Dictionary
  /** `/Info` and `/ID` of the trailer, in the syntax of PDF; empty where there is none. */
  info: string
  id: string
  form: { reference: Reference | null; dictionary: Dictionary; fields: readonly Value[]; titles: ReadonlySet<string> }
  /** Whether someone signed it. */
  isSigned: boolean
  /** Where pages are added; null where none can be. */
  pages: PageTree | null
}

/** A new file: the catalog and the root of the pages have the first two numbers. */
export function nothing(): Beginning {
  const tree: Dictionary = new Map([['Type', new Name('Pages')]])
  return {
    bytes: new Uint8Array(),
    end: { xref: null, size: 3, xrefStreams: false },
    root: new Reference(1, 0),
    catalog: new Map<string, Value>([
      ['Type', new Name('Catalog')],
      ['Pages', new Reference(2, 0)],
    ]),
    info: '',
    id: '',
    form: { reference: null, dictionary: new Map(), fields: [], titles: new Set() },
    isSigned: false,
    pages: { root: new Reference(2, 0), node: tree, kids: [], count: 0, first: null },
  }
}

/** All of a file that an update of it must know. @throws NotPdf if any object of it is not sound */
export async function beginningOf(file: PdfFile): Promise<Beginning> {
  const root = file.trailer.get('Root')
  const catalog = await file.dictionary(root)
  if (!(root instanceof Reference) || !catalog) throw new NotPdf('no catalog')
  const form = catalog.get('AcroForm')
  const dictionary = await file.dictionary(form)
  const fields = dictionary ? await signatureFields(file, dictionary) : []
  const info = file.trailer.get('Info')
  const id = await file.array(file.trailer.get('ID'))
  const isWhole = id.length === 2 && id.every((part) => part instanceof Text)
  return {
    bytes: file.bytes,
    end: endOf(file, await file.references()),
    root,
    catalog,
    info: info instanceof Reference ? `/Info ${written(info)}` : '',
    id: isWhole ? `/ID${written(id)}` : '',
    form: {
      reference: form instanceof Reference && dictionary ? form : null,
      dictionary: dictionary ?? new Map(),
      ...(await rootFields(file, dictionary)),
    },
    isSigned: fields.some(({ signature }) => signature !== null),
    pages: null,
  }
}

/** ISO 32000-1, annex C.2. */
const mostObjects = 8_388_607

/**
 * The section that is read first is the last in the file: an update is written as it is (ISO 32000-1, 7.5.8.4). New numbers
 * begin behind all that the file has or speaks of, for a reference to an object that was missing would lead to a new one.
 */
function endOf(file: PdfFile, referredTo: ReadonlySet<number>): Beginning['end'] {
  const [section] = file.sections
  if (!section) throw new NotPdf('no cross-references')
  const told = file.trailer.get('Size')
  let size = typeof told === 'number' && Number.isSafeInteger(told) ? Math.max(1, told) : 1
  for (const number of file.places.keys()) size = Math.max(size, number + 1)
  for (const number of referredTo) size = Math.max(size, number + 1)
  if (size > mostObjects) throw new NotPdf('a number too large')
  const [xref, tableEnd] = section
  return { xref, size, xrefStreams: tableEnd === null }
}

async function rootFields(file: PdfFile, form: Dictionary | null) {
  const fields = await file.array(form?.get('Fields'))
  const titles = new Set<string>()
  for (const field of fields) {
    const title = await file.resolve((await file.dictionary(field))?.get('T'))
    if (title instanceof Text) titles.add(textOf(title.bytes))
  }
  return { fields, titles }
}
