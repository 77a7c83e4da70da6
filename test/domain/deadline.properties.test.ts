import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateText, dayNumber, dayOf, minuteOf, weekday } from '../../src/domain/civil-date.ts'
import { computeDue, type Due, type DueQuestion } from '../../src/domain/deadline.ts'
import type { TimeLimit } from '../../src/domain/procedure.ts'
import { type Hours, type Weekday, weekdays, type Windows } from '../../src/domain/calendar.ts'
import { windowsOn } from '../../src/domain/opening-hours.ts'
import {
  arrival,
  closing,
  isWorkingDay,
  minuteAfterOpen,
  officeHours,
  opening,
  openMinutesUntil,
  roundTheClock,
  workingDayAfter,
  workingDaysUpTo,
  type WorkingTime,
  workingTime,
} from '../../src/domain/working-time.ts'
import { publishedCalendar } from '../support/calendar.ts'
import { partOf } from '../support/exhaustive.ts'

const calendar = publishedCalendar()
const time = workingTime(calendar, officeHours)
const first = Date.parse('2024-01-02T00:00:00+07:00')
const minutes = 3 * 365 * 1440
const runs = { numRuns: partOf(2000) }

/** Minutes of 2024 to 2026, and of the year after the start: every term ends within the calendar. */
const start = fc.integer({ min: 0, max: minutes - 400 * 1440 })
const instant = (minute: number) => first + minute * 60_000

const limit: fc.Arbitrary<TimeLimit> = fc.oneof(
  fc.constant<TimeLimit>({ unit: 'SAME_DAY' }),
  fc.record({ unit: fc.constant('HOUR' as const), value: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ unit: fc.constant('WORKING_DAY' as const), value: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ unit: fc.constant('DAY' as const), value: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ unit: fc.constant('MONTH' as const), value: fc.integer({ min: 1, max: 3 }) }),
)
/** One to three windows of a day, half an hour at least, from 05:00 to 22:00; one begins before 15:00, or nobody would be in time. */
const windows: fc.Arbitrary<Windows> = fc
  .uniqueArray(fc.integer({ min: 10, max: 44 }), { minLength: 2, maxLength: 6 })
  .map((all) => all.map((half) => half * 30).toSorted((a, b) => a - b))
  .map((all) =>
    Array.from({ length: Math.floor(all.length / 2) }, (_, n) => [all[2 * n] ?? 0, all[2 * n + 1] ?? 0] as const),
  )
  .filter(([first]) => first !== undefined && first[0] < 900)
/** Any weekdays may have windows of their own; whether it opens on Saturdays and Sundays is one of the questions. */
const week: fc.Arbitrary<Hours> = fc.record({
  windows,
  weekdays: fc.dictionary(fc.constantFrom<Weekday>(...weekdays), windows, { maxKeys: 7 }),
})
const terms = fc.record({
  limit,
  cutoff: fc.constantFrom<null | '15:00'>(null, '15:00'),
  hours: fc.oneof(fc.constantFrom<Hours>(officeHours, roundTheClock, { windows: [[480, 720]] }), week),
  bound: fc.constantFrom<'unit' | 'applicant'>('unit', 'applicant'),
})
type Terms = typeof terms extends fc.Arbitrary<infer T> ? T : never

const spans = fc.array(fc.tuple(fc.integer({ min: -2000, max: 60_000 }), fc.integer({ min: 0, max: 8000 })), {
  maxLength: 5,
})
const outagesAfter = (minute: number, lengths: [number, number][]) =>
  lengths.map(([after, length]) => ({ from: instant(minute + after), to: instant(minute + after + length) }))

const pause = fc.record({
  after: fc.integer({ min: 0, max: 60_000 }),
  length: fc.integer({ min: 1, max: 30_000 }),
  clock: fc.constantFrom<'RESTART' | 'RESUME'>('RESTART', 'RESUME'),
})
type PauseOf = typeof pause extends fc.Arbitrary<infer T> ? T : never
const pauseAfter = (minute: number, { after, length, clock }: PauseOf) => ({
  from: instant(minute + after),
  to: instant(minute + after + length),
  clock,
})

function due(terms: Terms, startedAt: number, more: Partial<DueQuestion> = {}): { at: number; steps: Due['steps'] } {
  const result = computeDue({ ...terms, startedAt, pauses: [], outages: [], calendar, ...more })
  if (!result.ok || result.value.dueAt === null) throw new Error('no due date')
  return { at: Date.parse(result.value.dueAt), steps: result.value.steps }
}

