import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm'
import type { FeedEntry } from '../domain/feed.ts'
import type { Database, Statement } from './database.ts'
import type { JournalActor } from './journal.ts'
import { dossier, journal } from './tables/dossiers.ts'
import { feed } from './tables/webhooks.ts'

/** Everything that the world is told, in the order in which it was committed. */
export interface FeedStore {
  /** What the owner may hear of after a position, oldest first. */
  list(owner: string, after: number, limit: number): Promise<FeedEntry[]>
  at(position: number): Promise<FeedEntry | undefined>
}

export function feedStore(db: Database): FeedStore {
  const select = (where: SQL | undefined, limit: number) =>
    db
      .select({
        position: feed.position,
        record: journal.record,
        code: dossier.code,
        procedure: dossier.procedureCode,
      })
      .from(feed)
      .innerJoin(journal, and(eq(journal.subject, feed.subject), eq(journal.version, feed.version)))
      .leftJoin(dossier, eq(dossier.id, feed.dossierId))
      .where(where)
      .orderBy(asc(feed.position))
      .limit(limit)
  const entries = async (where: SQL | undefined, limit: number) => {
    const rows = await select(where, limit)
    return rows.map(({ position, record, code, procedure }): FeedEntry => {
      const { subject, version, at, actor, event } = JSON.parse(record) as Omit<FeedEntry, 'position' | 'actor'> & {
        actor: JournalActor
      }
      const by = actor.kind === 'officer' ? { kind: actor.kind, unit: actor.unit } : { kind: actor.kind }
      const about = code !== null && procedure !== null ? { code, procedure } : null
      return { position, subject, version, at, actor: by, event, dossier: about }
    })
  }
  return {
    list: (owner, after, limit) => entries(and(eq(feed.owner, owner), gt(feed.position, after)), limit),
    at: async (position) => (await entries(eq(feed.position, position), 1))[0],
  }
}

type Place = { subject: string; version: number; type: string; at: string }

/** The row that puts a dossier's or a copy's event into the feed, in the batch of the event; nothing for what is of no dossier. */
export const feedStatement = (db: Database, { subject, version, type, at }: Place): Statement =>
  db.insert(feed).select(sql`
SELECT NULL, ${subject}, ${version}, ${type}, ${at}, submitter, id, procedure_code FROM dossier
WHERE id = coalesce((SELECT dossier_id FROM copy WHERE id = ${subject}), ${subject})`)

/** The same for what concerns the owner alone. */
export const ownFeedStatement = (db: Database, owner: string, place: Place): Statement =>
  db.insert(feed).values({ ...place, owner })
