import { describe, expect, test } from 'vitest'
import { computeDue, type Due, type DueQuestion } from '../../src/domain/deadline.ts'
import type { Hours } from '../../src/domain/calendar.ts'
import { hoursKnown, termHours } from '../../src/domain/opening-hours.ts'
import type { TimeLimit } from '../../src/domain/procedure.ts'
import { officeHours, roundTheClock } from '../../src/domain/working-time.ts'
import { publishedCalendar } from '../support/calendar.ts'

const calendar = publishedCalendar()
const at = (local: string) => `${local}:00+07:00`
const wd = (value: number): TimeLimit => ({ unit: 'WORKING_DAY', value })
const hours = (value: number): TimeLimit => ({ unit: 'HOUR', value })
const days = (value: number): TimeLimit => ({ unit: 'DAY', value })
const months = (value: number): TimeLimit => ({ unit: 'MONTH', value })
const sameDay: TimeLimit = { unit: 'SAME_DAY' }

const ask = (limit: TimeLimit, startedAt: string, more: Partial<DueQuestion> = {}) =>
  computeDue({
    limit,
    cutoff: null,
    startedAt: at(startedAt),
    pauses: [],
    outages: [],
    calendar,
    hours: officeHours,
    ...more,
  })

function due(limit: TimeLimit, startedAt: string, more: Partial<DueQuestion> = {}): Due {
  const result = ask(limit, startedAt, more)
  if (!result.ok) throw new Error(result.refusal)
  return result.value
}

describe('a term in working days ends at closing time, and no day off is counted', () => {
  test.each([
    ['a plain week', 1, '2024-03-04T08:00', '2024-03-05'],
    ['over a weekend', 5, '2024-03-04T08:00', '2024-03-11'],
    ['thirty days', 30, '2026-03-02T10:00', '2026-04-13'],
    ['Tết 2024', 1, '2024-02-07T10:00', '2024-02-15'],
    ['Tết 2024, into the next week', 3, '2024-02-07T10:00', '2024-02-19'],
    ['Hung Kings 2024', 1, '2024-04-17T10:00', '2024-04-19'],
    ['the swap of 29 April 2024', 1, '2024-04-26T10:00', '2024-05-02'],
    ['the make-up Saturday of 4 May 2024 is worked', 3, '2024-04-26T10:00', '2024-05-04'],
    ['received on a make-up Saturday', 1, '2024-05-04T10:00', '2024-05-06'],
    ['National Day 2024', 2, '2024-08-30T10:00', '2024-09-05'],
    ['New Year 2025', 1, '2024-12-31T09:00', '2025-01-02'],
    ['Tết 2025', 1, '2025-01-24T10:00', '2025-02-03'],
    ['Tết 2025, five days', 5, '2025-01-24T10:00', '2025-02-07'],
    ['Hung Kings 2025', 1, '2025-04-04T10:00', '2025-04-08'],
    ['the make-up Saturday of 26 April 2025', 1, '2025-04-25T10:00', '2025-04-26'],
    ['the swap of 2 May 2025', 5, '2025-04-25T10:00', '2025-05-06'],
    ['from the eve of the holidays of 2025', 1, '2025-04-29T10:00', '2025-05-05'],
    ['National Day 2025', 1, '2025-08-29T10:00', '2025-09-03'],
    ['24 November was worked in 2025', 1, '2025-11-21T10:00', '2025-11-24'],
    ['the swap of 2 January 2026', 1, '2025-12-31T10:00', '2026-01-05'],
    ['the make-up Saturday of 10 January 2026', 5, '2026-01-05T10:00', '2026-01-10'],
    ['Tết 2026', 10, '2026-02-04T10:00', '2026-02-25'],
    ['from the last day before Tết 2026', 1, '2026-02-13T10:00', '2026-02-23'],
    ['Hung Kings made up and the end of April 2026', 3, '2026-04-24T10:00', '2026-05-04'],
    ['the make-up Saturday of 22 August 2026', 1, '2026-08-21T10:00', '2026-08-22'],
    ['across the make-up Saturday of 22 August 2026', 7, '2026-08-20T10:00', '2026-08-28'],
    ['the swap of 31 August 2026', 3, '2026-08-27T10:00', '2026-09-04'],
    ['Vietnam Culture Day 2026', 1, '2026-11-23T10:00', '2026-11-25'],
    ['New Year 2027', 1, '2026-12-31T10:00', '2027-01-04'],
    ['Tết 2027', 25, '2027-01-20T10:00', '2027-03-03'],
    ['Hung Kings 2027', 1, '2027-04-15T10:00', '2027-04-19'],
    ['1 May 2027, made up on 3 May', 2, '2027-04-29T10:00', '2027-05-05'],
    ['National Day 2027', 1, '2027-09-01T10:00', '2027-09-06'],
    ['Vietnam Culture Day 2027', 2, '2027-11-23T10:00', '2027-11-26'],
  ])('%s', (_why, n, startedAt, date) => {
    expect(due(wd(n), startedAt).dueAt).toBe(at(`${date}T17:00`))
  })
})

