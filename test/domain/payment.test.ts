import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Dossier } from '../../src/domain/dossier.ts'
import {
  evolvePayment,
  isPending,
  type Payment,
  type PaymentEvent,
  type ProviderWord,
  owedOf,
  settle,
} from '../../src/domain/payment.ts'
import { publishedCatalogue } from '../support/catalogue.ts'

const { id: unit } = publishedCatalogue().unit('00082-2025')
const at = '2026-11-23T09:00:00.000+07:00'
const session = { reference: 'r', redirectUrl: 'https://pay.example/r', expiresAt: at }
const common = {
  id: 'd',
  version: 5,
  procedure: { code: '2.000635', version: 1 },
  limit: { unit: 'SAME_DAY' } as const,
  competentUnit: unit,
  place: unit,
  receivingPoint: 'online',
  channel: 'online' as const,
  submittedBy: { kind: 'app' as const, id: 'app_1' },
  returnBy: 'account' as const,
  components: [],
  clock: {
    submittedAt: at,
    receivedAt: at,
    competentReceivedAt: at,
    originalDueAt: at,
    dueAt: at,
    pauses: [],
    told: 'nothing' as const,
    reappointed: null,
  },
  takenOver: null,
}
const awaiting = (amount: number): Dossier => ({
  ...common,
  status: 'awaiting-payment',
  demand: { amount, lines: [], requestedAt: at },
})
const withdrawn: Dossier = { ...common, status: 'withdrawn', closedAt: at }
const processing: Dossier = { ...common, status: 'processing' }

const via = { method: 'online', provider: 'simulator' } as const
const started = evolvePayment(
  undefined,
  { type: 'payment.started', id: 'payment_1', dossier: 'd', unit, amount: 16_000, lines: [], via },
  at,
)
const open = evolvePayment(started, { type: 'payment.opened', ...session }, at)
const ended = (type: 'payment.failed' | 'payment.expired' | 'payment.cancelled') => evolvePayment(open, { type }, at)
const success: ProviderWord = { outcome: 'succeeded', amount: 16_000, currency: 'VND' }

describe('money that came in', () => {
  test.each<[string, Payment]>([
    ['an attempt that was only being opened', started],
    ['an open one', open],
    ['one called failed before', ended('payment.failed')],
    ['one whose time was over', ended('payment.expired')],
    ['one that was cancelled', ended('payment.cancelled')],
  ])('pays by %s, while the dossier waits for just this', (_, payment) => {
    expect(settle(payment, success, owedOf(awaiting(16_000)))).toEqual({ type: 'payment.paid' })
  })

  test.each<[string, Dossier, ProviderWord, string]>([
    ['after a withdrawal', withdrawn, success, 'withdrawn'],
    ['when it was paid by other means', processing, success, 'paid-already'],
    ['when another amount is asked for now', awaiting(24_000), success, 'no-longer-asked'],
    ['in another amount', awaiting(16_000), { ...success, amount: 15_999 }, 'amount-differs'],
    ['in another currency', awaiting(16_000), { ...success, currency: 'USD' }, 'amount-differs'],
  ])('%s is to be refunded', (_, dossier, word, because) => {
    expect(settle(open, word, owedOf(dossier))).toMatchObject({ type: 'payment.to-be-refunded', because })
  })
})

const words = fc.record({
  outcome: fc.constantFrom('pending', 'succeeded', 'failed', 'expired', 'cancelled'),
  amount: fc.constantFrom(16_000, 16_000, 15_000),
  currency: fc.constantFrom('VND', 'VND', 'USD'),
}) satisfies fc.Arbitrary<ProviderWord>
const dossiers = fc.constantFrom(awaiting(16_000), awaiting(24_000), withdrawn, processing)

test('whatever a provider says, how often and in which order: the first success is kept, as paid or to be refunded, once', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(words, dossiers), { maxLength: 12 }), (story) => {
      let payment: Payment = open
      const money: PaymentEvent[] = []
      for (const [word, dossier] of story) {
        const event = settle(payment, word, owedOf(dossier))
        if (!event) continue
        if (event.type === 'payment.paid' || event.type === 'payment.to-be-refunded') money.push(event)
        payment = evolvePayment(payment, event, at)
      }
      const succeeded = story.some(([word]) => word.outcome === 'succeeded')
      expect(money).toHaveLength(succeeded ? 1 : 0)
      expect(['paid', 'to-be-refunded'].includes(payment.status)).toBe(succeeded)
      if (!succeeded) expect(isPending(payment)).toBe(story.every(([word]) => word.outcome === 'pending'))
    }),
  )
})
