import { log } from '../platform/log.ts'
import { connect } from '../store/database.ts'
import { outboxStore } from '../store/outbox.ts'
import type { Message } from './message.ts'

type Sending = { DB: D1Database; OUTBOX_QUEUE: { sendBatch(messages: { body: Message }[]): Promise<unknown> } }

/** In milliseconds: longer than sending ever takes, and short enough to wait for when the sender died. */
const lease = 60_000

/**
 * Moves committed outbox rows to the queue, oldest first, at most 100. Sending twice is fine, losing one is not: rows go only
 * after the queue has them. Runs after each changing reply and by cron, so a run that fails costs a minute and no event.
 */
export async function relay(env: Sending): Promise<number> {
  try {
    return await send(env)
  } catch (error) {
    log('outbox.not-sent', { error })
    return 0
  }
}

async function send({ DB, OUTBOX_QUEUE }: Sending): Promise<number> {
  const outbox = outboxStore(connect(DB))
  const now = new Date()
  const waiting: Message[] = await outbox.lease(100, now, new Date(now.getTime() + lease))
  if (waiting.length === 0) return 0
  const ids = waiting.map(({ id }) => id)
  try {
    await OUTBOX_QUEUE.sendBatch(waiting.map((body) => ({ body })))
  } catch (error) {
    await outbox.release(ids)
    throw error
  }
  await outbox.forget(ids)
  return waiting.length
}
