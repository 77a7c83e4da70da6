// When is it due? The one function that answers, for every unit of time the law knows, and tells each step of its way.
// docs/adr/2026-11-22-time-is-one-function.md says what was decided where the law leaves room.
import { ok, refuse, type Refused, type Result, type Text } from '../platform/result.ts'
import type { Calendar, Hours } from './calendar.ts'
import { dayMinutes, dayOf, minuteOf } from './civil-date.ts'
import { instantOf } from './day-names.ts'
import * as words from './deadline-words.ts'
import { clauses, type DueRule } from './deadline-words.ts'
import type { TimeLimit } from './procedure.ts'
import { afterCutoff, bareEnd, merged, resumed, type Run, runFrom, settled, type Span, type Term } from './term.ts'
import { arrival, closing, hoursOn, isOpenDay, workingTime } from './working-time.ts'

/** RFC 3339 with its offset, or epoch milliseconds. */
export type Moment = string | number

export type DueQuestion = {
  limit: TimeLimit
  cutoff: '15:00' | null
  /** Complete and correct at the competent unit (Decree 118/2025/NĐ-CP art. 17(3)). */
  startedAt: Moment
  /** When another point took it in, earlier: told in the steps, and counts nothing. */
  handedInAt?: Moment | null
  /** In which the clock stood still, one after the other; `to` is null while one lasts. A restart may count by other `hours`. */
  pauses: readonly { from: Moment; to: Moment | null; clock: 'RESTART' | 'RESUME'; hours?: Hours }[]
  /** In which the service itself was down. */
  outages: readonly { from: Moment; to: Moment }[]
  calendar: Calendar
  /** Of the unit; `roundTheClock` for a term of the applicant. */
  hours: Hours
  /** Whom the term binds: parts of a day that an outage took are rounded in the citizen's favour. The unit by default. */
  bound?: 'unit' | 'applicant'
}

/** One rule on the way from the start to the due date; `from` of a step is `to` of the one before. */
export type Step = { rule: DueRule; clause: Text | null; from: string; to: string; text: Text }

/** `dueAt` is RFC 3339 at +07:00; null where the limit is a text, or while the clock stands still. */
export type Due = { dueAt: string | null; steps: Step[] }

/** When it is due, and why. Refuses where a day is asked about that the calendar does not know: nothing is guessed. */
export function computeDue(question: DueQuestion): Result<Due, 'calendar-unknown'> {
  const started = minuteOf(question.startedAt)
  const handedIn = question.handedInAt ?? null
  const trail = new Trail(handedIn === null ? started : minuteOf(handedIn))
  if (handedIn !== null) trail.step('competent-unit-receives', started, words.saysReceivedElsewhere(trail.at, started))
  const { limit, calendar } = question
  if (limit.unit === 'OTHER') return ok({ dueAt: null, steps: trail.step('no-fixed-limit', started, limit.text) })

  let term: Term = {
    limit,
    time: workingTime(calendar, question.hours),
    cutoff: question.cutoff,
    outages:
      question.outages.length === 0
        ? []
        : merged(question.outages.map(({ from, to }) => ({ from: minuteOf(from), to: minuteOf(to) }))),
    bound: question.bound ?? 'unit',
  }
  let run = begin(term, started, trail)
  for (const pause of inOrder(question.pauses)) {
    if (!run) break
    const from = Math.max(pause.from, run.goesOnAt)
    if (pause.to !== null && pause.to <= from) continue
    const { due } = settled(term, run)
    if (Number.isNaN(due)) break
    if (from > due) trail.step('pause-after-due', trail.at, words.saysPausedTooLate(from))
    else if (pause.to === null)
      return ok({ dueAt: null, steps: trail.step('clock-stands-still', from, words.saysStandsStill(from)) })
    else {
      if (pause.hours) term = { ...term, time: workingTime(calendar, pause.hours) }
      run = goOn(term, run, { from, to: pause.to }, pause.clock, trail)
    }
  }
  return (run && finish(term, run, trail)) ?? calendarUnknown(calendar)
}

const calendarUnknown = ({ from, to }: Calendar): Refused<'calendar-unknown'> =>
  refuse('calendar-unknown', {
    detail: {
      vi: `Lịch làm việc đã công bố chỉ có từ ${from} đến ${to}; thời hạn này vượt ra ngoài khoảng đó.`,
      en: `The published working calendar runs from ${from} to ${to}; this term leaves it.`,
    },
  })

