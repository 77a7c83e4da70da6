import type { Context } from '../context.ts'
import { Message } from '../outbox/message.ts'
import { log } from '../platform/log.ts'

/** Stores whatever the first queue gave up on, so that an operator sees it and can replay it. */
export async function keepDeadLetters(batch: MessageBatch, context: Context): Promise<void> {
  for (const message of batch.messages) {
    // Even what cannot be read is kept: its own id names it.
    const parsed = Message.safeParse(message.body)
    const letter = parsed.data ?? {
      id: `unreadable:${message.id}`,
      type: 'unreadable',
      subject: JSON.stringify(message.body) ?? '',
      version: 0,
    }
    try {
      await context.deadLetters.keep(letter, context.now())
      log('message.dead', { id: letter.id, type: letter.type })
      message.ack()
    } catch (error) {
      log('message.failed', { id: letter.id, type: letter.type, attempt: message.attempts, error })
      message.retry({ delaySeconds: 60 })
    }
  }
}
