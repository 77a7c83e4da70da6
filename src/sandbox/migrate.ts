import { migrations } from './migrations.ts'

/** What a sandbox keeps besides: its queue, and what its officers are to do by themselves. */
const own = `
CREATE TABLE IF NOT EXISTS sandbox_migration (name TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS sandbox_message (
  id INTEGER PRIMARY KEY, body TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sandbox_message_due ON sandbox_message (due);
CREATE TABLE IF NOT EXISTS sandbox_script (code TEXT PRIMARY KEY, scenario TEXT NOT NULL) STRICT;
`

/** Brings a sandbox's database to the newest schema; each migration with the note that it was applied, or not at all. */
export function migrate(storage: DurableObjectStorage): void {
  const { sql } = storage
  sql.exec(own)
  const applied = new Set(
    sql
      .exec<{ name: string }>('SELECT name FROM sandbox_migration')
      .toArray()
      .map(({ name }) => name),
  )
  for (const [name, text] of migrations)
    if (!applied.has(name))
      storage.transactionSync(() => {
        sql.exec(text)
        sql.exec('INSERT INTO sandbox_migration (name) VALUES (?)', name)
      })
}
