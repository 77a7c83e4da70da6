import type { Context } from '../../context.ts'
import { eventId, pingOf, positionOf } from '../../domain/feed.ts'
import { attemptHold } from '../../domain/webhook.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localTime } from '../../platform/time.ts'
import type { Attempt, Delivery } from '../../store/deliveries.ts'
import { type Page, pageOf } from '../dossiers/read.ts'
import { own, type Seen } from './manage.ts'
import { post, sendWhatIsDue } from './send.ts'

export type ShownDelivery = { delivery: Delivery; attempts: Attempt[] }

/** What a webhook was sent, the latest event first, with every attempt. */
export async function listDeliveries(
  context: Context,
  id: string,
  { status, before, limit }: { status?: Delivery['status']; before?: string; limit: number },
): Promise<Result<Page<ShownDelivery>, Seen>> {
  const found = await own(context, 'readWebhooks', id)
  if (!found.ok) return found
  const from = before === undefined ? undefined : positionOf(before)
  const page = pageOf(await context.deliveries.list(id, status, from, limit), limit, ({ position }) =>
    eventId(position),
  )
  return ok({ ...page, items: await withAttempts(context, id, page.items) })
}

/** Sends one event again, now, and by the whole schedule if need be; the receiver knows it by its id. */
export async function retryDelivery(
  context: Context,
  id: string,
  event: string,
): Promise<Result<ShownDelivery, Seen | 'no-such-delivery' | 'webhook-disabled'>> {
  const found = await own(context, 'manageWebhooks', id)
  if (!found.ok) return found
  const key = { webhook: id, position: positionOf(event) }
  const delivery = await context.deliveries.find(key)
  if (!delivery) return refuse('no-such-delivery')
  if (found.value.webhook.status !== 'active') return refuse('webhook-disabled')
  const at = context.now()
  const begun = await context.deliveries.retry(delivery, at, new Date(at.getTime() + attemptHold))
  if (!begun) return refuse('not-allowed', notHeard)
  const [after] = await withAttempts(context, id, [(await context.deliveries.find(key)) ?? delivery])
  return after ? ok(after) : refuse('no-such-delivery')
}

const notHeard = {
  detail: {
    vi: 'Ứng dụng không còn được đăng ký đọc hồ sơ của thủ tục này (dossiers:read).',
    en: 'The app is not registered any more to read dossiers of that procedure (dossiers:read).',
  },
}

/** Sends everything again that happened since then and that the webhook wants. Answers how many events that is. */
export async function replayEvents(
  context: Context,
  id: string,
  from: Date,
): Promise<Result<{ events: number }, Seen | 'webhook-disabled'>> {
  const found = await own(context, 'manageWebhooks', id)
  if (!found.ok) return found
  if (found.value.webhook.status !== 'active') return refuse('webhook-disabled')
  const events = await context.deliveries.replay(id, from, context.now())
  await sendWhatIsDue(context, 100)
  return ok({ events })
}

/** Sends a message that means nothing, at once, and tells what came of it. It is no delivery: nothing is kept. */
export async function pingWebhook(context: Context, id: string): Promise<Result<Attempt, Seen>> {
  const found = await own(context, 'manageWebhooks', id)
  if (!found.ok) return found
  const event = pingOf(id, `ping_${context.newId()}`, localTime(context.now()), context.config.publicOrigin)
  return ok((await post(context, found.value, event, 1)).attempt)
}

async function withAttempts(context: Context, id: string, deliveries: Delivery[]): Promise<ShownDelivery[]> {
  const attempts = await context.deliveries.attemptsOf(
    id,
    deliveries.map(({ position }) => position),
  )
  return deliveries.map((delivery) => ({ delivery, attempts: attempts.get(delivery.position) ?? [] }))
}
