import { z } from '@hono/zod-openapi'
import type { Dossier } from '../../domain/dossier.ts'
import { Instant } from '../shapes.ts'
import { FeeLine, Money, vnd } from './fee-view.ts'

export const circumstanceIds = z
  .array(
    z
      .string()
      .max(64)
      .regex(/^[a-z]+(-[a-z]+)*$/),
  )
  .max(10)

/** The step to `awaiting-payment`. */
export const PaymentAsked = z.strictObject({
  to: z.literal('awaiting-payment'),
  pages: z.int().min(1).max(10_000).optional().openapi({ description: 'Pages of one copy; 1, if not given.' }),
  copies: z.int().min(1).max(1_000).optional(),
  circumstances: circumstanceIds.optional().openapi({ description: 'Ids of `fees.circumstances` of the procedure.' }),
  amount: z.int().min(1).max(1_000_000_000).optional().openapi({
    description: 'VND. Only where the catalogue does not know the amount; what it knows cannot be changed here.',
  }),
  note: z.string().max(2000).optional(),
})

export const Demand = z
  .object({
    total: Money,
    lines: z.array(FeeLine).max(20),
    requestedAt: Instant,
    note: z.string().max(2000).nullable(),
  })
  .openapi({ description: 'What has to be paid before the dossier goes on; pay at `…/payments`.' })

/** `note`: what the officer said beside it, as it was sealed. */
export const demandOf = (dossier: Dossier, note: unknown) =>
  dossier.status === 'awaiting-payment' ? { ...dossier.demand, total: vnd(dossier.demand.amount), note } : null
