import type { Signer, TimestampClient } from './cms.ts'
import { pdfDate } from './dates.ts'
import { Draft } from './draft.ts'
import { type Archivable, makeArchivable } from './pdf-a.ts'
import { qrCodeOf } from './qr-code.ts'
import { addFonts } from './resources.ts'
import { signFile } from './signing.ts'
import { a5 } from './slip-flow.ts'
import { slipLayout } from './slip-layout.ts'
import type { Sheet } from './slip-sheet.ts'
import { addField, addStore, type Revocation } from './stamp.ts'
import { textString, to } from './written.ts'

export type { Sheet, SheetPart, SheetSignature } from './slip-sheet.ts'
export { UnprintableText } from './lettering.ts'

/** Name of the one signature field of a slip: the unit's seal. */
const sealField = 'CoQuanBanHanh'

/** With a time-stamp the seal is PAdES B-T; with `revocation` as well, the file carries what B-LT needs. */
export type SlipSealing = {
  seal: Signer
  at: Date
  timestamp?: TimestampClient | undefined
  revocation?: Revocation | undefined
}

/** The data that a form is the picture of, to be attached to it: no more than stands on it. `value` becomes JSON. */
export type SheetData = Archivable['data']

/**
 * A slip as a PDF/A-3b that bears the unit's seal (PAdES baseline, ETSI EN 319 142-1).
 * Throws `UnprintableText` on a letter that the typeface lacks; faults of the signer and the time-stamp authority are thrown.
 */
export async function printSlip(sheet: Sheet, data: SheetData, sealing: SlipSealing): Promise<Uint8Array> {
  const { seal, at, timestamp, revocation } = sealing
  const layout = slipLayout(sheet, at, await qrCodeOf(sheet.link.url))
  const draft = Draft.blank()
  const title = sheet.title.join(' ')
  const fonts = addFonts(draft)
  const pages = layout.pages.map((drawing) => ({ object: draft.reserve(), drawing }))
  const sealed = pages[layout.seal.page]
  if (!sealed) throw new Error('the seal stands on no page')
  const field = addField(draft, sealField, layout.seal, sealed.object, fonts)
  for (const { object, drawing } of pages) {
    const content = to(draft.addStream('', String(drawing)))
    const annotations = object === sealed.object ? `/Annots[${to(field.object)}]` : ''
    draft.addPage(a5.width, a5.height, `/Resources${fonts}/Contents ${content}${annotations}`, object)
  }
  makeArchivable(draft, { title: `${title} - ${sheet.subtitle}`, author: sheet.unit, at, data })
  if (revocation) addStore(draft, revocation)
  const slot = { object: draft.reserve(), field }
  const entries = `/M(${pdfDate(at)})/Name${textString(sheet.unit)}/Reason${textString(title)}`
  return (await signFile(draft.close(), [{ signer: seal, slot, entries }], timestamp)).bytes
}
