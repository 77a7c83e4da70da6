import { and, asc, eq, gt, gte, lt, sql, type SQL } from 'drizzle-orm'
import type { Dossier } from '../domain/dossier.ts'
import { localDate } from '../platform/time.ts'
import type { Database } from './database.ts'
import { selectDossiers } from './dossier-lists.ts'
import { heirStore, type Kin } from './heirs.ts'
import { dossier } from './tables/dossiers.ts'

/** Dossiers that a unit has now or took in, entered from `from` until before `until`. */
export type Extract = { unit: string; from: Date; until: Date }

export interface RegisterStore {
  /** In the order of entry, at most `limit` behind the dossier `after` (an id). */
  page(extract: Extract, after: string | undefined, limit: number): Promise<{ code: string; dossier: Dossier }[]>
}

/** Ids are UUIDv7 (RFC 9562 §5.7): their first 48 bits are the time, so a span of time is a span of the index. */
const firstIdAt = (at: Date): string => {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

export function registerStore(db: Database, now: () => Date): RegisterStore {
  const heirs = heirStore(db, now)
  return {
    async page({ unit, from, until }, after, limit) {
      const span = and(
        after === undefined ? gte(dossier.id, firstIdAt(from)) : gt(dossier.id, after),
        lt(dossier.id, firstIdAt(until)),
      )
      const walk = (whose: SQL) =>
        selectDossiers(db, localDate(now())).where(and(whose, span)).orderBy(asc(dossier.id)).limit(limit)
      const { own, kin } = await heirs.householdOf(unit)
      // As lists do: several walks along indices, merged. A unit that has ceased has nothing any more.
      const walks = await Promise.all([
        own ? walk(eq(dossier.lineUnit, unit)) : [],
        own ? walk(eq(dossier.receivingPoint, unit)) : [],
        kin.length > 0 ? walk(oldestOf(kin, span, limit)) : [],
      ])
      const unique = new Map(walks.flat().map((row) => [row.state.id, row]))
      const rows = [...unique.values()].toSorted((a, b) => (a.state.id < b.state.id ? -1 : 1)).slice(0, limit)
      return heirs.upToDate(rows)
    },
  }
}

/** The oldest of each line and key within the span, found in its own stretch of the index. */
const oldestOf = (kin: Kin[], span: SQL | undefined, limit: number) => sql`${dossier.id} IN (
  SELECT oldest.value FROM json_each(${JSON.stringify(kin.map(({ line, key }) => [line, key]))}) AS kin, json_each((
    SELECT json_group_array(id) FROM (SELECT ${dossier.id} AS id FROM ${dossier}
    WHERE ${and(sql`${dossier.lineUnit} = kin.value ->> 0`, sql`${dossier.lineKey} = kin.value ->> 1`, span)}
    ORDER BY ${dossier.id} LIMIT ${limit}))) AS oldest)`
