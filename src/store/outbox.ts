import { and, asc, sql } from 'drizzle-orm'
import { localTime } from '../platform/time.ts'
import type { Database } from './database.ts'
import type { OutboxMessage } from './journal.ts'
import { outbox } from './tables/dossiers.ts'

/** Committed events that the queue does not have yet. Rows come in with their event, in its batch. */
export interface OutboxStore {
  /** The oldest that nobody holds, oldest first; they are the caller's until `until`, and anybody's after it. */
  lease(limit: number, now: Date, until: Date): Promise<OutboxMessage[]>
  /** Gives back what could not be sent. */
  release(ids: string[]): Promise<void>
  forget(ids: string[]): Promise<void>
}

export function outboxStore(db: Database): OutboxStore {
  const { id, type, subject, version, createdAt, leasedUntil } = outbox
  const among = (ids: string[]) => sql`${id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  return {
    async lease(limit, now, until) {
      const free = sql`(${leasedUntil} IS NULL OR ${leasedUntil} <= ${localTime(now)})`
      const found = await db.select({ id }).from(outbox).where(free).orderBy(asc(createdAt), asc(id)).limit(limit)
      // Mostly nothing waits, and then nothing is written.
      if (found.length === 0) return []
      // Asked again in the one statement that takes them: two who come at once never get the same row.
      const rows = await db
        .update(outbox)
        .set({ leasedUntil: localTime(until) })
        .where(and(among(found.map((row) => row.id)), free))
        .returning({ id, type, subject, version, createdAt })
      return rows
        .toSorted((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1))
        .map(({ createdAt: _createdAt, ...message }) => message)
    },
    async release(ids) {
      await db.update(outbox).set({ leasedUntil: null }).where(among(ids))
    },
    async forget(ids) {
      await db.delete(outbox).where(among(ids))
    },
  }
}
