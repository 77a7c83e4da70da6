import { and, desc, eq, lt, sql, type SQL } from 'drizzle-orm'
import { evolveShare, type Opener, type OpeningEvent, type Share, type ShareEvent } from '../domain/lending.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { breaksRule, commit, type Database, isDuplicate, type Statement } from './database.ts'
import { entryStatements, genesis, type JournalActor } from './journal.ts'
import { journal } from './tables/dossiers.ts'
import { copyOpening, copyShare } from './tables/lending.ts'
import type { SealedPart, Vault } from './vault.ts'

/** A share, how often it was opened, and the head of its journal's chain. */
export type KeptShare = { share: Share; openings: number; head: string }

export type Opening = { id: string; at: string; opener: Opener }

type Written = { at: Date; actor: JournalActor; along?: Statement[] }

export interface LendingStore {
  find(id: string): Promise<KeptShare | undefined>
  byToken(hash: string): Promise<KeptShare | undefined>
  /** Newest first, one more than `limit` when there is a next page. */
  shares(copyId: string, before: string | undefined, limit: number): Promise<KeptShare[]>
  /** Lends a copy; `words` (recipient and purpose) are sealed under a key of the share's own. */
  lend(
    event: ShareEvent & { type: 'copy.shared' },
    tokenHash: string,
    words: SealedPart,
    written: Written,
  ): Promise<Result<KeptShare, 'key-in-use'>>
  revoke(before: KeptShare, written: Written): Promise<Result<KeptShare, 'changed-meanwhile'>>
  /** Records that a file is opened, before it is: what a share allows is counted here, and the one too many refused. */
  opened(event: OpeningEvent, written: Written): Promise<Result<true, 'share-used-up'>>
  openings(copyId: string, before: string | undefined, limit: number): Promise<Opening[]>
}

export function lendingStore(db: Database, vault: Vault): LendingStore {
  const select = () =>
    db
      .select({ share: copyShare.state, openings: copyShare.openings, head: journal.hash })
      .from(copyShare)
      .innerJoin(journal, and(eq(journal.subject, copyShare.id), eq(journal.version, copyShare.version)))
  const one = async (where: SQL) => (await select().where(where))[0]

  return {
    find: (id) => one(eq(copyShare.id, id)),
    byToken: (hash) => one(eq(copyShare.tokenHash, hash)),
    shares: (copyId, before, limit) =>
      select()
        .where(and(eq(copyShare.copyId, copyId), before ? lt(copyShare.id, before) : undefined))
        .orderBy(desc(copyShare.id))
        .limit(limit + 1),
    async lend(event, tokenHash, words, { at, actor, along = [] }) {
      const time = localTime(at)
      const share = evolveShare(undefined, event, time)
      const { key, statement: keepKey } = await vault.newKey(share.id)
      const part = await vault.sealPart(share.id, 1, words, key)
      const entry = await entryStatements(db, share.id, 1, genesis, { at: time, actor, event, sealed: part.digest })
      const { id, copy: copyId, version, most } = share
      const row = db.insert(copyShare).values({ id, copyId, tokenHash, version, openings: 0, most, state: share })
      try {
        await commit(db, [...entry.statements, keepKey, part.statement, row, ...along])
        return ok({ share, openings: 0, head: entry.hash })
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        throw error
      }
    },
    async revoke(before, { at, actor }) {
      const time = localTime(at)
      const event = { type: 'copy.share-revoked' } as const
      const share = evolveShare(before.share, event, time)
      const entry = await entryStatements(db, share.id, share.version, before.head, { at: time, actor, event })
      // Whoever still reads an old replica runs into the row's own rule.
      const close = { version: share.version, most: sql`openings`, state: share }
      try {
        await commit(db, [...entry.statements, db.update(copyShare).set(close).where(eq(copyShare.id, share.id))])
        return ok({ ...before, share, head: entry.hash })
      } catch (error) {
        if (isDuplicate(error, 'journal')) return refuse('changed-meanwhile')
        throw error
      }
    },
    async opened(event, { at, actor }) {
      const time = localTime(at)
      const entry = await entryStatements(db, event.id, 1, genesis, { at: time, actor, event })
      const count =
        'share' in event.by && event.by.share
          ? [
              db
                .update(copyShare)
                .set({ openings: sql`openings + 1` })
                .where(eq(copyShare.id, event.by.share)),
            ]
          : []
      const row = db.insert(copyOpening).values({ id: event.id, copyId: event.copy, at: time, opener: event.by })
      try {
        await commit(db, [...count, ...entry.statements, row])
        return ok(true)
      } catch (error) {
        if (breaksRule(error, 'share_used_up')) return refuse('share-used-up')
        throw error
      }
    },
    openings: (copyId, before, limit) =>
      db
        .select({ id: copyOpening.id, at: copyOpening.at, opener: copyOpening.opener })
        .from(copyOpening)
        .where(and(eq(copyOpening.copyId, copyId), before ? lt(copyOpening.id, before) : undefined))
        .orderBy(desc(copyOpening.id))
        .limit(limit + 1),
  }
}
