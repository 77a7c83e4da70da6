import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { nextAttention } from '../../src/domain/clockwork.ts'
import { type Copy, evolveCopy } from '../../src/domain/copy.ts'
import { type Dossier, evolve } from '../../src/domain/dossier.ts'
import { evolvePayment, type Payment } from '../../src/domain/payment.ts'
import { connect } from '../../src/store/database.ts'
import { brokenAt } from '../../src/store/journal.ts'
import { runClock } from '../../src/usecases/clock/run.ts'
import { contextOf } from '../../src/wiring.ts'
import { command, give, type House, type Told } from '../support/dossier-commands.ts'
import { type Order, orders, type Person, type Seen } from '../support/dossier-model.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { quiet } from '../support/quiet.ts'
import type { Who } from '../support/tokens.ts'
import { app, exampleOf, submission, uploaded } from '../support/walk.ts'

quiet('outbox.not-sent')

// Certificates are made for each run of the tests, so the model's time begins now: at eight o'clock of the Monday to come.
const [day, week] = [86_400_000, 7 * 86_400_000]
const monday = Math.ceil((Date.now() - 4 * day) / week) * week + 4 * day + 3_600_000
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: monday }))
afterAll(() => void vi.useRealTimers())

// No copy that is ordered here is ever made: signing is not what this is about.
const silent = doorWith({ OUTBOX_QUEUE: deadQueue })
const door: typeof silent = async (...request) => {
  const reply = await silent(...request)
  await env.DB.exec('DELETE FROM outbox')
  return reply
}
const far = '00004-2025'
const who: Record<Exclude<Person, 'owner'>, Who> = {
  app,
  stranger: { kind: 'citizen', personalId: '001190000002' },
  reception: 'reception',
  handler: 'handler',
  certifier: 'certifier',
  supervisor: 'supervisor',
  far: { kind: 'officer', unit: far, roles: ['reception', 'handler'] },
}
/** Each dossier is somebody else's. */
const ownerOf = (dossier: number) => String(1_190_000_100 + dossier).padStart(12, '0')
const tokenOf = (person: Person, dossier: number): Who =>
  person === 'owner' ? { kind: 'citizen', personalId: ownerOf(dossier) } : who[person]
const reason = 'Hồ sơ còn thiếu giấy tờ theo quy định.'
const moves: Partial<Record<Order, Record<string, unknown>>> = {
  accept: { to: 'accepted' },
  'turn-down': { to: 'not-accepted', reason },
  ask: { to: 'awaiting-supplement', components: ['declaration'], reason, whyAgain: reason },
  begin: { to: 'processing' },
  withdraw: { to: 'withdrawn', reason },
  stop: { to: 'stopped', reason, legalBasis: 'Quyết định tạm dừng số 1' },
  refuse: { to: 'resolved', outcome: 'refused', reason },
  grant: { to: 'resolved', outcome: 'granted' },
  recall: { to: 'resolved', outcome: 'recalled', reason },
  return: { to: 'returned', by: 'counter' },
}

const tables = [
  'dossier',
  'dossier_party',
  'dossier_key',
  'dossier_sealed',
  'dossier_file',
  'journal',
  'idempotency',
  'copy',
]
tables.push('register_serial', 'code_serial', 'payment', 'receipt_serial', 'feed')
const all = async <T>(sql: string): Promise<T[]> => (await env.DB.prepare(sql).all<T>()).results

/** The house behind the front door, with its database. */
function frontDoor(procedure: string, byDay: boolean): House & { codes: string[] } {
  const codes: string[] = []
  const stateOf = async (dossier: number): Promise<Dossier> =>
    JSON.parse(
      (await env.DB.prepare('SELECT state FROM dossier WHERE code = ?').bind(codes[dossier]).first('state')) ?? '',
    )
  const see = async (dossier: number): Promise<Seen> => {
    const { status, version, clock, ...rest } = await stateOf(dossier)
    const answerBy = 'request' in rest ? rest.request.answerBy : null
    return { status, version, dueAt: clock.dueAt, originalDueAt: clock.originalDueAt, answerBy }
  }
  let scan = ''
  async function bodyOf(order: Order, actor: Person): Promise<[path: string, body: unknown]> {
    if (order === 'supplement') return ['supplements', { form: (await exampleOf(procedure)).form }]
    if (order === 'cash') return ['payments', { method: 'cash', amount: 16_000 }]
    if (order === 'apologise') return ['reappointments', { date: '2027-09-06', cause: 'unit', reason }]
    // Of one the catalogue knows the fee, of the other the officer names it.
    if (order === 'charge')
      return ['transitions', { to: 'awaiting-payment', ...(byDay ? { amount: 16_000 } : { copies: 2 }) }]
    if (order !== 'certify') return ['transitions', moves[order]]
    if (actor === 'certifier' || !scan) scan = await uploaded('certifier')
    return ['transitions', { to: 'resolved', outcome: 'granted', paper: { scan, paperSeen: true } }]
  }
  return {
    codes,
    byDay,
    orders,
    see,
    setTime: (now) => vi.setSystemTime(now),
    async file(isFar) {
      const change = isFar ? { receivingPoint: far, channel: 'direct' } : {}
      const body = await submission({ procedure, change, personalId: ownerOf(codes.length) })
      const reply = await door(app, '/v1/dossiers', { body, headers: { 'idempotency-key': crypto.randomUUID() } })
      if (reply.status !== 201) throw new Error(reply.text)
      codes.push(reply.body.code)
      return see(codes.length - 1)
    },
    async act(dossier, person, order, { stale, twice }) {
      const [path, body] = await bodyOf(order, person)
      const { version } = await see(dossier)
      const headers = { 'if-match': `"${stale ? version - 1 : version}"`, 'idempotency-key': crypto.randomUUID() }
      const send = () => door(tokenOf(person, dossier), `/v1/dossiers/${codes[dossier]}/${path}`, { body, headers })
      const reply = await send()
      if (reply.status >= 400) return reply.body.code
      if (twice) {
        const before = await this.kept()
        const again = await send()
        expect([again.headers.get('idempotent-replayed'), again.text]).toEqual(['true', reply.text])
        expect(await this.kept()).toBe(before)
      }
      return 'ok'
    },
    async tick() {
      await runClock(contextOf(env, { kind: 'public' }))
      await env.DB.exec('DELETE FROM outbox')
    },
    kept: async () =>
      JSON.stringify(
        await env.DB.batch(tables.map((table) => env.DB.prepare(`SELECT * FROM ${table}`))).then((done) =>
          done.map(({ results }) => results),
        ),
      ),
  }
}

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
  expect(entries.size).toBe(dossiers.length + copies.length + payments.length)
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
    let start = monday
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 45, maxLength: 45 }), async (commands) => {
        const told: Told = { house: frontDoor(procedure, byDay), models: [], now: start, answers }
        for (const one of commands)
          await give(told, one, (what, house, model) => expect([what, house]).toEqual([what, model]))
        start = told.now
      }),
      { numRuns: 4, endOnFailure: true, ...(!process.env['EXPLORE'] && { seed: 20_250_701 }) },
    )
    expect(await rebuilt()).toBeGreaterThan(5)
    await gapless()
  },
  120_000,
)

test('these lives went all the ways that only the whole house knows: money, registers, a race lost', () => {
  const met = ['accept', 'ask', 'supplement', 'charge', 'cash', 'certify', 'return', 'recall', 'changed-meanwhile']
  expect(met.filter((one) => !answers.has(one))).toEqual([])
})
