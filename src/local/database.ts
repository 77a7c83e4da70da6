import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getPlatformProxy, unstable_splitSqlQuery as splitSql } from 'wrangler'
import { quiet } from './wrangler.ts'

const root = join(import.meta.dirname, '../..')

/** Opens the local database for a while; nobody else may have it open meanwhile. */
export async function withDatabase<T>(work: (db: D1Database) => Promise<T>): Promise<T> {
  Object.assign(process.env, quiet, { WRANGLER_LOG: 'error' })
  const platform = await getPlatformProxy<{ DB: D1Database }>({
    configPath: join(root, 'wrangler.toml'),
    remoteBindings: false,
  })
  try {
    return await work(platform.env.DB)
  } finally {
    await platform.dispose()
  }
}

/** Applies the migrations that the database does not have yet and notes them as `wrangler d1 migrations apply` does. */
export async function migrate(db: D1Database, folder = join(root, 'migrations')): Promise<string[]> {
  await db
    .prepare(
      'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
    )
    .run()
  const { results } = await db.prepare('SELECT name FROM d1_migrations').all<{ name: string }>()
  const applied = new Set(results.map(({ name }) => name))
  const pending = readdirSync(folder)
    .filter((name) => name.endsWith('.sql') && !applied.has(name))
    .toSorted()
  for (const name of pending) {
    const queries = splitSql(readFileSync(join(folder, name), 'utf8'))
    const noted = db.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name)
    await db.batch([...queries.map((query) => db.prepare(query)), noted])
  }
  return pending
}
