import { isTold } from '../domain/feed.ts'
import { Message } from '../outbox/message.ts'
import type { Queued, QueuedBatch } from './queued.ts'
import { log } from '../platform/log.ts'
import { archiveDueCopy } from '../usecases/copies/archive.ts'
import { giveBackFee } from '../usecases/copies/give-back-fee.ts'
import { issueRequestedCopy } from '../usecases/copies/issue.ts'
import { supersedeOlder } from '../usecases/copies/supersede.ts'
import { cancelAtProvider } from '../usecases/payments/look.ts'
import { scanFile, tellDossier } from '../usecases/files/scan.ts'
import { attemptDelivery, fanOut } from '../usecases/webhooks/send.ts'
import type { Context } from '../context.ts'

const delivery = 'webhook.delivery-due'
const scan = 'file.scan-due'
/** What waits for others: strangers, and a scanner that takes its time. */
const slow = new Set([delivery, scan])

/** What happens for which event. An event that nobody listens to is simply done. */
const consumers: Record<string, (context: Context, message: Message, attempt: number) => Promise<unknown>> = {
  'copy.requested': (context, { subject }, attempt) => issueRequestedCopy(context, subject, attempt),
  'copy.paid': (context, { subject }, attempt) => issueRequestedCopy(context, subject, attempt),
  'copy.failed': (context, { subject }) => giveBackFee(context, subject),
  'copy.archive-due': (context, { subject, version }) => archiveDueCopy(context, subject, version),
  'copy.issued': (context, { subject }) => supersedeOlder(context, subject),
  'payment.cancelled': (context, { subject }) => cancelAtProvider(context, subject),
  'file.quarantined': (context, message) => tellDossier(context, message),
  'file.released': (context, message) => tellDossier(context, message),
  [delivery]: attemptDelivery,
  [scan]: scanFile,
}

/**
 * Handles each message by itself: one that fails is tried again later and later, and does not hold up its neighbours.
 * Every effect is guarded by the journal's key, so a second delivery changes nothing.
 */
export async function handle(batch: QueuedBatch, context: Context): Promise<void> {
  const { house = [], world = [] } = Object.groupBy(batch.messages, ({ body }) =>
    slow.has(idsOf(body).type) ? 'world' : 'house',
  )
  for (const message of house) await handleOne(message, context)
  // They may be slow: they are waited for together, and after what is our own.
  await Promise.all(world.map((message) => handleOne(message, context)))
}

async function handleOne(message: Queued, context: Context): Promise<void> {
  const { id, type } = idsOf(message.body)
  try {
    const known = Message.parse(message.body)
    if (isTold(known.type)) await fanOut(context, known)
    await consumers[known.type]?.(context, known, message.attempts)
    message.ack()
  } catch (error) {
    log('message.failed', { id, type, attempt: message.attempts, error })
    message.retry({ delaySeconds: delayAfter(message.attempts) })
  }
}

/** Two seconds, then four, … at most a quarter of an hour. */
const delayAfter = (attempts: number) => Math.min(2 ** attempts, 900)

function idsOf(body: unknown): { id: string; type: string } {
  const parsed = Message.safeParse(body)
  return parsed.success ? parsed.data : { id: 'unreadable', type: 'unreadable' }
}
