import { Message } from '../outbox/message.ts'
import { log } from '../platform/log.ts'
import { issueRequestedCopy } from '../usecases/copies/issue.ts'
import { cancelAtProvider } from '../usecases/payments/look.ts'
import type { Context } from '../context.ts'

/** What happens for which event. An event that nobody listens to is simply done. */
const consumers: Record<string, (context: Context, message: Message, attempt: number) => Promise<unknown>> = {
  'copy.requested': (context, { subject }, attempt) => issueRequestedCopy(context, subject, attempt),
  'payment.cancelled': (context, { subject }) => cancelAtProvider(context, subject),
}

/**
 * Handles each message by itself: one that fails is tried again later and later, and does not hold up its neighbours.
 * Every effect is guarded by the journal's key, so a second delivery changes nothing.
 */
export async function handle(batch: MessageBatch, context: Context): Promise<void> {
  for (const message of batch.messages) {
    const { id, type } = idsOf(message.body)
    try {
      const known = Message.parse(message.body)
      await consumers[known.type]?.(context, known, message.attempts)
      message.ack()
    } catch (error) {
      log('message.failed', { id, type, attempt: message.attempts, error })
      message.retry({ delaySeconds: delayAfter(message.attempts) })
    }
  }
}

/** Two seconds, then four, … at most a quarter of an hour. */
const delayAfter = (attempts: number) => Math.min(2 ** attempts, 900)

export function idsOf(body: unknown): { id: string; type: string } {
  const parsed = Message.safeParse(body)
  return parsed.success ? parsed.data : { id: 'unreadable', type: 'unreadable' }
}
