import type { Context } from '../context.ts'
import { ordersCopy } from '../domain/copy.ts'
import { Message } from '../outbox/message.ts'
import { log } from '../platform/log.ts'
import { voidCopy } from '../usecases/copies/void.ts'
import type { QueuedBatch } from './queued.ts'
import { unreadable } from '../usecases/operations/dead-letters.ts'

/** For who looks into it; a body can be anything that a queue carries, also what JSON cannot say. */
function shown(body: unknown): string {
  try {
    return (JSON.stringify(body) ?? String(body)).slice(0, 10_000)
  } catch {
    return String(body).slice(0, 10_000)
  }
}

/** Stores whatever the first queue gave up on, so that an operator sees it and can replay it. */
export async function keepDeadLetters(batch: QueuedBatch, context: Context): Promise<void> {
  for (const message of batch.messages) {
    const parsed = Message.safeParse(message.body)
    // Even what cannot be read is kept: its own id names it.
    const letter = parsed.data ?? {
      id: `unreadable:${message.id}`,
      type: unreadable,
      subject: shown(message.body),
      version: 0,
    }
    try {
      await context.deadLetters.keep(letter, context.now())
      log('message.dead', { id: letter.id, type: letter.type })
      if (ordersCopy(letter.type)) await voidCopy(context, letter.subject, 'could-not-be-made')
      message.ack()
    } catch (error) {
      log('message.failed', { id: letter.id, type: letter.type, attempt: message.attempts, error })
      message.retry({ delaySeconds: 60 })
    }
  }
}
