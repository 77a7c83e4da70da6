import { asc, count, eq, lte, min, ne, sql } from 'drizzle-orm'
import { localTime } from '../platform/time.ts'
import { commit, type Database, type Statement } from './database.ts'
import { copyWaiting } from './tables/copies.ts'
import { outbox } from './tables/dossiers.ts'

/** Numbered copies that wait for one certificate or service. */
export type SigningAlert = { who: string; reason: string; since: string; waiting: number }

export interface WaitingStore {
  /** How often this copy has waited before. */
  triesOf(copyId: string): Promise<number>
  /** Notes that a copy waits, or waits on: since when stays. */
  wait(copyId: string, why: { who: string; reason: string }, tries: number, now: Date, retryAt: Date): Promise<void>
  /** The rows that end the waiting, to be committed with what ended it. */
  doneStatements(copyId: string): Statement[]
  /** The rows that let everything go on at once that waits for one signer. */
  wakeStatements(who: string, now: Date): Statement[]
  /** Puts what is due back into the outbox; `until` keeps the next call from sending it again meanwhile. */
  resume(now: Date, until: Date, limit: number): Promise<void>
  /** What waits, by cause, the longest first. */
  alerts(): Promise<SigningAlert[]>
}

export function waitingStore(db: Database): WaitingStore {
  return {
    async triesOf(copyId) {
      const [row] = await db
        .select({ tries: copyWaiting.tries })
        .from(copyWaiting)
        .where(eq(copyWaiting.copyId, copyId))
      return row?.tries ?? 0
    },
    async wait(copyId, { who, reason }, tries, now, retryAt) {
      const again = { who, reason, tries, retryAt: localTime(retryAt) }
      const row = { copyId, since: localTime(now), ...again }
      await db.insert(copyWaiting).values(row).onConflictDoUpdate({ target: copyWaiting.copyId, set: again })
    },
    doneStatements: (copyId) => [db.delete(copyWaiting).where(eq(copyWaiting.copyId, copyId))],
    wakeStatements: (who, now) => [
      db
        .update(copyWaiting)
        .set({ retryAt: localTime(now) })
        .where(eq(copyWaiting.who, who)),
    ],
    async resume(now, until, limit) {
      const time = localTime(now)
      const found = await db
        .select({ copyId: copyWaiting.copyId })
        .from(copyWaiting)
        .where(lte(copyWaiting.retryAt, time))
        .orderBy(asc(copyWaiting.retryAt), asc(copyWaiting.copyId))
        .limit(limit)
      // Mostly nothing waits, and then nothing is written.
      if (found.length === 0) return
      // A copy's first event is its request, and the outbox names an event by subject and version.
      const rows = found.map(({ copyId }) => ({
        id: `${copyId}:1`,
        type: 'copy.requested',
        subject: copyId,
        version: 1,
      }))
      const next = db
        .update(copyWaiting)
        .set({ retryAt: localTime(until) })
        .where(
          sql`${copyWaiting.copyId} IN (SELECT value FROM json_each(${JSON.stringify(found.map(({ copyId }) => copyId))}))`,
        )
      const inserts = rows.map((row) =>
        db
          .insert(outbox)
          .values({ ...row, createdAt: time })
          .onConflictDoNothing(),
      )
      await commit(db, [...inserts, next])
    },
    async alerts() {
      const since = min(copyWaiting.since)
      const rows = await db
        .select({ who: copyWaiting.who, reason: copyWaiting.reason, since, waiting: count() })
        .from(copyWaiting)
        // What waits for its fee waits for nobody here.
        .where(ne(copyWaiting.who, 'fee'))
        .groupBy(copyWaiting.who, copyWaiting.reason)
        .orderBy(asc(since))
        .limit(1000)
      return rows.map((row) => ({ ...row, since: row.since ?? '' }))
    },
  }
}
