// Does what the guides say, as a reader would: npm run guides [-- quickstart]. A service that runs already is used.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServices } from '../services.ts'
import { placesOf, portOf } from '../settings.ts'
import { differences } from './compare.ts'
import { readGuides } from './pages.ts'
import { type Step, stepsOf } from './steps.ts'

const root = join(import.meta.dirname, '../../..')
/** A guide that takes longer hangs. */
const patience = 120_000

/** A folder that looks like this one to npm, so that what a guide saves stays out of the tree. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'motcua-guide-'))
  for (const name of ['package.json', 'node_modules', 'src', 'data', 'docs', '.local'])
    symlinkSync(join(root, name), join(folder, name))
  return folder
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

/** All commands for one shell, each step's words in a file of their own. */
const scriptOf = (steps: readonly Step[], words: (index: number) => string): string =>
  [
    'set -euo pipefail',
    `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT`,
    ...steps.map((step, index) =>
      step.do === 'save' ? `node --check ${step.name}` : `{\n${step.code}\n} > ${words(index)}`,
    ),
  ].join('\n')

/** Answers what is wrong with a guide, a line or more each; nothing when everything came out as it says. */
async function faultsOf(text: string, places: [RegExp, string][]): Promise<string[]> {
  const folder = makeFolder()
  const words = (index: number) => join(folder, `.step-${index}`)
  const placed = places.reduce((made, [pattern, place]) => made.replaceAll(pattern, place), text)
  try {
    const steps = stepsOf(placed)
    for (const step of steps) if (step.do === 'save') writeFileSync(join(folder, step.name), step.code)
    const child = spawn('bash', ['-c', scriptOf(steps, words)], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: patience,
    })
    const said: string[] = []
    child.stderr.on('data', (data) => void said.push(String(data)))
    const [code] = await once(child, 'close')
    const printed = steps.map((_, index) => (existsSync(words(index)) ? readFileSync(words(index), 'utf8') : null))
    const wrong = steps.flatMap((step, index) => {
      const out = printed[index]
      if (step.do === 'save' || step.shown === null || typeof out !== 'string') return []
      const found = differences(step.shown, out)
      return found.length === 0 ? [] : [`after\n${step.code}`, ...found]
    })
    if (code === 0) return wrong
    const last = steps.findLast((_, index) => typeof printed[index] === 'string')
    return [...wrong, `ended with ${code} in\n${last?.code}`, ...said]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const isUp = (service: string): Promise<boolean> =>
  fetch(`${service}/health`).then(
    ({ ok }) => ok,
    () => false,
  )

async function main(): Promise<number> {
  const names = process.argv.slice(2)
  const guides = readGuides().filter(({ name }) => names.length === 0 || names.includes(name))
  const places = placesOf()
  const services = (await isUp(places.service)) ? undefined : await startServices(places, () => undefined)
  let failed = guides.length === 0 ? 1 : 0
  try {
    // Both languages show the same blocks, and a guard says so: one of them is walked.
    for (const { name, text } of guides.filter(({ language }) => language === 'vi')) {
      const began = performance.now()
      const elsewhere: [RegExp, string][] = [
        [/\b8787\b/g, String(portOf(places.service))],
        [/\b3000\b/g, String(await freePort())],
      ]
      const faults = await faultsOf(text, elsewhere).catch((error: unknown) => [String(error)])
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      console.log(`${faults.length === 0 ? '✓' : '✗'} ${name.padEnd(12)} ${stepsOf(text).length} blocks  ${seconds} s`)
      for (const fault of faults) console.log(fault.replaceAll(/^/gm, '    '))
      if (faults.length > 0) failed++
    }
  } finally {
    await services?.close()
  }
  return failed
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})
