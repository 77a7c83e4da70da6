import type { Context } from '../../context.ts'
import { log } from '../../platform/log.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { Command } from '../../store/idempotency.ts'
import type { KeptPayment } from '../../store/payments.ts'
import { inJournal } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { askAbout, isUnreachable, providerOf } from './look.ts'
import { copiesToPay, demandOn, dossierToPay, type Payable, subjectOf } from './payable.ts'
import { cancelStatements } from './settle.ts'

/** `returnUrl`: where the payer's browser goes afterwards. */
export type OnlinePayment = { method: 'online'; provider?: string | undefined; returnUrl?: string | undefined }

export type StartRefusal =
  | 'token-needed'
  | 'not-allowed'
  | 'not-awaiting-payment'
  | 'no-such-provider'
  | 'provider-unreachable'
  | 'changed-meanwhile'

/** A payment with what it is for. */
export type PaymentFor = { kept: KeptPayment; of: Payable }

type Start = { wish: OnlinePayment; command: Command | undefined }

/**
 * The applicant, the app that handed the dossier in, or the owner of copies begins to pay. While an attempt is going on it is answered instead
 * of a second one. The attempt is written before the provider hears of it: if that fails, the same request goes on there.
 */
async function start<None extends string>(
  context: Context,
  found: Result<Payable, None>,
  { wish, command }: Start,
): Promise<Result<Replayable<PaymentFor>, StartRefusal | None | 'idempotency-key-reused'>> {
  if (!found.ok) return found
  const again = (id: string) => opened(context, id, found.value, wish)
  return onceForKey<PaymentFor, StartRefusal>(context, command, again, async () => {
    const demand = demandOn(found.value)
    if (!demand) return refuse('not-awaiting-payment')
    const { key, ...subject } = subjectOf(found.value)
    const provider = context.paymentProviders.find(({ name }) => !wish.provider || name === wish.provider)
    if (!provider) return refuse('no-such-provider')
    const going = await goingOn(context, key)
    if (!going.ok) return going
    const at = context.now()
    // One that never reached its provider is not waited for, if another provider is wished for now.
    const stuck = going.value?.payment.status === 'opening' && providerOf(context, going.value) !== provider
    const current = stuck ? undefined : going.value
    const id = current?.payment.id ?? `payment_${context.newId()}`
    const { amount, lines, unit } = demand
    const via = { method: 'online', provider: provider.name } as const
    const started = { type: 'payment.started', id, ...subject, unit, amount, lines, via } as const
    const actor = inJournal(context.actor)
    const done = await context.payments.commit([
      ...(stuck ? await cancelStatements(context, key, actor) : []),
      ...(current ? [] : await context.payments.stepStatements(undefined, [{ event: started, at, actor }])),
      ...(command ? [context.idempotency.remember(command, id, 1, at)] : []),
    ])
    if (!done.ok && done.refusal !== 'already-pending') return refuse(done.refusal)
    const rival = done.ok ? undefined : await context.payments.pendingOf(key)
    return opened(context, rival?.payment.id ?? id, found.value, wish)
  })
}

export const startPayment = async (context: Context, { code, ...rest }: Start & { code: string }) =>
  start(context, await dossierToPay(context, 'startPayment', code), rest)

export const startCopyPayment = async (context: Context, { id, ...rest }: Start & { id: string }) =>
  start(context, await copiesToPay(context, 'payCopies', id), rest)

/** The attempt that is going on. One whose time is over is first asked about, so that nobody is sent to a closed till. */
async function goingOn(
  context: Context,
  key: string,
): Promise<Result<KeptPayment | undefined, 'provider-unreachable'>> {
  const pending = await context.payments.pendingOf(key)
  if (pending?.payment.status !== 'open') return ok(pending)
  if (Date.parse(pending.payment.session.expiresAt) > context.now().getTime()) return ok(pending)
  return reaching(async () => {
    await askAbout(context, pending)
    return ok(await context.payments.pendingOf(key))
  })
}

/** The payment with its session at the provider, opened now if it is not yet. */
async function opened(
  context: Context,
  id: string,
  of: Payable,
  { returnUrl }: OnlinePayment,
): Promise<Result<PaymentFor, 'provider-unreachable' | 'changed-meanwhile'>> {
  const kept = await context.payments.find(id)
  if (!kept) throw new Error(`payment ${id} of an accepted command is gone`)
  const provider = providerOf(context, kept)
  if (kept.payment.status !== 'opening' || !provider) return ok({ kept, of })
  const { amount } = kept.payment
  const order = {
    payment: id,
    amount,
    description: of.dossier ? of.dossier.code : of.copies[0].number,
    callbackUrl: `${context.config.publicOrigin}/v1/payment-callbacks/${provider.name}`,
    returnUrl: returnUrl ?? null,
  }
  return reaching(async () => {
    const session = await provider.open(order)
    const { reference, redirectUrl, expiresAt } = session
    const step = { event: { type: 'payment.opened', reference, redirectUrl, expiresAt } as const, at: context.now() }
    const actor = inJournal(context.actor)
    await context.payments.commit(await context.payments.stepStatements(kept, [{ ...step, actor }]))
    // Whoever was faster opened the same session, or decided the payment: both stand as they are now.
    const now = await context.payments.find(id)
    return now && now.payment.status !== 'opening' ? ok({ kept: now, of }) : refuse('changed-meanwhile')
  })
}

async function reaching<T, R extends string>(
  work: () => Promise<Result<T, R>>,
): Promise<Result<T, R | 'provider-unreachable'>> {
  try {
    return await work()
  } catch (error) {
    if (!isUnreachable(error)) throw error
    log('payment.provider-unreachable', { error })
    return refuse('provider-unreachable')
  }
}