test('who hands in later is never due earlier', () => {
  fc.assert(
    fc.property(terms, start, fc.integer({ min: 0, max: 20_000 }), (terms, minute, later) => {
      expect(due(terms, instant(minute + later)).at).toBeGreaterThanOrEqual(due(terms, instant(minute)).at)
    }),
    runs,
  )
})

test('with the same outages and pauses neither, but for months, where the 28th to the 31st may share their end', () => {
  fc.assert(
    fc.property(
      terms,
      start,
      fc.integer({ min: 0, max: 20_000 }),
      spans,
      pause,
      (terms, minute, later, lengths, one) => {
        fc.pre(terms.limit.unit !== 'MONTH')
        const more = { outages: outagesAfter(minute, lengths), pauses: [pauseAfter(minute, one)] }
        expect(due(terms, instant(minute + later), more).at).toBeGreaterThanOrEqual(
          due(terms, instant(minute), more).at,
        )
      },
    ),
    runs,
  )
})

/** Said once more, without sums: of a working day, or of a weekend day with windows of its own that is not beside a day off. */
function windowsOf(hours: Hours, day: number): Windows {
  const date = dateText(day)
  const windows = windowsOn(hours, date, calendar.makeupWorkdays.has(date))
  if (isWorkingDay(time, day)) return windows
  const [beside, own] =
    weekday(day) === 6 ? [[-1, 2], hours.weekdays?.saturday] : [[-2, 1], weekday(day) === 0 && hours.weekdays?.sunday]
  return own && !beside.some((days) => calendar.daysOff.has(dateText(day + days))) ? windows : []
}
const isOpen = (hours: Hours, minute: number) =>
  windowsOf(hours, dayOf(minute)).some(([from, to]) => from < minute % 1440 && minute % 1440 <= to)

test('a due date is never before its start, never while the unit is closed, and of a term in days never on a day off', () => {
  fc.assert(
    fc.property(terms, start, spans, pause, fc.boolean(), (terms, minute, lengths, one, isPaused) => {
      const pauses = isPaused ? [pauseAfter(minute, one)] : []
      const { at } = due(terms, instant(minute), { outages: outagesAfter(minute, lengths), pauses })
      expect(at).toBeGreaterThanOrEqual(instant(minute))
      expect(isOpen(terms.hours, minuteOf(at))).toBe(true)
      if (terms.limit.unit !== 'HOUR' && terms.limit.unit !== 'SAME_DAY')
        expect(isWorkingDay(time, dayOf(minuteOf(at)))).toBe(true)
    }),
    runs,
  )
})

test('the first day is not counted: a term in days ends on a later day', () => {
  fc.assert(
    fc.property(terms, start, (terms, minute) => {
      fc.pre(terms.limit.unit !== 'SAME_DAY' && terms.limit.unit !== 'HOUR')
      expect(dayOf(minuteOf(due(terms, instant(minute)).at))).toBeGreaterThan(dayOf(minuteOf(instant(minute))))
    }),
    runs,
  )
})

test('a term of n working days has n working days between its first day and its end', () => {
  fc.assert(
    fc.property(start, fc.integer({ min: 1, max: 60 }), (minute, value) => {
      const terms: Terms = { limit: { unit: 'WORKING_DAY', value }, cutoff: null, hours: officeHours, bound: 'unit' }
      const { at, steps } = due(terms, instant(minute))
      const firstDay = steps.find((step) => step.rule === 'first-day-not-counted')?.from.slice(0, 10) ?? ''
      let counted = 0
      for (let day = dayNumber(firstDay) + 1; day <= dayOf(minuteOf(at)); day++) {
        const date = dateText(day)
        const weekend = [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay())
        if (calendar.makeupWorkdays.has(date) || (!weekend && !calendar.daysOff.has(date))) counted++
      }
      expect(counted).toBe(value)
    }),
    runs,
  )
})

test('an outage never makes it earlier, and more of an outage neither, unless it moves the cut-off of the first day', () => {
  fc.assert(
    fc.property(terms, start, spans, spans, (asked, minute, some, more) => {
      const terms = { ...asked, cutoff: null }
      const bare = due(terms, instant(minute)).at
      const one = due(terms, instant(minute), { outages: outagesAfter(minute, some) }).at
      const both = due(terms, instant(minute), { outages: outagesAfter(minute, [...some, ...more]) }).at
      expect(one).toBeGreaterThanOrEqual(bare)
      expect(both).toBeGreaterThanOrEqual(one)
    }),
    runs,
  )
})

