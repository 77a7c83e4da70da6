import { and, asc, eq, gt, gte, lt, type SQL } from 'drizzle-orm'
import type { Dossier } from '../domain/dossier.ts'
import type { Database } from './database.ts'
import { dossier } from './tables/dossiers.ts'

/** Dossiers that a unit decides or took in, entered from `from` until before `until`. */
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

export function registerStore(db: Database): RegisterStore {
  return {
    async page({ unit, from, until }, after, limit) {
      const walk = (whose: SQL) =>
        db
          .select({ id: dossier.id, code: dossier.code, dossier: dossier.state })
          .from(dossier)
          .where(
            and(
              whose,
              after === undefined ? gte(dossier.id, firstIdAt(from)) : gt(dossier.id, after),
              lt(dossier.id, firstIdAt(until)),
            ),
          )
          .orderBy(asc(dossier.id))
          .limit(limit)
      // Two walks along two indices, merged: an OR would make SQLite sort every row of the unit.
      const both = await Promise.all([walk(eq(dossier.competentUnit, unit)), walk(eq(dossier.receivingPoint, unit))])
      const unique = new Map(both.flat().map((row) => [row.id, row]))
      return [...unique.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit)
    },
  }
}
