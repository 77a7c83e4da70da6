import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { allowed, inJournal, keeps } from '../access.ts'
import { payableOf } from './payable.ts'
import type { PaymentFor } from './start.ts'

export type RefundRefusal =
  | 'token-needed'
  | 'not-allowed'
  | 'no-such-payment'
  | 'nothing-to-refund'
  | 'changed-meanwhile'

/** A supervisor of the collecting unit, or of one that took its place, records that the money went back; `transfer` is the bank's reference. */
export async function refundPayment(
  context: Context,
  { id, version, transfer }: { id: string; version: number; transfer: string },
): Promise<Result<PaymentFor, RefundRefusal>> {
  const { actor } = context
  const may = allowed(context, 'refundPayment')
  if (!may.ok) return may
  const kept = await context.payments.find(id)
  if (!kept || !(await keeps(context, kept.payment.unit))) return refuse('no-such-payment')
  if (kept.payment.version !== version) return refuse('changed-meanwhile')
  if (kept.payment.status !== 'to-be-refunded') return refuse('nothing-to-refund')
  const step = { event: { type: 'payment.refunded', transfer } as const, at: context.now(), actor: inJournal(actor) }
  const done = await context.payments.commit(await context.payments.stepStatements(kept, [step]))
  if (!done.ok) return refuse('changed-meanwhile')
  const after = await context.payments.find(id)
  return after ? ok({ kept: after, of: await payableOf(context, after.payment) }) : refuse('no-such-payment')
}
