import type { Context } from '../../context.ts'
import { log } from '../../platform/log.ts'
import type { CallbackRefusal } from '../../platform/payment-provider.ts'
import { refuse, type Result } from '../../platform/result.ts'
import type { KeptPayment } from '../../store/payments.ts'
import { settlePayment } from './settle.ts'

/** A callback as it came: nothing in it is believed before its signature is. */
export type RawCallback = { provider: string; header: (name: string) => string | undefined; body: string }

/** Takes what a provider tells of its own accord. Twice, late or out of order is harmless. */
export async function takeCallback(
  context: Context,
  { provider: name, header, body }: RawCallback,
): Promise<Result<KeptPayment, CallbackRefusal | 'no-such-provider' | 'no-such-payment'>> {
  const provider = context.paymentProviders.find((one) => one.name === name)
  if (!provider) return refuse('no-such-provider')
  const read = await provider.readCallback(header, body, context.now())
  if (!read.ok) {
    log('payment.callback-refused', { provider: name, reason: read.refusal })
    return read
  }
  const { payment: id, ...word } = read.value
  const kept = await context.payments.find(id)
  // One provider cannot speak for the payments of another.
  if (kept?.payment.via.method !== 'online' || kept.payment.via.provider !== name) return refuse('no-such-payment')
  return settlePayment(context, id, word)
}
