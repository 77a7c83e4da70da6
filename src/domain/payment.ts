// The life of one payment as data and pure functions. A dossier, or the copies under a number, ask for an amount; each attempt to
// pay it is a payment of its own.
import { type Copy, isOwed } from './copy.ts'
import type { Dossier } from './dossier.ts'
import type { FeeLine } from './fee.ts'
import type { UnitId } from './unit.ts'

/** At a provider, or in cash at a counter; `paperReceipt`: series and number of a paper receipt that was handed over. */
export type PaidVia = { method: 'online'; provider: string } | { method: 'cash'; paperReceipt: string | null }

type Common = {
  id: string
  version: number
  /** What it is for; null where it is for copies. */
  dossier: string | null
  /** The first of the copies under the number that it is for, where it is for no dossier. */
  copy?: string
  /** Who collects, and in whose register the receipt stands. */
  unit: UnitId
  /** VND, as it was asked for. */
  amount: number
  lines: readonly FeeLine[]
  via: PaidVia
  startedAt: string
}

/** What the provider opened: its own name for it, where the payer goes, and until when. */
export type PaymentSession = { reference: string; redirectUrl: string; expiresAt: string }

/** Why money that came in is not kept; `not-issued`: it was paid, and then none of the copies could be made. */
export const refundReasons = ['withdrawn', 'paid-already', 'no-longer-asked', 'amount-differs', 'not-issued'] as const
export type RefundReason = (typeof refundReasons)[number]

/** What the provider says that it received: in whole units of the currency. */
export type Received = { amount: number; currency: string }

export const paymentStatuses = [
  'opening',
  'open',
  'paid',
  'failed',
  'expired',
  'cancelled',
  'to-be-refunded',
  'refunded',
] as const
export type PaymentStatus = (typeof paymentStatuses)[number]

export type Payment = Common &
  (
    | { status: 'opening' }
    | { status: 'open'; session: PaymentSession }
    | { status: 'paid'; paidAt: string }
    | { status: 'failed' | 'expired' | 'cancelled'; endedAt: string }
    | { status: 'to-be-refunded'; because: RefundReason; received: Received; receivedAt: string }
    | { status: 'refunded'; because: RefundReason; received: Received; receivedAt: string; refundedAt: string }
  )

export type PaymentEvent =
  | ({ type: 'payment.started' } & Omit<Common, 'version' | 'startedAt'>)
  | ({ type: 'payment.opened' } & PaymentSession)
  | { type: 'payment.paid' }
  | { type: 'payment.failed' | 'payment.expired' | 'payment.cancelled' }
  | { type: 'payment.to-be-refunded'; because: RefundReason; received: Received }
  | { type: 'payment.refunded'; transfer: string }

/** The state after an event that happened at `at` (RFC 3339). */
export function evolvePayment(before: Payment | undefined, event: PaymentEvent, at: string): Payment {
  if (event.type === 'payment.started') {
    const { type: _type, ...rest } = event
    return { ...rest, version: 1, startedAt: at, status: 'opening' }
  }
  if (!before) throw new Error(`the journal of a payment cannot begin with ${event.type}`)
  const common = commonOf(before)
  switch (event.type) {
    case 'payment.opened': {
      const { type: _type, ...session } = event
      return { ...common, status: 'open', session }
    }
    case 'payment.paid':
      return { ...common, status: 'paid', paidAt: at }
    case 'payment.failed':
      return { ...common, status: 'failed', endedAt: at }
    case 'payment.expired':
      return { ...common, status: 'expired', endedAt: at }
    case 'payment.cancelled':
      return { ...common, status: 'cancelled', endedAt: at }
    case 'payment.to-be-refunded': {
      const { because, received } = event
      return { ...common, status: 'to-be-refunded', because, received, receivedAt: at }
    }
    case 'payment.refunded': {
      if (before.status !== 'to-be-refunded') throw new Error('only what is to be refunded is refunded')
      const { because, received, receivedAt } = before
      return { ...common, status: 'refunded', because, received, receivedAt, refundedAt: at }
    }
  }
}

const commonOf = ({ id, version, dossier, copy, unit, amount, lines, via, startedAt }: Payment): Common => ({
  id,
  version: version + 1,
  dossier,
  ...(copy !== undefined && { copy }),
  unit,
  amount,
  lines,
  via,
  startedAt,
})

/** Still to be decided by the payer or the provider. */
export const isPending = ({ status }: Payment): boolean => status === 'opening' || status === 'open'

/** What a provider says of a payment, by callback or when asked. */
export type PaymentOutcome = 'pending' | 'succeeded' | 'failed' | 'expired' | 'cancelled'
export type ProviderWord = { outcome: PaymentOutcome } & Received

/**
 * What a provider's word changes: nothing when it was said before. Money is never lost: a success counts however late it
 * comes, and what no longer pays for anything is to be refunded.
 */
export function settle(payment: Payment, word: ProviderWord, owed: Owed): PaymentEvent | null {
  if (word.outcome === 'pending') return null
  if (word.outcome !== 'succeeded') return isPending(payment) ? { type: `payment.${word.outcome}` } : null
  if (payment.status === 'paid' || payment.status === 'to-be-refunded' || payment.status === 'refunded') return null
  const { amount, currency } = word
  const because = refundReason(payment, { amount, currency }, owed)
  return because
    ? { type: 'payment.to-be-refunded', because, received: { amount, currency } }
    : { type: 'payment.paid' }
}

function refundReason(payment: Payment, received: Received, owed: Owed): RefundReason | null {
  if (received.amount !== payment.amount || received.currency !== 'VND') return 'amount-differs'
  return owed === payment.amount ? null : typeof owed === 'number' ? 'no-longer-asked' : owed
}

/** How much is asked for just now, in VND; otherwise why nothing is. */
export type Owed = number | 'withdrawn' | 'paid-already' | 'no-longer-asked'

export function owedOf(dossier: Dossier): Owed {
  if (dossier.status === 'awaiting-payment') return dossier.demand.amount
  return dossier.status === 'withdrawn' ? 'withdrawn' : 'paid-already'
}

/** Of the copies under one number: the fee of all, for as long as one of them waits for it. */
export function owedFor(copies: readonly Copy[]): Owed {
  const owing = copies.find(isOwed)
  if (owing) return owing.shown?.fee.amount ?? 'no-longer-asked'
  return copies.some(({ paid }) => paid !== undefined) ? 'paid-already' : 'no-longer-asked'
}