describe('what comes outside of the opening hours counts from the next opening', () => {
  test.each([
    ['before opening', '2026-03-02T06:00', '2026-03-03'],
    ['within the midday break', '2026-03-02T12:15', '2026-03-03'],
    ['on the stroke of closing', '2026-03-02T17:00', '2026-03-03'],
    ['a minute after closing', '2026-03-02T17:01', '2026-03-04'],
    ['on a Friday evening', '2026-03-06T20:00', '2026-03-10'],
    ['on a Saturday', '2026-03-07T09:00', '2026-03-10'],
    ['at Tết', '2026-02-17T09:00', '2026-02-24'],
    ['on the evening of a make-up Saturday', '2026-08-22T18:00', '2026-08-25'],
  ])('%s', (_why, startedAt, date) => {
    expect(due(wd(1), startedAt).dueAt).toBe(at(`${date}T17:00`))
  })

  test('an instant in another offset is the same instant', () => {
    expect(due(wd(1), '', { startedAt: '2026-03-02T23:30:00Z' }).dueAt).toBe(at('2026-03-04T17:00'))
    expect(due(wd(1), '', { startedAt: Date.parse('2026-03-02T23:30:00Z') }).dueAt).toBe(at('2026-03-04T17:00'))
  })

  test('a unit with hours of its own closes at its own time', () => {
    expect(due(wd(1), '2026-03-02T11:55', { hours: { windows: [[480, 720]] } }).dueAt).toBe(at('2026-03-03T12:00'))
    expect(due(wd(1), '2026-03-02T12:01', { hours: { windows: [[480, 720]] } }).dueAt).toBe(at('2026-03-04T12:00'))
  })
})

describe('an in-day procedure is due the same day, and after 15:00 the next working day', () => {
  test.each([
    ['in the morning', '2026-03-02T09:00', '2026-03-02'],
    ['within the midday break', '2026-03-02T12:00', '2026-03-02'],
    ['at 15:00 exactly', '2026-03-02T15:00', '2026-03-02'],
    ['at 15:01', '2026-03-02T15:01', '2026-03-03'],
    ['in the evening', '2026-03-02T18:00', '2026-03-03'],
    ['on a Friday after 15:00', '2026-03-06T15:30', '2026-03-09'],
    ['on a Saturday', '2026-03-07T10:00', '2026-03-09'],
    ['before a make-up Saturday', '2026-08-21T16:00', '2026-08-22'],
    ['before Vietnam Culture Day', '2026-11-23T15:10', '2026-11-25'],
    ['before Tết 2027', '2027-02-03T16:00', '2027-02-11'],
  ])('%s', (_why, startedAt, date) => {
    expect(due(sameDay, startedAt, { cutoff: '15:00' }).dueAt).toBe(at(`${date}T17:00`))
  })

  test('without the cut-off, until closing time', () => {
    expect(due(sameDay, '2026-03-02T16:30').dueAt).toBe(at('2026-03-02T17:00'))
  })
})

describe('a term in hours runs only while the unit is open', () => {
  test.each([
    ['a morning', 4, '2026-03-02T07:30', '2026-03-02T11:30'],
    ['over the midday break', 2, '2026-03-02T10:30', '2026-03-02T14:30'],
    ['from within the midday break', 1, '2026-03-02T12:00', '2026-03-02T14:30'],
    ['into the next morning', 8, '2026-03-02T07:30', '2026-03-03T08:00'],
    ['over a weekend', 2, '2026-03-06T16:00', '2026-03-09T08:30'],
    ['from a Sunday', 1, '2026-03-08T12:00', '2026-03-09T08:30'],
    ['three days long', 24, '2026-03-02T08:00', '2026-03-05T09:30'],
    ['over Tết 2027', 2, '2027-02-03T16:00', '2027-02-11T08:30'],
  ])('%s', (_why, n, startedAt, end) => {
    expect(due(hours(n), startedAt).dueAt).toBe(at(end))
  })
})

