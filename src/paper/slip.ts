import { PDF, PdfArray } from '@libpdf/core'
import { concat, latin1, sha256 } from './bytes.ts'
import { detached, signedData, signedDataSize, type Signer, type TimestampClient } from './cms.ts'
import { pdfDate } from './dates.ts'
import { textString, tokenSize } from './issue.ts'
import { type Archivable, makeArchivable } from './pdf-a.ts'
import { addFonts, stream } from './pdf.ts'
import { contents, signatureRevision } from './revision.ts'
import { a5 } from './slip-flow.ts'
import { slipLayout } from './slip-layout.ts'
import type { Sheet } from './slip-sheet.ts'
import { addField, completeCatalog, completeTrailer, lastXref, type Revocation } from './stamp.ts'

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
  const layout = slipLayout(sheet, at)
  const pdf = PDF.create()
  const title = sheet.title.join(' ')
  const fonts = addFonts(pdf)
  const pages = layout.pages.map((drawing) => {
    const page = pdf.addPage(a5)
    page.dict.set('Resources', fonts)
    page.dict.set('Contents', pdf.register(stream({}, latin1(String(drawing)))))
    return page
  })
  const page = pages[layout.seal.page]
  if (!page) throw new Error('the seal stands on no page')
  const field = addField(pdf, sealField, layout.seal, page.ref, fonts)
  page.dict.set('Annots', PdfArray.of(field.ref))
  makeArchivable(pdf, { title: `${title} - ${sheet.subtitle}`, author: sheet.unit, at, data })
  completeCatalog(pdf, undefined, revocation)
  const signature = pdf.context.registry.allocateRef()
  const trailer = completeTrailer(pdf)
  const bytes = await pdf.save({ compressStreams: false })
  const size = pdf.context.registry.nextObjectNumber
  const reserve = signedDataSize(seal, timestamp ? tokenSize : 0)
  const entries = `/M(${pdfDate(at)})/Name${textString(sheet.unit)}/Reason${textString(title)}`
  const { before, after } = signatureRevision(
    { length: bytes.length, xref: lastXref(bytes), size, xrefStreams: pdf.usesXRefStreams, trailer },
    {
      object: signature.objectNumber,
      field: { object: field.ref.objectNumber, entries: field.entries },
      entries,
      reserve,
    },
  )
  const digest = await sha256(concat(bytes, before, after))
  const filled = contents(await signedData(detached(digest), seal, timestamp), reserve)
  return concat(bytes, before, filled, after)
}
