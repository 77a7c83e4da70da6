import { and, asc, desc, eq, lt, sql } from 'drizzle-orm'
import type { Outage, OutageEntry } from '../domain/outage.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { entryStatements, genesis, type JournalActor } from './journal.ts'
import { journal } from './tables/dossiers.ts'
import { heartbeat, outageEntry } from './tables/time.ts'

export interface OutageStore {
  /** Every entry, oldest first. */
  ledger(): Promise<OutageEntry[]>
  find(id: string): Promise<OutageEntry | undefined>
  /** Each outage as it is known now, newest first, one more than `limit` when there is a next page. */
  list(before: string | undefined, limit: number): Promise<OutageEntry[]>
  /** Writes an entry, its journal and whatever comes along, all or none; refuses if another entry was written meanwhile. */
  write(
    outage: Outage,
    one: { at: Date; actor: JournalActor; along: Statement[] },
  ): Promise<Result<OutageEntry, 'changed-meanwhile' | 'key-in-use'>>
  /** When the minute's chores last ran; undefined before the first time. */
  lastBeat(): Promise<Date | undefined>
  beat(at: Date): Promise<void>
  /** The same as part of a batch. */
  beatStatement(at: Date): Statement
}

const entryOf = (row: typeof outageEntry.$inferSelect): OutageEntry => {
  const { number, outage: id, reasonVi, reasonEn, writtenAt, ...rest } = row
  return { number, outage: { ...rest, id, reason: { vi: reasonVi, en: reasonEn } }, writtenAt }
}

/** How many entries there are, as a part of another statement. */
export const lastEntry = sql<number>`(SELECT coalesce(max(number), 0) FROM outage_entry)`

export function outageStore(db: Database): OutageStore {
  const latest = sql`${outageEntry.version} = (SELECT max(version) FROM outage_entry AS o WHERE o.outage = ${outageEntry.outage})`
  const beatStatement = (at: Date) =>
    db
      .insert(heartbeat)
      .values({ id: 1, at: localTime(at) })
      .onConflictDoUpdate({ target: heartbeat.id, set: { at: sql`max(at, excluded.at)` } })
  const head = async (id: string, version: number) => {
    if (version === 0) return genesis
    const at = and(eq(journal.subject, id), eq(journal.version, version))
    const [row] = await db.select({ hash: journal.hash }).from(journal).where(at)
    if (!row) throw new Error(`the journal of outage ${id} has a gap`)
    return row.hash
  }

  return {
    ledger: async () => (await db.select().from(outageEntry).orderBy(asc(outageEntry.number))).map(entryOf),

    async find(id) {
      const rows = await db
        .select()
        .from(outageEntry)
        .where(eq(outageEntry.outage, id))
        .orderBy(desc(outageEntry.version))
        .limit(1)
      return rows.map(entryOf)[0]
    },

    async list(before, limit) {
      const rows = await db
        .select()
        .from(outageEntry)
        .where(and(before === undefined ? undefined : lt(outageEntry.outage, before), latest))
        .orderBy(desc(outageEntry.outage))
        .limit(limit + 1)
      return rows.map(entryOf)
    },

    async write(outage, { at, actor, along }) {
      const { id, version, kind, from, to, withdrawn, reason, announcedAt } = outage
      const [last] = await db.select({ number: lastEntry }).from(sql`(SELECT 1)`)
      const number = (last?.number ?? 0) + 1
      const event = { type: version === 1 ? `outage.${kind}` : 'outage.corrected', from, to, withdrawn }
      const writtenAt = localTime(at)
      const entry = await entryStatements(db, id, version, await head(id, version - 1), { at: writtenAt, actor, event })
      const row = { number, outage: id, version, kind, from, to, withdrawn, announcedAt, writtenAt }
      try {
        await commit(db, [
          db.insert(outageEntry).values({ ...row, reasonVi: reason.vi, reasonEn: reason.en }),
          ...entry.statements,
          ...along,
        ])
        return ok({ number, outage, writtenAt })
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        if (isDuplicate(error, 'outage_entry') || isDuplicate(error, 'journal')) return refuse('changed-meanwhile')
        throw error
      }
    },

    async lastBeat() {
      const [row] = await db.select({ at: heartbeat.at }).from(heartbeat)
      return row && new Date(row.at)
    },

    async beat(at) {
      await beatStatement(at)
    },
    beatStatement,
  }
}