describe('calendar days count every day, and an end on a day off moves to the next working day', () => {
  test.each([
    ['a plain end', 10, '2026-03-02T10:00', '2026-03-12'],
    ['an end on Saturday', 5, '2026-03-02T10:00', '2026-03-09'],
    ['an end on a make-up Saturday stays', 5, '2026-08-17T10:00', '2026-08-22'],
    ['an end on 30 April 2026', 15, '2026-04-15T10:00', '2026-05-04'],
    ['an end on the eve of Tết 2027', 30, '2027-01-04T10:00', '2027-02-03'],
    ['an end on Tết 2027', 30, '2027-01-05T10:00', '2027-02-11'],
    ['received on a Sunday', 30, '2026-10-25T10:00', '2026-11-25'],
    ['an end on Vietnam Culture Day', 29, '2026-10-26T10:00', '2026-11-25'],
    ['over the year and Tết 2025', 50, '2024-12-18T10:00', '2025-02-06'],
    ['an end on National Day 2026', 49, '2026-07-15T10:00', '2026-09-03'],
  ])('%s', (_why, n, startedAt, date) => {
    expect(due(days(n), startedAt).dueAt).toBe(at(`${date}T17:00`))
  })
})

describe('months end on the same-numbered day, or the last of the month', () => {
  test.each([
    ['31 January in a leap year', 1, '2024-01-31T10:00', '2024-02-29'],
    ['30 January, and the 28th is a Saturday', 1, '2026-01-30T10:00', '2026-03-02'],
    ['29 January, and the 28th is a Sunday', 1, '2027-01-29T10:00', '2027-03-01'],
    ['an end in the holidays of April 2024', 1, '2024-03-29T10:00', '2024-05-02'],
    ['an end on Vietnam Culture Day', 3, '2026-08-24T10:00', '2026-11-25'],
    ['half a year, and the end is a Sunday', 6, '2026-05-29T10:00', '2026-11-30'],
    ['a year', 12, '2026-02-24T10:00', '2027-02-24'],
    ['over New Year', 1, '2026-12-31T10:00', '2027-02-01'],
  ])('%s', (_why, n, startedAt, date) => {
    expect(due(months(n), startedAt).dueAt).toBe(at(`${date}T17:00`))
  })
})

type PauseOf = [clock: 'RESUME' | 'RESTART', from: string, to: string]
const paused = (...pauses: PauseOf[]) => ({
  pauses: pauses.map(([clock, from, to]) => ({ clock, from: at(from), to: at(to) })),
})

describe('a supplement stops the clock, and the procedure says how it goes on', () => {
  const cases: [why: string, limit: TimeLimit, pauses: PauseOf[], end: string][] = [
    ['goes on after five days', wd(5), [['RESUME', '2026-03-04T10:00', '2026-03-09T14:00']], '2026-03-12T17:00'],
    ['within one day nothing moves', wd(5), [['RESUME', '2026-03-04T09:00', '2026-03-04T15:00']], '2026-03-09T17:00'],
    [
      'two pauses add up',
      wd(5),
      [
        ['RESUME', '2026-03-03T10:00', '2026-03-04T10:00'],
        ['RESUME', '2026-03-06T10:00', '2026-03-09T10:00'],
      ],
      '2026-03-11T17:00',
    ],
    ['asked on the last day', wd(1), [['RESUME', '2026-03-03T16:00', '2026-03-05T09:00']], '2026-03-05T17:00'],
    ['asked when it was late already', wd(1), [['RESUME', '2026-03-04T10:00', '2026-03-06T10:00']], '2026-03-03T17:00'],
    [
      'asked late with a restart: late stays late',
      wd(1),
      [['RESTART', '2026-03-04T10:00', '2026-03-06T10:00']],
      '2026-03-03T17:00',
    ],
    [
      'counted again from the beginning',
      wd(3),
      [['RESTART', '2026-03-03T10:00', '2026-03-06T10:00']],
      '2026-03-11T17:00',
    ],
    [
      'again, and answered on a Saturday',
      wd(3),
      [['RESTART', '2026-03-03T10:00', '2026-03-07T10:00']],
      '2026-03-12T17:00',
    ],
    [
      'a restart forgets the pause before it',
      wd(3),
      [
        ['RESUME', '2026-03-03T10:00', '2026-03-04T10:00'],
        ['RESTART', '2026-03-05T10:00', '2026-03-06T10:00'],
      ],
      '2026-03-11T17:00',
    ],
    ['hours go on to the minute', hours(8), [['RESUME', '2026-03-02T09:30', '2026-03-03T09:30']], '2026-03-04T08:00'],
    ['calendar days', days(10), [['RESUME', '2026-03-05T10:00', '2026-03-09T10:00']], '2026-03-16T17:00'],
    ['a month', months(1), [['RESUME', '2026-03-10T10:00', '2026-03-13T10:00']], '2026-04-06T17:00'],
    [
      'in-day, answered the next morning',
      sameDay,
      [['RESTART', '2026-03-02T10:00', '2026-03-03T10:00']],
      '2026-03-03T17:00',
    ],
    ['in-day, answered after 15:00', sameDay, [['RESUME', '2026-03-02T10:00', '2026-03-03T15:30']], '2026-03-04T17:00'],
  ]
  test.each(cases)('%s', (_why, limit, pauses, end) => {
    const cutoff = limit === sameDay ? '15:00' : null
    expect(due(limit, '2026-03-02T07:30', { cutoff, ...paused(...pauses) }).dueAt).toBe(at(end))
  })

  test('over Tết only working days are credited', () => {
    const tet = paused(['RESUME', '2026-02-13T10:00', '2026-02-24T09:00'])
    expect(due(wd(3), '2026-02-12T09:00', tet).dueAt).toBe(at('2026-02-26T17:00'))
  })

  test('while it lasts there is no due date, and the last step says why', () => {
    const { dueAt, steps } = due(wd(5), '2026-03-02T09:00', {
      pauses: [{ clock: 'RESUME', from: at('2026-03-04T10:00'), to: null }],
    })
    expect(dueAt).toBeNull()
    expect(steps.at(-1)).toMatchObject({ rule: 'clock-stands-still', to: at('2026-03-04T10:00') })
  })
})