/** The steps so far, and the minute that they have reached. */
class Trail {
  readonly steps: Step[] = []
  at: number
  constructor(at: number) {
    this.at = at
  }
  step(rule: DueRule, to: number, text: Text): Step[] {
    this.steps.push({ rule, clause: clauses[rule], from: instantOf(this.at), to: instantOf(to), text })
    this.at = to
    return this.steps
  }
}

/** Starts the clock at the first open minute from `minute` on and counts the whole term; undefined beyond the calendar. */
function begin(term: Term, minute: number, trail: Trail): Run | undefined {
  trail.step(term.bound === 'unit' ? 'clock-starts' : 'term-of-the-applicant-starts', minute, words.saysStart(minute))
  const { at, when } = arrival(term.time, minute)
  const moved = afterCutoff(term, at)
  const run = runFrom(moved)
  const end = bareEnd(term, run)
  if (Number.isNaN(end) || Number.isNaN(moved)) return undefined
  if (when !== 'in-hours') {
    const telling = isOpenDay(term.time, dayOf(minute)) ? dayOf(minute) : dayOf(at)
    trail.step('outside-opening-hours', at, withHours(term, telling, words.saysOutside(when, at)))
  }
  if (term.cutoff && moved > at) trail.step('after-cutoff', moved, words.saysCutoff(term.cutoff, moved))
  else if (term.cutoff && afterCutoff({ ...term, outages: [] }, at) > at)
    trail.step('cutoff-moved-by-outage', at, words.saysCutoffMoved(term.cutoff, at))
  count(term, run, end, trail)
  return run
}

function count(term: Term, run: Run, end: number, trail: Trail): void {
  const { limit, time } = term
  const step = (rule: DueRule, to: number, text: Text) => trail.step(rule, to, withHours(term, dayOf(to), text))
  if (limit.unit === 'HOUR') {
    step('hours-counted', end, words.saysHours(limit.value, end))
    return
  }
  if (limit.unit === 'SAME_DAY') {
    const closes = closing(time, run.day)
    step('same-day', closes, words.saysSameDay(closes))
    if (end > closes) step('rolled-to-working-day', end, words.saysRolled(run.day, dayOf(end)))
    return
  }
  trail.step('first-day-not-counted', (run.day + 1) * dayMinutes, words.saysFirstDay(run.day))
  const day = dayOf(end)
  if (limit.unit === 'WORKING_DAY')
    step('working-days-counted', end, words.saysWorkingDays(time, limit.value, run.day, day))
  else if (limit.unit === 'DAY') step('calendar-days-counted', end, words.saysDays(limit.value, day))
  else step('months-counted', end, words.saysMonths(limit.value, day))
}

/** With the opening hours of the day that it tells of, where that weekday has its own. */
function withHours({ time }: Term, day: number, text: Text): Text {
  const hours = hoursOn(time, day)
  if (!hours?.isOwn || !isOpenDay(time, day)) return text
  const open = words.saysOpen(day, hours.windows)
  return { vi: `${text.vi} ${open.vi}`, en: `${text.en} ${open.en}` }
}

/** After a pause: from the beginning, or where the clock stood. */
function goOn(term: Term, run: Run, pause: Span, clock: 'RESTART' | 'RESUME', trail: Trail): Run | undefined {
  if (clock === 'RESTART') {
    trail.step('count-restarted', pause.to, words.saysRestarted(pause.from, pause.to))
    return begin(term, pause.to, trail)
  }
  const next = resumed(term, run, pause)
  const end = bareEnd(term, next)
  if (Number.isNaN(end)) return undefined
  trail.step('pause-not-counted', end, words.saysPaused(pause.from, pause.to, end))
  return next
}

/** The last steps, outages and day off, and the date; undefined beyond the calendar. */
function finish(term: Term, run: Run, trail: Trail): Result<Due, never> | undefined {
  const { due, lost, end, rolled } = settled(term, run)
  if (Number.isNaN(due)) return undefined
  if (end > trail.at) trail.step('outage-not-counted', end, words.saysOutage(lost, end))
  if (rolled > trail.at) {
    const text = words.saysRolled(dayOf(trail.at), dayOf(rolled))
    trail.step('rolled-to-working-day', rolled, withHours(term, dayOf(rolled), text))
  }
  if (due > trail.at) trail.step('due-within-outage', due, words.saysDueWithinOutage(trail.at, due))
  return ok({ dueAt: instantOf(due), steps: trail.steps })
}

const inOrder = (pauses: DueQuestion['pauses']) =>
  pauses
    .map((pause) => ({
      ...pause,
      from: minuteOf(pause.from),
      to: pause.to === null ? null : minuteOf(pause.to),
    }))
    .toSorted((a, b) => a.from - b.from)
