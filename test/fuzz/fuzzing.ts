import { exports } from 'cloudflare:workers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Operation, operations } from '../support/description.ts'
import { gapless, rebuilt } from '../support/consistency.ts'
import { fuzz, told } from './fuzz.ts'
import { secretMark } from './asked.ts'
import { aWorld } from './world.ts'

/** To each half: few in `npm test`; `npm run fuzz`, and so CI, sends fifty thousand in all. `EXPLORE=1` tries others each time. */
const requests = Number(process.env['FUZZ'] || 600) / 2
const seed = Number(process.env['SEED'] || (process.env['EXPLORE'] ? crypto.getRandomValues(new Uint16Array(1))[0] : 1))

const write = console.log.bind(console)
/** What the service wrote down that it must not: secrets, and faults of its own. */
const written: string[] = []
beforeAll(() => {
  console.log = (...line: unknown[]) => {
    const text = String(line[0])
    if (text.includes(secretMark) || /"event":"(request|chore)\.failed"/.test(text)) written.push(text.slice(0, 2000))
  }
})
afterAll(() => {
  console.log = write
})

/** The promise about bad input, for these operations: what they answer, what they write down, and what they leave behind. */
export function fuzzing(what: string, chosen: (operation: Operation) => boolean): void {
  test(`whatever is sent to ${what}, by whomever: an answer as described, no fault of ours, no secret shown`, async () => {
    const world = await aWorld()
    const figures = await fuzz({
      door: (request) => exports.default.fetch(request),
      operations: operations.filter(chosen),
      world,
      requests,
      seed,
    })
    write(`\nBad input to ${what}, ${told(figures, seed)}\n`)
    for (const line of new Set(written.map((one) => one.replaceAll(/[0-9a-f-]{36}/g, '…')))) write(line)
    expect(figures.faults.map(({ fault, curl }) => `${fault}\n${curl.slice(0, 500)}`)).toEqual([])
    expect(figures.requests).toBeGreaterThanOrEqual(requests)
    expect(written).toEqual([])
    await rebuilt()
    await gapless()
  }, 1_800_000)
}
