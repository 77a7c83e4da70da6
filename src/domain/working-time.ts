// When a unit works: the calendar of working days and the opening windows of a day, as prefix sums, so that a term of
// any length is one look-up. Days and minutes are the numbers of civil-date.ts; NaN stands for "the calendar does not say".
import type { Calendar, Hours, Windows } from './calendar.ts'
import { dayMinutes, dayNumber, dayOf, weekday } from './civil-date.ts'

/** Eras are in order, and the first reaches back for ever. */
export type WorkingTime = { days: WorkingDays; eras: readonly [Era, ...Era[]] }

/** Days that share their opening windows. */
type Era = {
  first: number
  windows: Windows
  /** First opening and last closing, minutes after midnight. */
  opens: number
  closes: number
  /** Open minutes of a working day. */
  perDay: number
  /** Working days and open minutes of the calendar before it. */
  daysBefore: number
  openBefore: number
}

export type WorkingDays = {
  first: number
  last: number
  /** How many working days lie from `first` up to and including `first + index`. */
  count: Int32Array
  /** The working days themselves, in order. */
  list: Int32Array
  /** What departs from the plain week, in order: weekdays off, and weekend days worked in exchange. */
  daysOff: readonly number[]
  makeupDays: readonly number[]
}

/** Where a unit has set no hours of its own: 07:30–11:30 and 13:30–17:00. */
export const officeHours: Hours = {
  windows: [
    [450, 690],
    [810, 1020],
  ],
}

/** A citizen may act at any hour of a working day: the law's last day ends at 24:00 (Civil Code art. 148(6)). */
export const roundTheClock: Hours = { windows: [[0, dayMinutes - 1]] }

const compiled = new WeakMap<Calendar, WorkingDays>()

/** Calendar and hours, ready to count with. A calendar is compiled once for as long as it is kept. */
export function workingTime(calendar: Calendar, hours: Hours): WorkingTime {
  let days = compiled.get(calendar)
  if (!days) compiled.set(calendar, (days = compile(calendar)))
  const eras: [Era, ...Era[]] = [eraFrom(Number.NEGATIVE_INFINITY, hours.windows, 0, 0)]
  for (const { from, windows } of hours.later ?? []) {
    const [first, before] = [dayNumber(from), eras.at(-1) ?? eras[0]]
    if (first > days.last) break
    const daysBefore = first <= days.first ? 0 : (days.count[first - 1 - days.first] ?? Number.NaN)
    const openBefore = before.openBefore + (daysBefore - before.daysBefore) * before.perDay
    eras.push(eraFrom(first, windows, daysBefore, openBefore))
  }
  return { days, eras }
}

function eraFrom(first: number, windows: Windows, daysBefore: number, openBefore: number): Era {
  const [opens, closes] = [windows[0]?.[0], windows.at(-1)?.[1]]
  let perDay = 0
  for (const [from, to] of windows) perDay += to - from
  if (opens === undefined || closes === undefined || perDay <= 0)
    throw new RangeError('a unit that never opens has no working time')
  return { first, windows, opens, closes, perDay, daysBefore, openBefore }
}

function eraOf({ eras }: WorkingTime, day: number): Era {
  if (eras.length === 1) return eras[0]
  return eras.findLast(({ first }) => first <= day) ?? eras[0]
}

/** Open minutes of a working day, as they are on that day. */
export const openMinutesOn = (time: WorkingTime, day: number): number => eraOf(time, day).perDay

function compile(calendar: Calendar): WorkingDays {
  const [first, last] = [dayNumber(calendar.from), dayNumber(calendar.to)]
  const makeup = new Set(Array.from(calendar.makeupWorkdays, dayNumber))
  const off = new Set(Array.from(calendar.daysOff, dayNumber))
  const count = new Int32Array(last - first + 1)
  const list: number[] = []
  for (let day = first; day <= last; day++) {
    const weekend = weekday(day) === 0 || weekday(day) === 6
    if (weekend ? makeup.has(day) : !off.has(day)) list.push(day)
    count[day - first] = list.length
  }
  const inOrder = (some: Set<number>) => [...some].toSorted((a, b) => a - b)
  return { first, last, count, list: Int32Array.from(list), daysOff: inOrder(off), makeupDays: inOrder(makeup) }
}

/** How many working days the calendar has up to and including that day. */
export const workingDaysUpTo = ({ days }: WorkingTime, day: number): number =>
  days.count[day - days.first] ?? Number.NaN

export const isWorkingDay = (time: WorkingTime, day: number): boolean =>
  workingDaysUpTo(time, day) > (day === time.days.first ? 0 : workingDaysUpTo(time, day - 1))

/** The n-th working day after `day`; for 0 the day itself, or the next working day where it is none (Civil Code art. 148(5)). */
export function workingDayAfter(time: WorkingTime, day: number, n: number): number {
  if (n === 0 && isWorkingDay(time, day)) return day
  return time.days.list[workingDaysUpTo(time, day) + Math.max(n, 1) - 1] ?? Number.NaN
}

export const opening = (time: WorkingTime, day: number): number => day * dayMinutes + eraOf(time, day).opens
export const closing = (time: WorkingTime, day: number): number => day * dayMinutes + eraOf(time, day).closes

/** Open minutes from the beginning of the calendar until `minute`. */
export function openMinutesUntil(time: WorkingTime, minute: number): number {
  const day = dayOf(minute)
  const { windows, perDay, daysBefore, openBefore } = eraOf(time, day)
  const untilNight = openBefore + (workingDaysUpTo(time, day) - daysBefore) * perDay
  if (!isWorkingDay(time, day)) return untilNight
  const inDay = minute - day * dayMinutes
  let open = untilNight - perDay
  for (const [from, to] of windows) open += Math.max(0, Math.min(inDay, to) - from)
  return open
}

/** The minute at which so many open minutes have passed: a closing time rather than the next opening. */
export function minuteAfterOpen(time: WorkingTime, openMinutes: number): number {
  const era = time.eras.findLast(({ openBefore }) => openBefore < openMinutes) ?? time.eras[0]
  const days = Math.max(0, Math.ceil((openMinutes - era.openBefore) / era.perDay) - 1)
  const day = time.days.list[era.daysBefore + days]
  let rest = openMinutes - era.openBefore - days * era.perDay
  if (day === undefined) return Number.NaN
  for (const [from, to] of era.windows) {
    if (rest <= to - from) return day * dayMinutes + from + rest
    rest -= to - from
  }
  return closing(time, day)
}

export type Arrival = {
  /** The minute from which the law's time is counted: within the opening hours. */
  at: number
  when: 'in-hours' | 'before-opening' | 'in-break' | 'after-closing' | 'on-day-off'
}

/** What comes outside of the opening hours counts as come at the next opening. */
export function arrival(time: WorkingTime, minute: number): Arrival {
  const day = dayOf(minute)
  if (!isWorkingDay(time, day)) return { at: opening(time, workingDayAfter(time, day, 1)), when: 'on-day-off' }
  const inDay = minute - day * dayMinutes
  const { windows, opens } = eraOf(time, day)
  for (const [from, to] of windows) {
    if (inDay < from) return { at: day * dayMinutes + from, when: from === opens ? 'before-opening' : 'in-break' }
    if (inDay <= to) return { at: minute, when: 'in-hours' }
  }
  return { at: opening(time, workingDayAfter(time, day, 1)), when: 'after-closing' }
}
