// Measures what must stay fast: `npm run bench -- time` runs test/bench/time.ts, without a name every one. Each bench exports
// `measure()`; test/bench/budget.json says how good its figures must be, and the run fails where one is worse.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a bench found, by name; a figure without a budget is only told. */
export type Figures = Record<string, number>

type Budget = { atLeast?: number; atMost?: number; why: string }
type Bench = { measure: () => Figures | Promise<Figures> }

const folder = import.meta.dirname
const budgets: Record<string, Record<string, Budget>> = JSON.parse(await readFile(join(folder, 'budget.json'), 'utf8'))
const all = (await readdir(folder)).filter((file) => file.endsWith('.ts') && file !== 'run.ts')
const known = all.map((file) => file.replace(/\.ts$/, '')).toSorted()
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}; there are ${known.join(', ')}`)

const say = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 6 })

/** One line a figure; whether all are within their budgets, and every budget has its figure. */
async function run(name: string): Promise<boolean> {
  const bench: Bench = await import(join(folder, `${name}.ts`))
  const figures = await bench.measure()
  const budget = budgets[name] ?? {}
  let good = true
  for (const key of new Set([...Object.keys(figures), ...Object.keys(budget)])) {
    const { atLeast = -Infinity, atMost = Infinity } = budget[key] ?? {}
    const value = figures[key] ?? Number.NaN
    const kept = !(key in budget) || (value >= atLeast && value <= atMost)
    const limits = [
      Number.isFinite(atLeast) ? `at least ${say(atLeast)}` : '',
      Number.isFinite(atMost) ? `at most ${say(atMost)}` : '',
    ]
    console.log(`${kept ? '✓' : '✗'} ${name}: ${key} ${say(value)}  ${limits.filter(Boolean).join(', ')}`.trimEnd())
    good &&= kept
  }
  return good
}

for (const name of asked.length > 0 ? asked : known) if (!(await run(name))) process.exitCode = 1
