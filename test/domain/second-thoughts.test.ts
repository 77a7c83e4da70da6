import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changeableUntil } from '../../src/domain/rating.ts'
import { tooEarly, validUntil } from '../../src/domain/validity.ts'

describe('a result is valid', () => {
  test.each([
    ['2026-11-26', 'P6M', '2027-05-26'],
    ['2026-08-31', 'P6M', '2027-02-28'],
    ['2024-02-29', 'P1Y', '2025-02-28'],
    ['2026-11-26', 'P30D', '2026-12-26'],
    ['2026-11-26', 'P1Y2M2W3D', '2028-02-12'],
  ])('issued on %s for %s: until %s', (issued, validity, until) => {
    expect(validUntil(issued, validity)).toBe(until)
  })
})

describe('it is too early to apply', () => {
  /** So many days after. */
  const later = (days: number) => (date: string) =>
    new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)

  test('until the new result would come just before the old one ends', () => {
    expect(tooEarly('2026-11-26', '2027-05-26', later(3))).toEqual({
      validUntil: '2027-05-26',
      sensibleFrom: '2027-05-23',
    })
    expect(tooEarly('2027-05-23', '2027-05-26', later(3))).toBeNull()
    expect(tooEarly('2027-05-22', '2027-05-26', later(3))?.sensibleFrom).toBe('2027-05-23')
  })

  test('also where the time is a text: then from the last day', () => {
    expect(tooEarly('2026-11-26', '2027-05-26', () => null)?.sensibleFrom).toBe('2027-05-26')
  })

  test('never once the old result has ended, and the day named is later than today and not after the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: -400, max: 400 }), fc.integer({ min: 0, max: 90 }), (left, takes) => {
        const until = later(left)('2026-11-26')
        const early = tooEarly('2026-11-26', until, later(takes))
        expect(early !== null).toBe(left > takes)
        if (early) expect([early.sensibleFrom > '2026-11-26', early.sensibleFrom <= until]).toEqual([true, true])
      }),
    )
  })
})

test('a rating can be changed for thirty days', () => {
  expect(changeableUntil({ ratedAt: '2026-11-26T23:59:00.000+07:00' })).toBe('2026-12-26')
})
