// The arithmetic of one term: where it starts, what pauses and outages move, where it ends. Numbers only; deadline.ts tells it in words.
// Minutes and days are those of civil-date.ts. NaN means that the calendar does not reach that far.
import { addMonths, dayMinutes, dayOf } from './civil-date.ts'
import type { TimeLimit } from './procedure.ts'
import {
  arrival,
  closing,
  minuteAfterDays,
  minuteAfterOpen,
  openDayAfter,
  opening,
  openMinutesUntil,
  workedDaysUntil,
  workedMinutesUntil,
  workingDayAfter,
  workingDaysUpTo,
} from './working-time.ts'
import type { WorkingTime } from './working-time.ts'

export type Span = { from: number; to: number }

export type Term = {
  limit: Exclude<TimeLimit, { unit: 'OTHER' }>
  time: WorkingTime
  cutoff: '15:00' | null
  /** In order, and without overlap. */
  outages: readonly Span[]
  bound: 'unit' | 'applicant'
}

/** The clock since it last began to count from the beginning. */
export type Run = {
  at: number
  day: number
  /** Where the last pause ended, or `at`. */
  goesOnAt: number
  /** Whole days by which pauses moved the end, for terms in days and months. */
  shift: number
  /** In minutes for a term in hours; otherwise in whole days, the first excluded and the last included. */
  pauses: readonly Span[]
}

/** In hours and within the day, terms are counted and compared by the minute; longer ones by the day. */
export const isByTheMinute = (limit: TimeLimit): boolean => limit.unit === 'HOUR' || limit.unit === 'SAME_DAY'

export const runFrom = (at: number): Run => ({ at, day: dayOf(at), goesOnAt: at, shift: 0, pauses: [] })

const cutoffMinute = 15 * 60

/** What comes after the cut-off counts as come at the next opening on a later day. */
export function afterCutoff(term: Term, at: number): number {
  if (term.cutoff === null || at <= lastMinuteOf(term, dayOf(at))) return at
  return opening(term.time, openDayAfter(term.time, dayOf(at)))
}

/** 15:00, and later by what outages took from that day's opening hours before it; at most until closing. */
function lastMinuteOf({ time, outages }: Term, day: number): number {
  const cutoff = day * dayMinutes + cutoffMinute
  if (outages.length === 0) return cutoff
  const opens = opening(time, day)
  const open = openMinutesUntil(time, cutoff) - openMinutesUntil(time, opens)
  return Math.max(cutoff, Math.min(advance(time, opens, open, outages), closing(time, day)))
}

/** The end by count and pauses alone: not yet rolled to a working day, no outage credited. */
export function bareEnd(term: Term, run: Run): number {
  const { limit, time } = term
  if (limit.unit === 'HOUR') return advance(time, run.at, limit.value * 60, run.pauses)
  // Whoever was asked on a day that the roll or an outage had added still has the day on which the clock goes on.
  const goesOn = run.pauses.at(-1)?.to ?? run.day
  const day = Math.max(lastDay(term, run), goesOn)
  return closing(time, limit.unit === 'SAME_DAY' ? workingDayAfter(time, day, 0) : day)
}

function lastDay({ limit, time }: Term, { day, shift }: Run): number {
  if (limit.unit === 'MONTH') return addMonths(day, limit.value) + shift
  if (limit.unit === 'DAY') return day + limit.value + shift
  return workingDayAfter(time, day, (limit.unit === 'WORKING_DAY' ? limit.value : 0) + shift)
}

/** How a term is counted: how much has passed until a minute, and the minute at which so much has passed. */
type Measure = {
  until: (time: WorkingTime, minute: number) => number
  after: (time: WorkingTime, amount: number) => number
}
const openMinutes: Measure = { until: openMinutesUntil, after: minuteAfterOpen }
/** A day is a day however long it is, so that what a short one takes in is never due before what a long one did. */
const workedDays: Measure = { until: workedDaysUntil, after: minuteAfterDays }

/** Thirds of days add up to a day, whatever the last binary digit says. */
const speck = 1e-6

