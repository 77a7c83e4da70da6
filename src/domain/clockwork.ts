// What time alone does to a dossier: a word before it is due, one when it is late, and an end when nobody answers.
import { dayMinutes, dayOf, instantText, minuteOf } from './civil-date.ts'
import type { Dossier, DossierEvent } from './dossier.ts'
import { isByTheMinute } from './term.ts'

/** The next thing that the clock will do to a dossier, and when (RFC 3339); null when nothing is left for it to do. */
export type Attention = { at: string; event: DossierEvent }

/** A day before, or in the last quarter of a shorter time. */
const warning = dayMinutes

export function nextAttention(dossier: Dossier): Attention | null {
  const { status, clock } = dossier
  if (status === 'awaiting-supplement') {
    const { answerBy } = dossier.request
    return answerBy ? { at: answerBy, event: { type: 'dossier.not-accepted', because: 'time' } } : null
  }
  if ((status !== 'accepted' && status !== 'processing') || !clock.dueAt || !clock.originalDueAt) return null
  if (clock.told === 'overdue') return null
  const overdue = {
    at: instantText(lateFrom(dossier, clock.originalDueAt)),
    event: { type: 'dossier.overdue' } as const,
  }
  const soon = instantText(soonFrom(clock.competentReceivedAt, clock.dueAt))
  if (clock.told === 'due-soon' || soon >= overdue.at) return overdue
  return { at: soon, event: { type: 'dossier.due-soon' } }
}

/** What the clock does at `now`: the latest thing that is due, so a dossier that is late already is not first called due soon. */
export function onClock(dossier: Dossier, now: string): DossierEvent | null {
  const next = nextAttention(dossier)
  if (!next || minuteOf(now) < minuteOf(next.at)) return null
  if (next.event.type !== 'dossier.due-soon' || !dossier.clock.originalDueAt) return next.event
  const late = minuteOf(now) >= lateFrom(dossier, dossier.clock.originalDueAt)
  return late ? { type: 'dossier.overdue' } : next.event
}

/** The first minute at which it is late by law: the next day, or the next minute for in-day and hourly limits. */
const lateFrom = ({ limit }: Dossier, due: string): number =>
  isByTheMinute(limit) ? minuteOf(due) + 1 : (dayOf(minuteOf(due)) + 1) * dayMinutes

function soonFrom(started: string | null, due: string): number {
  const [from, to] = [minuteOf(started ?? due), minuteOf(due)]
  return to - Math.min(warning, Math.floor((to - from) / 4))
}
