import { PDF } from '@libpdf/core'
import { ok, refuse, type Result } from '../platform/result.ts'
import { a4 } from './certification.ts'
import { jpegOrientation, jpegSize, pngSize } from './image.ts'
import type { CopyRefusal } from './order.ts'
import { resolverOf } from './pdf.ts'
import { PdfFile } from './reader/file.ts'
import { NotPdf } from './reader/syntax.ts'

/** Larger ones would not leave a Worker enough memory: issuing takes about four times the size of the original. */
export const largestOriginal = 10 * 1024 * 1024
/** An image of A4 at 300 dpi has 9 million pixels. */
const mostPixels = 40_000_000

export type Original = { pdf: PDF; pages: number }

/** Opens what is to be certified: a PDF to which an update can be appended, or an image, which becomes one page. */
export async function openOriginal(bytes: Uint8Array): Promise<Result<Original, CopyRefusal>> {
  if (bytes.length === 0) return refuse('original-empty')
  if (bytes.length > largestOriginal) return refuse('original-too-large')
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return openJpeg(bytes)
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47)) return openPng(bytes)
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024))
  return head.includes('%PDF-') ? openPdf(bytes) : refuse('original-not-a-document')
}

const startsWith = (bytes: Uint8Array, ...magic: number[]) => magic.every((byte, at) => bytes[at] === byte)

async function openPdf(bytes: Uint8Array): Promise<Result<Original, CopyRefusal>> {
  const fault = await faultOf(bytes)
  if (fault) return refuse(fault)
  const pdf = await PDF.load(bytes).catch(() => null)
  if (!pdf || pdf.recoveredViaBruteForce) return refuse('original-damaged')
  // An author's certification (DocMDP) forbids adding pages; our mark would break their signature.
  if (pdf.getCatalog().getDict('Perms', resolverOf(pdf))?.has('DocMDP')) return refuse('original-locked')
  // The library rewrites linearized files as a whole, but they may be updated like any other (ISO 32000-1, Annex F.1).
  Object.defineProperty(pdf, 'isLinearized', { value: false })
  const pages = pdf.getPageCount()
  return pages > 0 && pdf.getPage(0) ? ok({ pdf, pages }) : refuse('original-empty')
}

/**
 * Reads the file strictly before the library does: that one guesses at broken files, which then may mean different
 * pages to different readers, and some of them make it run for ever.
 */
async function faultOf(bytes: Uint8Array): Promise<'original-damaged' | 'original-encrypted' | null> {
  try {
    const file = await PdfFile.open(bytes)
    if (file.trailer.has('Encrypt')) return 'original-encrypted'
    await file.readAll()
    return null
  } catch (error) {
    if (error instanceof NotPdf) return 'original-damaged'
    throw error
  }
}

async function openJpeg(bytes: Uint8Array): Promise<Result<Original, CopyRefusal>> {
  const size = jpegSize(bytes)
  if (!size) return refuse('original-damaged')
  return imagePage(bytes, size, jpegOrientation(bytes))
}

async function openPng(bytes: Uint8Array): Promise<Result<Original, CopyRefusal>> {
  const size = pngSize(bytes)
  if (!size) return refuse('original-damaged')
  return imagePage(bytes, size, 0)
}

/** One A4 page that holds the image as large as it fits, upright or lying as the image is. */
async function imagePage(
  bytes: Uint8Array,
  { width, height }: { width: number; height: number },
  rotation: 0 | 90 | 180 | 270,
): Promise<Result<Original, CopyRefusal>> {
  if (width * height > mostPixels) return refuse('original-too-large')
  try {
    const pdf = PDF.create()
    const page = pdf.addPage(width > height ? { width: a4.height, height: a4.width } : a4)
    page.setRotation(rotation)
    const image = pdf.embedImage(bytes)
    const { width: paperWidth, height: paperHeight } = page.getMediaBox()
    const scale = Math.min(paperWidth / width, paperHeight / height)
    page.drawImage(image, {
      x: (paperWidth - width * scale) / 2,
      y: (paperHeight - height * scale) / 2,
      width: width * scale,
      height: height * scale,
    })
    return ok({ pdf: await PDF.load(await pdf.save()), pages: 1 })
  } catch {
    return refuse('original-damaged')
  }
}
