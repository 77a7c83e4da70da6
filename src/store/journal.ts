import { and, asc, eq, gt } from 'drizzle-orm'
import { isTold } from '../domain/feed.ts'
import { sha256, toHex, utf8 } from '../platform/crypto.ts'
import type { Database, Statement } from './database.ts'
import { feedStatement } from './feed.ts'
import { journal, outbox } from './tables/dossiers.ts'

/** Who did it, as the journal names them: an official with name and unit; anybody else by an id that says nothing, and under which mandate or consent. */
export type JournalActor =
  | { kind: 'app' | 'citizen' | 'service'; id: string; mandate?: string; consent?: string }
  | { kind: 'officer'; id: string; name: string; unit: string }

/** One entry to be written. `sealed` is the digest of the event's sealed part, so the chain covers what it must not show. */
export type Entry<E extends { type: string }> = {
  at: string
  actor: JournalActor
  event: E
  sealed?: string
  command?: string
}

export type JournalRow<E> = {
  subject: string
  version: number
  at: string
  actor: JournalActor
  event: E
  command?: string
  hash: string
}

/** A committed event as the outbox and the queue know it: no content, only where to read it. */
export type OutboxMessage = { id: string; type: string; subject: string; version: number }

/** The hash before the first entry of a subject. */
export const genesis = '0'.repeat(64)

export const chain = async (previousHash: string, record: string): Promise<string> =>
  toHex(await sha256(utf8(previousHash + record)))

/**
 * The statements that append one entry, its outbox row and its place in the feed, and the new head of the chain.
 * Two writers of the same version collide on the primary key, and the whole batch of the second rolls back.
 */
export async function entryStatements<E extends { type: string }>(
  db: Database,
  subject: string,
  version: number,
  previousHash: string,
  entry: Entry<E>,
): Promise<{ statements: Statement[]; hash: string }> {
  const record = JSON.stringify({ subject, version, ...entry })
  const hash = await chain(previousHash, record)
  const { at } = entry
  const { type } = entry.event
  return {
    hash,
    statements: [
      db.insert(journal).values({ subject, version, type, at, record, previousHash, hash }),
      db.insert(outbox).values({ id: `${subject}:${version}`, type, subject, version, createdAt: at }),
      ...(isTold(type) ? [feedStatement(db, { subject, version, type, at })] : []),
    ],
  }
}

/** The entries of one subject after a version, oldest first. */
export async function entriesOf<E>(
  db: Database,
  subject: string,
  after: number,
  limit: number,
): Promise<JournalRow<E>[]> {
  const rows = await db
    .select()
    .from(journal)
    .where(and(eq(journal.subject, subject), gt(journal.version, after)))
    .orderBy(asc(journal.version))
    .limit(limit)
  return rows.map(({ record, hash }) => ({ ...(JSON.parse(record) as Omit<JournalRow<E>, 'hash'>), hash }))
}

/** Recomputes a subject's chain from its rows. Answers the first version that does not fit, or null when all do. */
export async function brokenAt(db: Database, subject: string): Promise<number | null> {
  const rows = await db.select().from(journal).where(eq(journal.subject, subject)).orderBy(asc(journal.version))
  let head = genesis
  for (const [index, row] of rows.entries()) {
    const fits = row.version === index + 1 && row.previousHash === head && row.hash === (await chain(head, row.record))
    if (!fits) return index + 1
    head = row.hash
  }
  return null
}
