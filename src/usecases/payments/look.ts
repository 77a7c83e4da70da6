import type { Context } from '../../context.ts'
import { isPending } from '../../domain/payment.ts'
import { log } from '../../platform/log.ts'
import { type PaymentProvider, ProviderUnreachable } from '../../platform/payment-provider.ts'
import type { KeptPayment } from '../../store/payments.ts'
import { settlePayment } from './settle.ts'

const minute = 60_000

/** The provider through which a payment runs; undefined for cash, or when the provider is no longer configured. */
export const providerOf = (context: Context, { payment: { via } }: KeptPayment): PaymentProvider | undefined =>
  via.method === 'online' ? context.paymentProviders.find(({ name }) => name === via.provider) : undefined

/**
 * Asks the providers about payments whose callback did not come, at most `limit` at once. One that is unreachable is asked
 * again later and holds up nobody. Answers how many were decided.
 */
export async function lookAfterPayments(context: Context, limit = 50): Promise<number> {
  const waiting = await context.payments.waiting(context.now(), limit)
  let decided = 0
  for (const kept of waiting) {
    try {
      if (await askAbout(context, kept)) decided++
    } catch (error) {
      log('payment.not-looked-after', { id: kept.payment.id, error })
      await context.payments.commit([lookLater(context, kept)])
    }
  }
  return decided
}

/** True when the payment is decided now. A session whose time is over, and that nobody paid, is expired. */
export async function askAbout(context: Context, kept: KeptPayment): Promise<boolean> {
  const { payment } = kept
  const status = await providerOf(context, kept)?.look(payment.id)
  const word = status ?? { outcome: 'pending' as const, amount: payment.amount, currency: 'VND' }
  const isOver = word.outcome === 'pending' && endOf(kept) <= context.now().getTime()
  const settled = await settlePayment(context, payment.id, isOver ? { ...word, outcome: 'expired' } : word)
  if (settled.ok && !isPending(settled.value.payment)) return true
  await context.payments.commit([lookLater(context, kept)])
  return false
}

/** When nobody can pay any more; an attempt that never got a session is given half an hour. */
const endOf = ({ payment }: KeptPayment) =>
  payment.status === 'open' ? Date.parse(payment.session.expiresAt) : Date.parse(payment.startedAt) + 30 * minute

/** Every two minutes at first, then as long again as it has waited already, an hour at most. */
const lookLater = (context: Context, { payment }: KeptPayment) => {
  const now = context.now().getTime()
  const waited = now - Date.parse(payment.startedAt)
  return context.payments.lookAgainStatement(
    payment.id,
    new Date(now + Math.min(Math.max(waited, 2 * minute), 60 * minute)),
  )
}

/** Tells the provider that a payment is no longer wanted. If it was paid meanwhile, the money is recorded to be refunded. */
export async function cancelAtProvider(context: Context, id: string): Promise<void> {
  const kept = await context.payments.find(id)
  const status = kept && (await providerOf(context, kept)?.cancel(id))
  if (status) await settlePayment(context, id, status)
}

/** True for the one fault that is the provider's and not ours. */
export const isUnreachable = (error: unknown): boolean => error instanceof ProviderUnreachable
