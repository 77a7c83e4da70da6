import { type SQL, sql } from 'drizzle-orm'
import { type Dossier, type DossierEvent, evolve } from '../domain/dossier.ts'
import type { Heir } from '../domain/inheritance.ts'
import { lineOf, movesOf, standpointOf } from '../domain/rerouting.ts'
import { localDate } from '../platform/time.ts'
import type { Database, Statement } from './database.ts'
import { type Effect, redatingsIn } from './redating.ts'
import { chain, type Entry, entryStatements, type JournalRow } from './journal.ts'
import { dossier } from './tables/dossiers.ts'
import { heir } from './tables/reforms.ts'

/** What has taken effect but is not in the journal yet: exactly the entry that will be written, whenever that is. */
export type Unwritten = { version: number; previousHash: string; hash: string; entry: Entry<DossierEvent> }

/** Dossiers by line and key, as lists look for them. */
export type Kin = { line: string; key: string }

/** The kept dossiers that a unit has at this instant: its own, unless it has ceased, and those that passed to it. */
export type Household = { own: boolean; kin: Kin[] }

const reform = { kind: 'service', id: 'reform' } as const

/** True for a row whose line has passed on by that date. */
export const hasPassedOn = (today: string): SQL<number> =>
  sql<number>`EXISTS (SELECT 1 FROM ${heir} WHERE ${heir.line} = ${dossier.lineUnit} AND ${heir.on} > ${dossier.awaitingOn} AND ${heir.on} <= ${today})`

/** By what a line's dossiers are told apart: of a department by procedure, of any other unit by place. */
export const lineKeyOf = (line: SQL, procedure: SQL, place: SQL): SQL<string> =>
  sql<string>`CASE (SELECT level FROM unit WHERE id = ${line}) WHEN 'department' THEN ${procedure} ELSE ${place} END`

/** The columns by which a dossier is found in the succession. */
export const lineColumns = (state: Dossier) => ({
  lineUnit: lineOf(state),
  lineKey: lineKeyOf(sql`${lineOf(state)}`, sql`${state.procedure.code}`, sql`${state.place ?? ''}`),
  awaitingOn: state.unassigned?.on ?? '',
})

type Stored = {
  state: Dossier
  at: string
  head: string
  lineKey: string
  passedOn: number
  counted: number
  lastOutage: number
}

export function heirStore(db: Database, now: () => Date) {
  const today = () => localDate(now())
  const redatings = redatingsIn(db)

  /** What these lines leave behind by now, and those that they lead to. */
  async function heirsOf(lines: readonly string[]): Promise<Map<string, Heir[]>> {
    if (lines.length === 0) return new Map()
    const rows = await db
      .select()
      .from(heir)
      .where(
        sql`${heir.on} <= ${today()} AND ${heir.line} IN (
  WITH RECURSIVE reached(unit) AS (
    SELECT value FROM json_each(${JSON.stringify(lines)})
    UNION SELECT h.competent FROM reached JOIN heir AS h ON h.line = reached.unit WHERE h.on_date <= ${today()})
  SELECT unit FROM reached)`,
      )
      .orderBy(heir.line, heir.on, heir.key, heir.unit)
    return Map.groupBy(rows, ({ line }) => line)
  }

  /** The lines and keys under which kept dossiers may have come to a unit: read off the indices, however many dossiers there are. */
  async function kinAround(unit: string, column: 'competent' | 'unit'): Promise<Kin[]> {
    const through = sql.raw(column)
    return db.all<Kin>(sql`
WITH RECURSIVE up(unit) AS (
  SELECT line FROM heir WHERE ${through} = ${unit} AND on_date <= ${today()}
  UNION SELECT h.line FROM up JOIN heir AS h ON h.competent = up.unit WHERE h.on_date <= ${today()}),
found(line, key) AS (
  SELECT unit, (SELECT min(line_key) FROM dossier WHERE line_unit = up.unit) FROM up
  UNION ALL
  SELECT line, (SELECT min(line_key) FROM dossier WHERE line_unit = found.line AND line_key > found.key) FROM found WHERE key IS NOT NULL)
SELECT line, key FROM found WHERE key IS NOT NULL`)
  }

  /** Where kept dossiers of that line and key are now, and among whom they wait. */
  function endOf({ line, key }: Kin, heirs: Map<string, Heir[]>) {
    const unit = line as Heir['line']
    const last = movesOf({ line: unit, key, since: '', competent: unit }, heirs, today()).at(-1)
    return { competent: last?.to ?? unit, candidates: last?.candidates ?? [] }
  }

  return {
    /** Applies what has taken effect since the dossier was last written to. */
    async upToDate<R extends Stored>(rows: R[]) {
      const heirs = await heirsOf([...new Set(rows.filter((row) => row.passedOn).map(({ state }) => lineOf(state)))])
      return Promise.all(
        rows.map(async ({ state, at, head, lineKey, passedOn, counted, lastOutage, ...rest }) => {
          const moves = passedOn ? movesOf(standpointOf(state, lineKey), heirs, today()) : []
          const effects: Effect[] = [
            ...moves.map((event) => ({ at: `${event.on}T00:00:00.000+07:00`, actor: reform, on: () => event })),
            ...(counted < lastOutage ? await redatings(state, counted, lastOutage) : []),
          ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
          let now = { dossier: state, at, head }
          const unwritten: Unwritten[] = []
          for (const { at: then, actor, on } of effects) {
            const event = on(now.dossier)
            if (!event) continue
            const entry = { at: then > now.at ? then : now.at, actor, event }
            const after = evolve(now.dossier, event, entry.at)
            const hash = await chain(now.head, JSON.stringify({ subject: after.id, version: after.version, ...entry }))
            unwritten.push({ version: after.version, previousHash: now.head, hash, entry })
            now = { dossier: after, at: entry.at, head: hash }
          }
          return { ...rest, ...now, unwritten, outagesCounted: lastOutage }
        }),
      )
    },

    async householdOf(unit: string): Promise<Household> {
      const around = await kinAround(unit, 'competent')
      const heirs = await heirsOf([...new Set([unit, ...around.map(({ line }) => line)])])
      return { own: !heirs.has(unit), kin: around.filter((kin) => endOf(kin, heirs).competent === unit) }
    },

    /** Under which lines and keys dossiers wait for assignment that the unit may be given, or that it has to assign. */
    async waitingAround(unit: string): Promise<Kin[]> {
      const around = [...(await kinAround(unit, 'unit')), ...(await kinAround(unit, 'competent'))]
      const heirs = await heirsOf([...new Set(around.map(({ line }) => line))])
      const waits = (kin: Kin) => {
        const { competent, candidates } = endOf(kin, heirs)
        return candidates.length > 0 && (competent === unit || candidates.some((candidate) => candidate === unit))
      }
      return [...new Map(around.filter(waits).map((kin) => [`${kin.line} ${kin.key}`, kin])).values()]
    },
  }
}

/** The statements that write what had taken effect already. */
export async function unwrittenStatements(db: Database, id: string, unwritten: Unwritten[]): Promise<Statement[]> {
  const written = await Promise.all(
    unwritten.map(({ version, previousHash, entry }) => entryStatements(db, id, version, previousHash, entry)),
  )
  return written.flatMap(({ statements }) => statements)
}

/** An unwritten move as the journal will show it. */
export const asRow = (subject: string, { version, hash, entry }: Unwritten): JournalRow<DossierEvent> => ({
  subject,
  version,
  ...entry,
  hash,
})
