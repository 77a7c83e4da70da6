import { globSync } from 'node:fs'
import type { Reporter } from 'vitest/node'
import { problems } from '../../src/routes/problems.ts'

/** Beside the Worker under test, in Node: reads its access log for the problems that it answered with, and for what it answered where. */
const seen = new Set<string>()
const replies = new Set<string>()

export function problemsSeen(line: string): void {
  for (const [, code] of line.matchAll(/"problem":"([a-z-]+)"/g)) if (code) seen.add(code)
  for (const [, reply] of line.matchAll(/^test\.replied (\w+ \d+(?: \S+)?)$/gm)) if (reply) replies.add(reply)
}

type Documented = { operationId: string; responses: Record<string, { content?: object }> }

/** Operation, status and type of every reply that is described, as {@link problemsSeen} hears of them. */
export const documentedReplies = (operations: readonly Documented[]): string[] =>
  operations.flatMap(({ operationId, responses }) =>
    Object.entries(responses).flatMap(([status, { content }]) =>
      // What has no status of its own can be met nowhere.
      status === 'default'
        ? []
        : content
          ? Object.keys(content).map((type) => `${operationId} ${status} ${type}`)
          : [`${operationId} ${status}`],
    ),
  )

/** Fails a run of all tests in which some problem of the table, or some reply that is described, was never answered: nobody can reach it, or nobody tried. */
export const everyProblemSeen = (): Reporter => ({
  async onTestRunEnd(modules, _errors, reason) {
    const all = globSync('test/{api,guards,journeys,faults,fuzz}/**/*.test.ts').length
    const house = globSync('test/guards/house/*.test.ts').length
    const ran = modules.filter(({ project }) => project.name !== 'rules').length
    if (ran < all - house || reason === 'interrupted') return
    const { operations } = await import('./description.ts')
    const unreached = documentedReplies(operations).filter((reply) => !replies.has(reply))
    if (unreached.length > 0) console.error(`\nNo test reaches what is described: ${unreached.join(', ')}\n`)
    const unseen = Object.keys(problems).filter((code) => !seen.has(code))
    if (unseen.length > 0) console.error(`\nNo test was answered with: ${unseen.join(', ')}\n`)
    if (unseen.length + unreached.length > 0) process.exitCode = 1
  },
})
