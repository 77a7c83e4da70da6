// When a receiver is told again, and when it is given up: pure functions of time, answers and chance.

/** `gone`: it answered 410. `failing`: it took nothing for days. */
export type DisabledBecause = 'owner' | 'gone' | 'failing'

/** What a webhook wants to hear of; null: everything. */
export type Wishes = { url: string; types: string[] | null; procedures: string[] | null }

export type WebhookEvent =
  | { type: 'webhook.created' }
  | { type: 'webhook.changed' }
  | { type: 'webhook.secret-added' | 'webhook.secret-revoked'; secret: string }
  | { type: 'webhook.disabled'; because: DisabledBecause }
  | { type: 'webhook.deleted' }

/** Live webhooks of one app, and live secrets of one webhook. */
export const mostWebhooks = 10
export const mostSecrets = 3

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** How long after each failed attempt the next one comes: ten attempts within 75 hours and 36 minutes, or a little later. */
const waits = [minute, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]

/** Chance spreads attempts over this share of the wait, so that a receiver that comes back is not run over. */
const jitter = 0.1

/** A receiver that took nothing for this long is told nothing more, until its owner says so. */
const patience = 5 * day

/** An attempt belongs to whoever began it for this long; then it counts as lost. */
export const attemptHold = 5 * minute

/** What an attempt came to: a status, or why there was none. */
export type Answer = { status: number; retryAfter: string | null } | { fault: string }

export type Verdict =
  | { status: 'delivered' }
  | { status: 'pending'; nextAt: Date }
  | { status: 'failed' }
  | { status: 'gone' }

/**
 * What follows from the answer to try number `tries` of its round. Any 2xx is success, 410 ends it all; everything else is tried
 * again, never sooner than the receiver asks for (Retry-After, a day at most). `chance` is within [0, 1).
 */
export function verdictOn(answer: Answer, tries: number, at: Date, chance: number): Verdict {
  if ('status' in answer && answer.status >= 200 && answer.status < 300) return { status: 'delivered' }
  if ('status' in answer && answer.status === 410) return { status: 'gone' }
  const wait = waits[tries - 1]
  if (wait === undefined) return { status: 'failed' }
  const asked = 'status' in answer ? Math.min(askedWait(answer.retryAfter, at), day) : 0
  return { status: 'pending', nextAt: new Date(at.getTime() + Math.max(wait, asked) * (1 + jitter * chance)) }
}

/** Milliseconds that a Retry-After asks for, as seconds or as a date (RFC 9110 §10.2.3); 0 for what cannot be read. */
function askedWait(retryAfter: string | null, at: Date): number {
  if (retryAfter === null) return 0
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000
  const date = Date.parse(retryAfter)
  return Number.isNaN(date) ? 0 : Math.max(0, date - at.getTime())
}

/** Whether a receiver that fails once more has failed for too long. */
export const isHopeless = (failingSince: string, at: Date): boolean =>
  at.getTime() - Date.parse(failingSince) >= patience
