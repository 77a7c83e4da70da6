import {
  PdfArray,
  PdfDict,
  PdfName,
  PdfNumber,
  PdfStream,
  PdfString,
  PDF,
  type PdfObject,
  type PdfRef,
} from '@libpdf/core'
import { fromBase64, latin1 } from './bytes.ts'
import type { Drawing } from './drawing.ts'
import { bold, regular, type Face } from './font.ts'

// Short forms in which the PDF objects of this room are written.
export const name = (value: string) => PdfName.of(value)
export const number = (value: number) => PdfNumber.of(value)
export const numbers = (...values: number[]) => PdfArray.of(...values.map(number))
export const dict = (entries: Record<string, PdfObject>) => PdfDict.of(entries)
export const stream = (entries: Record<string, PdfObject>, data: Uint8Array) => PdfStream.fromDict(entries, data)

export type Resolver = (ref: PdfRef) => PdfObject | null
export const resolverOf =
  (pdf: PDF): Resolver =>
  (ref) =>
    pdf.getObject(ref)

/** Opens a file to append to it. @throws where the library finds no document in it */
export async function openForUpdate(bytes: Uint8Array): Promise<PDF> {
  const pdf = await PDF.load(bytes)
  // The library rewrites linearized files as a whole, but they may be updated like any other (ISO 32000-1, Annex F.1).
  Object.defineProperty(pdf, 'isLinearized', { value: false })
  return pdf
}

/** Writes both faces into the file; answers the resources under which a `Drawing` finds them. */
export function addFonts(pdf: PDF): PdfDict {
  return dict({ Font: dict({ F1: addFace(pdf, regular), F2: addFace(pdf, bold) }) })
}

/** What is the same in every file. */
function constantsOf(face: Face) {
  const made = constants.get(face) ?? {
    program: fromBase64(face.program),
    toUnicode: fromBase64(face.toUnicode),
    widths: numbers(...face.widths),
  }
  constants.set(face, made)
  return made
}
const constants = new WeakMap<Face, { program: Uint8Array; toUnicode: Uint8Array; widths: PdfArray }>()

/** A composite font whose codes are glyph ids (ISO 32000-1, 9.7): constant objects, so nothing is computed per copy. */
function addFace(pdf: PDF, face: Face): PdfRef {
  const { program: programBytes, toUnicode, widths } = constantsOf(face)
  const deflated = { Filter: name('FlateDecode') }
  const program = pdf.register(stream({ ...deflated, Length1: number(face.length) }, programBytes))
  const descriptor = dict({
    Type: name('FontDescriptor'),
    FontName: name(face.name),
    Flags: number(4),
    FontBBox: numbers(...face.box),
    ItalicAngle: number(0),
    Ascent: number(face.ascent),
    Descent: number(face.descent),
    CapHeight: number(face.capHeight),
    StemV: number(80),
    FontFile2: program,
  })
  const descendant = dict({
    Type: name('Font'),
    Subtype: name('CIDFontType2'),
    BaseFont: name(face.name),
    CIDSystemInfo: dict({
      Registry: PdfString.fromString('Adobe'),
      Ordering: PdfString.fromString('Identity'),
      Supplement: number(0),
    }),
    FontDescriptor: pdf.register(descriptor),
    CIDToGIDMap: name('Identity'),
    W: PdfArray.of(number(0), widths),
  })
  return pdf.register(
    dict({
      Type: name('Font'),
      Subtype: name('Type0'),
      BaseFont: name(face.name),
      Encoding: name('Identity-H'),
      DescendantFonts: PdfArray.of(pdf.register(descendant)),
      ToUnicode: pdf.register(stream(deflated, toUnicode)),
    }),
  )
}

/** A drawing as a Form XObject of this size, to be placed elsewhere. */
export const addForm = (pdf: PDF, drawing: Drawing, width: number, height: number, resources: PdfDict): PdfRef =>
  pdf.register(
    stream(
      { Type: name('XObject'), Subtype: name('Form'), BBox: numbers(0, 0, width, height), Resources: resources },
      latin1(String(drawing)),
    ),
  )

/** A page attribute that may come from the page's ancestors (ISO 32000-1, 7.7.3.4). */
export function inherited(page: PdfDict, key: string, resolve: Resolver): PdfObject | undefined {
  let node: PdfDict | undefined = page
  for (let depth = 0; node && depth < 64; depth++) {
    const value = node.get(key, resolve)
    if (value) return value
    node = node.getDict('Parent', resolve)
  }
  return undefined
}
