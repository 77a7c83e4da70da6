import { drizzle } from 'drizzle-orm/d1'
import type { BatchItem } from 'drizzle-orm/batch'

/** A database or a read session: all that the stores need of D1. */
export type Connection = Pick<D1Database, 'prepare' | 'batch'>

// Safe: the driver calls only prepare() and batch(); sessions have both.
export const connect = (connection: Connection) => drizzle(connection as D1Database)

export type Database = ReturnType<typeof connect>

/** One statement of a batch: stores hand them out so that a use case's whole effect commits at once. */
export type Statement = BatchItem<'sqlite'>

/** Runs statements as one transaction: all or none (D1 batch). Answers each statement's rows, in order. */
export async function commit(db: Database, statements: Statement[]): Promise<unknown[]> {
  const [first, ...rest] = statements
  return first ? db.batch([first, ...rest]) : []
}

/** True when the fault is a broken uniqueness rule of that table (that begins with `column`): somebody else wrote the same key first. */
export function isDuplicate(error: unknown, table: string, column = ''): boolean {
  // A lone statement fails as DrizzleQueryError (cause = D1's error), a batch as D1's error itself.
  for (let e = error; e instanceof Error; e = e.cause)
    if (e.message.includes(`UNIQUE constraint failed: ${table}.${column}`)) return true
  return false
}

/** True when a row broke the rule (CHECK) of that name. */
export function breaksRule(error: unknown, rule: string): boolean {
  for (let e = error; e instanceof Error; e = e.cause)
    if (e.message.includes(`CHECK constraint failed: ${rule}`)) return true
  return false
}

/** True when a writer had read a dossier before it passed to another unit (trigger `dossier_passed_on`). */
export function hasPassedOnMeanwhile(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) if (e.message.includes('dossier has passed on')) return true
  return false
}

/** True when a file was named that a dossier or a certification took meanwhile, or that was found infected (primary keys; triggers `…_is_free`, `…_is_clean`). */
export function isFileTaken(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause)
    if (e.message.includes('file is taken') || e.message.includes('file is quarantined')) return true
  return isDuplicate(error, 'dossier_file') || isDuplicate(error, 'copy_scan')
}

/** True when a number was asked of a register that is closed (trigger `register_closed`): the year ended meanwhile. */
export function isBookClosed(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) if (e.message.includes('register is closed')) return true
  return false
}
