import { expect, test } from 'vitest'
import { archiveAfter } from '../../src/domain/copy.ts'
import { endAlert } from '../../src/domain/signing.ts'

const day = 86_400_000

test.each([
  ['2026-11-30T00:00:00.000+07:00', 'certificate-ends-soon'],
  ['2026-11-26T00:00:00.000+07:00', 'certificate-expired'],
])('a last certificate that ends %s is %s', (until, reason) => {
  const since = '2026-11-01T00:00:00.000+07:00'
  const alert = endAlert({ owner: 'unit:X-1', until }, since, new Date('2026-11-27T00:00:00+07:00'))
  expect(alert).toEqual({ who: 'unit:X-1', reason, since, waiting: 0, until })
})

test.each([
  [1000, 365, 635],
  [1000, 100, 900],
  [1000, 800, 500],
  [100, 365, 50],
])('of a time-stamp that holds for %i days, %i days before its end is day %i', (lasts, daysBefore, expected) => {
  expect(archiveAfter(new Date(0), new Date(lasts * day), daysBefore).getTime() / day).toBe(expected)
})
