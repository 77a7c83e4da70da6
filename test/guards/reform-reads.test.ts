import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { contextOf } from '../../src/wiring.ts'
import { lodged } from '../support/before-reform.ts'

beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date('2025-06-30T09:00:00+07:00') }))
afterAll(() => void vi.useRealTimers())

/** A database that counts the rows its statements read. */
function counting() {
  let rows = 0
  const count = (meta: { rows_read: number }) => void (rows += meta.rows_read)
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => wrap(target.bind(...values))
        const run = async () => {
          const result = await target.all()
          count(result.meta)
          return result
        }
        if (name === 'raw') return async () => (await run(), target.raw())
        return name === 'all' || name === 'run' ? run : Reflect.get(target, name)
      },
    })
  const db = { prepare: (sql: string) => wrap(env.DB.prepare(sql)), batch: env.DB.batch.bind(env.DB) }
  return { db, read: () => rows }
}

async function rowsRead(look: (context: ReturnType<typeof contextOf>) => Promise<unknown>): Promise<number> {
  const { db, read } = counting()
  await look(contextOf(env, { kind: 'public' }, db))
  return read()
}

/** As many copies of a dossier, with their journals, under other ids and codes. */
const copies = (id: string, from: number, to: number) =>
  env.DB.batch(
    [
      `INSERT INTO dossier (id, code, version, status, procedure_code, competent_unit, receiving_point, submitter, due_at,
         attention_at, updated_at, state, line_unit, line_key, awaiting_on) SELECT d.id || '-' || n, d.code || '-' || n, version, status, procedure_code, competent_unit, receiving_point, submitter, due_at,
         attention_at, updated_at, json_set(state, '$.id', d.id || '-' || n), line_unit, line_key, awaiting_on FROM dossier AS d, numbers WHERE d.id = ?3`,
      `INSERT INTO journal (subject, version, type, at, record, previous_hash, hash) SELECT subject || '-' || n, version, type, at, record, previous_hash, hash FROM journal, numbers WHERE subject = ?3`,
    ].map((sql) =>
      env.DB.prepare(
        `WITH RECURSIVE numbers(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2) ${sql}`.replace(
          /^(WITH.*?\)) (INSERT INTO \w+ \(.*?\)) /s,
          '$2 $1 ',
        ),
      ).bind(from, to, id),
    ),
  )

test('a list, the waiting list and one dossier cost the same after midnight, however many dossiers there are', async () => {
  const whole = await lodged('00082-0')
  const split = await lodged('00073-0')
  const looks = {
    list: (context: ReturnType<typeof contextOf>) => context.dossiers.list({ unit: '00082-2025' }, {}, undefined, 20),
    waiting: (context: ReturnType<typeof contextOf>) =>
      context.dossiers.list({ candidate: '00082-2025' }, {}, undefined, 20),
    moves: (context: ReturnType<typeof contextOf>) => context.dossiers.waitingForMove(20),
    one: (context: ReturnType<typeof contextOf>) => context.dossiers.byId(whole.id),
  }
  const measure = async () =>
    Object.fromEntries(
      await Promise.all(Object.entries(looks).map(async ([name, look]) => [name, await rowsRead(look)] as const)),
    )
  vi.setSystemTime(new Date('2025-07-01T08:00:00+07:00'))
  for (const { id } of [whole, split]) await copies(id, 1, 60)
  const few = await measure()
  for (const { id } of [whole, split]) await copies(id, 61, 5000)
  const many = await measure()
  for (const name of Object.keys(looks))
    expect(`${name} ${(many[name] ?? 0) <= (few[name] ?? 0) * 1.1 + 20}`).toBe(`${name} true`)
  expect(few['list']).toBeLessThan(1500)
  expect(few['one']).toBeLessThan(100)
})
