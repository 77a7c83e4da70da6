import { weekdays } from '../domain/calendar.ts'
import { type Heir } from '../domain/inheritance.ts'
import { levelOf, type ProcedureVersion } from '../domain/procedure.ts'
import type { ServicePoint } from '../domain/service-point.ts'
import { sha256, toHex } from '../platform/crypto.ts'
import { fold, slug } from '../platform/fold.ts'
import type { CalendarRows } from './calendar.ts'
import type { OpeningHoursRow } from './opening-hours.ts'
import type { UnitRows } from './units.ts'

/**
 * One SQL statement with its values. Run in order, twice changes nothing more than once. Many rows travel as one JSON
 * value, since D1 takes 100 values a statement; `literal` gives the same as plain text, below D1's 100 KB.
 */
export type SqlStatement = { sql: string; params: (string | number | null)[] }

type Row = readonly unknown[]

const longestStatement = 80_000

/** The statement as text that stands alone, for `wrangler d1 execute --file`. */
export function literal({ sql, params }: SqlStatement): string {
  let next = 0
  return sql.replaceAll('?', () => {
    const value = params[next++] ?? null
    return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
  })
}

/** Parents first; what changed is rewritten in place, and a succession that the file no longer has goes. */
export function unitStatements({ units, successions }: UnitRows): SqlStatement[] {
  const rows = units.map(({ name, ...one }) => {
    const search = fold(`${name.vi} ${name.en} ${one.code} ${one.identifier}`)
    const life = [one.level, one.type, one.effectiveFrom, one.effectiveTo, one.parentId, one.identifier]
    return [one.id, one.code, one.codeScheme, name.vi, name.en, ...life, one.source, one.certainty, one.note, search]
  })
  const ended = new Map(
    units
      .filter((unit) => unit.effectiveTo !== null)
      .map((unit) => [unit.id, successions.filter((one) => one.from === unit.id)]),
  )
  return [
    ...packed(rows, upsertUnits),
    ...packed(
      [...ended].map(([id, gone]) => [id, ...gone.map((one) => one.to)]),
      `DELETE FROM unit_succession WHERE (from_id, to_id) IN (
  SELECT s.from_id, s.to_id FROM json_each(?) AS r JOIN unit_succession AS s ON s.from_id = r.value ->> 0
  WHERE s.to_id NOT IN (SELECT value FROM json_each(r.value) WHERE key > 0))`,
    ),
    ...packed(
      successions.map((one) => [
        one.from,
        one.to,
        one.on,
        one.kind,
        one.clause,
        one.ground?.vi ?? null,
        one.ground?.en ?? null,
      ]),
      upsert('unit_succession', ['from_id', 'to_id'], ['happened_on', 'kind', 'clause', 'ground_vi', 'ground_en']),
    ),
  ]
}

/** What the units of the file leave behind becomes exactly this, up to the last day that the file knows. */
export function heirStatements({ units }: UnitRows, heirs: readonly Heir[]): SqlStatement[] {
  const ended = units.flatMap(({ id, effectiveTo }) => (effectiveTo === null ? [] : [{ id, on: effectiveTo }]))
  const last =
    ended
      .map(({ on }) => on)
      .toSorted()
      .at(-1) ?? ''
  const byLine = Map.groupBy(heirs, ({ line }) => line)
  return [
    ...packed(
      ended.map(({ id }) => [id, last, ...(byLine.get(id) ?? []).map((one) => `${one.on} ${one.key} ${one.unit}`)]),
      `DELETE FROM heir WHERE (line, on_date, key, unit) IN (
  SELECT h.line, h.on_date, h.key, h.unit FROM json_each(?) AS r JOIN heir AS h ON h.line = r.value ->> 0 AND h.on_date <= r.value ->> 1
  WHERE h.on_date || ' ' || h.key || ' ' || h.unit NOT IN (SELECT value FROM json_each(r.value) WHERE key > 1))`,
    ),
    ...packed(
      heirs.map((one) => [one.line, one.on, one.key, one.unit, one.kind, one.clause, one.competent]),
      upsert('heir', ['line', 'on_date', 'key', 'unit'], ['kind', 'clause', 'competent']),
    ),
  ]
}

