import { asc, sql } from 'drizzle-orm'
import { log } from '../platform/log.ts'
import { connect } from '../store/database.ts'
import { outbox } from '../store/tables/dossiers.ts'
import type { Message } from './message.ts'

/**
 * Moves committed outbox rows to the queue, oldest first, at most 100. Sending twice is fine, losing one is not: rows go only
 * after the queue has them. Runs after each changing reply and by cron, so a lost run costs a minute and no event.
 */
export async function relay(env: Pick<Env, 'DB' | 'OUTBOX_QUEUE'>): Promise<number> {
  const db = connect(env.DB)
  const rows = await db.select().from(outbox).orderBy(asc(outbox.createdAt), asc(outbox.id)).limit(100)
  if (rows.length === 0) return 0
  try {
    const messages = rows.map(({ id, type, subject, version }) => ({
      body: { id, type, subject, version } satisfies Message,
    }))
    await env.OUTBOX_QUEUE.sendBatch(messages)
  } catch (error) {
    log('outbox.not-sent', { error: String(error) })
    return 0
  }
  const sent = JSON.stringify(rows.map(({ id }) => id))
  await db.delete(outbox).where(sql`${outbox.id} IN (SELECT value FROM json_each(${sent}))`)
  return rows.length
}
