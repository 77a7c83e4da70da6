// Everything that can be told without starting the service, in seconds: `npm run check`, before every commit and by CI.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { join } from 'node:path'
import { staleDocuments } from './checks/generated.ts'
import { habitFaults, longFiles } from './checks/habits.ts'
import { migrationFaults } from './checks/migrations.ts'
import { missingPaths } from './checks/paths.ts'

/** Answers what is wrong, one line a fault; nothing when all is well. */
type Check = { name: string; faults: () => Promise<string[]> }

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

// What tools say about themselves.
const noise = /^npm warn|update available|^\[custom build\]|Logs were written|^Finished in|^Checking formatting/

/** A tool of the tree that says by its exit code whether all is well, and otherwise in words what is not. */
const tool = (name: string, command: string, ...args: string[]): Check => ({
  name,
  async faults() {
    try {
      await run(join(root, 'node_modules/.bin', command), args, {
        cwd: root,
        maxBuffer: 1e8,
        env: { ...process.env, NO_COLOR: '1' },
      })
      return []
    } catch (error) {
      const said = error instanceof Error && 'stdout' in error && 'stderr' in error ? [error.stdout, error.stderr] : []
      return [...said.map(String), ...(said.length === 0 ? [String(error)] : [])].flatMap((text) =>
        text.split('\n').filter((line) => /[\p{L}\p{N}]/u.test(line) && !noise.test(line)),
      )
    }
  },
})

const own = (name: string, faults: (root: string) => Promise<string[]>): Check => ({ name, faults: () => faults(root) })

// As the script `types` in package.json.
const typesFlags = ['--include-runtime=false', '--strict-vars=false']

// The long ones first: two run at a time.
const checks: Check[] = [
  tool('dead code and unused packages (knip)', 'knip', '--no-progress'),
  tool('types (tsc)', 'tsc', '-p', '.'),
  tool('rules and rooms (oxlint)', 'oxlint', '--type-aware', '-f', 'unix'),
  tool('bindings current (wrangler types)', 'wrangler', 'types', ...typesFlags, '--check'),
  own('generated documents current', staleDocuments),
  tool('format (oxfmt)', 'oxfmt', '--check', '.'),
  own('migrations', migrationFaults),
  own('paths named in the documents', missingPaths),
  own('comments and silenced rules', habitFaults),
]

async function report({ name, faults }: Check): Promise<boolean> {
  const began = performance.now()
  const found = await faults()
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(5)
  console.log(`${found.length === 0 ? '✓' : '✗'} ${seconds} s  ${name}`)
  for (const fault of found) console.log(`            ${fault}`)
  return found.length === 0
}

const waiting = [...checks]
async function work(): Promise<boolean> {
  let good = true
  for (let check = waiting.shift(); check; check = waiting.shift()) good = (await report(check)) && good
  return good
}

const began = performance.now()
const results = await Promise.all([work(), work()])
for (const line of await longFiles(root)) console.log(`· habit     ${line}`)
const seconds = ((performance.now() - began) / 1000).toFixed(1)
console.log(results.every(Boolean) ? `All is well (${seconds} s).` : `Something is wrong (${seconds} s).`)
process.exitCode = results.every(Boolean) ? 0 : 1