/** Years are kept; the days of an imported year become exactly those of the file. */
export function calendarStatements({ years, days }: CalendarRows): SqlStatement[] {
  return [
    ...packed(
      years.map((one) => [one.year, one.certainty, one.source]),
      upsert('calendar_year', ['year'], ['certainty', 'source']),
    ),
    {
      sql: `DELETE FROM calendar_day WHERE substr(date, 1, 4) IN (SELECT value FROM json_each(?)) AND date NOT IN (SELECT value FROM json_each(?))`,
      params: [JSON.stringify(years.map((one) => String(one.year))), JSON.stringify(days.map((one) => one.date))],
    },
    ...packed(
      days.map((one) => [one.date, one.kind, one.reason, one.name.vi, one.name.en, one.swappedWith]),
      upsert('calendar_day', ['date'], ['kind', 'reason', 'name_vi', 'name_en', 'swapped_with']),
    ),
  ]
}

/** What the file says of a day is told once, however often it is imported: it never takes back what was told after it. */
export const openingHoursStatements = (rows: readonly OpeningHoursRow[]): SqlStatement[] =>
  packed(
    rows.map((one) => {
      const own = weekdays.flatMap((name) => (one.weekdays[name] ? [[name, one.weekdays[name]]] : []))
      const week = [JSON.stringify(one.windows), JSON.stringify(Object.fromEntries(own))]
      return [one.unitId, one.from, ...week, one.source]
    }),
    insertHours,
  )

// A number goes to each row after the unit's last one: rows that are not new are gone before they are counted.
const insertHours = `INSERT INTO opening_hours_entry (unit_id, version, valid_from, windows, weekdays, source, recorded_at)
SELECT r.value ->> 0, row_number() OVER (PARTITION BY r.value ->> 0 ORDER BY r.key)
    + coalesce((SELECT max(version) FROM opening_hours_entry WHERE unit_id = r.value ->> 0), 0),
  r.value ->> 1, r.value ->> 2, r.value ->> 3, r.value ->> 4, strftime('%Y-%m-%dT%H:%M:%f+07:00', 'now', '+7 hours')
FROM json_each(?) AS r
WHERE NOT EXISTS (SELECT 1 FROM opening_hours_entry AS e WHERE e.unit_id = r.value ->> 0 AND e.valid_from = r.value ->> 1
  AND e.windows = r.value ->> 2 AND e.weekdays = r.value ->> 3 AND e.source = r.value ->> 4)`

/** Points of the imported kinds become exactly those of the file. */
export function servicePointStatements(points: readonly ServicePoint[]): SqlStatement[] {
  const kinds = [...new Set(points.map((one) => one.kind))]
  return [
    {
      sql: 'DELETE FROM service_point WHERE kind IN (SELECT value FROM json_each(?)) AND id NOT IN (SELECT value FROM json_each(?))',
      params: [JSON.stringify(kinds), JSON.stringify(points.map((one) => one.id))],
    },
    ...packed(
      points.map(({ id, name, ...one }) => {
        const place = [one.kind, one.lat, one.lon, one.address]
        return [id, one.unit, ...place, one.source, name?.vi ?? null, name?.en ?? null]
      }),
      upsert('service_point', ['id'], ['unit_id', 'kind', 'lat', 'lon', 'address', 'source', 'name_vi', 'name_en']),
    ),
  ]
}

/**
 * A procedure met for the first time gets all its versions. Later imports only go forward: where the last version of the
 * file differs from the one in force, that one ends and the next begins on the day the file says, or else on `from`.
 * A `from` before the version in force breaks a CHECK, and nothing of the import is kept.
 */
export async function procedureStatements(
  versions: readonly ProcedureVersion[],
  from: string,
): Promise<SqlStatement[]> {
  const rows = await Promise.all(
    versions.map(async ({ code, version, validFrom, validTo, name, ...body }) => {
      const { competence, field } = body
      const level = levelOf(competence)
      const department = competence.by === 'department' ? competence.unitCode : null
      const search = fold(`${code} ${name.vi} ${name.en} ${field.vi} ${field.en}`)
      const last = !versions.some((other) => other.code === code && other.version > version)
      const content = [name.vi, name.en, level, department, slug(field.en), JSON.stringify(body), search]
      return { last, cells: [code, version, validFrom, validTo, last ? 1 : 0, ...content, await digest(content)] }
    }),
  )
  const newest = rows.filter((row) => row.last).map(({ cells }) => [cells[0], cells[2], cells[3], cells.at(-1)])
  return [
    { sql: closeChanged, params: [from, JSON.stringify(newest)] },
    ...packed(
      rows.map((row) => row.cells),
      insertVersions,
      ([code]) => code,
    ),
  ]
}

