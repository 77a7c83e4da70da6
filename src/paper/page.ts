import type { Draft } from './draft.ts'
import type { PdfFile } from './reader/file.ts'
import type { FirstPage } from './reader/page-tree.ts'
import { Stream, type Value } from './reader/values.ts'
import { to, written, writtenDictionary } from './written.ts'

/** A rectangle in points: left, bottom, width and height. */
export type Box = { x: number; y: number; width: number; height: number }

/** A page that something is painted over. */
export type Page = {
  /** The part of it that readers see, before it is turned. */
  seen: Box
  /** Quarter turns, clockwise. */
  turns: 0 | 1 | 2 | 3
  /** Paints a form XObject over what is there, with the operators that place it. */
  paintOver(form: number, place: string): void
}

/** Under this name the page knows what is painted over it. */
export const paintedName = 'MotcuaMark'

/** The first page of a file that is continued. @throws NotPdf */
export async function pageOf(draft: Draft, file: PdfFile, first: FirstPage): Promise<Page> {
  const { reference, dictionary, inherited } = first
  const resources = (await file.dictionary(inherited.Resources)) ?? new Map<string, Value>()
  const xObjects = (await file.dictionary(resources.get('XObject'))) ?? new Map<string, Value>()
  const contents = await contentsOf(file, dictionary.get('Contents'))
  return {
    seen: (await boxOf(file, inherited.CropBox)) ?? (await boxOf(file, inherited.MediaBox)) ?? letter,
    turns: turnsOf(await file.resolve(inherited.Rotate)),
    // What the page's own content leaves behind in the graphics state is put away first. The resources are the page's own
    // from now on: they may be inherited or shared with other pages.
    paintOver(form, place) {
      const before = to(draft.addStream('', 'q\n'))
      const after = to(draft.addStream('', `\nQ q ${place} /${paintedName} Do Q\n`))
      const all = writtenDictionary(xObjects, { [paintedName]: to(form) })
      draft.change(reference, dictionary, {
        Resources: writtenDictionary(resources, { XObject: all }),
        Contents: `[${[before, ...contents.map(written), after].join(' ')}]`,
      })
    },
  }
}

/** One stream or several (ISO 32000-1, table 30), as references. */
async function contentsOf(file: PdfFile, contents: Value | undefined): Promise<Value[]> {
  const found = await file.resolve(contents)
  if (Array.isArray(found)) return found
  return contents && found instanceof Stream ? [contents] : []
}

/** What readers show where a page tells no size. */
const letter: Box = { x: 0, y: 0, width: 612, height: 792 }

/** A rectangle by any two opposite corners (ISO 32000-1, 7.9.5). */
async function boxOf(file: PdfFile, rectangle: Value | undefined): Promise<Box | null> {
  const corners = await file.array(rectangle)
  const [x1, y1, x2, y2, ...more] = await Promise.all(corners.slice(0, 5).map((edge) => file.resolve(edge)))
  const isPlain = typeof x1 === 'number' && typeof y1 === 'number' && typeof x2 === 'number' && typeof y2 === 'number'
  if (!isPlain || more.length > 0 || x1 === x2 || y1 === y2) return null
  return { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) }
}

function turnsOf(degrees: Value): Page['turns'] {
  const quarters = typeof degrees === 'number' ? Math.round(degrees / 90) : 0
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a remainder of 4
  return (((quarters % 4) + 4) % 4) as Page['turns']
}
