import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { Command } from '../../store/idempotency.ts'
import { inJournal, visible } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { cancelStatements, paidEvent } from './settle.ts'
import type { PaymentFor } from './start.ts'

/** `paperReceipt`: series and number of the paper receipt that was handed over, if one was. */
export type CashPayment = { method: 'cash'; amount: number; paperReceipt?: string | undefined }

export type CashRefusal =
  | 'token-needed'
  | 'not-allowed'
  | 'no-such-dossier'
  | 'not-awaiting-payment'
  | 'changed-meanwhile'
  | 'invalid-request'

/** Reception takes the money at its counter: paid, receipted and on with the dossier in one batch. `version`: If-Match. */
export async function takeCash(
  context: Context,
  { code, version, cash, command }: { code: string; version: number; cash: CashPayment; command: Command | undefined },
): Promise<Result<Replayable<PaymentFor>, CashRefusal | 'idempotency-key-reused'>> {
  const { actor } = context
  const found = await visible(context, 'takeCash', code)
  if (!found.ok) return found
  if (actor.kind !== 'officer') return refuse('not-allowed')
  const again = async (id: string) => {
    const kept = await context.payments.find(id)
    if (!kept) throw new Error(`payment ${id} of an accepted command is gone`)
    return ok({ kept, dossier: found.value })
  }
  return onceForKey<PaymentFor, CashRefusal>(context, command, again, async () => {
    const { dossier } = found.value
    if (dossier.version !== version) return refuse('changed-meanwhile')
    if (dossier.status !== 'awaiting-payment') return refuse('not-awaiting-payment')
    const { amount, lines } = dossier.demand
    if (cash.amount !== amount) return refuse('invalid-request', { errors: [otherAmount(amount)] })
    const unit = await context.units.find(actor.unit)
    if (!unit) return refuse('not-allowed')
    const at = context.now()
    const id = `payment_${context.newId()}`
    const via = { method: 'cash', paperReceipt: cash.paperReceipt ?? null } as const
    const started = { type: 'payment.started', id, dossier: dossier.id, unit: unit.id, amount, lines, via } as const
    const who = inJournal(actor)
    const steps = [started, { type: 'payment.paid' } as const].map((event) => ({ event, at, actor: who }))
    const appended = await context.dossiers.append(found.value, {
      writes: [{ event: await paidEvent({ ...context, now: () => at }, found.value, { id, amount }) }],
      at,
      actor: who,
      ...(command && { command: command.key }),
      along: [
        ...(await cancelStatements(context, dossier.id, who)),
        ...(await context.payments.stepStatements(undefined, steps)),
        ...(command ? [context.idempotency.remember(command, id, 1, at)] : []),
      ],
    })
    if (!appended.ok) return refuse(appended.refusal === 'key-in-use' ? 'key-in-use' : 'changed-meanwhile')
    const kept = await context.payments.find(id)
    if (!kept) throw new Error(`payment ${id} was not written`)
    return ok({ kept, dossier: appended.value })
  })
}

const otherAmount = (amount: number) => ({
  pointer: '/amount',
  code: 'amount-differs',
  detail: { vi: `Số tiền phải thu là ${amount} đồng.`, en: `The dossier asks for ${amount} VND.` },
})
