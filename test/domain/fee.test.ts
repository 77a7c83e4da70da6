import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FeeCase, type Fees, quote, shareOf } from '../../src/domain/fee.ts'
import { publishedCatalogue } from '../support/catalogue.ts'

const { procedure, procedures } = publishedCatalogue()
const today = '2026-11-23'
const ordinary: FeeCase = { on: today, channel: 'direct', pages: 1, copies: 1, circumstances: [] }
const priceOf = (code: string, facts: Partial<FeeCase> = {}) => {
  const on = facts.on ?? today
  return quote(procedure(code, on).fees, { ...ordinary, ...facts })
}

describe('what the catalogue’s notes say', () => {
  test.each([
    ['one page', 1, 1, 2_000],
    ['two pages', 2, 1, 4_000],
    ['from the third page 1,000 VND', 3, 1, 5_000],
    ['the last page below the cap', 198, 1, 200_000],
    ['at most 200,000 VND a copy', 5_000, 1, 200_000],
    ['each copy has its own first two pages', 3, 4, 20_000],
    ['and its own cap', 500, 3, 600_000],
  ])('a certified copy, %s', (_, pages, copies, amount) => {
    expect(priceOf('2.000815', { pages, copies }).amount).toBe(amount)
  })

  test.each<[string, string, Partial<FeeCase>, number | null]>([
    ['birth registration is free', '1.001193', { channel: 'online' }, 0],
    ['permanent residence at a counter', '1.004222', {}, 20_000],
    ['permanent residence online', '1.004222', { channel: 'online' }, 10_000],
    ['temporary residence online', '1.004194', { channel: 'online' }, 7_000],
    ['temporary residence of three persons by list', '1.004194', { circumstances: ['by-list'], copies: 3 }, 30_000],
    ['the same online', '1.004194', { channel: 'online', circumstances: ['by-list'], copies: 3 }, 15_000],
    ['passport', '1.001456', {}, 200_000],
    ['passport by post is not online', '1.001456', { channel: 'postal' }, 200_000],
    ['lost passport', '1.001456', { circumstances: ['lost-or-damaged'] }, 400_000],
    ['lost passport online', '1.001456', { channel: 'online', circumstances: ['lost-or-damaged'] }, 320_000],
    ['criminal record for some groups', '3.000333', { circumstances: ['listed-group'] }, 100_000],
    ['enterprise online: only the publication', '2.001583', { channel: 'online' }, 100_000],
    ['enterprise on paper: the charge is a range', '2.001583', {}, null],
    ['five copies of an extract', '2.000635', { copies: 5 }, 40_000],
    ['adoption, where no note stands', '2.001263', {}, 400_000],
    ['hospital while the lower amounts hold', '1.012278', { circumstances: ['hospital'], on: '2026-12-31' }, 5_250_000],
    ['hospital after them', '1.012278', { circumstances: ['hospital'], on: '2027-01-01' }, null],
    ['medical facility of an unnamed kind', '1.012278', {}, null],
    ['set by the People’s Council', '1.004873', {}, null],
  ])('%s', (_, code, facts, amount) => {
    expect(priceOf(code, facts).amount).toBe(amount)
  })

  test('each line says in both languages how it came about', () => {
    expect(priceOf('2.000815', { pages: 3, copies: 2 }).lines).toEqual([
      {
        rule: 'certification',
        kind: 'fee',
        amount: 10_000,
        reason: {
          vi: 'Phí chứng thực bản sao từ bản chính, trang tính theo bản chính (Thông tư 226/2016/TT-BTC): 2 bản × (2 trang × 2.000 đồng + 1 trang × 1.000 đồng).',
          en: 'Fee for certifying a copy, pages counted on the original (Circular 226/2016/TT-BTC): 2 copies × (2 pages × 2,000 VND + 1 page × 1,000 VND).',
        },
      },
    ])
    expect(priceOf('1.004222', { channel: 'online' }).lines[0]?.reason.en).toBe(
      'Charge for permanent residence (handed in online): 1 × 10,000 VND per registration.',
    )
    expect(priceOf('1.004873').lines[0]?.reason.en).toMatch(/to be set, Set by the city's People's Council/)
  })

  test('fees and charges are told apart', () => {
    const { lines } = priceOf('2.001583', { channel: 'online' })
    expect([shareOf('fee', lines), shareOf('charge', lines)]).toEqual([100_000, 0])
  })
})

const cases: fc.Arbitrary<FeeCase> = fc.record({
  on: fc.constantFrom('2026-01-05', today, '2027-06-01'),
  channel: fc.constantFrom('online' as const, 'direct' as const, 'postal' as const),
  pages: fc.integer({ min: 1, max: 10_000 }),
  copies: fc.integer({ min: 1, max: 1_000 }),
  circumstances: fc.subarray(['by-list', 'lost-or-damaged', 'listed-group', 'printed', 'hospital', 're-issue']),
})

describe('for every procedure and every case', () => {
  const published = fc.constantFrom(...procedures.map(({ fees }) => fees))
  const each = (check: (fees: Fees, facts: FeeCase) => void) => {
    const property = fc.property(published, cases, (fees, facts) => {
      check(fees, facts)
    })
    fc.assert(property, { numRuns: 1_000 })
  }

  test('an amount is whole and never negative, and is the sum of its lines', () => {
    each((fees, facts) => {
      const { amount, lines } = quote(fees, facts)
      expect(lines.length).toBeGreaterThan(0)
      expect(amount === null).toBe(lines.some((line) => line.amount === null))
      if (amount === null) return
      expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true)
      expect(lines.reduce((sum, line) => sum + (line.amount ?? 0), 0)).toBe(amount)
    })
  })

  test('one more page or copy never costs less', () => {
    each((fees, facts) => {
      const { amount } = quote(fees, facts)
      if (amount === null) return
      expect(quote(fees, { ...facts, pages: facts.pages + 1 }).amount).toBeGreaterThanOrEqual(amount)
      expect(quote(fees, { ...facts, copies: facts.copies + 1 }).amount).toBeGreaterThanOrEqual(amount)
    })
  })

  test('no copy is dearer than its cap, and copies cost as many times one copy', () => {
    each((fees, facts) => {
      const { amount } = quote(fees, facts)
      const one = quote(fees, { ...facts, copies: 1 }).amount
      if (amount === null || one === null) return
      expect(amount).toBe(one * facts.copies)
      const capped = fees.rules.every(({ rates }) => rates.every((rate) => rate.by === 'page' && rate.perCopyAtMost))
      if (capped && fees.rules.length > 0) expect(one).toBeLessThanOrEqual(200_000)
    })
  })

  test('handing in online never costs more than at a counter', () => {
    each((fees, facts) => {
      const online = quote(fees, { ...facts, channel: 'online' }).amount
      const direct = quote(fees, { ...facts, channel: 'direct' }).amount
      if (online !== null && direct !== null) expect(online).toBeLessThanOrEqual(direct)
    })
  })
})
