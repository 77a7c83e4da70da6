import { PdfArray, type PdfDict, PdfString, type PDF, type PdfRef } from '@libpdf/core'
import { hex, latin1, latin1Text } from './bytes.ts'
import { a4, certificationPage, type SignatureBox } from './certification.ts'
import { xmpDate } from './dates.ts'
import { markAsCopy } from './mark.ts'
import { copyFields, type CopyOrder } from './order.ts'
import type { Original } from './original.ts'
import { type Archivable, makeArchivable } from './pdf-a.ts'
import { addFonts, addForm, dict, name, number, numbers, resolverOf, stream } from './pdf.ts'
import type { FileEnd } from './revision.ts'

/** What a verifier needs to judge the certificates later without asking anyone (ETSI EN 319 142-1, 5.4: DSS). */
export type Revocation = { certificates: Uint8Array[]; crls: Uint8Array[]; ocsps?: Uint8Array[] }

export type Stamped = {
  bytes: Uint8Array
  end: FileEnd
  /** The signatures' places in the order of signing: the reserved object and the field to write again with it. */
  slots: { object: number; field: { object: number; entries: string } }[]
  /** Whether someone signed the original before; then ours may not claim to be the document's first. */
  signedBefore: boolean
}

/** Adds all but the signatures, in one incremental update: mark, certification page, empty fields, revocation data. */
export async function stamp(
  { pdf, pages, drawn }: Original,
  order: CopyOrder,
  originalSha256: string,
  revocation: Revocation | undefined,
): Promise<Stamped> {
  const first = pdf.getPage(0)
  if (!first) throw new Error('an original has at least one page')
  const signedBefore =
    pdf
      .getForm()
      ?.getSignatureFields()
      .some((field) => field.isSigned()) ?? false
  const fonts = addFonts(pdf)
  markAsCopy(pdf, first, order, fonts)

  const layout = certificationPage(order, { pages, sha256: originalSha256 })
  const page = pdf.addPage(a4)
  page.dict.set('Resources', fonts)
  page.dict.set('Contents', pdf.register(stream({}, latin1(String(layout.content)))))
  const fields = [
    addField(pdf, copyFields[0], layout.certifier, page.ref, fonts),
    addField(pdf, copyFields[1], layout.seal, page.ref, fonts),
  ]
  page.dict.set('Annots', PdfArray.of(...fields.map(({ ref }) => ref)))
  const signatures = fields.map(() => pdf.context.registry.allocateRef())
  if (drawn) makeArchivable(pdf, archiveFacts(order, { pages, sha256: originalSha256 }))
  completeCatalog(pdf, signedBefore ? undefined : signatures[0], revocation)
  const trailer = completeTrailer(pdf)
  const bytes = await pdf.save({ incremental: true, compressStreams: false })
  const slots = fields.map(({ ref, entries }, index) => ({
    object: signatures[index]?.objectNumber ?? 0,
    field: { object: ref.objectNumber, entries },
  }))
  const size = pdf.context.registry.nextObjectNumber
  const end = { length: bytes.length, xref: lastXref(bytes), size, xrefStreams: pdf.usesXRefStreams, trailer }
  return { bytes, end, slots, signedBefore }
}

/** What was certified, for machines: the words of the page, and by what the picture that was taken in is known. */
function archiveFacts(order: CopyOrder, original: { pages: number; sha256: string }): Archivable {
  const { number: serial, register, certifiedAt, place, unitName, certifier, subject, checkUrl } = order
  return {
    title: `${subject} - Bản sao chứng thực số ${serial}, quyển số ${register}`,
    author: unitName,
    at: certifiedAt,
    data: {
      fileName: 'certified-copy.json',
      description: 'Lời chứng thực dưới dạng dữ liệu',
      value: {
        serial,
        register,
        certifiedAt: xmpDate(certifiedAt),
        place,
        unit: unitName,
        certifier,
        title: subject,
        original,
        verification: checkUrl,
      },
    },
  }
}

/** A signature field that is its own widget, locked and printed, with its appearance from the beginning. */
export function addField(pdf: PDF, wanted: string, box: SignatureBox, page: PdfRef, fonts: PdfDict) {
  ensureForm(pdf)
  const form = pdf.getOrCreateForm()
  let title = wanted
  for (let more = 2; form.hasField(title); more++) title = `${wanted}${more}`
  const field = form.createSignatureField(title).getDict()
  const ref = pdf.context.getRef(field)
  if (!ref) throw new Error('a new field has no number')
  const { x, y, width, height } = box
  const appearance = addForm(pdf, box.appearance, width, height, fonts)
  field.delete('Kids')
  field.set('Type', name('Annot'))
  field.set('Subtype', name('Widget'))
  field.set('F', number(132))
  field.set('P', page)
  field.set('Rect', numbers(x, y, x + width, y + height))
  field.set('AP', dict({ N: appearance }))
  const rect = [x, y, x + width, y + height].join(' ')
  const place = `/F 132/P ${page.objectNumber} ${page.generation} R/Rect[${rect}]`
  const entries = `/FT/Sig/T(${title})/Type/Annot/Subtype/Widget${place}/AP<</N ${appearance.objectNumber} 0 R>>`
  return { ref, entries }
}

/** The library's own new form names two fonts that are not embedded; signatures need none. */
function ensureForm(pdf: PDF): void {
  const catalog = pdf.getCatalog()
  if (!catalog.has('AcroForm')) catalog.set('AcroForm', pdf.register(dict({ Fields: PdfArray.of() })))
}

/** The catalog must name the certifying signature before it exists: its number is reserved. */
export function completeCatalog(pdf: PDF, certifying: PdfRef | undefined, revocation: Revocation | undefined): void {
  const catalog = pdf.getCatalog()
  // Signatures exist, and the file may only be appended to (ISO 32000-1, table 219).
  catalog.getDict('AcroForm', resolverOf(pdf))?.set('SigFlags', number(3))
  if (certifying) catalog.set('Perms', dict({ DocMDP: certifying }))
  if (!revocation) return
  const all = (items: Uint8Array[]) => PdfArray.of(...items.map((item) => pdf.register(stream({}, item))))
  const { certificates, crls, ocsps = [] } = revocation
  const answers = ocsps.length > 0 ? { OCSPs: all(ocsps) } : {}
  catalog.set('DSS', pdf.register(dict({ Type: name('DSS'), Certs: all(certificates), CRLs: all(crls), ...answers })))
}

/** The entries that every later trailer repeats; the file gets an identifier if it has none (ISO 32000-1, 14.4). */
export function completeTrailer(pdf: PDF): string {
  const { trailer } = pdf.context.info
  const root = trailer.getRef('Root')
  if (!root) throw new Error('a file without a catalog was opened')
  const info = trailer.getRef('Info')
  const ids = trailer.getArray('ID', resolverOf(pdf))?.toArray() ?? []
  let [first, second] = ids.map((id) => (id instanceof PdfString ? id.bytes : undefined))
  if (!first || !second) {
    first = second = crypto.getRandomValues(new Uint8Array(16))
    trailer.set('ID', PdfArray.of(PdfString.fromBytes(first), PdfString.fromBytes(second)))
  }
  const reference = (key: string, ref: PdfRef | undefined) =>
    ref ? `/${key} ${ref.objectNumber} ${ref.generation} R` : ''
  return `${reference('Root', root)}${reference('Info', info)}/ID[<${hex(first)}><${hex(second)}>]`
}

export function lastXref(bytes: Uint8Array): number {
  const found = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(latin1Text(bytes.subarray(-64)))
  if (!found) throw new Error('a saved file ends without startxref')
  return Number(found[1])
}
