import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { filesBelow, textOf } from './tree.ts'

const ours = String.raw`(?:src|test|docs|migrations|openapi|data)/[\w./{},*-]*[\w}/]`
const cited = new RegExp(String.raw`(?<![\w/.:])(${ours})`, 'g')
const linked = /\]\((?!https?:|mailto:|#)([^)#\s]+)/g

/** Files and folders that a document or a comment names but that are not there. Patterns with * or {a,b} are passed over. */
export async function missingPaths(root: string): Promise<string[]> {
  const readers = [
    ...(await filesBelow(root, 'docs', ['.md'])),
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'data/README.md',
    ...(await filesBelow(root, 'src', ['.ts'])),
  ]
  const found = await Promise.all(readers.map((path) => missingIn(root, path)))
  return found.flat()
}

async function missingIn(root: string, path: string): Promise<string[]> {
  const text = await textOf(root, path).catch(() => undefined)
  if (text === undefined) return [`${path} is not there`]
  const prose = path.endsWith('.ts') ? commentsOf(text) : text
  const links = path.endsWith('.md') ? [...prose.matchAll(linked)].map(([, to = '']) => join(dirname(path), to)) : []
  const names = [...prose.matchAll(cited)].map(([, name = '']) => name)
  const wanted = [...new Set([...names, ...links])].filter((name) => !/[*{]/.test(name))
  const there = await Promise.all(wanted.map((name) => isThere(join(root, name))))
  return wanted.filter((_, index) => !there[index]).map((name) => `${path} names ${name}`)
}

const commentsOf = (text: string): string =>
  [...text.matchAll(/\/\*\*?[\s\S]*?\*\/|(?:^|\s)\/\/.*$/gm)].map(([comment]) => comment).join('\n')

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
