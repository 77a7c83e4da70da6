import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import { nextAttention } from '../../src/domain/clockwork.ts'
import { type Copy, evolveCopy } from '../../src/domain/copy.ts'
import { type Dossier, evolve } from '../../src/domain/dossier.ts'
import { evolvePayment, type Payment } from '../../src/domain/payment.ts'
import { connect } from '../../src/store/database.ts'
import { brokenAt } from '../../src/store/journal.ts'

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

/** Folds every journal and holds it against the row, byte for byte; answers how many there are. */
export async function rebuilt(): Promise<number> {
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
    await all<Row>('SELECT * FROM payment_attempt'),
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
  const begun = await all("SELECT subject FROM journal WHERE version = 1 AND type GLOB 'dossier.*'")
  expect(begun.length).toBe(dossiers.length)
  return entries.size
}

/** Each serial ends with the number of its numbers, and these are 1, 2, 3 … */
export async function gapless(): Promise<void> {
  const series: [numbers: string, serials: string][] = [
    ['SELECT code AS number FROM dossier', 'SELECT last FROM code_serial'],
    ['SELECT number FROM copy', 'SELECT last FROM register_serial'],
    ['SELECT receipt AS number FROM payment_attempt WHERE receipt IS NOT NULL', 'SELECT last FROM receipt_serial'],
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
