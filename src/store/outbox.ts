import { asc, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import type { OutboxMessage } from './journal.ts'
import { outbox } from './tables/dossiers.ts'

/** Committed events that the queue does not have yet. Rows come in with their event, in its batch. */
export interface OutboxStore {
  oldest(limit: number): Promise<OutboxMessage[]>
  forget(ids: string[]): Promise<void>
}

export function outboxStore(db: Database): OutboxStore {
  const { id, type, subject, version, createdAt } = outbox
  return {
    oldest: (limit) =>
      db.select({ id, type, subject, version }).from(outbox).orderBy(asc(createdAt), asc(id)).limit(limit),
    async forget(ids) {
      await db.delete(outbox).where(sql`${id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    },
  }
}
