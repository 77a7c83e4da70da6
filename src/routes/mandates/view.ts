import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { House } from '../../app.ts'
import { extents, inForce } from '../../domain/mandate.ts'
import type { KeptMandate } from '../../store/mandates.ts'
import { CopyId, Instant, Line, pageOfItems, PersonalId, TaxCode } from '../shapes.ts'
import { PaymentId } from '../payments/view.ts'
import { ShareId } from '../copies/share-view.ts'

export const MandateId = z
  .string()
  .max(44)
  .regex(/^mandate_[0-9a-f-]{36}$/)
  .openapi({
    param: { name: 'id', in: 'path' },
    description: 'The id of a mandate.',
    example: 'mandate_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e',
  })

const Extent = z.enum(extents)

const extentWords =
  '`read-copies`: see and open its certified copies, and who opened them; `lend-copies`: lend them and take shares back; `submit-dossiers`: hand dossiers in, and all that an applicant does with them. None holds another.'

export const NamingBody = z
  .strictObject({
    representative: z
      .strictObject({ personalId: PersonalId, fullName: Line(200) })
      .openapi({ description: 'Who may act for the organisation. Kept sealed.' }),
    extent: z.array(Extent).min(1).max(extents.length).openapi({ description: extentWords }),
    until: Instant.openapi({ description: 'When it ends: at most 366 days from now.' }),
  })
  .openapi('Naming')

export const MandateView = z
  .object({
    id: MandateId,
    status: z.enum(['in-force', 'ended']),
    organisation: TaxCode.nullable().openapi({ description: 'Its tax code; null once it was erased, as the person.' }),
    representative: z.object({ personalId: PersonalId, fullName: z.string().max(200) }).nullable(),
    extent: z.array(Extent).max(extents.length).openapi({ description: extentWords }),
    createdAt: Instant,
    until: Instant,
    endedAt: Instant.nullable().openapi({ description: 'When somebody ended it before its time.' }),
  })
  .openapi('Mandate')

export const MandatePage = pageOfItems(MandateView).openapi('MandatePage')

export function showMandate(c: HonoContext<House>, { mandate, words }: KeptMandate) {
  return MandateView.parse({
    ...mandate,
    status: inForce(mandate, c.var.context.now().getTime()) ? 'in-force' : 'ended',
    organisation: words?.taxCode ?? null,
    representative: words && { personalId: words.personalId, fullName: words.fullName },
    endedAt: mandate.status === 'ended' ? mandate.endedAt : null,
  })
}

const UseView = z
  .object({
    at: Instant,
    type: z
      .string()
      .max(64)
      .openapi({ description: 'What was done, as the journal calls it.', example: 'copy.opened' }),
    dossier: z.string().max(64).nullable().openapi({ description: 'The code of the dossier that it was done to.' }),
    payment: PaymentId.nullable().openapi({ description: 'The id of the payment.' }),
    copy: CopyId.nullable().openapi({ description: 'The copy that was opened or lent.' }),
    share: ShareId.nullable().openapi({ description: 'The share that was made or taken back.' }),
  })
  .openapi('MandateUse')

export const UsePage = pageOfItems(UseView).openapi('MandateUsePage')