test('an outage without length, or wholly outside of the opening hours, changes nothing', () => {
  const nights = fc.array(fc.tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 869 })), { maxLength: 4 })
  fc.assert(
    fc.property(limit, fc.constantFrom<null | '15:00'>(null, '15:00'), start, nights, (limit, cutoff, minute, some) => {
      const terms: Terms = { limit, cutoff, hours: officeHours, bound: 'unit' }
      const plain = due(terms, instant(minute))
      const day = dayOf(minuteOf(instant(minute)))
      const asleep = some.map(([n, length]) => {
        const closes = instantOfMinute(closing(time, day + n))
        return { from: closes, to: closes + length * 60_000 }
      })
      const momentary = some.map(([n, within]) => {
        const at = instantOfMinute(opening(time, day + n) + within)
        return { from: at, to: at }
      })
      expect(due(terms, instant(minute), { outages: [...asleep, ...momentary] })).toEqual(plain)
    }),
    runs,
  )
})

test('no term in days ends while the service is down', () => {
  fc.assert(
    fc.property(terms, start, spans, (terms, minute, lengths) => {
      fc.pre(terms.limit.unit !== 'HOUR' && terms.limit.unit !== 'SAME_DAY')
      const outages = outagesAfter(minute, lengths)
      const { at } = due(terms, instant(minute), { outages })
      expect(outages.filter(({ from, to }) => from < at && at <= to)).toEqual([])
    }),
    runs,
  )
})

/** Longer mornings, then shorter days: within the year after the start. */
const changing = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 60 })).map(([after, next]) => ({
  after,
  next,
}))
const dated = (minute: number, { after, next }: { after: number; next: number }): Hours => {
  const day = dayOf(minuteOf(instant(minute))) + after
  return {
    windows: officeHours.windows,
    later: [
      { from: dateText(day), windows: [[420, 720] as const, [780, 1050] as const] },
      { from: dateText(day + next), windows: [[480, 660] as const] },
    ],
  }
}

test('opening hours that change on the way: later is never earlier, and it ends while the unit is open that day', () => {
  fc.assert(
    fc.property(terms, start, fc.integer({ min: 0, max: 20_000 }), changing, (asked, minute, later, change) => {
      const terms = { ...asked, hours: dated(minute, change) }
      const { at } = due(terms, instant(minute))
      expect(due(terms, instant(minute + later)).at).toBeGreaterThanOrEqual(at)
      const inDay = minuteOf(at) % 1440
      const windows = windowsOf(terms.hours, dayOf(minuteOf(at)))
      expect(windows.some(([opens, closes]) => opens < inDay && inDay <= closes)).toBe(true)
    }),
    runs,
  )
})

test('hours counted across a change, and over the weekdays, are hours in which the unit was open', () => {
  fc.assert(
    fc.property(
      start,
      fc.integer({ min: 1, max: 100 }),
      changing,
      week,
      fc.boolean(),
      (minute, value, change, own, changes) => {
        const hours = changes ? dated(minute, change) : own
        const { at } = due({ limit: { unit: 'HOUR', value }, cutoff: null, hours, bound: 'unit' }, instant(minute))
        const [from, to] = [minuteOf(instant(minute)), minuteOf(at)]
        let open = 0
        for (let day = dayOf(from); day <= dayOf(to); day++)
          for (const [opens, closes] of windowsOf(hours, day))
            open += Math.max(0, Math.min(day * 1440 + closes, to) - Math.max(day * 1440 + opens, from))
        expect(open).toBe(value * 60)
      },
    ),
    runs,
  )
})

const counted = (time: WorkingTime, minute: number) => dayOf(arrival(time, minute).at)

/** Where the start would have had to lie for the same due date without the pause; undefined where no working day is there. */
function shiftedStart(
  time: WorkingTime,
  { unit }: TimeLimit,
  start: number,
  from: number,
  to: number,
): number | undefined {
  if (unit === 'HOUR')
    return minuteAfterOpen(
      time,
      openMinutesUntil(time, start) + openMinutesUntil(time, to) - openMinutesUntil(time, from),
    )
  const [first, last] = [counted(time, from), counted(time, to)]
  if (unit === 'DAY') {
    const shifted = dayOf(start) + last - first
    return isWorkingDay(time, shifted) ? opening(time, shifted) : undefined
  }
  const days = workingDaysUpTo(time, last) - workingDaysUpTo(time, first)
  return days === 0 ? start : opening(time, workingDayAfter(time, dayOf(start), days))
}

