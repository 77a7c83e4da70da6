import { env } from 'cloudflare:workers'

/** Copies of the rows with that key, numbered from `from` to `to` and other in these columns (`n` is the number). */
export async function multiplied(
  table: string,
  key: string,
  id: string,
  other: Record<string, string>,
  span: number[],
) {
  const found = await env.DB.prepare(`SELECT name FROM pragma_table_info('${table}')`).all<{ name: string }>()
  const columns = found.results.map(({ name }) => name)
  await env.DB.prepare(
    `INSERT INTO ${table} (${columns.join()}) WITH RECURSIVE numbers(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)
     SELECT ${columns.map((column) => other[column] ?? column).join()} FROM ${table}, numbers WHERE ${key} = ?3`,
  )
    .bind(...span, id)
    .run()
}

/** Columns with the number of the copy behind what they hold. */
export const numbered = (...columns: string[]) =>
  Object.fromEntries(columns.map((column) => [column, `${column} || '-' || n`]))