describe('an outage of the service never costs a day', () => {
  const down = (...outages: [from: string, to: string][]) => ({
    outages: outages.map(([from, to]) => ({ from: at(from), to: at(to) })),
  })

  const cases: [why: string, limit: TimeLimit, outages: [string, string][], end: string][] = [
    ['a whole working day is given back', wd(3), [['2026-03-03T00:00', '2026-03-04T00:00']], '2026-03-06T17:00'],
    [
      'two halves make a day',
      wd(3),
      [
        ['2026-03-03T07:30', '2026-03-03T11:30'],
        ['2026-03-04T13:30', '2026-03-04T17:00'],
      ],
      '2026-03-06T17:00',
    ],
    [
      'the same hours told twice count once',
      wd(3),
      [
        ['2026-03-03T07:30', '2026-03-03T12:00'],
        ['2026-03-03T08:00', '2026-03-03T11:00'],
      ],
      '2026-03-05T17:00',
    ],
    [
      'two hours do not let the applicant wait a day longer',
      wd(3),
      [['2026-03-03T08:00', '2026-03-03T10:00']],
      '2026-03-05T17:00',
    ],
    ['on the first day, which is not counted', wd(3), [['2026-03-02T07:30', '2026-03-02T17:00']], '2026-03-05T17:00'],
    [
      'the given back day may be lost again',
      wd(3),
      [
        ['2026-03-03T00:00', '2026-03-04T00:00'],
        ['2026-03-06T00:00', '2026-03-07T00:00'],
      ],
      '2026-03-09T17:00',
    ],
    ['on a Sunday', wd(5), [['2026-03-08T00:00', '2026-03-09T00:00']], '2026-03-09T17:00'],
    ['calendar days', days(10), [['2026-03-03T00:00', '2026-03-04T00:00']], '2026-03-13T17:00'],
    ['hours, to the minute', hours(4), [['2026-03-02T09:00', '2026-03-02T10:00']], '2026-03-02T14:30'],
    ['in-day, to the minute', sameDay, [['2026-03-02T13:30', '2026-03-02T17:00']], '2026-03-03T11:00'],
    [
      'down at the very end: the next working day',
      wd(3),
      [['2026-03-05T16:00', '2026-03-05T18:00']],
      '2026-03-06T17:00',
    ],
    ['down from the end over the weekend', wd(4), [['2026-03-06T16:59', '2026-03-09T09:00']], '2026-03-09T17:00'],
    ['down only after closing on the last day', wd(3), [['2026-03-05T17:00', '2026-03-06T07:30']], '2026-03-05T17:00'],
    ['without length', wd(3), [['2026-03-05T17:00', '2026-03-05T17:00']], '2026-03-05T17:00'],
  ]
  test.each(cases)('%s', (_why, limit, outages, end) => {
    expect(due(limit, '2026-03-02T07:30', down(...outages)).dueAt).toBe(at(end))
  })

  const inDay = { cutoff: '15:00' } as const
  test.each<[why: string, startedAt: string, outages: [string, string][], end: string]>([
    [
      'down until 15:20, received at 16:10',
      '2026-03-02T16:10',
      [['2026-03-02T14:00', '2026-03-02T15:20']],
      '2026-03-03T08:50',
    ],
    [
      'one minute after what was given back',
      '2026-03-02T16:21',
      [['2026-03-02T14:00', '2026-03-02T15:20']],
      '2026-03-03T17:00',
    ],
    [
      'down in the morning for an hour, received at 15:45',
      '2026-03-02T15:45',
      [['2026-03-02T08:00', '2026-03-02T09:00']],
      '2026-03-03T08:30',
    ],
    ['down after 15:00 only', '2026-03-02T15:05', [['2026-03-02T15:01', '2026-03-02T15:04']], '2026-03-03T17:00'],
    ['down the day before', '2026-03-03T15:30', [['2026-03-02T08:00', '2026-03-02T15:00']], '2026-03-04T17:00'],
  ])('the 15:00 of an in-day procedure moves with it: %s', (_why, startedAt, outages, end) => {
    expect(due(sameDay, startedAt, { ...inDay, ...down(...outages) }).dueAt).toBe(at(end))
  })

  test('a moved 15:00 and an outage at the end each have their step', () => {
    const moved = due(wd(1), '2026-03-02T15:30', { ...inDay, ...down(['2026-03-02T14:00', '2026-03-02T15:00']) })
    expect(moved.dueAt).toBe(at('2026-03-03T17:00'))
    expect(moved.steps.map(({ rule }) => rule)).toEqual([
      'clock-starts',
      'cutoff-moved-by-outage',
      'first-day-not-counted',
      'working-days-counted',
    ])
    expect(due(wd(1), '2026-03-02T09:00', down(['2026-03-03T16:00', '2026-03-03T18:00'])).steps.at(-1)).toMatchObject({
      rule: 'due-within-outage',
      from: at('2026-03-03T17:00'),
      to: at('2026-03-04T17:00'),
    })
  })

  test('within a pause it is not credited twice', () => {
    const pause = paused(['RESUME', '2026-03-04T10:00', '2026-03-09T14:00'])
    expect(due(wd(5), '2026-03-02T09:00', { ...pause, ...down(['2026-03-05T00:00', '2026-03-06T00:00']) }).dueAt).toBe(
      at('2026-03-12T17:00'),
    )
  })

  test('a term of the applicant is rounded up: any lost hour gives a day', () => {
    const lost = down(['2026-03-03T08:00', '2026-03-03T10:00'])
    expect(due(wd(3), '2026-03-02T07:30', { ...lost, hours: roundTheClock, bound: 'applicant' }).dueAt).toBe(
      at('2026-03-06T23:59'),
    )
  })
})

