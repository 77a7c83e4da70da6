import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { filesBelow, textOf } from './checks/tree.ts'
import { columnWords, sensitive } from './column-words.ts'

const Column = z.object({ name: z.string(), type: z.string(), notnull: z.number(), pk: z.number() })
const Reference = z.object({ from: z.string(), table: z.string(), to: z.string().nullable() })

const whole = (row: unknown) => JSON.stringify(row)

/** The words that stand above a table in its migration. */
function purposes(sql: string): Map<string, string> {
  const found = sql.matchAll(/((?:^--.*\n)*)CREATE TABLE (\w+)/gm)
  const words = (comment: string) => comment.replaceAll(/^-- ?/gm, '').trim().replaceAll('\n', ' ')
  return new Map([...found].map(([, comment = '', table = '']) => [table, words(comment)]))
}

/** `docs/data-dictionary.md`: every table and column as the migrations really make them, with words for each. */
export async function dataDictionary(root: string): Promise<string> {
  const database = new DatabaseSync(':memory:')
  const files = await filesBelow(root, 'migrations', ['.sql'])
  const texts = await Promise.all(files.map((path) => textOf(root, path)))
  for (const sql of texts) database.exec(sql)
  const parts = texts.flatMap((sql, index) => {
    const tables = [...purposes(sql)].map(([table, purpose]) => tableWords(database, table, purpose))
    return tables.length > 0 ? [`## ${index + 1}. \`${files[index]}\`\n\n${tables.join('\n')}`] : []
  })
  return `# Data dictionary

Made from the migrations by \`npm run docs\`; do not edit. Words about a column are kept in \`src/local/column-words.ts\`, and a column without them
fails \`npm run check\`. Times are RFC 3339 in \`+07:00\`, dates \`YYYY-MM-DD\`, flags and states are text, JSON is checked to be JSON.

**Where data about applicants is.** Only in the columns marked ◆, and there only sealed (AES-256-GCM under a key of the dossier, wrapped by a
master key) or as a keyed hash. Outbox, messages and logs hold none; the journal names officials at work, since the law asks who did what.
Uploaded files and signed copies lie in R2 under ids that say nothing.

${parts.join('\n')}`
}

function tableWords(database: DatabaseSync, table: string, purpose: string): string {
  const columns = database
    .prepare(`PRAGMA table_xinfo(${table})`)
    .all()
    .map((row) => Column.parse(JSON.parse(whole(row))))
  const references = database
    .prepare(`PRAGMA foreign_key_list(${table})`)
    .all()
    .map((row) => Reference.parse(JSON.parse(whole(row))))
  const lines = columns.map(({ name, type, notnull, pk }) => {
    const to = references.find(({ from }) => from === name)
    const marks = [pk > 0 && 'key', to && `→ ${to.table}`, notnull === 0 && pk === 0 && 'may be null']
    const words = `${sensitive.has(`${table}.${name}`) ? '◆ ' : ''}${columnWords[`${table}.${name}`] ?? columnWords[name] ?? `**${table}.${name}?**`}`
    return `| \`${name}\` | ${type.toLowerCase()} | ${marks.filter(Boolean).join(', ')} | ${words} |`
  })
  return `### ${table}\n\n${purpose}\n\n| column | type | | what it holds |\n|---|---|---|---|\n${lines.join('\n')}\n`
}
