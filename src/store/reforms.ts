import { desc, eq, lt, sql } from 'drizzle-orm'
import { type Heir, inheritanceOf, type World } from '../domain/inheritance.ts'
import { createdBy, type Reform, worldAfter } from '../domain/reform.ts'
import { fold } from '../platform/fold.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { entryStatements, genesis, type JournalActor } from './journal.ts'
import { procedureVersion, unit, unitSuccession } from './tables/catalogue.ts'
import { heir, reform } from './tables/reforms.ts'
import type { UnitId } from '../domain/unit.ts'
import { toRelative, toUnit } from './units.ts'

export type AcceptedReform = { number: number; id: string; reform: Reform; acceptedAt: string; acceptedBy: string }

/** Everything that a reform is judged by; `number` is that of the last one accepted, 0 for none. */
export type ReformWorld = World & { number: number }

/** Open dossiers of one line and key. */
export type Group = { line: UnitId; key: string; dossiers: number }

export interface ReformStore {
  world(): Promise<ReformWorld>
  heirs(): Promise<Heir[]>
  /** Open dossiers that are, or may come to be, with these units; counted along an index, no dossier is read. */
  openAround(units: readonly string[]): Promise<Group[]>
  /** Writes units, successions and inheritance, all or none; refuses if another reform was accepted meanwhile. */
  accept(
    world: ReformWorld,
    one: { id: string; reform: Reform; at: Date; actor: JournalActor & { kind: 'officer' }; along: Statement[] },
  ): Promise<Result<AcceptedReform, 'changed-meanwhile' | 'key-in-use'>>
  find(id: string): Promise<AcceptedReform | undefined>
  /** Newest first, one more than `limit` when there is a next page. */
  list(before: string | undefined, limit: number): Promise<AcceptedReform[]>
}

const accepted = ({ body, on: _on, ...row }: typeof reform.$inferSelect): AcceptedReform => ({ ...row, reform: body })

export function reformStore(db: Database): ReformStore {
  return {
    async world() {
      const [units, successions, procedures, [last]] = await Promise.all([
        db.select().from(unit),
        db.select().from(unitSuccession).innerJoin(unit, eq(unit.id, unitSuccession.toId)),
        db.select().from(procedureVersion),
        db.select({ number: sql<number>`coalesce(max(${reform.number}), 0)` }).from(reform),
      ])
      return {
        units: units.map(toUnit),
        successions: successions.map(toRelative).map(({ succession, ground }) => ({ ...succession, ground })),
        procedures: procedures.map(({ code, validFrom, validTo, body: { competence } }) => ({
          code,
          validFrom,
          validTo,
          competence,
        })),
        number: last?.number ?? 0,
      }
    },

    heirs: () => db.select().from(heir).orderBy(heir.line, heir.on, heir.key, heir.unit),

    openAround: (units) =>
      db.all<Group>(sql`
WITH RECURSIVE around(unit) AS (
  SELECT value FROM json_each(${JSON.stringify(units)})
  UNION SELECT h.line FROM around JOIN heir AS h ON h.unit = around.unit)
SELECT line_unit AS line, line_key AS key, count(*) AS dossiers FROM dossier
WHERE status NOT IN ('returned', 'not-accepted', 'withdrawn') AND line_unit IN (SELECT unit FROM around)
GROUP BY line_unit, line_key`),

    async accept(world, { id, reform: body, at, actor, along }) {
      const row = { number: world.number + 1, id, acceptedAt: localTime(at), acceptedBy: actor.id }
      const after = worldAfter(world, body)
      const event = {
        type: 'reform.accepted',
        on: body.on,
        dissolves: body.dissolves.length,
        creates: body.creates.length,
      }
      const entry = await entryStatements(db, id, 1, genesis, { at: localTime(at), actor, event })
      try {
        await commit(db, [
          db.insert(reform).values({ ...row, on: body.on, body }),
          ...unitStatements(db, body),
          ...heirStatements(
            db,
            inheritanceOf(after).filter(({ on }) => on >= body.on),
            body.on,
          ),
          ...entry.statements,
          ...along,
        ])
        return ok({ ...row, reform: body })
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        if (isDuplicate(error, 'reform')) return refuse('changed-meanwhile')
        throw error
      }
    },

    async find(id) {
      const [row] = await db.select().from(reform).where(eq(reform.id, id))
      return row && accepted(row)
    },

    async list(before, limit) {
      const rows = await db
        .select()
        .from(reform)
        .where(before === undefined ? undefined : lt(reform.id, before))
        .orderBy(desc(reform.id))
        .limit(limit + 1)
      return rows.map(accepted)
    },
  }
}

/** Rows travel as one JSON value, since D1 takes 100 values a statement; columns in the order of the tables. */
function unitStatements(db: Database, { on, ground, dissolves, ...body }: Reform): Statement[] {
  // oxfmt-ignore
  const units = createdBy({ on, ground, dissolves, ...body }).map((one) => [
    one.id, one.code, one.codeScheme, one.name.vi, one.name.en, one.level, one.type, one.effectiveFrom, one.effectiveTo,
    one.parentId, one.identifier, one.source, one.certainty, one.note,
    fold(`${one.name.vi} ${one.name.en} ${one.code} ${one.identifier}`),
  ])
  const successions = dissolves.flatMap(({ unit: from, successors }) =>
    successors.map(({ unit: to, kind, clause }) => [from, to, on, kind, clause, ground.vi, ground.en]),
  )
  const ended = JSON.stringify(dissolves.map((one) => one.unit))
  return [
    db.insert(unit).select(cellsOf(units, 15)),
    db
      .update(unit)
      .set({ effectiveTo: on })
      .where(sql`${unit.id} IN (SELECT value FROM json_each(${ended}))`),
    db.insert(unitSuccession).select(cellsOf(successions, 7)),
  ]
}

const cellsOf = (rows: readonly (readonly unknown[])[], columns: number) =>
  sql`SELECT ${sql.raw(Array.from({ length: columns }, (_, n) => `value ->> ${n}`).join(', '))} FROM json_each(${JSON.stringify(rows)})`

/** From the day of the reform on, the inheritance is worked out anew; what came before cannot change by it. */
function heirStatements(db: Database, heirs: readonly Heir[], from: string): Statement[] {
  const rows = heirs.map((one) => [one.line, one.on, one.key, one.unit, one.kind, one.clause, one.competent])
  const portions = Array.from({ length: Math.ceil(rows.length / 2000) }, (_, n) => rows.slice(n * 2000, (n + 1) * 2000))
  return [
    db.delete(heir).where(sql`${heir.on} >= ${from}`),
    ...portions.map((portion) => db.insert(heir).select(cellsOf(portion, 7))),
  ]
}
