// When a unit works: the calendar of working days and the opening windows of a day, as prefix sums, so that a term of
// any length is one look-up. Days and minutes are the numbers of civil-date.ts; NaN stands for "the calendar does not say".
import { type Calendar, type Hours, type Week, weekdays, type Windows } from './calendar.ts'
import { dayMinutes, dayNumber, dayOf, weekday } from './civil-date.ts'

export type WorkingTime = {
  days: WorkingDays
  /** How each day of the calendar is opened, or would be if it were not closed. */
  byDay: readonly DayHours[]
  /** Open minutes until the end of each day, and those of them that lie on working days. */
  open: Int32Array
  worked: Int32Array
}

/** `opens` and `closes` are the first opening and the last closing, minutes after midnight; `minutes` those between in which it is open. */
export type DayHours = {
  windows: Windows
  opens: number
  closes: number
  minutes: number
  /** The weekday has windows of its own. */
  isOwn: boolean
}

export type WorkingDays = {
  first: number
  last: number
  /** What each day is by law: a unit opens on a free weekend at most, on a holiday and the weekend next to it never. */
  kinds: readonly ('worked' | 'makeup' | 'weekend' | 'off')[]
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

const compiled = new WeakMap<Calendar, { days: WorkingDays; byHours: WeakMap<Hours, WorkingTime> }>()

/** Calendar and hours, ready to count with. Both are compiled once for as long as they are kept. */
export function workingTime(calendar: Calendar, hours: Hours): WorkingTime {
  let known = compiled.get(calendar)
  if (!known) compiled.set(calendar, (known = { days: compile(calendar), byHours: new WeakMap() }))
  let time = known.byHours.get(hours)
  if (!time) known.byHours.set(hours, (time = spread(known.days, hours)))
  return time
}

function compile(calendar: Calendar): WorkingDays {
  const [first, last] = [dayNumber(calendar.from), dayNumber(calendar.to)]
  const makeup = new Set(Array.from(calendar.makeupWorkdays, dayNumber))
  const off = new Set(Array.from(calendar.daysOff, dayNumber))
  // The weekend beside a day off is a part of that holiday, as it is announced.
  const isInHoliday = (day: number) =>
    weekday(day) === 6 ? off.has(day - 1) || off.has(day + 2) : off.has(day - 2) || off.has(day + 1)
  const kindOf = (day: number) => {
    if (weekday(day) !== 0 && weekday(day) !== 6) return off.has(day) ? 'off' : 'worked'
    return makeup.has(day) ? 'makeup' : isInHoliday(day) ? 'off' : 'weekend'
  }
  const count = new Int32Array(last - first + 1)
  const kinds: WorkingDays['kinds'][number][] = []
  const list: number[] = []
  for (let day = first; day <= last; day++) {
    const kind = kindOf(day)
    if (kind === 'worked' || kind === 'makeup') list.push(day)
    kinds.push(kind)
    count[day - first] = list.length
  }
  const inOrder = (some: Set<number>) => [...some].toSorted((a, b) => a - b)
  return { first, last, kinds, count, list: Int32Array.from(list), daysOff: inOrder(off), makeupDays: inOrder(makeup) }
}

/** Opens every day of the calendar as the week says that holds on it. */
function spread(days: WorkingDays, hours: Hours): WorkingTime {
  const eras = [{ first: days.first, week: compileWeek(hours) }]
  for (const week of hours.later ?? []) eras.push({ first: dayNumber(week.from), week: compileWeek(week) })
  const [open, worked] = [new Int32Array(days.kinds.length), new Int32Array(days.kinds.length)]
  let [era, opened, ofThem] = [0, 0, 0]
  const byDay = days.kinds.map((kind, index) => {
    const day = days.first + index
    while ((eras[era + 1]?.first ?? Infinity) <= day) era++
    const { usual, own } = eras[era]?.week ?? compileWeek(hours)
    const hoursOfDay = (kind === 'makeup' ? undefined : own[weekday(day)]) ?? usual
    const isWorked = kind === 'worked' || kind === 'makeup'
    if (isWorked) ofThem += hoursOfDay.minutes
    if (isWorked || (kind === 'weekend' && hoursOfDay.isOwn)) opened += hoursOfDay.minutes
    open[index] = opened
    worked[index] = ofThem
    return hoursOfDay
  })
  return { days, byDay, open, worked }
}

function compileWeek(week: Week): { usual: DayHours; own: (DayHours | undefined)[] } {
  const own = weekdays.map((name) => week.weekdays?.[name])
  return { usual: dayHours(week.windows, false), own: own.map((windows) => windows && dayHours(windows, true)) }
}

function dayHours(windows: Windows, isOwn: boolean): DayHours {
  const [opens, closes] = [windows[0]?.[0], windows.at(-1)?.[1]]
  let minutes = 0
  for (const [from, to] of windows) minutes += to - from
  if (opens === undefined || closes === undefined || minutes <= 0)
    throw new RangeError('a unit that never opens has no working time')
  return { windows, opens, closes, minutes, isOwn }
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

const upTo = (sums: Int32Array, index: number): number => (index < 0 ? 0 : (sums[index] ?? Number.NaN))

/** Whether the unit opens at all on that day: on every working day, and on a weekend for which it has set windows. */
export const isOpenDay = ({ open, days }: WorkingTime, day: number): boolean =>
  upTo(open, day - days.first) > upTo(open, day - days.first - 1)

/** The next day on which the unit opens. */
export function openDayAfter(time: WorkingTime, day: number): number {
  if (day < time.days.first) return Number.NaN
  for (let next = day + 1; next <= time.days.last; next++) if (isOpenDay(time, next)) return next
  return Number.NaN
}

/** How a day is opened, or would be; undefined where the calendar does not say. */
export const hoursOn = ({ byDay, days }: WorkingTime, day: number): DayHours | undefined => byDay[day - days.first]

export const openMinutesOn = (time: WorkingTime, day: number): number => hoursOn(time, day)?.minutes ?? Number.NaN
export const opening = (time: WorkingTime, day: number): number =>
  day * dayMinutes + (hoursOn(time, day)?.opens ?? Number.NaN)
export const closing = (time: WorkingTime, day: number): number =>
  day * dayMinutes + (hoursOn(time, day)?.closes ?? Number.NaN)

/** Open minutes from the beginning of the calendar until `minute`. */
export const openMinutesUntil = (time: WorkingTime, minute: number): number => minutesUntil(time, time.open, minute)

/** The same on working days only. */
export const workedMinutesUntil = (time: WorkingTime, minute: number): number => minutesUntil(time, time.worked, minute)

function minutesUntil(time: WorkingTime, sums: Int32Array, minute: number): number {
  const day = dayOf(minute)
  const index = day - time.days.first
  const [before, after] = [upTo(sums, index - 1), upTo(sums, index)]
  return after === before ? after : before + openWithin(time, day, minute)
}

function openWithin(time: WorkingTime, day: number, minute: number): number {
  const inDay = minute - day * dayMinutes
  let open = 0
  for (const [from, to] of hoursOn(time, day)?.windows ?? []) open += Math.max(0, Math.min(inDay, to) - from)
  return open
}

/** Working days from the beginning of the calendar until `minute`, the last one as the part of its open minutes that has passed. */
export function workedDaysUntil(time: WorkingTime, minute: number): number {
  const day = dayOf(minute)
  const days = workingDaysUpTo(time, day)
  return isWorkingDay(time, day) ? days - 1 + openWithin(time, day, minute) / openMinutesOn(time, day) : days
}

/** The minute at which so many working days have passed, the last in part: to the minute that has begun then. */
export function minuteAfterDays(time: WorkingTime, workedDays: number): number {
  const whole = Math.max(Math.ceil(workedDays - speck), 1) - 1
  const day = time.days.list[whole] ?? Number.NaN
  const minutes = (workedDays - whole) * openMinutesOn(time, day)
  return minuteWithin(time, day, Math.ceil(minutes - speck))
}

/** So far below a minute, and a day, lies what rounding does to a sum of parts of days. */
const speck = 1e-6

/** The minute of a day at which it has been open so long. */
function minuteWithin(time: WorkingTime, day: number, open: number): number {
  let rest = open
  for (const [from, to] of hoursOn(time, day)?.windows ?? []) {
    if (rest <= to - from) return day * dayMinutes + from + rest
    rest -= to - from
  }
  return Number.NaN
}

/** The minute at which so many open minutes have passed: a closing time rather than the next opening. */
export function minuteAfterOpen(time: WorkingTime, openMinutes: number): number {
  const { open, days } = time
  const wanted = Math.max(openMinutes, 1)
  let [low, high] = [0, open.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (upTo(open, middle) < wanted) low = middle + 1
    else high = middle
  }
  return minuteWithin(time, days.first + low, openMinutes - upTo(open, low - 1))
}

export type Arrival = {
  /** The minute from which the law's time is counted: within the opening hours. */
  at: number
  when: 'in-hours' | 'before-opening' | 'in-break' | 'after-closing' | 'on-day-off'
}

/** What comes outside of the opening hours counts as come at the next opening. */
export function arrival(time: WorkingTime, minute: number): Arrival {
  const day = dayOf(minute)
  const hours = isOpenDay(time, day) ? hoursOn(time, day) : undefined
  if (!hours) return { at: opening(time, openDayAfter(time, day)), when: 'on-day-off' }
  const inDay = minute - day * dayMinutes
  const { windows, opens } = hours
  for (const [from, to] of windows) {
    if (inDay < from) return { at: day * dayMinutes + from, when: from === opens ? 'before-opening' : 'in-break' }
    if (inDay <= to) return { at: minute, when: 'in-hours' }
  }
  return { at: opening(time, openDayAfter(time, day)), when: 'after-closing' }
}
