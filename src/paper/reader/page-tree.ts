import type { PdfFile } from './file.ts'
import { Name, NotPdf, Reference, type Dictionary, type Value } from './values.ts'

/** What a page takes from the nodes above it where it says nothing itself (ISO 32000-1, table 30). */
const inheritable = ['Resources', 'MediaBox', 'CropBox', 'Rotate'] as const
type Inherited = Partial<Record<(typeof inheritable)[number], Value>>

export type FirstPage = { reference: Reference; dictionary: Dictionary; inherited: Inherited }

/** The pages of a document: the root of their tree and what is right below it, how many there are, and the first. */
export type PageTree = { root: Reference; node: Dictionary; kids: Value[]; count: number; first: FirstPage | null }

/** Walks the tree of pages (ISO 32000-1, 7.7.3). @throws NotPdf where there is none, or it goes in circles */
export async function readPageTree(file: PdfFile, root: Value | undefined): Promise<PageTree> {
  const node = await file.dictionary(root)
  if (!(root instanceof Reference) || !node) throw new NotPdf('no pages')
  const kids = await file.array(node.get('Kids'))
  const tree: PageTree = { root, node, kids, count: 0, first: null }
  const seen = new Set<number>()
  const waiting: { reference: Reference; inherited: Inherited }[] = [{ reference: root, inherited: {} }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { reference } = next
    if (seen.has(reference.object)) throw new NotPdf('pages in a circle')
    seen.add(reference.object)
    const dictionary = await file.dictionary(reference)
    const type = await file.resolve(dictionary?.get('Type'))
    if (!dictionary || !(type instanceof Name)) continue
    if (type.value === 'Page') {
      tree.count++
      tree.first ??= { reference, dictionary, inherited: inheritedBy(dictionary, next.inherited) }
    } else if (type.value === 'Pages') {
      const inherited = tree.first ? next.inherited : inheritedBy(dictionary, next.inherited)
      const kids = await file.array(dictionary.get('Kids'))
      for (const kid of kids.toReversed()) if (kid instanceof Reference) waiting.push({ reference: kid, inherited })
    }
  }
  return tree
}

function inheritedBy(node: Dictionary, above: Inherited): Inherited {
  const all: Inherited = { ...above }
  for (const key of inheritable) if (node.has(key)) all[key] = node.get(key) ?? null
  return all
}
