import { a4, certificationPage, type SignatureBox } from './certification.ts'
import { xmpDate } from './dates.ts'
import type { Draft } from './draft.ts'
import type { QrCode } from './drawing.ts'
import { markAsCopy } from './mark.ts'
import { copyFields, type CopyOrder } from './order.ts'
import type { Original } from './original.ts'
import { type Archivable, makeArchivable } from './pdf-a.ts'
import { addFonts, addForm } from './resources.ts'
import { to } from './written.ts'

/** What a verifier needs to judge the certificates later without asking anyone (ETSI EN 319 142-1, 5.4: DSS). */
export type Revocation = { certificates: Uint8Array[]; crls: Uint8Array[]; ocsps?: Uint8Array[] }

/** A signature's place: its reserved object, and the field to write again with it. */
export type Slot = { object: number; field: { object: number; entries: string } }

/** Adds all but the signatures: mark, certification page, empty fields, revocation data. Answers the slots in the order of signing. */
export function stamp(
  { draft, first, pages, drawn }: Original,
  order: CopyOrder,
  originalSha256: string,
  code: QrCode,
  revocation: Revocation | undefined,
): Slot[] {
  const fonts = addFonts(draft)
  markAsCopy(draft, first, order, fonts)
  const original = { pages, sha256: originalSha256 }
  const layout = certificationPage(order, original, code)
  const content = draft.addStream('', String(layout.content))
  const page = draft.reserve()
  const fields = [
    addField(draft, copyFields[0], layout.certifier, page, fonts),
    addField(draft, copyFields[1], layout.seal, page, fonts),
  ]
  const annotations = fields.map(({ object }) => to(object)).join(' ')
  const entries = `/Resources${fonts}/Contents ${to(content)}/Annots[${annotations}]`
  draft.addPage(a4.width, a4.height, entries, page)
  const slots = fields.map((field) => ({ object: draft.reserve(), field }))
  if (drawn) makeArchivable(draft, archiveFacts(order, original))
  // The catalog must name the certifying signature before it exists. Others may have signed the original before: then
  // ours may not claim to be the document's first.
  const [certifying] = slots
  if (certifying && !draft.isSigned) draft.catalog['Perms'] = `<</DocMDP ${to(certifying.object)}>>`
  if (revocation) addStore(draft, revocation)
  return slots
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
export function addField(draft: Draft, wanted: string, box: SignatureBox, page: number, fonts: string): Slot['field'] {
  const { x, y, width, height } = box
  const appearance = addForm(draft, box.appearance, width, height, fonts)
  const rect = [x, y, x + width, y + height].join(' ')
  const widget = `/Type/Annot/Subtype/Widget/F 132/P ${to(page)}/Rect[${rect}]/AP<</N ${to(appearance)}>>`
  const entries = `/FT/Sig/T(${draft.freeTitle(wanted)})${widget}`
  return { object: draft.addField(`<<${entries}>>`), entries }
}

/** The document security store of a file that has none. */
export function addStore(draft: Draft, { certificates, crls, ocsps = [] }: Revocation): void {
  const all = (items: Uint8Array[]) => `[${items.map((item) => to(draft.addStream('', item))).join(' ')}]`
  const answers = ocsps.length > 0 ? `/OCSPs${all(ocsps)}` : ''
  draft.catalog['DSS'] = to(draft.add(`<</Type/DSS/Certs${all(certificates)}/CRLs${all(crls)}${answers}>>`))
}
