import { and, asc, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { Level, Succession, Unit } from '../domain/unit.ts'
import { wordsOf } from '../platform/fold.ts'
import type { Text } from '../platform/result.ts'
import type { Database } from './database.ts'
import { unit, unitSuccession } from './tables/catalogue.ts'

type UnitFilter = {
  level?: Level
  /** `active`: stands on the date; `dissolved`: ceased on or before it. */
  status?: 'active' | 'dissolved'
  on: string
  /** Words to find in name and code, in any order, with or without accents. */
  q?: string
  /** Only ids after this one. */
  after?: string
  limit: number
}

/** A unit at the other end of a succession, and the law it rests on (null: none is known). */
export type Relative = { unit: Unit; succession: Succession; ground: Text | null }

export interface UnitStore {
  /** `id` is the contract's, e.g. `00082-2025`. */
  find(id: string): Promise<Unit | undefined>
  findAll(ids: readonly string[]): Promise<Unit[]>
  /** Every stretch of life under an official code, oldest first; codes are re-used. */
  withCode(code: string): Promise<Unit[]>
  /** The unit that stood under that code on that civil date. */
  byCode(code: string, on: string): Promise<Unit | undefined>
  /** In order of id. */
  list(filter: UnitFilter): Promise<Unit[]>
  /** Who took over when it ceased; empty while it stands. */
  successors(id: string): Promise<Relative[]>
  /** Whom it took over from. */
  predecessors(id: string): Promise<Relative[]>
  /** The units that have ceased by that date and whose heir, or one of several, it is, through as many reforms as it takes. */
  forebears(id: string, on: string): Promise<string[]>
}

/** Whether the unit stands on that civil date, for a WHERE. */
export const standing = (on: string) =>
  and(
    or(isNull(unit.effectiveFrom), lte(unit.effectiveFrom, on)),
    or(isNull(unit.effectiveTo), gt(unit.effectiveTo, on)),
  )

export function unitStore(db: Database): UnitStore {
  return {
    async find(id) {
      const found = await db
        .select()
        .from(unit)
        .where(sql`${unit.id} = ${id}`)
      return found.map(toUnit)[0]
    },

    async findAll(ids) {
      const found = await db
        .select()
        .from(unit)
        .where(sql`${unit.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
      return found.map(toUnit)
    },

    async withCode(code) {
      const found = await db.select().from(unit).where(eq(unit.code, code)).orderBy(asc(unit.effectiveFrom))
      return found.map(toUnit)
    },

    async byCode(code, on) {
      const found = await db
        .select()
        .from(unit)
        .where(and(eq(unit.code, code), standing(on)))
        .limit(1)
      return found.map(toUnit)[0]
    },

    async list({ level, status, on, q, after, limit }) {
      const found = await db
        .select()
        .from(unit)
        .where(
          and(
            level && eq(unit.level, level),
            status === 'active' ? standing(on) : undefined,
            status === 'dissolved' ? lte(unit.effectiveTo, on) : undefined,
            after === undefined ? undefined : sql`${unit.id} > ${after}`,
            ...wordsOf(q).map((word) => sql`instr(${unit.search}, ${word}) > 0`),
          ),
        )
        .orderBy(asc(unit.id))
        .limit(limit)
      return found.map(toUnit)
    },

    async successors(id) {
      const found = await db
        .select()
        .from(unitSuccession)
        .innerJoin(unit, eq(unit.id, unitSuccession.toId))
        .where(sql`${unitSuccession.fromId} = ${id}`)
        .orderBy(asc(unit.id))
      return found.map(toRelative)
    },

    async predecessors(id) {
      const found = await db
        .select()
        .from(unitSuccession)
        .innerJoin(unit, eq(unit.id, unitSuccession.fromId))
        .where(sql`${unitSuccession.toId} = ${id}`)
        .orderBy(asc(unit.id))
      return found.map(toRelative)
    },

    async forebears(id, on) {
      // Of what was divided among several, a later reform says anew who they are.
      const heirs = await db.all<{ line: string; unit: string }>(sql`
WITH RECURSIVE lineage(unit) AS (
  SELECT ${id} UNION SELECT from_id FROM lineage JOIN unit_succession ON to_id = lineage.unit)
SELECT h.line, h.unit FROM lineage CROSS JOIN heir AS h ON h.line = lineage.unit AND h.key = ''
  AND h.on_date = (SELECT max(on_date) FROM heir WHERE line = lineage.unit AND on_date <= ${on})`)
      const lines = Map.groupBy(heirs, (heir) => heir.unit)
      const reached = new Set([id])
      for (const unit of reached) for (const { line } of lines.get(unit) ?? []) reached.add(line)
      return [...reached].slice(1)
    },
  }
}

export const toUnit = (row: typeof unit.$inferSelect): Unit => ({
  id: row.id,
  code: row.code,
  codeScheme: row.codeScheme,
  name: { vi: row.nameVi, en: row.nameEn },
  level: row.level,
  type: row.type,
  effectiveFrom: row.effectiveFrom,
  effectiveTo: row.effectiveTo,
  parentId: row.parentId,
  identifier: row.identifier,
  source: row.source,
  certainty: row.certainty,
  note: row.note,
})

export const toRelative = (row: {
  unit: typeof unit.$inferSelect
  unit_succession: typeof unitSuccession.$inferSelect
}): Relative => {
  const { fromId, toId, on, kind, clause, groundVi, groundEn } = row.unit_succession
  return {
    unit: toUnit(row.unit),
    succession: { from: fromId, to: toId, on, kind, clause },
    ground: groundVi === null || groundEn === null ? null : { vi: groundVi, en: groundEn },
  }
}
