import { filesBelow, textOf } from './tree.ts'

const longestComment = 3
const longestFile = 250

const isComment = (line: string) => /^\s*\/\//.test(line)

/** Comments that grow into essays, rules that are silenced without a reason, and a clock in the domain. */
export async function habitFaults(root: string): Promise<string[]> {
  const files = [...(await filesBelow(root, 'src', ['.ts'])), ...(await filesBelow(root, 'test', ['.ts']))]
  const found = await Promise.all(
    files.map(async (path) => {
      const text = await textOf(root, path)
      return [...longComments(path, text), ...silenced(path, text), ...clocks(path, text)]
    }),
  )
  return found.flat()
}

/** Runs of `//` lines, and blocks between `/**` and its end, with more than three lines of words. */
export function longComments(path: string, text: string): string[] {
  const faults: string[] = []
  const lines = text.split('\n')
  let run = 0
  for (const [index, line] of [...lines, ''].entries()) {
    if (isComment(line)) run++
    else {
      if (run > longestComment) faults.push(`${path}:${index - run + 1} a comment of ${run} lines`)
      run = 0
    }
  }
  for (const match of text.matchAll(/^\s*\/\*[\s\S]*?\*\//gm)) {
    const words = match[0].split('\n').filter((line) => /[\p{L}\p{N}`]/u.test(line)).length
    const line = text.slice(0, match.index).split('\n').length
    if (words > longestComment) faults.push(`${path}:${line} a comment of ${words} lines`)
  }
  return faults
}

export const silenced = (path: string, text: string): string[] =>
  text.split('\n').flatMap((line, index) => {
    const isSilence = /\b(?:oxlint|eslint)-disable|@ts-(?:ignore|expect-error|nocheck)/.test(line)
    return isSilence && !/ -- \S|@ts-expect-error \S/.test(line)
      ? [`${path}:${index + 1} silences a rule without a reason`]
      : []
  })

/** What the linter cannot see: `new Date()` without an argument reads the clock. */
export const clocks = (path: string, text: string): string[] =>
  path.startsWith('src/domain/') && /\bnew Date\(\s*\)/.test(text) ? [`${path} reads the clock`] : []

/** A habit, not a rule: files that are longer than one sits down to read. */
export async function longFiles(root: string): Promise<string[]> {
  const files = [...(await filesBelow(root, 'src', ['.ts'])), ...(await filesBelow(root, 'test', ['.ts']))]
  const sized = await Promise.all(
    files.map(async (path) => ({ path, lines: (await textOf(root, path)).split('\n').length - 1 })),
  )
  return sized.filter(({ lines }) => lines > longestFile).map(({ path, lines }) => `${path} has ${lines} lines`)
}
