import { asc, desc, eq, sql } from 'drizzle-orm'
import type { HoursEntry } from '../domain/opening-hours.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate } from './database.ts'
import { entryStatements, genesis, type JournalActor } from './journal.ts'
import { journal } from './tables/dossiers.ts'
import { openingHoursEntry } from './tables/time.ts'

export interface OpeningHoursStore {
  /** What was told of a unit, oldest first; nothing of one that keeps the usual hours. */
  ledgerOf(unit: string): Promise<readonly HoursEntry[]>
  /** The same of several units at once. */
  ledgersOf(units: readonly string[]): Promise<ReadonlyMap<string, readonly HoursEntry[]>>
  /** Adds an entry and tells the unit's journal, both or neither; refuses if another entry was added meanwhile. */
  add(
    unit: string,
    entry: Omit<HoursEntry, 'recordedAt'>,
    act: { at: Date; actor: JournalActor },
  ): Promise<Result<HoursEntry, 'changed-meanwhile'>>
}

export function openingHoursStore(db: Database): OpeningHoursStore {
  const headOf = async (unit: string) => {
    const last = db.select().from(journal).where(eq(journal.subject, unit)).orderBy(desc(journal.version)).limit(1)
    const [row] = await last
    return row ?? { version: 0, hash: genesis }
  }

  async function ledgersOf(units: readonly string[]) {
    const { unitId, version } = openingHoursEntry
    const rows = await db
      .select()
      .from(openingHoursEntry)
      .where(sql`${unitId} IN (SELECT value FROM json_each(${JSON.stringify(units)}))`)
      .orderBy(asc(unitId), asc(version))
    return Map.groupBy(rows, (row) => row.unitId)
  }

  return {
    ledgerOf: async (unit) => (await ledgersOf([unit])).get(unit) ?? [],
    ledgersOf,

    async add(unit, told, { at, actor }) {
      const entry = { ...told, weekdays: told.weekdays ?? {}, recordedAt: localTime(at) }
      const { version, from, windows, weekdays } = entry
      const head = await headOf(unit)
      const event = { type: 'unit.opening-hours-set', entry: version, from, windows, weekdays }
      const line = { at: entry.recordedAt, actor, event }
      const { statements } = await entryStatements(db, unit, head.version + 1, head.hash, line)
      try {
        await commit(db, [db.insert(openingHoursEntry).values({ ...entry, unitId: unit }), ...statements])
        return ok(entry)
      } catch (error) {
        if (isDuplicate(error, 'opening_hours_entry') || isDuplicate(error, 'journal'))
          return refuse('changed-meanwhile')
        throw error
      }
    },
  }
}
