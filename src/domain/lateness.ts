// Early, on time or late, as the national indices count it, and the one new date that a late dossier may get.
import { ok, refuse, type Result } from '../platform/result.ts'
import type { Calendar, Hours } from './calendar.ts'
import { dayNumber, dayOf, instantText, minuteOf } from './civil-date.ts'
import type { Moment } from './deadline.ts'
import type { TimeLimit } from './procedure.ts'
import { isByTheMinute } from './term.ts'
import type { Status } from './transitions.ts'
import { closing, isWorkingDay, workingTime } from './working-time.ts'

export type Lateness = 'early' | 'on-time' | 'late'

/** Against the original date, whatever was promised later; by civil date, or by the minute for in-day and hourly limits. */
export function lateness(limit: TimeLimit, originalDueAt: Moment, finishedAt: Moment): Lateness {
  const measure = isByTheMinute(limit) ? minuteOf : (at: Moment) => dayOf(minuteOf(at))
  const [due, finished] = [measure(originalDueAt), measure(finishedAt)]
  return finished > due ? 'late' : finished < due ? 'early' : 'on-time'
}

/** Whether an open dossier is late by now. One that waits for the applicant, or is closed, never is. */
export const isOverdue = (status: Status, limit: TimeLimit, originalDueAt: Moment | null, now: Moment): boolean =>
  (status === 'accepted' || status === 'processing') &&
  originalDueAt !== null &&
  lateness(limit, originalDueAt, now) === 'late'

export type Reappointment = {
  /** The date that the applicant was last given. */
  dueAt: Moment
  /** Whether there was a new date before. */
  before: boolean
  now: Moment
  /** The civil date wished for, `YYYY-MM-DD`. */
  date: string
  calendar: Calendar
  hours: Hours
}

/**
 * The new due moment that goes with an apology: at most once, told at least a day before the old one, and a later
 * working day (Decree 61/2018/NĐ-CP art. 19(9)). Lateness goes on being counted against the original date.
 */
export function reappoint(
  wish: Reappointment,
): Result<
  string,
  'already-reappointed' | 'apology-too-late' | 'not-a-later-date' | 'not-a-working-day' | 'calendar-unknown'
> {
  const [due, day] = [dayOf(minuteOf(wish.dueAt)), dayNumber(wish.date)]
  if (wish.before) return refuse('already-reappointed')
  if (dayOf(minuteOf(wish.now)) >= due) return refuse('apology-too-late')
  if (day <= due) return refuse('not-a-later-date')
  if (wish.date > wish.calendar.to) return refuse('calendar-unknown')
  const time = workingTime(wish.calendar, wish.hours)
  return isWorkingDay(time, day) ? ok(instantText(closing(time, day))) : refuse('not-a-working-day')
}
