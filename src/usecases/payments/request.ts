import type { Context } from '../../context.ts'
import { type FeeCase, type FeeLine, quote } from '../../domain/fee.ts'
import type { Dossier, SubmissionChannel } from '../../domain/dossier.ts'
import type { Channel } from '../../domain/procedure.ts'
import { type InputError, ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import type { Statement } from '../../store/database.ts'
import type { Kept, Write } from '../../store/dossiers.ts'
import { procedureOf } from '../dossiers/due.ts'
import { cancelStatements } from './settle.ts'
import { unknownCircumstances } from './quote.ts'

/** What the officer says: how much there is to charge for, and the amount only where the catalogue does not know it. */
export type PaymentRequest = {
  to: 'awaiting-payment'
  pages?: number | undefined
  copies?: number | undefined
  circumstances?: string[] | undefined
  amount?: number | undefined
  note?: string | undefined
}

/** A kiosk is a way of handing in online; who comes to a home stands for a counter. */
const channelOf: Record<SubmissionChannel, Channel> = {
  online: 'online',
  kiosk: 'online',
  direct: 'direct',
  'at-home': 'direct',
  postal: 'postal',
}

/** The step that asks for money. A request that is made anew takes the place of the one before, and ends what was being paid for it. */
export async function askForPayment(
  context: Context,
  { dossier }: Kept,
  request: PaymentRequest,
): Promise<Result<{ write: Write; along: Statement[] }, 'invalid-request'>> {
  const priced = await price(context, dossier, request)
  if (!priced.ok) return priced
  const event = { type: 'dossier.payment-requested', ...priced.value } as const
  return ok({
    // Also when nothing is said, so that an earlier request's words do not stand beside this one.
    write: { event, sealed: { paymentNote: request.note ?? null } },
    along: await cancelStatements(context, dossier.id),
  })
}

async function price(
  context: Context,
  dossier: Dossier,
  { pages = 1, copies = 1, circumstances = [], amount: named }: PaymentRequest,
): Promise<Result<{ amount: number; lines: FeeLine[] }, 'invalid-request'>> {
  const { fees } = await procedureOf(context, dossier)
  const on = localDate(new Date(dossier.clock.submittedAt))
  const facts: FeeCase = { on, channel: channelOf[dossier.channel], pages, copies, circumstances }
  const unknown = unknownCircumstances(fees, circumstances, '/circumstances')
  if (unknown.length > 0) return refuse('invalid-request', { errors: unknown })
  const { amount, lines } = quote(fees, facts)
  const total = amount ?? named
  if (total === undefined) return wrong(amountNeeded)
  if (amount !== null && named !== undefined && named !== amount) return wrong(notTheTariff(amount))
  return total === 0 ? wrong(nothingToPay) : ok({ amount: total, lines })
}

const wrong = (error: InputError) => refuse('invalid-request', { errors: [error] })

const amountNeeded: InputError = {
  pointer: '/amount',
  code: 'amount-needed',
  detail: {
    vi: 'Danh mục không ấn định mức thu: cán bộ phải nêu số tiền.',
    en: 'The catalogue does not know the amount: name it.',
  },
}
const notTheTariff = (amount: number): InputError => ({
  pointer: '/amount',
  code: 'not-the-tariff',
  detail: { vi: `Mức thu theo danh mục là ${amount} đồng.`, en: `By the catalogue it is ${amount} VND.` },
})
const nothingToPay: InputError = {
  pointer: '',
  code: 'nothing-to-pay',
  detail: { vi: 'Hồ sơ này không phải nộp tiền.', en: 'This dossier costs nothing.' },
}
