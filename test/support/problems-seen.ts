import { globSync } from 'node:fs'
import type { Reporter } from 'vitest/node'
import { problems } from '../../src/routes/problems.ts'

/** Beside the Worker under test, in Node: reads its access log for the problems that it answered with. */
const seen = new Set<string>()

export function problemsSeen(line: string): void {
  for (const [, code] of line.matchAll(/"problem":"([a-z-]+)"/g)) if (code) seen.add(code)
}

/** Fails a run of all tests in which some problem of the table was never answered: nobody can reach it, or nobody tried. */
export const everyProblemSeen = (): Reporter => ({
  onTestRunEnd(modules, _errors, reason) {
    const all = globSync('test/{api,guards,journeys,faults}/**/*.test.ts').length
    const house = globSync('test/guards/house/*.test.ts').length
    const ran = modules.filter(({ project }) => project.name === 'api').length
    if (ran < all - house || reason === 'interrupted') return
    const unseen = Object.keys(problems).filter((code) => !seen.has(code))
    if (unseen.length === 0) return
    console.error(`\nNo test was answered with: ${unseen.join(', ')}\n`)
    process.exitCode = 1
  },
})