/** The minute after so much from `from` on in which none of the spans lies. */
function advance(time: WorkingTime, from: number, amount: number, spans: readonly Span[], by = openMinutes): number {
  let target = by.until(time, from) + amount
  for (const span of spans) {
    if (span.to <= from) continue
    const begins = by.until(time, Math.max(span.from, from))
    if (begins > target - speck) break
    target += by.until(time, span.to) - begins
  }
  return by.after(time, target)
}

/** The clock goes on where it stood: the pause moves the end by what lies between its two days, or its two minutes. */
export function resumed(term: Term, run: Run, pause: Span): Run {
  const { limit, time } = term
  if (limit.unit === 'HOUR') return { ...run, goesOnAt: pause.to, pauses: [...run.pauses, pause] }
  const from = dayOf(arrival(time, pause.from).at)
  const to = dayOf(afterCutoff(term, arrival(time, pause.to).at))
  const days =
    limit.unit === 'DAY' || limit.unit === 'MONTH' ? to - from : workingDaysUpTo(time, to) - workingDaysUpTo(time, from)
  return { ...run, goesOnAt: pause.to, shift: run.shift + days, pauses: [...run.pauses, { from, to }] }
}

export type Settled = {
  /** Open minutes that outages took, and the end that they move the term to (`bareEnd` where they move nothing). */
  lost: number
  end: number
  /** The same on a working day, and the same at a moment at which the service was there. */
  rolled: number
  due: number
}

/** The end with outages credited, on a working day, and not within an outage. */
export function settled(term: Term, run: Run): Settled {
  const { limit, time, outages } = term
  const bare = bareEnd(term, run)
  if (limit.unit === 'HOUR') {
    const due = advance(time, run.at, limit.value * 60, merged([...run.pauses, ...outages]))
    return { lost: openMinutesUntil(time, due) - openMinutesUntil(time, bare), end: due, rolled: due, due }
  }
  if (limit.unit === 'SAME_DAY') {
    const due = advance(time, opening(time, dayOf(bare)), 1, outages, workedDays)
    return { lost: workedMinutesUntil(time, due) - workedMinutesUntil(time, bare), end: due, rolled: due, due }
  }
  const round = term.bound === 'unit' ? Math.floor : Math.ceil
  // More days may let more of an outage in, so this repeats until it stands.
  for (let days = 0; ;) {
    const end = days > 0 ? bareEnd(term, { ...run, shift: run.shift + days }) : bare
    const rolled = closing(time, workingDayAfter(time, dayOf(end), 0))
    const lost = outages.length > 0 ? lostBy(term, run, dayOf(rolled), workedDays.until) : 0
    const credit = round(lost + (term.bound === 'unit' ? speck : -speck))
    if (!(credit > days)) {
      const minutes = lost === 0 ? 0 : lostBy(term, run, dayOf(rolled), workedMinutesUntil)
      return { lost: minutes, end, rolled, due: pastOutage(term, rolled) }
    }
    days = credit
  }
}

/** Closing time of the first working day on which the unit is still open after the outage within which `due` lies. */
function pastOutage(term: Term, due: number): number {
  const { time, outages } = term
  const outage = outages.find(({ from, to }) => from < due && due <= to)
  if (!outage) return due
  const day = workingDayAfter(time, dayOf(outage.to), 0)
  const closes = closing(time, day)
  return pastOutage(term, closes > outage.to ? closes : closing(time, workingDayAfter(time, day, 1)))
}

/** What outages took from the counted working days, in the measure given: after the first day, without what the pauses took. */
function lostBy({ time, outages }: Term, run: Run, lastDay: number, until: Measure['until']): number {
  const open = (after: number, upTo: number) => {
    const [first, last] = [(after + 1) * dayMinutes, (upTo + 1) * dayMinutes - 1]
    let sum = 0
    for (const { from, to } of outages) {
      if (to <= first || from >= last) continue
      sum += until(time, Math.min(to, last)) - until(time, Math.max(from, first))
    }
    return sum
  }
  return run.pauses.reduce((lost, pause) => lost - open(pause.from, pause.to), open(run.day, lastDay))
}

/** In order and without overlap, so that no minute is credited twice. */
export function merged(spans: readonly Span[]): Span[] {
  const apart: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = apart.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else apart.push({ ...span })
  }
  return apart
}
