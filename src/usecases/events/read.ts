import type { Context } from '../../context.ts'
import { eventId, type FeedEntry, positionOf } from '../../domain/feed.ts'
import { ok, type Result } from '../../platform/result.ts'
import { allowed, ownerName, proceduresWithin } from '../access.ts'
import type { Page } from '../dossiers/read.ts'

/**
 * Everything that an app may hear of, in the order in which it happened for the service. Positions are given at commit, one writer
 * at a time: what was read up to an event is complete, and nothing comes up before it later.
 */
export async function readFeed(
  context: Context,
  after: string | undefined,
  limit: number,
): Promise<Result<Page<FeedEntry>, 'token-needed' | 'not-allowed'>> {
  const may = allowed(context, 'readFeed')
  if (!may.ok) return may
  const from = after === undefined ? 0 : positionOf(after)
  const within = await proceduresWithin(context, 'readFeed')
  const { entries, next } = await context.feed.list(ownerName(context.actor), from, limit, within)
  return ok({ items: entries, next: next === null ? null : eventId(next) })
}
