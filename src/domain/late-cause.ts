// Whose doing it is that a dossier is late: what the unit says of it, or what its journal lets one presume until then.
import { dayMinutes, dayOf, minuteOf } from './civil-date.ts'
import type { Moment } from './deadline.ts'
import type { Dossier, DossierEvent, LateCause } from './dossier.ts'
import { isOverdue, lateness } from './lateness.ts'
import type { TimeLimit } from './procedure.ts'
import { isByTheMinute, merged } from './term.ts'
import { openMinutesOn, openMinutesUntil, type WorkingTime } from './working-time.ts'

/** Named in an apology, by an official who knew better, or by the rule below; null until the rule has been asked. */
export type Late = { cause: LateCause | null; by: 'apology' | 'correction' | 'rule' }

/** Whether an open dossier is late by now, or a decided one was, and why; against the original date, whatever was promised later. */
export function lateOf(dossier: Dossier, now: Moment): Late | null {
  const { status, limit, clock } = dossier
  const isLate =
    'result' in dossier
      ? clock.originalDueAt !== null && lateness(limit, clock.originalDueAt, dossier.result.resolvedAt) === 'late'
      : isOverdue(status, limit, clock.originalDueAt, now)
  if (!isLate) return null
  if (clock.reappointed) return { cause: clock.reappointed.cause, by: 'apology' }
  return { cause: clock.late?.cause ?? null, by: clock.late?.corrected ? 'correction' : 'rule' }
}

/** `outages` are those that count; `time` is by the opening hours that the term keeps to. */
export type LateStory = {
  journal: readonly { at: string; event: DossierEvent }[]
  limit: TimeLimit
  /** The original date, RFC 3339. */
  dueAt: string
  outages: readonly { from: Moment; to: Moment }[]
  time: WorkingTime
}

/**
 * The cause that is presumed. The law's date gives back every pause and outage already, but in whole days: what it cannot give back
 * are hours of the last one. Whoever took at least half of its opening hours is the cause, and otherwise the unit is.
 */
export function presumedCause(story: LateStory): LateCause {
  const { dueAt, time } = story
  const half = openMinutesOn(time, dayOf(minuteOf(dueAt))) / 2
  const taken: [LateCause, number][] = [
    ['system', Math.max(byOutages(story), byTakingBack(story))],
    ['applicant', byApplicant(story)],
    ['other-agency', byPassingOn(story)],
  ]
  const [most] = taken.filter(([, minutes]) => minutes >= half).toSorted(([, a], [, b]) => b - a)
  return most?.[0] ?? 'unit'
}

/** Of its own day, the open minutes that are over at `minute`. */
const openedBefore = (time: WorkingTime, minute: number) =>
  openMinutesUntil(time, minute) - openMinutesUntil(time, dayOf(minute) * dayMinutes)

/** What is gone of the last day for whom the dossier, or its date, comes at `at`. */
function goneAt({ dueAt, time }: LateStory, at: string): number {
  const [due, minute] = [minuteOf(dueAt), minuteOf(at)]
  if (minute > due) return openMinutesOn(time, dayOf(due))
  return dayOf(minute) === dayOf(due) ? openedBefore(time, minute) : 0
}

/** Terms by the minute give outages back by the minute. */
function byOutages({ limit, dueAt, outages, time }: LateStory): number {
  if (isByTheMinute(limit)) return 0
  const day = dayOf(minuteOf(dueAt))
  const [first, last] = [day * dayMinutes, (day + 1) * dayMinutes - 1]
  return merged(outages.map(({ from, to }) => ({ from: minuteOf(from), to: minuteOf(to) })))
    .filter(({ from, to }) => to > first && from < last)
    .reduce(
      (sum, { from, to }) =>
        sum + openMinutesUntil(time, Math.min(to, last)) - openMinutesUntil(time, Math.max(from, first)),
      0,
    )
}

/** An outage that was taken back, or turned out shorter, moved the date back to a day that was nearly over. */
function byTakingBack(story: LateStory): number {
  let promised = story.dueAt
  let gone = 0
  for (const { at, event } of story.journal) {
    if (event.type === 'dossier.redated' && event.dueAt === story.dueAt && minuteOf(promised) > minuteOf(event.dueAt))
      gone = lateness(story.limit, promised, at) === 'late' ? 0 : goneAt(story, at)
    if ('dueAt' in event && event.dueAt) promised = event.dueAt
  }
  return gone
}

/** Asked in the morning and answered before closing of what is the last day then: the hours between. Hours are given back by the minute. */
function byApplicant({ journal, limit, dueAt, time }: LateStory): number {
  if (limit.unit === 'HOUR') return 0
  const due = minuteOf(dueAt)
  let [asked, taken]: [number | null, number] = [null, 0]
  for (const { at, event } of journal) {
    const minute = minuteOf(at)
    if (event.type === 'dossier.supplement-requested' || event.type === 'dossier.payment-requested') asked ??= minute
    if (event.type !== 'dossier.supplemented' && event.type !== 'dossier.paid') continue
    if (asked !== null && dayOf(minute) === dayOf(due) && asked <= due)
      taken += Math.max(0, openedBefore(time, Math.min(minute, due)) - openedBefore(time, asked))
    asked = null
  }
  return taken
}

/** Another unit had it, or several were to agree whose it is. */
const byPassingOn = (story: LateStory): number =>
  Math.max(0, ...story.journal.map(({ at, event }) => (event.type === 'dossier.rerouted' ? goneAt(story, at) : 0)))
