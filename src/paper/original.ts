import { PDF } from '@libpdf/core'
import { ok, refuse, type Result } from '../platform/result.ts'
import { latin1 } from './bytes.ts'
import { a4 } from './certification.ts'
import { type Picture, upright } from './image.ts'
import { isJpeg, openJpeg } from './jpeg.ts'
import type { CopyRefusal } from './order.ts'
import { dict, name, number, openForUpdate, resolverOf, stream } from './pdf.ts'
import { isPng, openPng } from './png.ts'
import { PdfFile } from './reader/file.ts'
import { NotPdf } from './reader/values.ts'

/** Larger ones would not leave a Worker enough memory: issuing takes about four times the size of the original. */
export const largestOriginal = 10 * 1024 * 1024
/** An image of A4 at 300 dpi has 9 million pixels. */
const mostPixels = 40_000_000

/** `drawn`: made here from a picture; what others made stays as it is. */
export type Original = { pdf: PDF; pages: number; drawn: boolean }

/** Opens what is to be certified: a PDF to which an update can be appended, or an image, which becomes one page. */
export async function openOriginal(bytes: Uint8Array): Promise<Result<Original, CopyRefusal>> {
  if (bytes.length === 0) return refuse('original-empty')
  if (bytes.length > largestOriginal) return refuse('original-too-large')
  if (isJpeg(bytes)) return pageOf(openJpeg(bytes, mostPixels))
  if (isPng(bytes)) return pageOf(await openPng(bytes, mostPixels))
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024))
  return head.includes('%PDF-') ? openPdf(bytes) : refuse('original-not-a-document')
}

async function openPdf(bytes: Uint8Array): Promise<Result<Original, CopyRefusal>> {
  const fault = await faultOf(bytes)
  if (fault) return refuse(fault)
  const pdf = await openForUpdate(bytes).catch(() => null)
  if (!pdf || pdf.recoveredViaBruteForce) return refuse('original-damaged')
  // An author's certification (DocMDP) forbids adding pages; our mark would break their signature.
  if (pdf.getCatalog().getDict('Perms', resolverOf(pdf))?.has('DocMDP')) return refuse('original-locked')
  const pages = pdf.getPageCount()
  return pages > 0 && pdf.getPage(0) ? ok({ pdf, pages, drawn: false }) : refuse('original-empty')
}

/**
 * Reads the file strictly before the library does: that one guesses at broken files, which then may mean different
 * pages to different readers, and some of them make it run for ever.
 */
async function faultOf(bytes: Uint8Array): Promise<'original-damaged' | 'original-encrypted' | null> {
  try {
    const file = await PdfFile.open(bytes)
    if (file.isEncrypted) return 'original-encrypted'
    await file.readAll()
    return null
  } catch (error) {
    if (error instanceof NotPdf) return 'original-damaged'
    throw error
  }
}

const pageOf = async (picture: Result<Picture, CopyRefusal>): Promise<Result<Original, CopyRefusal>> =>
  picture.ok ? ok({ pdf: await PDF.load(await imagePage(picture.value)), pages: 1, drawn: true }) : picture

/** One A4 page that holds the picture as large as it fits, upright or lying as the picture is when held rightly. */
async function imagePage({ width, height, orientation, entries, data }: Picture): Promise<Uint8Array> {
  const [seenWidth, seenHeight] = orientation < 5 ? [width, height] : [height, width]
  const [paperWidth, paperHeight] = seenWidth > seenHeight ? [a4.height, a4.width] : [a4.width, a4.height]
  const scale = Math.min(paperWidth / seenWidth, paperHeight / seenHeight)
  const [w, h] = [seenWidth * scale, seenHeight * scale]
  const [x, y] = [(paperWidth - w) / 2, (paperHeight - h) / 2]
  const pdf = PDF.create()
  const page = pdf.addPage({ width: paperWidth, height: paperHeight })
  const size = { Width: number(width), Height: number(height) }
  const image = stream({ Type: name('XObject'), Subtype: name('Image'), ...size, ...entries }, data)
  page.dict.set('Resources', dict({ XObject: dict({ Picture: pdf.register(image) }) }))
  const place = [w, 0, 0, h, x, y].map((value) => value.toFixed(2))
  const drawn = `q ${place.join(' ')} cm ${upright[orientation].join(' ')} cm /Picture Do Q`
  page.dict.set('Contents', pdf.register(stream({}, latin1(drawn))))
  return pdf.save()
}
