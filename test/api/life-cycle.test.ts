import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { gapless, rebuilt } from '../support/consistency.ts'
import { command, give, type Told } from '../support/dossier-commands.ts'
import { frontDoor, provider } from '../support/front-door-house.ts'
import { quiet } from '../support/quiet.ts'
import { exhaustive, partOf } from '../support/exhaustive.ts'

quiet('outbox.not-sent')

// Certificates are made for each run of the tests, so the model's time begins now: at eight o'clock of the Monday to come.
const [day, week] = [86_400_000, 7 * 86_400_000]
const monday = Math.ceil((Date.now() - 4 * day) / week) * week + 4 * day + 3_600_000
beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: monday })
  vi.stubGlobal('fetch', provider(fetch))
})
afterAll(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const answers = new Map<string, number>()

test.each([
  ['2.000635', false],
  ['1.004873', true],
])(
  'whatever whoever orders of a dossier of %s, and whenever, the house answers and keeps what the model says',
  async (procedure, byDay) => {
    // The catalogue sets no time to answer; an administration may.
    await env.DB.prepare(
      `UPDATE procedure_version SET body = json_set(body, '$.supplement.answerWithin', json('{"unit":"DAY","value":3}')) WHERE code = ?`,
    )
      .bind(procedure)
      .run()
    let [start, midnight]: [number, number | undefined] = [Math.max(monday, Date.now()), undefined]
    await fc.assert(
      fc.asyncProperty(fc.array(command(), { minLength: 45, maxLength: 45 }), async (commands) => {
        const told: Told = { house: frontDoor(procedure, byDay), models: [], now: start, midnight, answers }
        for (const one of commands)
          await give(told, one, (what, house, model) => expect([what, house]).toEqual([what, model]))
        ;({ now: start, midnight } = told)
      }),
      { numRuns: partOf(4), endOnFailure: true, ...(!process.env['EXPLORE'] && { seed: 498 }) },
    )
    const subjects = ['dossier', 'copy', 'payment_attempt', 'reform']
      .map((table) => `(SELECT count(*) FROM ${table})`)
      .join(' + ')
    const count = await env.DB.prepare(`SELECT ${subjects} AS count`).first<number>('count')
    expect(count).toBeGreaterThan(5)
    expect(await rebuilt()).toBe(count)
    await gapless()
  },
  120_000,
)

test.runIf(exhaustive)(
  'these lives went all the ways that only the whole house knows: money, registers, a race lost',
  () => {
    const met = ['accept', 'ask', 'supplement', 'charge', 'cash', 'certify', 'return', 'recall', 'changed-meanwhile']
    met.push('pay', 'rate', 'succeeded: paid', 'succeeded: as before', 'failed: failed', 'reform', 'passed-on')
    expect(met.filter((one) => !answers.has(one))).toEqual([])
  },
)