const closeChanged = `UPDATE procedure_version AS p
SET valid_to = CASE WHEN r.digest = p.digest THEN r.valid_to WHEN r.valid_from > p.valid_from THEN r.valid_from ELSE ? END
FROM (SELECT value ->> 0 AS code, value ->> 1 AS valid_from, value ->> 2 AS valid_to, value ->> 3 AS digest FROM json_each(?)) AS r
WHERE p.code = r.code AND p.valid_to IS NULL AND (r.digest <> p.digest OR r.valid_to IS NOT NULL)`

// max() takes the other columns of "had" from the row of the highest version (SQLite, "bare columns in an aggregate").
const insertVersions = `INSERT INTO procedure_version (code, version, valid_from, valid_to, name_vi, name_en, level, department_code, field, body, search, digest)
SELECT r.value ->> 0, CASE WHEN had.code IS NULL THEN r.value ->> 1 ELSE had.version + 1 END, coalesce(had.valid_to, r.value ->> 2), r.value ->> 3,
  r.value ->> 5, r.value ->> 6, r.value ->> 7, r.value ->> 8, r.value ->> 9, r.value ->> 10, r.value ->> 11, r.value ->> 12
FROM json_each(?) AS r
LEFT JOIN (SELECT code, max(version) AS version, valid_to, digest FROM procedure_version GROUP BY code) AS had ON had.code = r.value ->> 0
WHERE had.code IS NULL OR (r.value ->> 4 = 1 AND had.valid_to IS NOT NULL AND had.digest <> r.value ->> 12)`

const unitColumns = [
  'code',
  'code_scheme',
  'name_vi',
  'name_en',
  'level',
  'type',
  'effective_from',
  'effective_to',
  'parent_id',
  'identifier',
  'source',
  'certainty',
  'note',
  'search',
]
// A reform may have ended a unit that the file still has standing: an import never brings one back.
const upsertUnits = upsert('unit', ['id'], unitColumns).replace(
  'effective_to = excluded.effective_to',
  'effective_to = coalesce(excluded.effective_to, unit.effective_to)',
)

/** Rows come as JSON arrays in the order of the columns; a row that is already so is not touched. */
function upsert(table: string, keys: readonly string[], values: readonly string[]): string {
  const columns = [...keys, ...values]
  const list = (prefix: string) => values.map((name) => prefix + name).join(', ')
  return `INSERT INTO ${table} (${columns.join(', ')})
SELECT ${columns.map((_, index) => `value ->> ${index}`).join(', ')} FROM json_each(?) WHERE true
ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${values.map((name) => `${name} = excluded.${name}`).join(', ')}
WHERE (${list(`${table}.`)}) IS NOT (${list('excluded.')})`
}

/** Splits rows over as many statements as D1's length asks for; rows of one group stay together. */
function packed(rows: readonly Row[], sql: string, groupOf: (row: Row) => unknown = (row) => row): SqlStatement[] {
  const statements: SqlStatement[] = []
  let open: string[] = []
  let size = 0
  const close = () => {
    if (open.length > 0) statements.push({ sql, params: [`[${open.join(',')}]`] })
    open = []
    size = 0
  }
  for (const group of Map.groupBy(rows, groupOf).values()) {
    const texts = group.map((row) => JSON.stringify(row))
    const bytes = texts.reduce((sum, text) => sum + new TextEncoder().encode(text.replaceAll("'", "''")).length + 1, 0)
    if (size + bytes > longestStatement) close()
    open.push(...texts)
    size += bytes
  }
  close()
  return statements
}

/** Equal contents, equal digests. */
const digest = async (values: Row): Promise<string> => toHex(await sha256(JSON.stringify(values)))