describe('a term of the applicant runs until midnight', () => {
  test('seven working days to complete a dossier', () => {
    expect(due(wd(7), '2026-03-02T18:00', { hours: roundTheClock, bound: 'applicant' }).dueAt).toBe(
      at('2026-03-11T23:59'),
    )
  })

  test('sixty days that end on 1 May', () => {
    expect(due(days(60), '2026-03-02T18:00', { hours: roundTheClock, bound: 'applicant' }).dueAt).toBe(
      at('2026-05-04T23:59'),
    )
  })
})

describe('what is not known is not guessed', () => {
  test.each([
    ['a start before the calendar', wd(1), '2023-12-29T10:00'],
    ['a start after the calendar', wd(1), '2028-01-04T10:00'],
    ['a start on the day off that ends the calendar year before it', hours(1), '2023-12-31T10:00'],
    ['working days that run out of the calendar', wd(5), '2027-12-30T10:00'],
    ['calendar days that run out of it', days(30), '2027-12-15T10:00'],
    ['months that run out of it', months(2), '2027-11-15T10:00'],
    ['an hour too many on the last day', hours(2), '2027-12-31T16:30'],
    ['an in-day procedure after 15:00 on the last day', sameDay, '2027-12-31T16:30'],
  ])('%s is refused', (_why, limit, startedAt) => {
    const result = ask(limit, startedAt, { cutoff: limit === sameDay ? '15:00' : null })
    expect(result).toMatchObject({ ok: false, refusal: 'calendar-unknown' })
    expect(!result.ok && result.because?.detail?.en).toContain('from 2024-01-01 to 2027-12-31')
  })

  test('a pause that ends beyond the calendar is refused', () => {
    expect(ask(wd(5), '2027-12-20T10:00', paused(['RESUME', '2027-12-22T10:00', '2028-01-05T10:00']))).toMatchObject({
      ok: false,
    })
    expect(ask(wd(5), '2027-12-20T10:00', paused(['RESTART', '2027-12-22T10:00', '2028-01-05T10:00']))).toMatchObject({
      ok: false,
    })
  })

  test('a limit in words has no due date and tells the words', () => {
    const text = { vi: 'Theo kế hoạch tuyển sinh hằng năm', en: 'By the yearly enrolment plan' }
    expect(due({ unit: 'OTHER', text }, '2026-03-02T10:00')).toMatchObject({
      dueAt: null,
      steps: [{ rule: 'no-fixed-limit', text }],
    })
  })

  test('a time without an offset is a fault, not a guess', () => {
    for (const startedAt of ['2026-03-02T10:00:00', '2026-03-02', 'tomorrow', Number.NaN]) {
      expect(() => due(wd(1), '', { startedAt })).toThrow(RangeError)
    }
  })

  test('a unit that never opens is a fault', () => {
    expect(() => due(wd(1), '2026-03-02T10:00', { hours: { windows: [] } })).toThrow(RangeError)
  })
})

