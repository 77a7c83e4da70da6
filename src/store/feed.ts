import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm'
import type { FeedEntry } from '../domain/feed.ts'
import type { Database, Statement } from './database.ts'
import type { JournalActor } from './journal.ts'
import { dossier, journal } from './tables/dossiers.ts'
import { feed } from './tables/webhooks.ts'

/** Everything that the world is told, in the order in which it was committed. */
export interface FeedStore {
  /**
   * A page of what the owner hears after a position, oldest first, and the position after which the next one goes on. Of certain
   * `procedures` only, it ends after so many looks, full or not; what is about no dossier is always heard.
   */
  list(
    owner: string,
    after: number,
    limit: number,
    procedures?: string[],
  ): Promise<{ entries: FeedEntry[]; next: number | null }>
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
    async list(owner, after, limit, procedures) {
      const behind = and(eq(feed.owner, owner), gt(feed.position, after))
      if (!procedures) {
        const all = await entries(behind, limit + 1)
        const next = all.length > limit ? (all[limit - 1]?.position ?? null) : null
        return { entries: all.slice(0, limit), next }
      }
      const most = Math.max(limit + 1, mostLooks)
      const among = sql`IN (SELECT value FROM json_each(${JSON.stringify(procedures)}))`
      const seen = await db
        .select({
          position: feed.position,
          fits: sql<number>`${feed.procedureCode} IS NULL OR ${feed.procedureCode} ${among}`,
        })
        .from(feed)
        .where(behind)
        .orderBy(asc(feed.position))
        .limit(most)
      const found = seen.filter((one) => one.fits === 1).map(({ position }) => position)
      const end = seen.length === most ? seen.at(-1)?.position : undefined
      const next = (found.length > limit ? found[limit - 1] : end) ?? null
      const positions = JSON.stringify(found.slice(0, limit))
      return {
        entries: await entries(sql`${feed.position} IN (SELECT value FROM json_each(${positions}))`, limit),
        next,
      }
    },
    at: async (position) => (await entries(eq(feed.position, position), 1))[0],
  }
}

/** How far one page may look for what it is asked for. */
const mostLooks = 250

type Place = { subject: string; version: number; type: string; at: string }

/** The row that puts a dossier's or a copy's event into the feed, in the batch of the event; nothing for what is of no dossier. */
export const feedStatement = (db: Database, { subject, version, type, at }: Place): Statement =>
  db.insert(feed).select(sql`
SELECT NULL, ${subject}, ${version}, ${type}, ${at}, submitter, id, procedure_code FROM dossier
WHERE id = coalesce((SELECT dossier_id FROM copy WHERE id = ${subject}), ${subject})`)

/** The same for what concerns the owner alone. */
export const ownFeedStatement = (db: Database, owner: string, place: Place): Statement =>
  db.insert(feed).values({ ...place, owner })
