import { and, asc, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { ProcedureLevel, ProcedureVersion } from '../domain/procedure.ts'
import type { Unit } from '../domain/unit.ts'
import { wordsOf } from '../platform/fold.ts'
import type { Database } from './database.ts'
import { procedureVersion } from './tables/catalogue.ts'

type ProcedureFilter = {
  /** Only what is in force on this civil date. */
  on: string
  level?: ProcedureLevel
  /** Slug of the English name of the field, such as `civil-status`. */
  field?: string
  /** Words to find, in any order, with or without accents. */
  q?: string
  /** Only what this unit may decide. */
  unit?: Pick<Unit, 'level' | 'code'>
  /** Only codes after this one. */
  after?: string
  limit: number
}

export interface ProcedureStore {
  /** The version in force on that civil date. */
  on(code: string, date: string): Promise<ProcedureVersion | undefined>
  /** The version that a dossier is pinned to. */
  version(code: string, version: number): Promise<ProcedureVersion | undefined>
  exists(code: string): Promise<boolean>
  /** Every version, oldest first: when it holds and nothing else. */
  history(code: string): Promise<Pick<ProcedureVersion, 'version' | 'validFrom' | 'validTo'>[]>
  /** The level that decides each procedure on that civil date, or did last; of these procedures, or of all. */
  levels(date: string, codes?: string[]): Promise<Map<string, ProcedureLevel>>
  /** In order of code. */
  list(filter: ProcedureFilter): Promise<ProcedureVersion[]>
}

export function procedureStore(db: Database): ProcedureStore {
  const inForce = (date: string) =>
    and(lte(procedureVersion.validFrom, date), or(isNull(procedureVersion.validTo), gt(procedureVersion.validTo, date)))

  return {
    async on(code, date) {
      const found = await db
        .select()
        .from(procedureVersion)
        .where(and(eq(procedureVersion.code, code), inForce(date)))
        .limit(1)
      return found.map(toVersion)[0]
    },

    async version(code, version) {
      const found = await db
        .select()
        .from(procedureVersion)
        .where(and(eq(procedureVersion.code, code), eq(procedureVersion.version, version)))
      return found.map(toVersion)[0]
    },

    async exists(code) {
      const found = await db
        .select({ code: procedureVersion.code })
        .from(procedureVersion)
        .where(eq(procedureVersion.code, code))
        .limit(1)
      return found.length > 0
    },

    history: (code) =>
      db
        .select({
          version: procedureVersion.version,
          validFrom: procedureVersion.validFrom,
          validTo: procedureVersion.validTo,
        })
        .from(procedureVersion)
        .where(eq(procedureVersion.code, code))
        .orderBy(asc(procedureVersion.version)),

    async levels(date, codes) {
      const latest = sql`(SELECT max(version) FROM procedure_version AS of WHERE of.code = ${procedureVersion}.code AND of.valid_from <= ${date})`
      const these = codes && sql`${procedureVersion.code} IN (SELECT value FROM json_each(${JSON.stringify(codes)}))`
      const found = await db
        .select({ code: procedureVersion.code, level: procedureVersion.level })
        .from(procedureVersion)
        .where(and(these, sql`${procedureVersion.version} = ${latest}`))
      return new Map(found.map(({ code, level }) => [code, level]))
    },

    async list({ on, level, field, q, unit, after, limit }) {
      const found = await db
        .select()
        .from(procedureVersion)
        .where(
          and(
            inForce(on),
            level && eq(procedureVersion.level, level),
            field === undefined ? undefined : eq(procedureVersion.field, field),
            unit && decidedBy(unit),
            after === undefined ? undefined : gt(procedureVersion.code, after),
            // instr, not LIKE: D1 allows 50 bytes in a pattern.
            ...wordsOf(q).map((word) => sql`instr(${procedureVersion.search}, ${word}) > 0`),
          ),
        )
        .orderBy(asc(procedureVersion.code))
        .limit(limit)
      return found.map(toVersion)
    },
  }
}

const decidedBy = ({ level, code }: Pick<Unit, 'level' | 'code'>) =>
  level === 'department' ? eq(procedureVersion.departmentCode, code) : eq(procedureVersion.level, level)

const toVersion = (row: typeof procedureVersion.$inferSelect): ProcedureVersion => ({
  code: row.code,
  version: row.version,
  validFrom: row.validFrom,
  validTo: row.validTo,
  name: { vi: row.nameVi, en: row.nameEn },
  ...row.body,
})
