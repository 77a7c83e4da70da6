import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMonths, dateText, dayNumber, dayOf, instantText, minuteOf, weekday } from '../../src/domain/civil-date.ts'
import { instantOf, nameOf } from '../../src/domain/day-names.ts'

test('a date and its number are the same day', () => {
  expect(dayNumber('1970-01-01')).toBe(0)
  expect(weekday(dayNumber('2026-11-22'))).toBe(0)
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 100_000 }), (day) => {
      expect(dayNumber(dateText(day))).toBe(day)
    }),
  )
})

test('a date that does not exist is a fault', () => {
  for (const date of ['2026-02-29', '2026-13-01', '2026-1-1', 'soon', ''])
    expect(() => dayNumber(date)).toThrow(RangeError)
})

test('an instant is told in the time of Viet Nam, to the minute', () => {
  expect(instantText(minuteOf('2026-11-22T20:30:59Z'))).toBe('2026-11-23T03:30:00+07:00')
  expect(instantOf(minuteOf('2026-11-22T20:30:59Z'))).toBe('2026-11-23T03:30:00+07:00')
  expect(dayOf(minuteOf('1969-12-31T16:59:00Z'))).toBe(-1)
})

test('months keep the day, or end with the month', () => {
  const after = (date: string, months: number) => dateText(addMonths(dayNumber(date), months))
  expect(after('2026-01-31', 1)).toBe('2026-02-28')
  expect(after('2024-01-31', 1)).toBe('2024-02-29')
  expect(after('2026-08-31', 6)).toBe('2027-02-28')
  expect(after('2026-12-15', 1)).toBe('2027-01-15')
  expect(after('2026-03-31', 1)).toBe('2026-04-30')
})

test('a day is named in both languages', () => {
  expect(nameOf(dayNumber('2026-11-22'))).toMatchObject({ vi: 'Chủ nhật 22/11/2026', en: 'Sunday 22 November 2026' })
})
