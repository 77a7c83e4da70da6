import type { Context } from '../../context.ts'
import { isOwed } from '../../domain/copy.ts'
import type { DossierEvent } from '../../domain/dossier.ts'
import { type Payment, type PaymentEvent, type ProviderWord, settle } from '../../domain/payment.ts'
import { log } from '../../platform/log.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { KeptCopy } from '../../store/copies.ts'
import type { Statement } from '../../store/database.ts'
import type { Kept } from '../../store/dossiers.ts'
import type { JournalActor } from '../../store/journal.ts'
import type { KeptPayment } from '../../store/payments.ts'
import { startOrGoOn } from '../dossiers/due.ts'
import { owedOn, type Payable, payableOf, subjectOf } from './payable.ts'

const service = { kind: 'service', id: 'payments' } as const

/** Whom a provider's word races with: the applicant who withdraws, the counter that takes cash, the same word once more. */
const attempts = 5

/**
 * Takes a provider's word about a payment: once, however often it is said. Money that came in pays for the dossier in the
 * same batch, or is recorded to be refunded; it is never lost. Throws when neither could be written, so that it is said again.
 */
export async function settlePayment(
  context: Context,
  id: string,
  word: ProviderWord,
): Promise<Result<KeptPayment, 'no-such-payment'>> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const kept = await context.payments.find(id)
    if (!kept || kept.payment.via.method !== 'online') return refuse('no-such-payment')
    const payable = await payableOf(context, kept.payment)
    const event = settle(kept.payment, word, owedOn(payable))
    if (!event) return ok(kept)
    const done = event.type === 'payment.paid' ? await pay(context, kept, payable) : await note(context, kept, event)
    if (done.ok) {
      log('payment.settled', { id, as: event.type })
      const after = await context.payments.find(id)
      return after ? ok(after) : refuse('no-such-payment')
    }
  }
  throw new Error(`payment ${id} could not be settled: something was always faster`)
}

const note = async (context: Context, kept: KeptPayment, event: PaymentEvent) =>
  context.payments.commit(await context.payments.stepStatements(kept, [{ event, at: context.now(), actor: service }]))

/** The payment, what it does to what it is for, and the end of any other attempt, all or none. */
async function pay(context: Context, kept: KeptPayment, payable: Payable) {
  const at = context.now()
  const rival = await context.payments.pendingOf(subjectOf(payable).key)
  const isRival = rival && rival.payment.id !== kept.payment.id
  const along = [
    ...(isRival ? await cancelled(context, rival, at) : []),
    ...(await context.payments.stepStatements(kept, [{ event: { type: 'payment.paid' }, at, actor: service }])),
  ]
  const { dossier, copies } = payable
  if (copies) return context.payments.commit([...(await copiesPaid(context, copies, kept.payment.id, at)), ...along])
  const event = await paidEvent({ ...context, now: () => at }, dossier, kept.payment)
  return context.dossiers.append(dossier, { writes: [{ event }], at, actor: service, along })
}

/** The rows by which copies that wait for their fee wait no more: from the outbox they go on to be signed. */
export async function copiesPaid(
  { copies: store, waiting }: Context,
  copies: readonly KeptCopy[],
  payment: string,
  at: Date,
  actor: JournalActor = service,
): Promise<Statement[]> {
  const owing = copies.filter(({ copy }) => isOwed(copy))
  const event = { type: 'copy.paid', payment } as const
  const rows = await Promise.all(owing.map((kept) => store.eventStatements(kept, event, at, actor)))
  return [
    ...rows.flatMap(({ statements }) => statements),
    ...owing.flatMap(({ copy }) => waiting.doneStatements(copy.id)),
  ]
}

/** What being paid does to a dossier: the time that it waited is not counted; a clock that had not begun begins now. */
export async function paidEvent(
  context: Context,
  { dossier }: Kept,
  { id, amount }: Pick<Payment, 'id' | 'amount'>,
): Promise<DossierEvent> {
  const clock = await startOrGoOn(context, dossier)
  // The calendar lacks that year: a fault of the house, and no reason to turn money away for ever.
  if (!clock.ok) throw new Error(`no due date for dossier ${dossier.id}: ${clock.refusal}`)
  return { type: 'dossier.paid', payment: id, amount, ...clock.value }
}

/** Ends the attempt that is going on, in the batch of what makes it pointless. The provider is told from the outbox. */
export async function cancelStatements(
  context: Context,
  id: string,
  actor: JournalActor = service,
): Promise<Statement[]> {
  const pending = await context.payments.pendingOf(id)
  return pending ? cancelled(context, pending, context.now(), actor) : []
}

const cancelled = (context: Context, kept: KeptPayment, at: Date, actor: JournalActor = service) =>
  context.payments.stepStatements(kept, [{ event: { type: 'payment.cancelled' }, at, actor }])
