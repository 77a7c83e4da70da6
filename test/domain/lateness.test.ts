import { describe, expect, test } from 'vitest'
import { isOverdue, lateness, reappoint } from '../../src/domain/lateness.ts'
import { officeHours } from '../../src/domain/working-time.ts'
import { publishedCalendar } from '../support/calendar.ts'

const due = '2026-03-05T17:00:00+07:00'
const days = { unit: 'WORKING_DAY', value: 3 } as const

describe('a term in days is compared by date, an in-day or hourly one by the minute', () => {
  test.each([
    ['2026-03-04T23:59:00+07:00', 'early', 'early'],
    ['2026-03-05T08:00:00+07:00', 'on-time', 'early'],
    ['2026-03-05T17:00:00+07:00', 'on-time', 'on-time'],
    ['2026-03-05T17:01:00+07:00', 'on-time', 'late'],
    ['2026-03-05T16:59:00Z', 'on-time', 'late'],
    ['2026-03-05T17:00:00Z', 'late', 'late'],
  ])('%s', (finishedAt, byDate, byMinute) => {
    expect(lateness(days, due, finishedAt)).toBe(byDate)
    expect(lateness({ unit: 'DAY', value: 3 }, due, finishedAt)).toBe(byDate)
    expect(lateness({ unit: 'MONTH', value: 1 }, due, finishedAt)).toBe(byDate)
    expect(lateness({ unit: 'SAME_DAY' }, due, finishedAt)).toBe(byMinute)
    expect(lateness({ unit: 'HOUR', value: 8 }, due, finishedAt)).toBe(byMinute)
  })
})

test('only an open dossier that waits for the unit can be overdue', () => {
  const later = '2026-03-06T08:00:00+07:00'
  expect(isOverdue('accepted', days, due, later)).toBe(true)
  expect(isOverdue('processing', days, due, later)).toBe(true)
  expect(isOverdue('processing', days, due, due)).toBe(false)
  expect(isOverdue('processing', days, null, later)).toBe(false)
  for (const status of ['submitted', 'not-accepted', 'awaiting-supplement', 'resolved', 'returned'] as const) {
    expect(isOverdue(status, days, due, later)).toBe(false)
  }
})

describe('an apology gives one new date, in time', () => {
  const wish = {
    dueAt: due,
    before: false,
    now: '2026-03-04T10:00:00+07:00',
    date: '2026-03-09',
    calendar: publishedCalendar(),
    hours: officeHours,
  }

  test('the day before, for a later working day: closing time of that day', () => {
    expect(reappoint(wish)).toEqual({ ok: true, value: '2026-03-09T17:00:00+07:00' })
  })

  test.each([
    ['already-reappointed', { before: true }],
    ['apology-too-late', { now: '2026-03-05T07:30:00+07:00' }],
    ['not-a-later-date', { date: '2026-03-05' }],
    ['not-a-working-day', { date: '2026-03-08' }],
    ['calendar-unknown', { date: '2028-01-04' }],
  ])('%s', (refusal, change) => {
    expect(reappoint({ ...wish, ...change })).toMatchObject({ ok: false, refusal })
  })
})
