import { and, lt, type SQL, sql } from 'drizzle-orm'
import { localTime } from '../platform/time.ts'
import { dossier } from './tables/dossiers.ts'

/** Where a row stands in a list; `at` is empty where the id alone says so. */
export type Place = { at: string; id: string }

/** In what order a list is walked, along indices that hold it. */
export type Order = {
  at: SQL
  by: SQL
  compare: (a: Place, b: Place) => number
  /** What lies behind the cursor of the page before, and within what is asked for. */
  span: (after: string | undefined) => SQL | undefined
  cursor: (last: Place) => string
  /** Filters that an index of this order holds beside those whose dossiers they are, one of them at a time. */
  held: readonly ('status' | 'procedure' | 'unit')[]
}

/** Instants are RFC 3339 with any offset. */
type Times = { dueBefore?: string; updatedAfter?: string }

/** By the time of the last change where that is asked for, then by due date, the oldest first; otherwise the newest first. */
export function orderOf({ dueBefore, updatedAfter }: Times): Order {
  if (updatedAfter !== undefined) return byTime(sql`${dossier.updatedAt}`, [], { from: kept(updatedAfter) })
  if (dueBefore !== undefined) return byTime(sql`${dossier.dueAt}`, ['status'], { until: keptDue(dueBefore) })
  return {
    at: sql`''`,
    by: sql`${dossier.id} DESC`,
    compare: (a, b) => ascending(b.id, a.id),
    span: (after) => (after === undefined ? undefined : lt(dossier.id, after)),
    cursor: ({ id }) => id,
    held: ['status', 'procedure', 'unit'],
  }
}

/** An instant as the columns have it: texts are compared, and due dates are kept without milliseconds. */
const kept = (instant: string) => localTime(new Date(instant))
export const keptDue = (instant: string): string => kept(instant).replace('.000', '')

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Comes behind every id. */
const last = '~'

function byTime(at: SQL, held: Order['held'], { from = '', until }: { from?: string; until?: string }): Order {
  return {
    at,
    by: sql`${at}, ${dossier.id}`,
    compare: (a, b) => ascending(a.at, b.at) || ascending(a.id, b.id),
    span(after) {
      const [time = '', id = ''] = after?.split('~') ?? []
      // One lower bound and no more: of two, SQLite might walk from the farther one.
      const [start, behind] = time > from ? [time, id] : [from, last]
      return and(
        sql`(${at}, ${dossier.id}) > (${start}, ${behind})`,
        until === undefined ? undefined : sql`${at} < ${until}`,
      )
    },
    cursor: ({ at: time, id }) => `${time}~${id}`,
    held,
  }
}
