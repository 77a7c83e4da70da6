// A thousand certified copies through a queue whose consumers are killed in the middle: `npm run bench -- issue`. The promise itself
// (none lost, none doubled, no number missing) is test/faults/issuing.test.ts, which runs with a few in `npm test`.
import { spawnSync } from 'node:child_process'

const copies = 1000

export function measure() {
  const began = performance.now()
  const command = ['vitest', 'run', '--project', 'alone', 'test/faults/issuing.test.ts']
  const { status, stdout } = spawnSync('npx', command, {
    env: { ...process.env, TEST_COPIES: String(copies) },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(stdout.slice(-5000))
  return { copies, copiesPerSecond: copies / ((performance.now() - began) / 1000) }
}
