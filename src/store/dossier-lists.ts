import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import { type Database } from './database.ts'
import { keptDue, type Order, orderOf, type Place } from './dossier-orders.ts'
import { hasPassedOn, type heirStore, type Household, type Kin } from './heirs.ts'
import { lastEntry } from './outages.ts'
import { dossier, dossierParty, journal } from './tables/dossiers.ts'

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
 * Whose dossiers a list shows; of an app with narrowed scopes only those of `procedures`, of a person's perhaps only those with certain ids. An officer's list holds those that the unit must decide and those handed in at its point;
 * `candidate`: those that wait for assignment and may be given to that unit, or have to be assigned by it.
 */
export type Eyes =
  | { unit: string }
  | { submitter: string; procedures?: string[] }
  | { persons: string[]; only?: readonly string[] }
  | { candidate: string }

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

/** A way along an index to `whose`, or along a stretch of it for each of `kin`; `rest` is looked at row by row. */
type Walk = { whose?: SQL | undefined; rest?: SQL | undefined; kin?: Kin[] }

/** A row that a walk came by, and whether it is one of those asked for; `most` is how far the walk may go. */
type Seen = Place & { walk: string; most: number; fits: number }

/**
 * One page, and where the next one goes on. Several walks along indices are merged: an OR would make SQLite sort every row. Where
 * no index holds all that is asked for, a page ends after so many looks, full or not: what is read never grows with the dossiers.
 */
export async function pageOfDossiers(
  db: Database,
  heirs: ReturnType<typeof heirStore>,
  today: string,
  [eyes, filters, after, limit]: [Eyes, Filters, string | undefined, number],
) {
  const order = orderOf(filters)
  const walks = await walksOf(heirs, order, eyes, filters)
  const walked = walks.map((walk, index) => db.all<Seen>(steps(walk, `${index}`, order, after, limit)))
  const seen = (await Promise.all(walked)).flat()
  // Of a walk that went as far as it may nobody knows what comes behind its last row.
  const ends = [...Map.groupBy(seen, ({ walk }) => walk).values()].flatMap((rows) =>
    rows.slice((rows[0]?.most ?? 1) - 1),
  )
  const end = ends.toSorted(order.compare)[0]
  const found = [...new Map(seen.filter(({ fits }) => fits).map((row) => [row.id, row])).values()]
    .filter((row) => !end || order.compare(row, end) <= 0)
    .toSorted(order.compare)
  const ids = found.slice(0, limit).map(({ id }) => id)
  const last = found.length > limit ? found[limit - 1] : end
  const rows = ids.length === 0 ? [] : await selectDossiers(db, today).where(oneOf(ids))
  const byId = new Map(rows.map((row) => [row.state.id, row]))
  return { rows: ids.flatMap((id) => byId.get(id) ?? []), next: last ? order.cursor(last) : null }
}

async function walksOf(
  heirs: ReturnType<typeof heirStore>,
  order: Order,
  eyes: Eyes,
  filters: Filters,
): Promise<Walk[]> {
  const reached = 'submitter' in eyes ? eyes.procedures : undefined
  if (reached && filters.procedure !== undefined && !reached.includes(filters.procedure)) return []
  const { status, unit, applicant, dueBefore, updatedAfter } = filters
  // One procedure is found along an index, several are looked at row by row.
  const procedure = filters.procedure ?? (reached?.length === 1 ? reached[0] : undefined)
  const isReached = reached && procedure === undefined ? amongProcedures(reached) : undefined
  const alongKin = (kin: Kin[], rest?: SQL): Walk[] => (kin.length === 0 ? [] : [{ kin, rest }])
  if ('candidate' in eyes) {
    const kin = await heirs.waitingAround(eyes.candidate)
    return kin.length === 0 ? [] : [{ kin, whose: isOpen }]
  }
  const asked = unit === undefined ? undefined : await heirs.householdOf(unit)
  const own = 'unit' in eyes ? await heirs.householdOf(eyes.unit) : undefined
  const conditions = {
    status: status === undefined ? undefined : eq(dossier.status, status),
    procedure: procedure === undefined ? undefined : eq(dossier.procedureCode, procedure),
    unit: asked && ofHousehold(unit ?? '', asked),
  }
  const alsoDue =
    dueBefore === undefined || updatedAfter === undefined ? undefined : sql`${dossier.dueAt} < ${keptDue(dueBefore)}`
  const persons = 'persons' in eyes ? eyes.persons : applicant === undefined ? undefined : [applicant]
  if (persons) {
    // Of one person there are few: all are looked at.
    const theirs = 'submitter' in eyes ? eq(dossier.submitter, eyes.submitter) : undefined
    const units = own && 'unit' in eyes ? ofUnit(eyes.unit, own) : undefined
    const { status: inStatus, procedure: ofProcedure, unit: atUnit } = conditions
    const also = 'persons' in eyes && applicant !== undefined ? isOf(applicant) : undefined
    const only = 'only' in eyes && eyes.only ? oneOf([...eyes.only]) : undefined
    const others = and(theirs, units, inStatus, ofProcedure, isReached, atUnit, alsoDue, also, only)
    return [{ whose: and(isOf(...persons), others && unwalked(others)) }]
  }
  const held = order.held.find((name) => conditions[name] !== undefined)
  const named = held === undefined || held === 'unit' ? undefined : conditions[held]
  const others = (['status', 'procedure'] as const).filter((name) => name !== held).map((name) => conditions[name])
  const rest = and(...others, isReached, alsoDue)
  const along = (whose: SQL): Walk => ({ whose: and(whose, named), rest })
  const within = (whose: SQL): Walk[] => {
    if (!asked) return [along(whose)]
    if (held !== 'unit') return [{ ...along(whose), rest: and(rest, conditions.unit) }]
    const standing = asked.own ? [along(and(whose, eq(dossier.lineUnit, unit ?? '')) ?? whose)] : []
    return [...standing, ...alongKin(asked.kin, and(whose, rest))]
  }
  if ('submitter' in eyes) return within(eq(dossier.submitter, eyes.submitter))
  if (!own || !('unit' in eyes)) return []
  const decides = unit === undefined || unit === eyes.unit
  return [
    // A unit that has ceased has nothing any more, at its counter neither.
    ...(own.own && decides ? [along(eq(dossier.lineUnit, eyes.unit))] : []),
    ...(own.own ? within(eq(dossier.receivingPoint, eyes.unit)) : []),
    ...(decides ? alongKin(own.kin, and(named, rest)) : []),
  ]
}