test('pausing and resuming equals a start that was shifted by the pause, whatever the weekdays are', () => {
  fc.assert(
    fc.property(limit, start, pause, fc.oneof(fc.constant(officeHours), week), (limit, minute, one, hours) => {
      fc.pre(limit.unit !== 'MONTH')
      const time = workingTime(calendar, hours)
      const terms: Terms = { limit, cutoff: null, hours, bound: 'unit' }
      const begins = arrival(time, minuteOf(instant(minute))).at
      const { from, to } = pauseAfter(minute, one)
      const plain = due(terms, instant(minute)).at
      fc.pre(limit.unit === 'HOUR' ? from < plain : from <= plain)
      fc.pre(limit.unit !== 'DAY' || counted(time, minuteOf(from)) <= dayOf(begins) + limit.value)
      const shifted = shiftedStart(time, limit, begins, Math.max(minuteOf(from), begins), minuteOf(to))
      fc.pre(shifted !== undefined)
      const paused = due(terms, instant(minute), { pauses: [{ from, to, clock: 'RESUME' }] }).at
      // Answered on a weekend day on which it opens, on the last day of the term: it goes on until the next working day closes.
      const rest = limit.unit === 'HOUR' ? 0 : closing(time, workingDayAfter(time, counted(time, minuteOf(to)), 0))
      expect(paused).toBe(Math.max(due(terms, instantOfMinute(shifted)).at, instantOfMinute(rest)))
    }),
    runs,
  )
})
const instantOfMinute = (minute: number) => (minute - 7 * 60) * 60_000

test('a pause leaves time after it: who was in time before is in time when the clock goes on', () => {
  fc.assert(
    fc.property(terms, start, pause, spans, (terms, minute, one, lengths) => {
      const [pauses, outages] = [[pauseAfter(minute, one)], outagesAfter(minute, lengths)]
      fc.pre(instant(minute + one.after) < due(terms, instant(minute), { outages }).at)
      expect(due(terms, instant(minute), { pauses, outages }).at).toBeGreaterThanOrEqual(pauses[0]?.to ?? Infinity)
    }),
    runs,
  )
})

test('a pause that began when it was late already moves nothing', () => {
  fc.assert(
    fc.property(terms, start, pause, (terms, minute, { length, after, clock }) => {
      const plain = due(terms, instant(minute)).at
      const from = plain + (after + 1) * 60_000
      expect(due(terms, instant(minute), { pauses: [{ from, to: from + length * 60_000, clock }] }).at).toBe(plain)
    }),
    runs,
  )
})

test('a restart equals a first start at the moment of completion', () => {
  fc.assert(
    fc.property(terms, start, pause, (terms, minute, one) => {
      const { from, to } = pauseAfter(minute, one)
      fc.pre(from < due(terms, instant(minute)).at)
      const begins = arrival(workingTime(calendar, terms.hours), minuteOf(instant(minute))).at
      fc.pre(to > instantOfMinute(begins))
      const restarted = due(terms, instant(minute), { pauses: [{ from, to, clock: 'RESTART' }] })
      expect(restarted.at).toBe(due(terms, to).at)
    }),
    runs,
  )
})

test('the steps lead from the start to the due date without a gap, in words without a hole', () => {
  fc.assert(
    fc.property(terms, start, spans, pause, (terms, minute, lengths, one) => {
      const more = {
        handedInAt: instant(minute - 500),
        pauses: [pauseAfter(minute, one)],
        outages: outagesAfter(minute, lengths),
      }
      const { at, steps } = due(terms, instant(minute), more)
      const froms = steps.map((step) => Date.parse(step.from))
      const tos = steps.map((step) => Date.parse(step.to))
      expect(froms).toEqual([instant(minute - 500), ...tos.slice(0, -1)])
      expect(tos.at(-1)).toBe(at)
      for (const { text } of steps) expect(`${text.vi}${text.en}`).not.toMatch(/undefined|NaN|null|no date|no time/)
    }),
    runs,
  )
})

test('whoever asks, the answer is a due date or a clear refusal', () => {
  fc.assert(
    fc.property(terms, fc.integer({ min: -4_000_000, max: 8_000_000 }), spans, pause, (terms, minute, lengths, one) => {
      const more = { pauses: [pauseAfter(minute, one)], outages: outagesAfter(minute, lengths) }
      const result = computeDue({ ...terms, startedAt: instant(minute), calendar, ...more })
      if (result.ok) expect(result.value.dueAt).toMatch(/^202[4-7]-\d\d-\d\dT\d\d:\d\d:00\+07:00$/)
      else expect(result.refusal).toBe('calendar-unknown')
    }),
    runs,
  )
})
