import { and, asc, desc, eq, inArray, lt, lte, sql, type SQL } from 'drizzle-orm'
import { evolvePayment, isPending, type Payment, type PaymentEvent } from '../domain/payment.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { entryStatements, genesis, type JournalActor } from './journal.ts'
import { journal } from './tables/dossiers.ts'
import { payment, receiptSerial } from './tables/payments.ts'

/** A payment with the number of its receipt, once it is paid, and the head of its journal's chain. */
export type KeptPayment = { receipt: string | null; head: string; payment: Payment }

export type PaymentStep = { event: PaymentEvent; at: Date; actor: JournalActor }

export interface PaymentStore {
  find(id: string): Promise<KeptPayment | undefined>
  /** Every attempt to pay for a dossier, or for copies by the id of their first, newest first, at most 100. */
  of(id: string): Promise<KeptPayment[]>
  /** The attempt that is not decided yet; there is one at most. */
  pendingOf(id: string): Promise<KeptPayment | undefined>
  /** What these units have to pay back, newest first, one more than `limit` when there is a next page. */
  toRefund(units: readonly string[], before: string | undefined, limit: number): Promise<KeptPayment[]>
  /** Payments whose provider has to be asked by now, longest waiting first. */
  waiting(now: Date, limit: number): Promise<KeptPayment[]>
  /** When the provider is asked next. Of no meaning to anybody, so it is no event. */
  lookAgainStatement(id: string, at: Date): Statement
  /** The rows of steps of one payment, the first of which begins it if `before` is undefined. */
  stepStatements(before: KeptPayment | undefined, steps: readonly PaymentStep[]): Promise<Statement[]>
  /** Writes statements that touch payments only, all or none. */
  commit(statements: Statement[]): Promise<Result<true, 'changed-meanwhile' | 'already-pending' | 'key-in-use'>>
}

/** A provider that said nothing is asked two minutes after the beginning for the first time. */
const firstLook = 2 * 60_000

export function paymentStore(db: Database): PaymentStore {
  const select = () =>
    db
      .select({ receipt: payment.receipt, head: journal.hash, payment: payment.state })
      .from(payment)
      .innerJoin(journal, and(eq(journal.subject, payment.id), eq(journal.version, payment.version)))
  const one = async (where: SQL | undefined) => (await select().where(where))[0]

  return {
    find: (id) => one(eq(payment.id, id)),
    pendingOf: (id) => one(and(isFor(id), inArray(payment.status, ['opening', 'open']))),
    of: (id) => select().where(isFor(id)).orderBy(desc(payment.id)).limit(100),
    toRefund: (units, before, limit) =>
      select()
        .where(
          and(
            sql`${payment.unit} IN (SELECT value FROM json_each(${JSON.stringify(units)}))`,
            // Written as the index has it: SQLite takes a partial index for no other words.
            sql`${payment.status} = 'to-be-refunded'`,
            before ? lt(payment.id, before) : undefined,
          ),
        )
        .orderBy(desc(payment.id))
        .limit(limit + 1),
    waiting: (now, limit) =>
      select()
        .where(lte(payment.attentionAt, localTime(now)))
        .orderBy(asc(payment.attentionAt))
        .limit(limit),
    lookAgainStatement: (id, at) =>
      db
        .update(payment)
        .set({ attentionAt: localTime(at) })
        .where(and(eq(payment.id, id), sql`attention_at IS NOT NULL`)),
    async stepStatements(before, steps) {
      let [state, head] = [before?.payment, before?.head ?? genesis]
      const statements: Statement[] = []
      for (const { event, at, actor } of steps) {
        const time = localTime(at)
        const isNew = state === undefined
        state = evolvePayment(state, event, time)
        const entry = await entryStatements(db, state.id, state.version, head, { at: time, actor, event })
        head = entry.hash
        statements.push(...entry.statements, ...rowStatements(db, state, isNew, at))
      }
      return statements
    },
    async commit(statements) {
      try {
        await commit(db, statements)
        return ok(true)
      } catch (error) {
        if (isDuplicate(error, 'journal')) return refuse('changed-meanwhile')
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        if (isDuplicate(error, 'payment_attempt')) return refuse('already-pending')
        throw error
      }
    },
  }
}

/** Copies have ids that no dossier has. */
const isFor = (id: string) => (id.startsWith('copy_') ? eq(payment.copyId, id) : eq(payment.dossierId, id))

/** The payment's row as it is after a step; the step that pays it takes the next receipt number of the unit's year. */
function rowStatements(db: Database, state: Payment, isNew: boolean, at: Date): Statement[] {
  const { id, dossier: dossierId, copy: copyId, unit, version, status } = state
  if (isNew) {
    const attentionAt = state.via.method === 'online' ? localTime(new Date(at.getTime() + firstLook)) : null
    return [db.insert(payment).values({ id, dossierId, copyId, unit, version, status, attentionAt, state })]
  }
  const keep = isPending(state) ? {} : { attentionAt: null }
  if (status !== 'paid')
    return [
      db
        .update(payment)
        .set({ version, status, state, ...keep })
        .where(eq(payment.id, id)),
    ]
  const year = localTime(at).slice(0, 4)
  return [
    db
      .insert(receiptSerial)
      .values({ unit, year, last: 1 })
      .onConflictDoUpdate({ target: [receiptSerial.unit, receiptSerial.year], set: { last: sql`last + 1` } }),
    db
      .update(payment)
      .set({
        version,
        status,
        state,
        ...keep,
        receipt: sql`(SELECT 'BL.' || unit || '.' || year || '.' || printf('%04d', last) FROM receipt_serial WHERE unit = ${unit} AND year = ${year})`,
      })
      .where(eq(payment.id, id)),
  ]
}
