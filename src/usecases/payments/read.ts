import type { Context } from '../../context.ts'
import { certifyingProcedure } from '../../domain/certifying.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import type { Unit } from '../../domain/unit.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import { allowed, unitsKept, withinReach } from '../access.ts'
import { procedureOf } from '../dossiers/due.ts'
import { type Page, pageOf } from '../dossiers/read.ts'
import { copiesToPay, dossierToPay, type Payable, payableOf, seesPayable, subjectOf } from './payable.ts'
import type { PaymentFor } from './start.ts'

type ReadRefusal = 'token-needed' | 'not-allowed'

/** One payment, for whoever may see what it is for. */
export async function readPayment(
  context: Context,
  id: string,
): Promise<Result<PaymentFor, ReadRefusal | 'no-such-payment'>> {
  const may = allowed(context, 'readPayment')
  if (!may.ok) return may
  const kept = await context.payments.find(id)
  const of = kept && (await payableOf(context, kept.payment))
  if (!kept || !of || !(await seesPayable(context, of))) return refuse('no-such-payment')
  const reached = await withinReach(context, 'readPayment', procedureCode(of))
  return reached.ok ? ok({ kept, of }) : reached
}

/** Every attempt to pay for a dossier, newest first. */
export async function listPayments(
  context: Context,
  code: string,
): Promise<Result<PaymentFor[], ReadRefusal | 'no-such-dossier'>> {
  const found = await dossierToPay(context, 'readPayment', code)
  return found.ok ? ok(await attempts(context, found.value)) : found
}

/** Every attempt to pay for the copies under a number, newest first. */
export async function listCopyPayments(
  context: Context,
  id: string,
): Promise<Result<PaymentFor[], ReadRefusal | 'no-such-copy'>> {
  const found = await copiesToPay(context, 'readCopy', id)
  return found.ok ? ok(await attempts(context, found.value)) : found
}

async function attempts(context: Context, of: Payable): Promise<PaymentFor[]> {
  const payments = await context.payments.of(subjectOf(of).key)
  return payments.map((kept) => ({ kept, of }))
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
    page.items.map(async (kept): Promise<PaymentFor> => ({ kept, of: await payableOf(context, kept.payment) })),
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
  const { kept, of } = found.value
  if (kept.receipt === null) return refuse('not-paid')
  const [unit, procedure, parts] = await Promise.all([
    context.units.find(kept.payment.unit),
    procedureFor(context, of),
    context.vault.open(subjectOf(of).key),
  ])
  return ok({ ...found.value, number: kept.receipt, unit, procedure, payer: nameOf(parts.get(1)?.['applicant']) })
}

const procedureCode = ({ dossier }: Payable): string => dossier?.dossier.procedure.code ?? certifyingProcedure

async function procedureFor(context: Context, { dossier, copies }: Payable): Promise<ProcedureVersion> {
  if (dossier) return procedureOf(context, dossier.dossier)
  const on = localDate(new Date(copies[0].copy.certifiedAt))
  const procedure = await context.procedures.on(certifyingProcedure, on)
  if (!procedure) throw new Error(`the catalogue has lost ${certifyingProcedure}`)
  return procedure
}

function nameOf(applicant: unknown): string | null {
  if (typeof applicant !== 'object' || applicant === null) return null
  if ('fullName' in applicant && typeof applicant.fullName === 'string') return applicant.fullName
  return 'name' in applicant && typeof applicant.name === 'string' ? applicant.name : null
}
