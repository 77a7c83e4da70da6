import { log } from '../platform/log.ts'
import { connect } from '../store/database.ts'
import { outboxStore } from '../store/outbox.ts'
import type { Message } from './message.ts'

/**
 * Moves committed outbox rows to the queue, oldest first, at most 100. Sending twice is fine, losing one is not: rows go only
 * after the queue has them. Runs after each changing reply and by cron, so a lost run costs a minute and no event.
 */
export async function relay(env: Pick<Env, 'DB' | 'OUTBOX_QUEUE'>): Promise<number> {
  const outbox = outboxStore(connect(env.DB))
  const waiting: Message[] = await outbox.oldest(100)
  if (waiting.length === 0) return 0
  try {
    await env.OUTBOX_QUEUE.sendBatch(waiting.map((body) => ({ body })))
  } catch (error) {
    log('outbox.not-sent', { error: String(error) })
    return 0
  }
  await outbox.forget(waiting.map(({ id }) => id))
  return waiting.length
}
