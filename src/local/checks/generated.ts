import { documents } from '../documents.ts'
import { textOf } from './tree.ts'

/** Documents that are made out of the code and are not what the code would make of them now. */
export async function staleDocuments(root: string): Promise<string[]> {
  const made = await documents(root)
  const stale = await Promise.all(
    Object.entries(made).map(async ([path, text]) => {
      const kept = await textOf(root, path).catch(() => '')
      return kept === text ? [] : [`${path} is not current: npm run docs`]
    }),
  )
  const wordless = [...(made['docs/data-dictionary.md'] ?? '').matchAll(/\*\*(\w+\.\w+)\?\*\*/g)]
  return [...stale.flat(), ...wordless.map(([, column]) => `src/local/column-words.ts lacks words for ${column}`)]
}
