import type { Connection } from './database.ts'

/**
 * What a sandbox begins with, in the order in which rows refer to each other: the catalogue, who is there, and when they work.
 * No table with anything about a person or an app is among them.
 */
export const referenceTables = [
  'procedure_version',
  'unit',
  'unit_succession',
  'heir',
  'reform',
  'calendar_year',
  'calendar_day',
  'service_point',
  'opening_hours',
  'opening_hours_entry',
] as const

type Cell = string | number | null
/** Whole tables, by name. */
export type Reference = { table: (typeof referenceTables)[number]; columns: string[]; rows: Cell[][] }[]

/** Reads them all; writes nothing. */
export async function readReference(db: Connection): Promise<Reference> {
  const read = referenceTables.map(async (table) => {
    // Columns that are computed are not told of here.
    const { results } = await db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all<{ name: string }>()
    const columns = results.map(({ name }) => name)
    const rows = await db.prepare(`SELECT ${columns.join(', ')} FROM ${table}`).raw<Cell[]>()
    return { table, columns, rows }
  })
  return Promise.all(read)
}

/** Fills the empty tables of a database that has all of these columns; what units give out from then on is marked. */
export async function writeReference(db: Connection, reference: Reference): Promise<void> {
  const statements = reference.flatMap(({ table, columns, rows }) => {
    const cells = columns.map((_, at) => `value ->> ${at}`).join(', ')
    const insert = `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${cells} FROM json_each(?)`
    return chunksOf(rows).map((chunk) => db.prepare(insert).bind(JSON.stringify(chunk)))
  })
  // A unit names the one above it, wherever that stands.
  const later = db.prepare('PRAGMA defer_foreign_keys = on')
  const marked = db.prepare(
    "UPDATE unit SET identifier = substr('SANDBOX.' || identifier, 1, 35) WHERE identifier NOT GLOB 'SANDBOX.*'",
  )
  await db.batch([later, ...statements, marked])
}

/** A value may have two megabytes, and the longest row has a fraction of one. */
function chunksOf(rows: Cell[][]): Cell[][][] {
  const size = 50
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, at) => rows.slice(at * size, (at + 1) * size))
}