/** How many rows a walk looks at for one page, where its index does not hold everything that is asked for. */
const mostLooks = 250

/** What a walk comes by, each stretch of it in the order of the list and only as far as a page can need. */
function steps({ whose, rest, kin }: Walk, name: string, order: Order, after: string | undefined, limit: number): SQL {
  const looks = (where: SQL | undefined, fits: SQL | undefined, most: number) => sql`
    SELECT ${dossier.id} AS id, ${order.at} AS at, ${fits ? sql`(${fits})` : sql`1`} AS fits FROM ${dossier}
    WHERE ${and(where, whose, order.span(after))} ORDER BY ${order.by} LIMIT ${most}`
  if (!kin) {
    const most = rest ? Math.max(limit + 1, mostLooks) : limit + 1
    return sql`SELECT ${name} AS walk, ${most} AS most, id, at, fits FROM (${looks(undefined, rest, most)})`
  }
  // By time there is an index by line only, and the key is looked at.
  const timed = order.held.length < 3
  const pairs = kin.map(({ line, key }) => [line, key])
  const stretches = timed ? [...new Set(kin.map(({ line }) => line))].map((line) => [line]) : pairs
  const stretch = and(
    sql`${dossier.lineUnit} = stretch.value ->> 0`,
    timed ? undefined : sql`${dossier.lineKey} = stretch.value ->> 1`,
  )
  const fits = and(timed ? isKin(kin) : undefined, rest)
  return sql`SELECT ${name} || '.' || stretch.key AS walk, ${limit + 1} AS most,
      seen.value ->> 0 AS id, seen.value ->> 1 AS at, seen.value ->> 2 AS fits
    FROM json_each(${JSON.stringify(stretches)}) AS stretch, json_each((
      SELECT json_group_array(json_array(id, at, fits)) FROM (${looks(stretch, fits, limit + 1)}))) AS seen`
}

const oneOf = (ids: string[]) => sql`${dossier.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`

const amongProcedures = (codes: string[]) =>
  sql`${dossier.procedureCode} IN (SELECT value FROM json_each(${JSON.stringify(codes)}))`

const isOf = (...persons: string[]) =>
  sql`${dossier.id} IN (SELECT dossier_id FROM dossier_party WHERE ${inArray(dossierParty.person, persons)})`

/** Not with a result that was handed out, a refusal or a withdrawal: these wait for nobody. As the index has it, literally. */
export const isOpen = sql`${dossier.status} NOT IN ('returned', 'not-accepted', 'withdrawn')`

const isKin = (kin: Kin[]) =>
  sql`(${dossier.lineUnit}, ${dossier.lineKey}) IN (SELECT value ->> 0, value ->> 1 FROM json_each(${JSON.stringify(kin.map(({ line, key }) => [line, key]))}))`

const ofHousehold = (unit: string, { own, kin }: Household) =>
  sql`(${own ? or(eq(dossier.lineUnit, unit), isKin(kin)) : isKin(kin)})`

/** A condition for which SQLite takes no index. */
const unwalked = (condition: SQL) => sql`iif(${condition}, 1, 0)`

/** What an officer's unit decides or took in. */
const ofUnit = (unit: string, household: Household) =>
  sql`(${household.own ? or(ofHousehold(unit, household), eq(dossier.receivingPoint, unit)) : ofHousehold(unit, household)})`
