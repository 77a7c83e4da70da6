import { and, asc, count, eq, lte, min } from 'drizzle-orm'
import { archiveAfter } from '../domain/copy.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, type Statement } from './database.ts'
import { copy, copyArchiveFailure } from './tables/copies.ts'
import { outbox } from './tables/dossiers.ts'

/** Valid copies whose archive time-stamp fails for one reason. */
export type ArchiveAlert = { reason: string; since: string; waiting: number }

export interface ArchiveStore {
  /** Orders archive revisions that are due through the outbox, and each again at `again` unless it was made. */
  order(now: Date, again: Date, limit: number): Promise<void>
  /** Notes for a copy whose file was never looked into when it wants its archive time-stamp; `null`: it has nothing to outlive. */
  plan(id: string, version: number, from: Date, provableUntil: Date | null): Promise<Date | null>
  /** Notes that the archive time-stamp of a copy cannot be made; since when stays. */
  failed(id: string, reason: string, now: Date): Promise<void>
  /** The row that forgets it, to be committed with what mended it. */
  doneStatements(id: string): Statement[]
  /** What fails, by cause, the longest first. */
  alerts(): Promise<ArchiveAlert[]>
}

/** The message that orders an archive revision of a copy, at the version that it names. */
const archiveDue = 'copy.archive-due'

/** `archiveBeforeDays`: how long before its time-stamps end a copy gets the next one. */
export function archiveStore(db: Database, { archiveBeforeDays }: { archiveBeforeDays: number }): ArchiveStore {
  const at = (id: string, version: number) => and(eq(copy.id, id), eq(copy.version, version))
  return {
    async order(now, again, limit) {
      const due = await db
        .select({ id: copy.id, version: copy.version })
        .from(copy)
        .where(lte(copy.archiveAt, localTime(now)))
        .orderBy(asc(copy.archiveAt))
        .limit(limit)
      const statements = due.flatMap(({ id, version }) => [
        db
          .insert(outbox)
          .values({ id: `${id}:${version}:archive`, type: archiveDue, subject: id, version, createdAt: localTime(now) })
          .onConflictDoNothing(),
        db
          .update(copy)
          .set({ archiveAt: localTime(again) })
          .where(at(id, version)),
      ])
      if (statements.length > 0) await commit(db, statements)
    },
    async plan(id, version, from, provableUntil) {
      const next = provableUntil && archiveAfter(from, provableUntil, archiveBeforeDays)
      await db
        .update(copy)
        .set({ archiveAt: next && localTime(next) })
        .where(at(id, version))
      return next
    },
    async failed(id, reason, now) {
      const row = { copyId: id, reason, since: localTime(now) }
      await db
        .insert(copyArchiveFailure)
        .values(row)
        .onConflictDoUpdate({ target: copyArchiveFailure.copyId, set: { reason } })
    },
    doneStatements: (id) => [db.delete(copyArchiveFailure).where(eq(copyArchiveFailure.copyId, id))],
    async alerts() {
      const since = min(copyArchiveFailure.since)
      const rows = await db
        .select({ reason: copyArchiveFailure.reason, since, waiting: count() })
        .from(copyArchiveFailure)
        // What lost its value meanwhile needs no proof any more.
        .innerJoin(copy, and(eq(copy.id, copyArchiveFailure.copyId), eq(copy.status, 'valid')))
        .groupBy(copyArchiveFailure.reason)
        .orderBy(asc(since))
        .limit(100)
      return rows.map((row) => ({ ...row, since: row.since ?? '' }))
    },
  }
}
