import { z } from '@hono/zod-openapi'
import { CivilDate, Words } from '../shapes.ts'

export const Money = z
  .object({ amount: z.int().min(0).max(1_000_000_000_000), currency: z.literal('VND') })
  .openapi('Money', { example: { amount: 8000, currency: 'VND' } })

export const vnd = (amount: number): z.input<typeof Money> => ({ amount, currency: 'VND' })

const FeeKind = z.enum(['fee', 'charge']).nullable().openapi({
  description: '`fee` (phí) pays for a service, `charge` (lệ phí) is a levy of the state; null: not told apart.',
})

const Amount = z.int().min(0).max(1_000_000_000)
const condition = {
  when: z
    .array(z.string().max(50))
    .max(10)
    .openapi({ description: 'What must hold: a channel, or circumstances. The rate with most of them counts.' }),
  until: CivilDate.optional().openapi({ description: 'The last day of this rate.' }),
}

const FeeRate = z
  .discriminatedUnion('by', [
    z.object({ ...condition, by: z.literal('item'), item: Words, amount: Amount }),
    z.object({
      ...condition,
      by: z.literal('page'),
      tiers: z.array(z.object({ fromPage: z.int().min(1), amount: Amount })).max(20),
      perCopyAtMost: Amount.nullable(),
    }),
    z.object({ ...condition, by: z.literal('authority'), setBy: Words }),
  ])
  .openapi('FeeRate', {
    description: 'Amounts in VND. `authority`: somebody else sets it, the officer names the amount.',
  })

export const Circumstances = z
  .array(z.object({ id: z.string().max(50), name: Words }))
  .max(50)
  .openapi({ description: 'What the applicant may declare, for `circumstances` of a fee quote.' })

export const FeeRules = z
  .array(z.object({ id: z.string().max(50), kind: FeeKind, name: Words, rates: z.array(FeeRate).max(50) }))
  .max(20)
  .openapi({ description: 'All that the procedure charges; empty: free.' })

export const FeeLine = z
  .object({
    rule: z.string().max(50),
    kind: FeeKind,
    amount: Amount.nullable().openapi({ description: 'VND; null where somebody else sets it.' }),
    reason: Words,
  })
  .openapi('FeeLine', {
    example: {
      rule: 'certification',
      kind: 'fee',
      amount: 10000,
      reason: {
        vi: 'Phí chứng thực bản sao từ bản chính: 2 bản × (2 trang × 2.000 đồng + 1 trang × 1.000 đồng).',
        en: 'Fee for certifying a copy: 2 copies × (2 pages × 2,000 VND + 1 page × 1,000 VND).',
      },
    },
  })
