import type { Context } from '../../context.ts'
import { log } from '../../platform/log.ts'

const service = { kind: 'service', id: 'copies' } as const

/**
 * After a copy failed: where nothing came of any copy under its number, nobody pays for it any more, and what was paid is to be
 * refunded. A copy that was issued has its fee, also when it is revoked later. A second delivery finds it done.
 */
export async function giveBackFee(context: Context, id: string): Promise<void> {
  const copies = await context.copies.together(id)
  const key = copies[0]?.copy.shown?.sealedUnder
  if (key === undefined || copies.some(({ copy }) => copy.status !== 'failed')) return
  const at = context.now()
  for (const kept of await context.payments.of(key)) {
    const { payment } = kept
    const received = { amount: payment.amount, currency: 'VND' }
    const event =
      payment.status === 'paid'
        ? ({ type: 'payment.to-be-refunded', because: 'not-issued', received } as const)
        : payment.status === 'opening' || payment.status === 'open'
          ? ({ type: 'payment.cancelled' } as const)
          : undefined
    if (!event) continue
    const done = await context.payments.commit(
      await context.payments.stepStatements(kept, [{ event, at, actor: service }]),
    )
    // Said by the provider meanwhile: the message comes again, and finds how it stands then.
    if (!done.ok) throw new Error(`payment ${payment.id} changed meanwhile`)
    log('payment.settled', { id: payment.id, as: event.type })
  }
}
