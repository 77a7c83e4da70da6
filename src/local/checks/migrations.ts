import { filesBelow, textOf } from './tree.ts'

const bans: [pattern: RegExp, why: string][] = [
  [/\bON\s+DELETE\s+(CASCADE|SET)/i, 'a deletion never takes other rows along: write ON DELETE RESTRICT'],
  [/\bDROP\s+TABLE\b/i, 'no table is dropped or rebuilt: D1 ignores foreign_keys=OFF, and its children would go too'],
  [/\bRENAME\s+TO\b/i, 'no table is rebuilt: add a column or a table beside it'],
  [/\bPRAGMA\b/i, 'a pragma does not do on D1 what it does elsewhere'],
]

/** What a migration must not do, and how its files are named: 0001_what_for.sql, without gaps. */
export async function migrationFaults(root: string): Promise<string[]> {
  const files = await filesBelow(root, 'migrations', ['.sql'])
  const texts = await Promise.all(files.map(async (path) => ({ path, sql: await textOf(root, path) })))
  return texts.flatMap(({ path, sql }, index) => [...nameFaults(path, index), ...sqlFaults(path, sql)])
}

function nameFaults(path: string, index: number): string[] {
  const expected = String(index + 1).padStart(4, '0')
  const good = new RegExp(String.raw`^migrations/${expected}_[a-z0-9_]+\.sql$`).test(path)
  return good ? [] : [`${path}: the next name is ${expected}_what_for.sql`]
}

export function sqlFaults(path: string, sql: string): string[] {
  const bare = sql.replaceAll(/--.*$/gm, '')
  const banned = bans.filter(([pattern]) => pattern.test(bare)).map(([, why]) => `${path}: ${why}`)
  const loose = [...bare.matchAll(/\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)([^;]*);/gi)]
    .filter(([, , rest = '']) => !/\)\s*(?:WITHOUT\s+ROWID\s*,\s*)?STRICT\b[^)]*$/i.test(rest))
    .map(([, table]) => `${path}: table ${table} is not STRICT`)
  return [...banned, ...loose]
}
