// Times at which the service itself was not there: a ledger of what was announced, recorded or noticed, and what of it counts.
import type { InputError, Text } from '../platform/result.ts'
import type { Calendar } from './calendar.ts'
import { dayOf, minuteOf } from './civil-date.ts'
import { officeHours, workingDayAfter, workingTime } from './working-time.ts'

/** Announced before, recorded by an operator, or detected by the service itself. */
export type OutageKind = 'announced' | 'recorded' | 'detected'

/** As one entry of the ledger tells it; RFC 3339 instants. Of several entries about one outage the last holds. */
export type Outage = {
  id: string
  version: number
  kind: OutageKind
  from: string
  /** The end, or the one that is expected. */
  to: string
  announcedAt: string | null
  reason: Text
  /** It never came, or was no outage: it counts for nothing. */
  withdrawn: boolean
}

/** `number` counts all entries, about whatever outage. */
export type OutageEntry = { number: number; outage: Outage; writtenAt: string }

/** The outages that counted once entry `number` was written, and no later one. */
export function countedAfter(ledger: readonly OutageEntry[], number: number): { from: string; to: string }[] {
  const latest = new Map<string, Outage>()
  for (const entry of ledger) if (entry.number <= number) latest.set(entry.outage.id, entry.outage)
  return [...latest.values()].filter(({ withdrawn }) => !withdrawn)
}

/** The outages that count now. */
export const counted = (ledger: readonly OutageEntry[]): { from: string; to: string }[] =>
  countedAfter(ledger, Number.POSITIVE_INFINITY)

/** Whether the public was told at least seven working days before (Decree 224/2026/NĐ-CP art. 13); null where the calendar ends. */
export function announcedInTime(announcedAt: string, from: string, calendar: Calendar): boolean | null {
  const earliest = workingDayAfter(workingTime(calendar, officeHours), dayOf(minuteOf(announcedAt)), 7)
  return Number.isNaN(earliest) ? null : earliest <= dayOf(minuteOf(from))
}

const longest = 31 * 86_400_000

/** What is wrong with an outage as an operator tells it; `now` is RFC 3339. */
export function faultsOf({ from, to, announcedAt }: Outage, now: string): InputError[] {
  const [begins, ends] = [Date.parse(from), Date.parse(to)]
  const fault = (pointer: string, code: string, vi: string, en: string) => ({ pointer, code, detail: { vi, en } })
  return [
    ...(ends > begins
      ? []
      : [fault('/to', 'not-after-from', 'Phải sau lúc bắt đầu.', 'It has to come after the beginning.')]),
    ...(ends - begins <= longest ? [] : [fault('/to', 'too-long', 'Không quá 31 ngày.', 'At most 31 days.')]),
    ...(announcedAt !== null && Date.parse(announcedAt) > Date.parse(now)
      ? [fault('/announcedAt', 'in-the-future', 'Chưa đến lúc đó.', 'That is yet to come.')]
      : []),
  ]
}
