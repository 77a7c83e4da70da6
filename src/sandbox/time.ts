import { localDate, localTime } from '../platform/time.ts'

const day = 86_400_000

/** Where the next thing to look after stands. Times are kept as texts that sort. */
const matters = [
  'SELECT min(attention_at) AS at FROM dossier WHERE attention_at > ?',
  "SELECT min(due_at) AS at FROM dossier WHERE due_at > ? AND status IN ('accepted', 'processing')",
  'SELECT min(attention_at) AS at FROM payment WHERE attention_at > ?',
  'SELECT min(retry_at) AS at FROM copy_waiting WHERE retry_at > ?',
  'SELECT min(next_attempt_at) AS at FROM webhook_delivery WHERE next_attempt_at > ?',
  'SELECT min(archive_at) AS at FROM copy WHERE archive_at > ?',
]

/** When something in the database comes due after that moment, in milliseconds; undefined where nothing does. */
export function nextMatter(sql: SqlStorage, after: Date): number | undefined {
  const found = matters.flatMap((matter) => {
    const { at } = sql.exec<{ at: string | null }>(matter, localTime(after)).one()
    return at === null ? [] : [Date.parse(at)]
  })
  return found.length > 0 ? Math.min(...found) : undefined
}

/** The next midnight in Viet Nam, in milliseconds: days, books and units end there. */
export const midnightAfter = (at: Date): number => Date.parse(`${localDate(at)}T00:00:00+07:00`) + day
