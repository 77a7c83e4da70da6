type Run = (statements: D1PreparedStatement[]) => Promise<D1Result[]>
type Connection = D1Database | D1DatabaseSession

/** What a call does with its arguments instead of what it did. */
type Instead = Partial<Record<string, (...said: never[]) => unknown>>

const changed = <T extends object>(object: T, instead: Instead): T =>
  new Proxy(object, {
    get(target, name) {
      const value: unknown = typeof name === 'string' && instead[name] ? instead[name] : Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

/** The database, but every batch of its own or of a session of its is run by `batch`. */
export function withBatches(
  db: D1Database,
  batch: (statements: D1PreparedStatement[], run: Run) => Promise<D1Result[]>,
) {
  const wrap = <C extends Connection>(connection: C): C =>
    changed(connection, {
      batch: (statements: D1PreparedStatement[]) => batch(statements, (list) => connection.batch(list)),
      ...('withSession' in connection && {
        withSession: (start: D1SessionBookmark) => wrap(connection.withSession(start)),
      }),
    })
  return wrap(db)
}

/** The database, and how many statements were sent to it and how many rows these read. */
export function counted(db: D1Database): { db: D1Database; spent: { statements: number; rowsRead: number } } {
  const spent = { statements: 0, rowsRead: 0 }
  const bare = new WeakMap<D1PreparedStatement, D1PreparedStatement>()
  const count = (result: D1Result) => {
    spent.statements++
    spent.rowsRead += result.meta.rows_read
    return result
  }
  const statement = (sql: string, real: D1PreparedStatement): D1PreparedStatement => {
    const made = changed(real, {
      bind: (...values: unknown[]) => statement(sql, real.bind(...values)),
      all: async () => count(await real.all()),
      run: async () => count(await real.run()),
      // Rows alone do not tell what they cost, so a question is asked twice; a change is not.
      raw: async (options: { columnNames: true }) => {
        if (/^\s*(select|with)\b/i.test(sql)) count(await real.all())
        return real.raw(options)
      },
    })
    bare.set(made, real)
    return made
  }
  const wrap = <C extends Connection>(connection: C): C =>
    changed(connection, {
      prepare: (sql: string) => statement(sql, connection.prepare(sql)),
      batch: async (statements: D1PreparedStatement[]) =>
        (await connection.batch(statements.map((one) => bare.get(one) ?? one))).map(count),
      ...('withSession' in connection && {
        withSession: (start: D1SessionBookmark) => wrap(connection.withSession(start)),
      }),
    })
  return { db: wrap(db), spent }
}
