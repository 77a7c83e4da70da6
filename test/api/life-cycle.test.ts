import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { nextAttention } from '../../src/domain/clockwork.ts'
import { type Copy, evolveCopy } from '../../src/domain/copy.ts'
import { type Dossier, evolve } from '../../src/domain/dossier.ts'
import { evolvePayment, type Payment } from '../../src/domain/payment.ts'
import { connect } from '../../src/store/database.ts'
import { brokenAt } from '../../src/store/journal.ts'
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

const all = async <T>(sql: string): Promise<T[]> => (await env.DB.prepare(sql).all<T>()).results

type Row = {
  id: string
  version: number
  status: string
  state: string
  due_at: string
  attention_at: string
  updated_at: string
  competent_unit: string
}
type Entry = { subject: string; record: string; at: string }

/** Folds every journal and holds it against the row, byte for byte. */
async function rebuilt(): Promise<number> {
  const entries = Map.groupBy(
    await all<Entry>('SELECT subject, record, at FROM journal ORDER BY subject, version'),
    ({ subject }) => subject,
  )
  const fold = <S>(id: string, evolve: (before: S | undefined, event: never, at: string) => S): S | undefined =>
    (entries.get(id) ?? []).reduce<S | undefined>((state, { record, at }) => {
      const { event }: { event: never } = JSON.parse(record)
      return evolve(state, event, at)
    }, undefined)
  const [dossiers, copies, payments] = [
    await all<Row>('SELECT * FROM dossier'),
    await all<Row>('SELECT * FROM copy'),
    await all<Row>('SELECT * FROM payment'),
  ]
  for (const row of dossiers) {
    const state = fold<Dossier>(row.id, evolve)
    expect(JSON.stringify(state)).toBe(row.state)
    expect([row.version, row.status, row.competent_unit, row.due_at, row.attention_at]).toEqual([
      entries.get(row.id)?.length,
      state?.status,
      state?.competentUnit,
      state?.clock.dueAt,
      state && (nextAttention(state)?.at ?? null),
    ])
    expect(row.updated_at).toBe(entries.get(row.id)?.at(-1)?.at)
    const decisions = entries.get(row.id)?.filter(({ record }) => JSON.parse(record).event.type === 'dossier.resolved')
    expect(decisions?.length ?? 0).toBeLessThanOrEqual(1)
  }
  for (const row of copies) expect(JSON.stringify(fold<Copy>(row.id, evolveCopy))).toBe(row.state)
  for (const row of payments) expect(JSON.stringify(fold<Payment>(row.id, evolvePayment))).toBe(row.state)
  for (const subject of entries.keys())
    expect([subject, await brokenAt(connect(env.DB), subject)]).toEqual([subject, null])
  const subjects = dossiers.length + copies.length + payments.length
  expect(entries.size).toBe(subjects + (await all('SELECT id FROM reform')).length)
  return entries.size
}

/** Each serial ends with the number of its numbers, and these are 1, 2, 3 … */
async function gapless(): Promise<void> {
  const series: [numbers: string, serials: string][] = [
    ['SELECT code AS number FROM dossier', 'SELECT last FROM code_serial'],
    ['SELECT number FROM copy', 'SELECT last FROM register_serial'],
    ['SELECT receipt AS number FROM payment WHERE receipt IS NOT NULL', 'SELECT last FROM receipt_serial'],
  ]
  for (const [numbers, serials] of series) {
    const given = Map.groupBy(
      (await all<{ number: string }>(numbers)).map(({ number }) => /^(.*\D)(\d+)$/.exec(number)),
      (parts) => parts?.[1],
    )
    for (const parts of given.values()) {
      const found = parts.map((one) => Number(one?.[2])).toSorted((a, b) => a - b)
      expect(found).toEqual(found.map((_, index) => index + 1))
    }
    const lasts = (await all<{ last: number }>(serials)).map(({ last }) => last)
    expect(lasts.toSorted((a, b) => a - b)).toEqual(
      [...given.values()].map(({ length }) => length).toSorted((a, b) => a - b),
    )
  }
}

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
    expect(await rebuilt()).toBeGreaterThan(5)
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
