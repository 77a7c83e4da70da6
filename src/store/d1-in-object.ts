type Value = string | number | null | ArrayBuffer
type Ran = { names: string[]; rows: unknown[][]; meta: D1Meta & Record<string, unknown> }

/**
 * The interface of D1 on the database of a Durable Object, which is the same engine: same statements, types, errors, and
 * batches of all or nothing. There is one copy of it, so every session reads what was written last.
 */
export function d1InObject(storage: DurableObjectStorage): D1Database {
  const known = new WeakMap<object, () => D1Result>()

  const statement = (text: string, bound: Value[]): D1PreparedStatement => {
    const result = () => resultOf(run(storage, text, bound))
    const all = async () => result()
    const made = {
      bind: (...values: unknown[]) => statement(text, values.map(incoming)),
      all,
      run: all,
      async first(column?: string) {
        const [row] = result().results as Record<string, unknown>[]
        if (!row || column === undefined) return row ?? null
        if (!(column in row)) throw new Error(`D1_COLUMN_NOTFOUND: Column not found (${column})`)
        return row[column]
      },
      async raw({ columnNames = false }: { columnNames?: boolean } = {}) {
        const { names, rows } = run(storage, text, bound)
        return columnNames ? [names, ...rows] : rows
      },
    } as unknown as D1PreparedStatement
    known.set(made, result)
    return made
  }

  const session = {
    prepare: (text: string) => statement(text, []),
    batch: async (statements: D1PreparedStatement[]) =>
      storage.transactionSync(() =>
        statements.map((one) => {
          const result = known.get(one)
          if (!result) throw new TypeError('a statement of another database')
          return result()
        }),
      ),
  }
  const withSession = () => ({ ...session, getBookmark: () => '00000000-00000000-00000000-0' })
  return { ...session, withSession } as unknown as D1Database
}

function run({ sql }: DurableObjectStorage, text: string, bound: Value[]): Ran {
  const began = Date.now()
  try {
    const cursor = sql.exec(text, ...bound)
    const names = cursor.columnNames
    const rows = [...cursor.raw()].map((row) => row.map(outgoing))
    const { rowsRead, rowsWritten } = cursor
    const { changes, last } = sql
      .exec<{ changes: number; last: number }>('SELECT changes() AS changes, last_insert_rowid() AS last')
      .one()
    const meta = {
      duration: Date.now() - began,
      // SQLite goes on telling of the last change while only reading follows.
      changes: rowsWritten > 0 ? changes : 0,
      last_row_id: last,
      changed_db: rowsWritten > 0,
      size_after: sql.databaseSize,
      rows_read: rowsRead,
      rows_written: rowsWritten,
    }
    return { names, rows, meta }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`D1_ERROR: ${message}`, { cause })
  }
}

const resultOf = ({ names, rows, meta }: Ran): D1Result => ({
  success: true,
  meta,
  results: rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))),
})

/** What D1 takes as a parameter: no undefined, and a blob in whatever form. */
function incoming(value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof ArrayBuffer) return value
  if (ArrayBuffer.isView(value))
    return Uint8Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).buffer
  if (Array.isArray(value)) return Uint8Array.from(value as number[]).buffer
  throw new Error(`D1_TYPE_ERROR: Type '${typeof value}' not supported`)
}

/** D1 gives a blob as an array of bytes. */
const outgoing = (value: unknown): unknown => (value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value)
