import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import { localTime } from '../platform/time.ts'
import { commit, type Database } from './database.ts'
import type { OutboxMessage } from './journal.ts'
import { deadLetter, outbox } from './tables/dossiers.ts'

/** A message that the queue gave up on. */
export type DeadLetter = { id: string; type: string; message: OutboxMessage; diedAt: string; replayedAt: string | null }

export interface DeadLetterStore {
  /** The last that died first, one more than `limit` when there is a next page; `before` is `{diedAt} {id}` of a letter. */
  list(before: string | undefined, limit: number): Promise<DeadLetter[]>
  find(id: string): Promise<DeadLetter | undefined>
  /** Keeps a message; the same one dying again is open again. */
  keep(message: OutboxMessage, at: Date): Promise<void>
  /** Puts the message back into the outbox and marks the letter, all or none. */
  replay(letter: DeadLetter, at: Date): Promise<void>
}

// Where a letter stands in the list: by the time of its death, then by its id.
const place = sql`${deadLetter.diedAt} || ' ' || ${deadLetter.id}`

export function deadLetterStore(db: Database): DeadLetterStore {
  const shown = (row: typeof deadLetter.$inferSelect): DeadLetter => ({
    id: row.id,
    type: row.type,
    message: JSON.parse(row.body) as OutboxMessage,
    diedAt: row.diedAt,
    replayedAt: row.replayedAt,
  })
  return {
    async list(before, limit) {
      const rows = await db
        .select()
        .from(deadLetter)
        .where(before ? lt(place, before) : undefined)
        .orderBy(desc(place))
        .limit(limit + 1)
      return rows.map(shown)
    },
    async find(id) {
      const [row] = await db.select().from(deadLetter).where(eq(deadLetter.id, id))
      return row && shown(row)
    },
    async keep(message, at) {
      const row = {
        id: message.id,
        type: message.type,
        body: JSON.stringify(message),
        diedAt: localTime(at),
        replayedAt: null,
      }
      await db.insert(deadLetter).values(row).onConflictDoUpdate({ target: deadLetter.id, set: row })
    },
    async replay({ id, message: { type, subject, version } }, at) {
      await commit(db, [
        db
          .insert(outbox)
          .values({ id, type, subject, version, createdAt: localTime(at) })
          .onConflictDoNothing(),
        db
          .update(deadLetter)
          .set({ replayedAt: localTime(at) })
          .where(and(eq(deadLetter.id, id), isNull(deadLetter.replayedAt))),
      ])
    },
  }
}