describe('each due date can be explained', () => {
  test('a dossier handed in elsewhere, in the words of the person who waits', () => {
    const { steps } = due(days(15), '2026-04-15T12:00', { handedInAt: at('2026-04-14T16:00') })
    expect(steps.map(({ rule, from, to }) => [rule, from.slice(0, 16), to.slice(0, 16)])).toEqual([
      ['competent-unit-receives', '2026-04-14T16:00', '2026-04-15T12:00'],
      ['clock-starts', '2026-04-15T12:00', '2026-04-15T12:00'],
      ['outside-opening-hours', '2026-04-15T12:00', '2026-04-15T13:30'],
      ['first-day-not-counted', '2026-04-15T13:30', '2026-04-16T00:00'],
      ['calendar-days-counted', '2026-04-16T00:00', '2026-04-30T17:00'],
      ['rolled-to-working-day', '2026-04-30T17:00', '2026-05-04T17:00'],
    ])
    expect(steps.at(-1)).toMatchObject({
      clause: { en: 'Civil Code 91/2015/QH13 art. 148(5)' },
      text: {
        vi: 'Vì thứ Năm 30/04/2026 là ngày nghỉ, hạn là hết giờ làm việc thứ Hai 04/05/2026, ngày làm việc tiếp theo.',
        en: 'Thursday 30 April 2026 is a day off, so it is due by closing time on the next working day, Monday 4 May 2026.',
      },
    })
  })

  test('the days that depart from the plain week are named', () => {
    expect(due(wd(7), '2026-08-20T10:00').steps.at(-1)?.text.en).toBe(
      '7 working days: until closing time on Friday 28 August 2026. Saturdays and Sundays are not counted; the make-up working day 22 August is.',
    )
    expect(due(wd(3), '2026-04-24T10:00').steps.at(-1)?.text.vi).toBe(
      '3 ngày làm việc: đến hết giờ làm việc thứ Hai 04/05/2026. Không tính thứ Bảy, Chủ nhật và ngày nghỉ 27/04, 30/04, 01/05.',
    )
  })

  test('supplement, late pause, cut-off and outage each have their step', () => {
    const rules = (limit: TimeLimit, startedAt: string, more: Partial<DueQuestion>) =>
      due(limit, startedAt, more).steps.map((step) => step.rule)
    expect(
      rules(
        wd(3),
        '2026-03-02T09:00',
        paused(['RESTART', '2026-03-03T10:00', '2026-03-06T10:00'], ['RESUME', '2026-03-20T10:00', '2026-03-23T10:00']),
      ),
    ).toEqual([
      'clock-starts',
      'first-day-not-counted',
      'working-days-counted',
      'count-restarted',
      'clock-starts',
      'first-day-not-counted',
      'working-days-counted',
      'pause-after-due',
    ])
    expect(
      rules(sameDay, '2026-03-02T16:00', {
        cutoff: '15:00',
        outages: [{ from: at('2026-03-03T08:00'), to: at('2026-03-03T08:10') }],
      }),
    ).toEqual(['clock-starts', 'after-cutoff', 'same-day', 'outage-not-counted'])
    expect(rules(hours(2), '2026-03-02T09:00', paused(['RESUME', '2026-03-02T09:10', '2026-03-02T09:20']))).toEqual([
      'clock-starts',
      'hours-counted',
      'pause-not-counted',
    ])
    expect(rules(wd(2), '2026-03-02T09:00', { bound: 'applicant' })[0]).toBe('term-of-the-applicant-starts')
    expect(rules(months(2), '2026-03-02T09:00', {})).toContain('months-counted')
  })
})

describe('opening hours are those of the day', () => {
  const winter = {
    windows: officeHours.windows,
    later: [{ from: '2026-03-03', windows: [[480, 720] as const, [810, 1050] as const] }],
  }
  test.each<[string, TimeLimit, string, string]>([
    ['the last day closes when it closes', wd(1), '2026-03-02T09:00', '2026-03-03T17:30'],
    ['before the change as before', wd(1), '2026-02-26T09:00', '2026-02-27T17:00'],
    ['hours across the change', hours(8), '2026-03-02T16:00', '2026-03-03T16:30'],
    ['in-day', sameDay, '2026-03-03T10:00', '2026-03-03T17:30'],
    ['in after the old closing and before the new', wd(1), '2026-03-03T17:15', '2026-03-04T17:30'],
    ['before the new opening', hours(1), '2026-03-03T07:40', '2026-03-03T09:00'],
  ])('%s', (_why, limit, startedAt, end) => {
    expect(due(limit, startedAt, { hours: winter }).dueAt).toBe(at(end))
  })
})

