import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

const passedOver = new Set(['node_modules', '.git', '.wrangler', '.local', '.assets', 'demo', 'coverage'])

/** Paths of all files below a folder, relative to the root, in order. */
export async function filesBelow(root: string, folder = '.', endings: string[] = ['']): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split('/').some((part) => passedOver.has(part)))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .toSorted()
}

export const textOf = (root: string, path: string): Promise<string> => readFile(join(root, path), 'utf8')
