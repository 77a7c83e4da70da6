import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { Command } from '../../store/idempotency.ts'
import { inJournal } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { copiesToPay, demandOn, dossierToPay, type Payable, payableOf, subjectOf } from './payable.ts'
import { cancelStatements, copiesPaid, paidEvent } from './settle.ts'
import type { PaymentFor } from './start.ts'

/** `paperReceipt`: series and number of the paper receipt that was handed over, if one was. */
export type CashPayment = { method: 'cash'; amount: number; paperReceipt?: string | undefined }

export type CashRefusal =
  | 'token-needed'
  | 'not-allowed'
  | 'not-awaiting-payment'
  | 'changed-meanwhile'
  | 'invalid-request'

type Take = { version: number; cash: CashPayment; command: Command | undefined }

/** Reception takes the money at its counter: paid, receipted and on with it in one batch. `version`: If-Match. */
async function take<None extends string>(
  context: Context,
  found: Result<Payable, None>,
  { version, cash, command }: Take,
): Promise<Result<Replayable<PaymentFor>, CashRefusal | None | 'idempotency-key-reused'>> {
  const { actor } = context
  if (!found.ok) return found
  if (actor.kind !== 'officer') return refuse('not-allowed')
  const again = async (id: string) => {
    const kept = await context.payments.find(id)
    if (!kept) throw new Error(`payment ${id} of an accepted command is gone`)
    return ok({ kept, of: found.value })
  }
  return onceForKey<PaymentFor, CashRefusal>(context, command, again, async () => {
    const { dossier, copies } = found.value
    if ((copies ? copies[0].copy : dossier.dossier).version !== version) return refuse('changed-meanwhile')
    const demand = demandOn(found.value)
    if (!demand) return refuse('not-awaiting-payment')
    const { amount, lines } = demand
    const { key, ...subject } = subjectOf(found.value)
    if (cash.amount !== amount) return refuse('invalid-request', { errors: [otherAmount(amount)] })
    const unit = await context.units.find(actor.unit)
    if (!unit) return refuse('not-allowed')
    const at = context.now()
    const id = `payment_${context.newId()}`
    const via = { method: 'cash', paperReceipt: cash.paperReceipt ?? null } as const
    const started = { type: 'payment.started', id, ...subject, unit: unit.id, amount, lines, via } as const
    const who = inJournal(actor)
    const steps = [started, { type: 'payment.paid' } as const].map((event) => ({ event, at, actor: who }))
    const along = [
      ...(await cancelStatements(context, key, who)),
      ...(await context.payments.stepStatements(undefined, steps)),
      ...(command ? [context.idempotency.remember(command, id, 1, at)] : []),
    ]
    const written = copies
      ? await context.payments.commit([...(await copiesPaid(context, copies, id, at, who)), ...along])
      : await context.dossiers.append(dossier, {
          writes: [{ event: await paidEvent({ ...context, now: () => at }, dossier, { id, amount }) }],
          at,
          actor: who,
          ...(command && { command: command.key }),
          along,
        })
    if (!written.ok) return refuse(written.refusal === 'key-in-use' ? 'key-in-use' : 'changed-meanwhile')
    const kept = await context.payments.find(id)
    if (!kept) throw new Error(`payment ${id} was not written`)
    return ok({ kept, of: await payableOf(context, kept.payment) })
  })
}

export const takeCash = async (context: Context, { code, ...rest }: Take & { code: string }) =>
  take(context, await dossierToPay(context, 'takeCash', code), rest)

export const takeCashForCopies = async (context: Context, { id, ...rest }: Take & { id: string }) =>
  take(context, await copiesToPay(context, 'takeCash', id), rest)

const otherAmount = (amount: number) => ({
  pointer: '/amount',
  code: 'amount-differs',
  detail: { vi: `Số tiền phải thu là ${amount} đồng.`, en: `What is asked for is ${amount} VND.` },
})