describe('opening hours may differ by weekday', () => {
  /** 2 March 2026 is a Monday. Fridays until noon, Thursdays until the evening, Saturday mornings. */
  const week: Hours = {
    windows: officeHours.windows,
    weekdays: {
      thursday: [[450, 690] as const, [810, 1140] as const],
      friday: [[450, 690] as const],
      saturday: [[480, 660] as const],
    },
  }
  const weekday = { hours: week }

  test.each<[string, TimeLimit, string, string]>([
    ['a term closes when that weekday closes', wd(1), '2026-03-05T09:00', '2026-03-06T11:30'],
    ['an evening weekday', wd(3), '2026-03-02T09:00', '2026-03-05T19:00'],
    [
      'in after Friday noon, and Saturday opens: the Saturday is the first day',
      wd(1),
      '2026-03-06T12:00',
      '2026-03-09T17:00',
    ],
    ['in on Saturday morning, likewise', wd(1), '2026-03-07T09:00', '2026-03-09T17:00'],
    ['in after Saturday noon: the next opening is Monday', wd(1), '2026-03-07T11:01', '2026-03-10T17:00'],
    ['a Saturday on which it opens is no working day', wd(2), '2026-03-05T09:00', '2026-03-09T17:00'],
    ['calendar days that end on it roll to Monday', days(5), '2026-03-02T09:00', '2026-03-09T17:00'],
    ['a month that ends on it rolls to Monday', months(1), '2026-02-07T09:00', '2026-03-09T17:00'],
    ['hours run on Saturday morning', hours(2), '2026-03-06T10:30', '2026-03-07T09:00'],
    ['hours over a short Friday and a Saturday', hours(8), '2026-03-06T07:30', '2026-03-09T08:30'],
    ['hours in on Sunday', hours(1), '2026-03-08T09:00', '2026-03-09T08:30'],
    ['in-day on Friday is due at noon', sameDay, '2026-03-06T09:00', '2026-03-06T11:30'],
    ['in-day on Saturday has the next working day', sameDay, '2026-03-07T09:00', '2026-03-09T17:00'],
    ['in-day after Friday noon, likewise', sameDay, '2026-03-06T13:00', '2026-03-09T17:00'],
    ['in-day until the evening', sameDay, '2026-03-05T18:30', '2026-03-05T19:00'],
  ])('%s', (_why, limit, startedAt, end) => {
    expect(due(limit, startedAt, weekday).dueAt).toBe(at(end))
  })

  test.each<[string, TimeLimit, string, string]>([
    [
      'a make-up Saturday is a whole working day, whatever Saturdays are',
      wd(1),
      '2026-08-21T09:00',
      '2026-08-22T17:00',
    ],
    ['and takes in until it closes', hours(1), '2026-08-22T16:30', '2026-08-24T08:00'],
    ['the Saturday within Tết stays closed', hours(1), '2027-02-06T09:00', '2027-02-11T08:30'],
    ['the one before Tết 2026 too', hours(1), '2026-02-14T09:00', '2026-02-23T08:30'],
    ['1 May on a Saturday, made up on Monday', wd(1), '2027-05-01T09:00', '2027-05-05T17:00'],
    ['a holiday on a weekday with hours of its own', wd(1), '2026-04-29T09:00', '2026-05-04T17:00'],
    ['after 15:00 on Thursday: Friday, until noon', sameDay, '2026-03-05T15:01', '2026-03-06T11:30'],
    ['after 15:00 before a make-up Saturday', sameDay, '2026-08-20T16:00', '2026-08-21T11:30'],
  ])('holidays, swaps and the 15:00 rule stay what they are: %s', (_why, limit, startedAt, end) => {
    expect(due(limit, startedAt, { ...weekday, cutoff: limit === sameDay ? '15:00' : null }).dueAt).toBe(at(end))
  })

  const down = (from: string, to: string) => ({ ...weekday, outages: [{ from: at(from), to: at(to) }] })
  test.each<[string, TimeLimit, ReturnType<typeof down>, string]>([
    ['a whole short Friday is a day', wd(5), down('2026-03-06T00:00', '2026-03-07T00:00'), '2026-03-10T17:00'],
    ['half of it is none', wd(5), down('2026-03-06T07:30', '2026-03-06T09:30'), '2026-03-09T17:00'],
    ['its hours are no long day', wd(3), down('2026-03-03T07:30', '2026-03-03T11:30'), '2026-03-05T19:00'],
    [
      'on Saturday morning nothing of a term in days is lost',
      wd(5),
      down('2026-03-07T00:00', '2026-03-08T00:00'),
      '2026-03-09T17:00',
    ],
    ['of one in hours it is', hours(37), down('2026-03-07T08:00', '2026-03-07T10:00'), '2026-03-07T11:00'],
  ])('outages: %s', (_why, limit, more, end) => {
    expect(due(limit, '2026-03-02T07:30', more).dueAt).toBe(at(end))
  })

  test.each<[string, TimeLimit, PauseOf[], string]>([
    [
      'asked on Friday, answered on Saturday morning',
      wd(4),
      [['RESUME', '2026-03-06T09:00', '2026-03-07T09:00']],
      '2026-03-09T17:00',
    ],
    ['asked on Saturday morning', wd(5), [['RESUME', '2026-03-07T09:00', '2026-03-10T09:00']], '2026-03-11T17:00'],
    [
      'counted again from a Saturday morning',
      wd(2),
      [['RESTART', '2026-03-03T09:00', '2026-03-07T09:00']],
      '2026-03-10T17:00',
    ],
    ['hours go on on Saturday', hours(4), [['RESUME', '2026-03-02T09:30', '2026-03-07T09:00']], '2026-03-07T11:00'],
  ])('pauses: %s', (_why, limit, pauses, end) => {
    expect(due(limit, '2026-03-02T07:30', { ...weekday, ...paused(...pauses) }).dueAt).toBe(at(end))
  })

  test('from the day on from which they were told', () => {
    const later = { windows: officeHours.windows, later: [{ ...week, from: '2026-03-09' }] }
    expect(due(wd(1), '2026-03-05T09:00', { hours: later }).dueAt).toBe(at('2026-03-06T17:00'))
    expect(due(wd(1), '2026-03-12T09:00', { hours: later }).dueAt).toBe(at('2026-03-13T11:30'))
    expect(due(hours(1), '2026-03-07T09:00', { hours: later }).dueAt).toBe(at('2026-03-09T08:30'))
  })

  test('the steps name the hours of such a day, and that a Saturday is no working day', () => {
    const { steps } = due(sameDay, '2026-03-06T13:00', weekday)
    expect(steps.map(({ rule, to }) => [rule, to.slice(0, 16)])).toEqual([
      ['clock-starts', '2026-03-06T13:00'],
      ['outside-opening-hours', '2026-03-07T08:00'],
      ['same-day', '2026-03-07T11:00'],
      ['rolled-to-working-day', '2026-03-09T17:00'],
    ])
    expect(steps[1]?.text).toEqual({
      vi: 'Thời điểm đó là sau giờ đóng cửa, nên tính từ lúc mở cửa 08:00 thứ Bảy 07/03/2026. Giờ mở cửa thứ Sáu 06/03/2026: 07:30–11:30.',
      en: 'That is after closing time, so it counts from the next opening at 08:00 on Saturday 7 March 2026. Opening hours on Friday 6 March 2026: 07:30–11:30.',
    })
    expect(due(wd(1), '2026-03-05T09:00', weekday).steps.at(-1)?.text.en).toContain(
      'Opening hours on Friday 6 March 2026: 07:30–11:30.',
    )
    expect(due(wd(1), '2026-03-03T09:00', weekday).steps.at(-1)?.text.en).not.toContain('Opening hours')
  })

  test('a weekday without windows is a fault: a working day is one for every unit', () => {
    expect(() => due(wd(1), '2026-03-02T10:00', { hours: { ...week, weekdays: { monday: [] } } })).toThrow(RangeError)
  })
})

