import type { Context } from '../../context.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import type { Unit } from '../../domain/unit.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { allowed, seen, unitsKept, visible, withinReach } from '../access.ts'
import { procedureOf } from '../dossiers/due.ts'
import { type Page, pageOf } from '../dossiers/read.ts'
import type { PaymentFor } from './start.ts'

type ReadRefusal = 'token-needed' | 'not-allowed'

/** One payment, for whoever may see its dossier. */
export async function readPayment(
  context: Context,
  id: string,
): Promise<Result<PaymentFor, ReadRefusal | 'no-such-payment'>> {
  const may = allowed(context, 'readPayment')
  if (!may.ok) return may
  const kept = await context.payments.find(id)
  const dossier = kept && (await context.dossiers.byId(kept.payment.dossier))
  if (!kept || !dossier || !(await seen(context, dossier))) return refuse('no-such-payment')
  const reached = await withinReach(context, 'readPayment', dossier.dossier.procedure.code)
  return reached.ok ? ok({ kept, dossier }) : reached
}

/** Every attempt to pay for a dossier, newest first. */
export async function listPayments(
  context: Context,
  code: string,
): Promise<Result<PaymentFor[], ReadRefusal | 'no-such-dossier'>> {
  const found = await visible(context, 'readPayment', code)
  if (!found.ok) return found
  const payments = await context.payments.ofDossier(found.value.dossier.id)
  return ok(payments.map((kept) => ({ kept, dossier: found.value })))
}

/** What the officer's unit, or one whose place it took, has to pay back, newest first. */
export async function listRefunds(
  context: Context,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<PaymentFor>, ReadRefusal>> {
  const may = allowed(context, 'refundPayment')
  if (!may.ok) return may
  const rows = await context.payments.toRefund(await unitsKept(context), before, limit)
  const page = pageOf(rows, limit, ({ payment }) => payment.id)
  const items = await Promise.all(
    page.items.map(async (kept): Promise<PaymentFor> => {
      const dossier = await context.dossiers.byId(kept.payment.dossier)
      if (!dossier) throw new Error(`the dossier of payment ${kept.payment.id} is gone`)
      return { kept, dossier }
    }),
  )
  return ok({ items, next: page.next })
}

export type Receipt = PaymentFor & {
  number: string
  unit: Unit | undefined
  procedure: ProcedureVersion
  /** As the sealed submission names the applicant; null once the personal data was erased. */
  payer: string | null
}

/** The receipt of a paid payment. */
export async function readReceipt(
  context: Context,
  id: string,
): Promise<Result<Receipt, ReadRefusal | 'no-such-payment' | 'not-paid'>> {
  const found = await readPayment(context, id)
  if (!found.ok) return found
  const { kept, dossier } = found.value
  if (kept.receipt === null) return refuse('not-paid')
  const [unit, procedure, parts] = await Promise.all([
    context.units.find(kept.payment.unit),
    procedureOf(context, dossier.dossier),
    context.vault.open(dossier.dossier.id),
  ])
  return ok({ ...found.value, number: kept.receipt, unit, procedure, payer: nameOf(parts.get(1)?.['applicant']) })
}

function nameOf(applicant: unknown): string | null {
  if (typeof applicant !== 'object' || applicant === null) return null
  if ('fullName' in applicant && typeof applicant.fullName === 'string') return applicant.fullName
  return 'name' in applicant && typeof applicant.name === 'string' ? applicant.name : null
}
