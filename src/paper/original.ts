import { ok, refuse, type Result } from '../platform/result.ts'
import { a4 } from './certification.ts'
import { Draft } from './draft.ts'
import { type Picture, upright } from './image.ts'
import { isJpeg, openJpeg } from './jpeg.ts'
import type { CopyRefusal } from './order.ts'
import { pageOf, paintedName, type Page } from './page.ts'
import { isPng, openPng } from './png.ts'
import { PdfFile } from './reader/file.ts'
import { readPageTree } from './reader/page-tree.ts'
import { NotPdf } from './reader/values.ts'
import { to } from './written.ts'

/** Larger ones would not leave a Worker enough memory: issuing takes about twice the size of the original. */
export const largestOriginal = 10 * 1024 * 1024
/** An image of A4 at 300 dpi has 9 million pixels. */
const mostPixels = 40_000_000

/** `drawn`: made here from a picture; what others made stays as it is. */
export type Original = { draft: Draft; first: Page; pages: number; drawn: boolean }

/** Opens what is to be certified: a PDF to which an update can be appended, or an image, which becomes one page. */
export async function openOriginal(bytes: Uint8Array): Promise<Result<Original, CopyRefusal>> {
  if (bytes.length === 0) return refuse('original-empty')
  if (bytes.length > largestOriginal) return refuse('original-too-large')
  if (isJpeg(bytes)) return drawnFrom(openJpeg(bytes, mostPixels))
  if (isPng(bytes)) return drawnFrom(await openPng(bytes, mostPixels))
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024))
  if (!head.includes('%PDF-')) return refuse('original-not-a-document')
  try {
    return await openPdf(bytes)
  } catch (error) {
    if (error instanceof NotPdf) return refuse('original-damaged')
    throw error
  }
}

/** It is read strictly: a broken file, at which one would have to guess, may mean different pages to different readers. */
async function openPdf(bytes: Uint8Array): Promise<Result<Original, CopyRefusal>> {
  const file = await PdfFile.open(bytes)
  if (file.isEncrypted) return refuse('original-encrypted')
  const catalog = await file.dictionary(file.trailer.get('Root'))
  // An author's certification (DocMDP) forbids adding pages; our mark would break their signature.
  const permissions = await file.dictionary(catalog?.get('Perms'))
  const tree = await readPageTree(file, catalog?.get('Pages'))
  const draft = await Draft.onto(file, tree)
  if (permissions?.has('DocMDP')) return refuse('original-locked')
  if (!tree.first) return refuse('original-empty')
  return ok({ draft, first: await pageOf(draft, file, tree.first), pages: tree.count, drawn: false })
}

function drawnFrom(picture: Result<Picture, CopyRefusal>): Result<Original, CopyRefusal> {
  if (!picture.ok) return picture
  const draft = Draft.blank()
  return ok({ draft, first: picturePage(draft, picture.value), pages: 1, drawn: true })
}

/** One A4 page that holds the picture as large as it fits, upright or lying as the picture is when held rightly. */
function picturePage(draft: Draft, { width, height, orientation, entries, data }: Picture): Page {
  const [seenWidth, seenHeight] = orientation < 5 ? [width, height] : [height, width]
  const paper = seenWidth > seenHeight ? { width: a4.height, height: a4.width } : a4
  const scale = Math.min(paper.width / seenWidth, paper.height / seenHeight)
  const [w, h] = [seenWidth * scale, seenHeight * scale]
  const [x, y] = [(paper.width - w) / 2, (paper.height - h) / 2]
  const size = `/Width ${width}/Height ${height}`
  const image = draft.addStream(`/Type/XObject/Subtype/Image${size}${entries}`, data)
  const stretched = [w, 0, 0, h, x, y].map((value) => value.toFixed(2)).join(' ')
  const drawn = `q ${stretched} cm ${upright[orientation].join(' ')} cm /Picture Do Q`
  return {
    seen: { x: 0, y: 0, ...paper },
    turns: 0,
    paintOver(form, place) {
      const content = draft.addStream('', `${drawn}\nq ${place} /${paintedName} Do Q`)
      const xObjects = `<</Picture ${to(image)}/${paintedName} ${to(form)}>>`
      draft.addPage(paper.width, paper.height, `/Resources<</XObject${xObjects}>>/Contents ${to(content)}`)
    },
  }
}
