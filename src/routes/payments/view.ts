import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { House } from '../../app.ts'
import { shareOf } from '../../domain/fee.ts'
import { paymentStatuses, refundReasons } from '../../domain/payment.ts'
import type { Receipt } from '../../usecases/payments/read.ts'
import type { PaymentFor } from '../../usecases/payments/start.ts'
import { mostTogether } from '../../domain/attestation.ts'
import { CopyNumber } from '../copies/view.ts'
import { CopyId, DossierCode, Instant, orNull, UnitRef, unitRef, unitsNamed, Words } from '../shapes.ts'
import { FeeLine, Money, vnd } from './fee-view.ts'

export const PaymentId = z
  .string()
  .regex(/^payment_[0-9a-f-]{36}$/)
  .openapi({ example: 'payment_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' })

const method = z.enum(['online', 'cash'])
const receiptNumber = z
  .string()
  .max(64)
  .openapi({ description: 'Per unit and year from 1, without gaps.', example: 'BL.00082-2025.2026.0001' })

export const PaymentView = z
  .object({
    id: PaymentId,
    status: z.enum(paymentStatuses).openapi({
      description:
        '`opening` and `open`: not decided yet. `expired` and `cancelled` may still become `paid` or `to-be-refunded`, for money that comes late is never lost.',
    }),
    version: z.int().min(1),
    dossier: orNull(DossierCode, 'What it is for; null where it is for copies.'),
    dossierVersion: orNull(z.int().min(1), 'Of the dossier as it is now; the next If-Match.'),
    copies: z
      .array(z.object({ id: CopyId, number: CopyNumber, version: z.int().min(1) }))
      .max(mostTogether)
      .openapi({
        description: 'What it is for, where it is for no dossier: the copies of an original under one number.',
      }),
    unit: UnitRef,
    method,
    provider: z.string().max(32).nullable(),
    total: Money,
    lines: z.array(FeeLine).max(20),
    redirectUrl: z.url().max(2000).nullable().openapi({
      description: 'Send the payer’s browser there; only while the payment is open, and not for officers.',
    }),
    startedAt: Instant,
    expiresAt: Instant.nullable(),
    paidAt: Instant.nullable(),
    receipt: receiptNumber.nullable(),
    paperReceipt: z.string().max(50).nullable(),
    refund: z
      .object({
        because: z.enum(refundReasons),
        received: z.object({ amount: z.int().min(0), currency: z.string().length(3) }),
        receivedAt: Instant,
        refundedAt: Instant.nullable(),
      })
      .nullable()
      .openapi({ description: 'Money that came in and is not kept.' }),
  })
  .openapi('Payment')

/** The only way payments leave: for those who may see their dossier. */
export async function showPayments(c: HonoContext<House>, payments: readonly PaymentFor[]) {
  const units = await unitsNamed(
    c,
    payments.map(({ kept }) => kept.payment.unit),
  )
  const forPayer = c.var.context.actor.kind !== 'officer'
  return payments.map(({ kept: { payment, receipt }, of: { dossier, copies } }) => {
    const session = payment.status === 'open' ? payment.session : null
    return PaymentView.parse({
      id: payment.id,
      status: payment.status,
      version: payment.version,
      dossier: dossier?.code ?? null,
      dossierVersion: dossier?.dossier.version ?? null,
      copies: (copies ?? []).map(({ copy, number }) => ({ id: copy.id, number, version: copy.version })),
      unit: unitRef(payment.unit, units),
      method: payment.via.method,
      provider: payment.via.method === 'online' ? payment.via.provider : null,
      total: vnd(payment.amount),
      lines: payment.lines,
      redirectUrl: forPayer ? (session?.redirectUrl ?? null) : null,
      startedAt: payment.startedAt,
      expiresAt: session?.expiresAt ?? null,
      paidAt: payment.status === 'paid' ? payment.paidAt : null,
      receipt,
      paperReceipt: payment.via.method === 'cash' ? payment.via.paperReceipt : null,
      refund: 'received' in payment ? { refundedAt: null, ...payment } : null,
    })
  })
}

export async function showPayment(c: HonoContext<House>, payment: PaymentFor) {
  const [view] = await showPayments(c, [payment])
  return PaymentView.parse(view)
}

export const ReceiptView = z
  .object({
    number: receiptNumber,
    paperReceipt: z.string().max(50).nullable(),
    issuedAt: Instant,
    unit: UnitRef,
    payer: z.string().max(200).nullable().openapi({ description: 'Null once the personal data was erased.' }),
    dossier: orNull(DossierCode, 'Null where it is for copies.'),
    copy: orNull(CopyNumber, 'The number of the copies that it is for.'),
    procedure: z.object({ code: z.string().max(20), name: Words }),
    payment: PaymentId,
    method,
    lines: z.array(FeeLine).max(20),
    fees: Money.openapi({ description: 'Of the total: fees (phí).' }),
    charges: Money.openapi({ description: 'Of the total: charges (lệ phí).' }),
    total: Money.openapi({ description: 'Fees, charges, and what the catalogue does not tell apart.' }),
  })
  .openapi('PaymentReceipt')

export function showReceipt({ kept: { payment }, of: { dossier, copies }, number, unit, procedure, payer }: Receipt) {
  const issuedAt = 'paidAt' in payment ? payment.paidAt : 'receivedAt' in payment ? payment.receivedAt : undefined
  if (issuedAt === undefined) throw new Error(`${payment.id} has a receipt and is not paid`)
  return ReceiptView.parse({
    number,
    paperReceipt: payment.via.method === 'cash' ? payment.via.paperReceipt : null,
    issuedAt,
    unit: unit ? { id: unit.id, name: unit.name } : { id: payment.unit, name: { vi: payment.unit, en: payment.unit } },
    payer,
    dossier: dossier?.code ?? null,
    copy: copies?.[0].number ?? null,
    procedure: { code: procedure.code, name: procedure.name },
    payment: payment.id,
    method: payment.via.method,
    lines: payment.lines,
    fees: vnd(shareOf('fee', payment.lines)),
    charges: vnd(shareOf('charge', payment.lines)),
    total: vnd(payment.amount),
  })
}