describe('what was told of opening hours is a ledger', () => {
  const told = (version: number, from: string, closes: number, recordedAt: string | null = at('2026-02-01T09:00')) => ({
    version,
    from,
    windows: [[450, closes] as const],
    source: 'Made up for a test',
    recordedAt,
  })
  const ledger = [told(1, '2026-03-03', 960, null), told(2, '2026-03-03', 900), told(3, '2026-03-02', 840)]
  const closes = (known: number | undefined) =>
    due(wd(1), '2026-03-02T09:00', { hours: hoursKnown(ledger, known) }).dueAt

  test('of several about one date the last that is known holds; a later one about an earlier date does not', () => {
    expect([0, 1, 2, 3, Infinity].map(closes)).toEqual(
      ['17:00', '16:00', '15:00', '15:00', '15:00'].map((time) => at(`2026-03-03T${time}`)),
    )
    expect(closes(undefined)).toBe(at('2026-03-03T16:00'))
    expect(hoursKnown([], 7)).toBe(officeHours)
  })

  test('a term keeps to what was known at its start, and from a restart on to what was known then', () => {
    const asked = (clock: 'RESTART' | 'RESUME') => {
      const how = clock === 'RESTART' ? { clock, knownHours: 2 } : { clock }
      const pauses = [{ from: at('2026-03-03T15:30'), to: at('2026-03-04T08:00'), ...how }]
      return due(wd(1), '2026-03-02T09:00', termHours(ledger, { knownHours: 1, pauses })).dueAt
    }
    expect(asked('RESUME')).toBe(at('2026-03-04T16:00'))
    // Asked at 15:30, in time by the hours of the start (16:00), whatever was told since of that day.
    expect(asked('RESTART')).toBe(at('2026-03-05T15:00'))
  })
})
