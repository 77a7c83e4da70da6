import type { Context } from '../../context.ts'
import { type CloudEvent, envelopeOf, eventId } from '../../domain/feed.ts'
import { attemptHold, type DisabledBecause, isHopeless, verdictOn } from '../../domain/webhook.ts'
import { log } from '../../platform/log.ts'
import { localTime } from '../../platform/time.ts'
import { signedBy } from '../../platform/webhook-signature.ts'
import type { Attempt, Delivery } from '../../store/deliveries.ts'
import type { KeptWebhook } from '../../store/webhooks.ts'

const service = { kind: 'service', id: 'webhooks' } as const

/** Until when an attempt that begins now is its beginner's. */
const held = (at: Date) => new Date(at.getTime() + attemptHold)

/** Makes one delivery for every webhook that wants this event; each attempt then comes through the queue by itself. */
export async function fanOut(context: Context, message: { subject: string; version: number }): Promise<void> {
  const at = context.now()
  await context.deliveries.fanOut(message.subject, message.version, at, held(at))
}

/** Brings what is due again to the queue; by the clock. */
export async function sendWhatIsDue(context: Context, limit = 500): Promise<number> {
  const at = context.now()
  return context.deliveries.enqueueDue(at, held(at), limit)
}

/** One attempt at one delivery. The same message again finds that attempt taken, so a receiver is not told twice by mistake. */
export async function attemptDelivery(context: Context, message: { subject: string; version: number }): Promise<void> {
  const [webhook = '', position] = message.subject.split(':')
  const key = { webhook, position: Number(position) }
  const delivery = await context.deliveries.claim(key, message.version, held(context.now()))
  if (!delivery) return
  const [kept, entry] = await Promise.all([context.webhooks.find(webhook), context.feed.at(key.position)])
  // Its deliveries were cancelled with it.
  if (!kept || kept.webhook.status !== 'active') return
  if (!entry) throw new Error(`nothing stands in the feed at ${key.position}`)
  const sent = await post(context, kept, envelopeOf(entry, context.config.publicOrigin), delivery.attempts)
  await record(context, kept, delivery, sent)
}

export type Sent = { attempt: Attempt; retryAfter: string | null }

/** Signs a message with every live key of the webhook and sends it; whatever comes of it is an answer. */
export async function post(context: Context, kept: KeptWebhook, event: CloudEvent, number: number): Promise<Sent> {
  const { id, url } = kept.webhook
  const began = context.now()
  const body = JSON.stringify(event)
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'motcua-webhooks/1.0',
    ...(await signedBy(await context.webhooks.keysOf(id), event.id, context.realNow(), body)),
  }
  const reply = await context.receivers.post(url, headers, body)
  const base = { number, at: localTime(began), milliseconds: context.now().getTime() - began.getTime() }
  return 'fault' in reply
    ? { attempt: { ...base, status: null, fault: reply.fault, reply: null }, retryAfter: null }
    : { attempt: { ...base, status: reply.status, fault: null, reply: reply.beginning }, retryAfter: reply.retryAfter }
}

/** Keeps the attempt with what follows from it: done, again later, given up, or a receiver that is told nothing more. */
async function record(context: Context, kept: KeptWebhook, delivery: Delivery, { attempt, retryAfter }: Sent) {
  const at = context.now()
  const { id, failingSince } = kept.webhook
  const answer = attempt.status === null ? { fault: attempt.fault ?? '' } : { status: attempt.status, retryAfter }
  const verdict = verdictOn(answer, delivery.tries + 1, at, Math.random())
  const ended = verdict.status === 'gone' ? ({ status: 'failed' } as const) : verdict
  const took = verdict.status === 'delivered'
  await context.deliveries.commit([
    ...(await context.deliveries.recordStatements(delivery, attempt, ended)),
    ...(took && failingSince === null ? [] : [context.deliveries.healthStatement(id, took ? null : localTime(at))]),
  ])
  if (verdict.status === 'gone') await disable(context, kept, 'gone')
  else if (!took && failingSince !== null && isHopeless(failingSince, at)) await disable(context, kept, 'failing')
  if (ended.status === 'failed') log('webhook.given-up', { webhook: id, id: eventId(delivery.position) })
}

/** Two attempts that both want it: the second finds it done. */
async function disable(context: Context, kept: KeptWebhook, because: DisabledBecause): Promise<void> {
  const { id } = kept.webhook
  const change = { status: 'disabled', disabledBecause: because } as const
  const event = { type: 'webhook.disabled', because } as const
  const written = await context.webhooks.append(kept, event, change, { at: context.now(), actor: service })
  if (written.ok) log('webhook.disabled', { webhook: id, because })
}
