import { and, desc, eq, inArray, gt, lt, type SQL, sql } from 'drizzle-orm'
import { type Database } from './database.ts'
import type { heirStore, Household, Kin } from './heirs.ts'
import { localTime } from '../platform/time.ts'
import { lastEntry } from './outages.ts'
import { dossier, dossierParty, journal } from './tables/dossiers.ts'
import { hasPassedOn } from './heirs.ts'

/** Instants are RFC 3339 with any offset; `applicant` is the keyed hash of a person or organisation whose dossier it is. */
export type Filters = {
  status?: string
  procedure?: string
  dueBefore?: string
  updatedAfter?: string
  unit?: string
  applicant?: string
}

/**
 * Whose dossiers a list shows. An officer's list holds those that the unit must decide and those handed in at its point;
 * `candidate`: those that wait for assignment and may be given to that unit, or have to be assigned by it.
 */
export type Eyes = { unit: string } | { submitter: string } | { persons: string[] } | { candidate: string }

/** A dossier's row with the latest entry of its journal. */
export const selectDossiers = (db: Database, today: string) =>
  db
    .select({
      code: dossier.code,
      state: dossier.state,
      lineKey: dossier.lineKey,
      counted: dossier.outagesCounted,
      lastOutage: lastEntry,
      passedOn: hasPassedOn(today),
      at: journal.at,
      head: journal.hash,
    })
    .from(dossier)
    .innerJoin(journal, and(eq(journal.subject, dossier.id), eq(journal.version, dossier.version)))

/** One page of rows and one row more, newest first. */
export async function pageOfDossiers(
  db: Database,
  heirs: ReturnType<typeof heirStore>,
  today: string,
  [eyes, filters, before, limit]: [Eyes, Filters, string | undefined, number],
) {
  const asked = filters.unit === undefined ? undefined : await heirs.householdOf(filters.unit)
  const narrowed = (id: SQL) =>
    and(
      before === undefined ? undefined : lt(id, before),
      filters.status === undefined ? undefined : eq(dossier.status, filters.status),
      filters.procedure === undefined ? undefined : eq(dossier.procedureCode, filters.procedure),
      // Due dates are kept without milliseconds, and texts are compared.
      filters.dueBefore === undefined ? undefined : lt(dossier.dueAt, kept(filters.dueBefore).replace('.000', '')),
      filters.updatedAfter === undefined ? undefined : gt(dossier.updatedAt, kept(filters.updatedAfter)),
      filters.applicant === undefined ? undefined : isOf(filters.applicant),
    )
  const byId = sql`${dossier.id}`
  const where = narrowed(byId)
  const page = (whose: SQL | undefined, id = byId) =>
    selectDossiers(db, today)
      .where(and(whose, narrowed(id)))
      .orderBy(desc(id))
      .limit(limit + 1)
  // Several walks along indices, merged: an OR would make SQLite sort every row, or read all to find a few.
  const within = (whose: SQL, id = byId) =>
    asked === undefined
      ? [page(whose, id)]
      : [
          ...(asked.own ? [page(sql`${whose} AND ${dossier.lineUnit} = ${filters.unit}`, id)] : []),
          ...(asked.kin.length > 0 ? [page(newestOf(asked.kin, and(whose, where), limit + 1))] : []),
        ]
  const merged = async (walks: ReturnType<typeof page>[]) => {
    const unique = new Map((await Promise.all(walks)).flat().map((row) => [row.state.id, row]))
    return [...unique.values()].toSorted((a, b) => (a.state.id < b.state.id ? 1 : -1)).slice(0, limit + 1)
  }
  if ('submitter' in eyes) {
    // An app that asks for what changed: "+" keeps SQLite from walking all of its dossiers by id to find a few.
    const walk = filters.updatedAfter === undefined ? byId : sql`+${dossier.id}`
    return merged(within(eq(dossier.submitter, eyes.submitter), walk))
  }
  if ('persons' in eyes) return page(and(isOf(...eyes.persons), asked && ofHousehold(filters.unit ?? '', asked)))
  if ('candidate' in eyes) {
    const kin = await heirs.waitingAround(eyes.candidate)
    return kin.length === 0 ? [] : page(newestOf(kin, and(where, isOpen), limit + 1))
  }
  const { own, kin } = await heirs.householdOf(eyes.unit)
  const decides = filters.unit === undefined || filters.unit === eyes.unit
  return merged([
    // A unit that has ceased has nothing any more, at its counter neither.
    ...(own && decides ? [page(eq(dossier.lineUnit, eyes.unit))] : []),
    ...(own ? within(eq(dossier.receivingPoint, eyes.unit)) : []),
    ...(kin.length > 0 && decides ? [page(newestOf(kin, where, limit + 1))] : []),
  ])
}

const isOf = (...persons: string[]) =>
  sql`${dossier.id} IN (SELECT dossier_id FROM dossier_party WHERE ${inArray(dossierParty.person, persons)})`

/** An instant as the columns have it. */
const kept = (instant: string) => localTime(new Date(instant))

/** Not with a result that was handed out, a refusal or a withdrawal: these wait for nobody. As the index has it, literally. */
export const isOpen = sql`${dossier.status} NOT IN ('returned', 'not-accepted', 'withdrawn')`

const pairs = (kin: Kin[]) => JSON.stringify(kin.map(({ line, key }) => [line, key]))

const ofHousehold = (
  unit: string,
  { own, kin }: Household,
) => sql`(${own ? sql`${dossier.lineUnit} = ${unit} OR` : sql``}
  (${dossier.lineUnit}, ${dossier.lineKey}) IN (SELECT value ->> 0, value ->> 1 FROM json_each(${pairs(kin)})))`

/** The newest of each line and key, found in its own stretch of the index, so that what lies beside it is not read. */
const newestOf = (kin: Kin[], where: SQL | undefined, limit: number) => sql`${dossier.id} IN (
  SELECT newest.value FROM json_each(${pairs(kin)}) AS kin, json_each((SELECT json_group_array(id) FROM (
    SELECT ${dossier.id} AS id FROM ${dossier}
    WHERE ${and(sql`${dossier.lineUnit} = kin.value ->> 0`, sql`${dossier.lineKey} = kin.value ->> 1`, where)}
    ORDER BY ${dossier.id} DESC LIMIT ${limit}))) AS newest)`
