import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { House } from '../../app.ts'
import type { ShownOriginal } from '../../domain/copy.ts'
import type { KeptCopy } from '../../store/copies.ts'
import { FeeLine, Money, vnd } from '../payments/fee-view.ts'
import { CopyId, Instant, orNull, UnitRef, unitRef, unitsNamed } from '../shapes.ts'

export const CopyStatus = z.enum(['issuing', 'valid', 'revoked', 'superseded', 'failed']).openapi('CopyStatus')

export const CopyNumber = z
  .string()
  .max(64)
  .regex(/^[A-Z0-9-]+\.\d{4}\.\d{2,}(\.\d{1,2})?$/)
  .openapi({
    example: '00082-2025.2026.01',
    description:
      'Unit, year and running number of the register of certified copies; a second and further copy under the same number bears which one it is.',
  })

export const ProcedureCode = z
  .string()
  .max(8)
  .regex(/^\d\.\d{6}$/)

export const CopyView = z
  .object({
    id: CopyId,
    number: CopyNumber,
    status: CopyStatus,
    procedure: ProcedureCode.nullable().openapi({
      description: 'Whose result it is; null for an original shown at a counter.',
    }),
    title: z.string().max(300).openapi({ example: 'Giấy khai sinh' }),
    original: orNull(
      z.object({
        paper: z.string().max(80).openapi({ description: 'Its kind: one of `papers` of the procedure 2.000815.' }),
        pages: z.int().min(1),
        fee: orNull(Money, 'For all copies under the number; null: an authority sets it.'),
        lines: z.array(FeeLine).max(20),
        paid: z
          .boolean()
          .openapi({ description: 'Whether the fee is paid, or there is none: only then copies are signed.' }),
      }),
      'The original that was shown at a counter; null where the copy is of a dossier’s result.',
    ),
    unit: UnitRef,
    certifier: z.string().max(200),
    certifiedAt: Instant,
    issuedAt: Instant.nullable(),
    sha256: z.string().length(64).nullable().openapi({ description: 'Of the signed PDF.' }),
    size: z.int().nullable(),
    reason: z.string().max(2000).nullable().openapi({ description: 'Why it failed or was revoked.' }),
    supersededBy: CopyNumber.nullable().openapi({ description: 'The newer copy for the same matter.' }),
    verification: z.url().openapi({ description: 'What the QR code opens.' }),
  })
  .openapi('Copy')

const showOriginal = ({ paper, pages, fee: { amount, lines } }: ShownOriginal, paid: string | undefined) => ({
  paid: paid !== undefined || amount === null || amount === 0,
  paper,
  pages,
  fee: amount === null ? null : vnd(amount),
  lines,
})

/** The only way a copy's record leaves; its owner stays inside. */
export async function showCopies(c: HonoContext<House>, rows: KeptCopy[]) {
  const units = await unitsNamed(
    c,
    rows.map(({ copy }) => copy.unit),
  )
  return rows.map(({ copy, number }) =>
    CopyView.parse({
      id: copy.id,
      number,
      status: copy.status,
      procedure: copy.procedure,
      title: copy.title,
      original: copy.shown ? showOriginal(copy.shown, copy.paid) : null,
      unit: unitRef(copy.unit, units),
      certifier: copy.certifier.name,
      certifiedAt: copy.certifiedAt,
      issuedAt: 'issuedAt' in copy ? copy.issuedAt : null,
      sha256: 'file' in copy ? copy.file.sha256 : null,
      size: 'file' in copy ? copy.file.size : null,
      reason: 'reason' in copy ? copy.reason : null,
      supersededBy: copy.status === 'superseded' ? copy.by.number : null,
      verification: `${c.var.config.publicOrigin}/v1/verifications/${number}`,
    }),
  )
}

export async function showCopy(c: HonoContext<House>, kept: KeptCopy) {
  const [view] = await showCopies(c, [kept])
  if (!view) throw new Error('a copy that was found has a view')
  return view
}
