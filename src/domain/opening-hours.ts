// When a unit is open, as it was told: a ledger that is only added to, so that what was dated by it can be explained for ever.
// docs/adr/2026-11-27-opening-hours.md says why no later entry moves a due date.
import type { InputError, Text } from '../platform/result.ts'
import { type Hours, type Week, weekdays, type Windows } from './calendar.ts'
import { dayNumber, timeText, weekday } from './civil-date.ts'
import { officeHours } from './working-time.ts'

/** What was told of a unit: how it opens from 00:00 of a civil date on. Of several entries about one date the last holds. */
export type HoursEntry = Week & {
  /** Counts the entries of the unit, from 1. */
  version: number
  from: string
  source: string
  /** RFC 3339; null where it was imported before this was noted. */
  recordedAt: string | null
}

/**
 * The opening hours by the first `known` entries, and by the usual ones before the first date that was told of. A dossier whose
 * clock started before entries were counted knows (undefined) those whose time was not noted.
 */
export function hoursKnown(ledger: readonly HoursEntry[], known: number | undefined): Hours {
  const byDate = new Map<string, HoursEntry>()
  for (const entry of ledger)
    if (known === undefined ? entry.recordedAt === null : entry.version <= known) byDate.set(entry.from, entry)
  const later = [...byDate.values()].toSorted((a, b) => (a.from < b.from ? -1 : 1))
  return later.length === 0 ? officeHours : { ...officeHours, later }
}

/** The hours that a term keeps to: those known when its clock started and, from a restart on, those known at the restart. */
export const termHours = <P extends { knownHours?: number }>(
  ledger: readonly HoursEntry[],
  { knownHours, pauses }: { knownHours?: number; pauses: readonly P[] },
): { hours: Hours; pauses: (P & { hours?: Hours })[] } => ({
  hours: hoursKnown(ledger, knownHours),
  pauses: pauses.map((pause) =>
    pause.knownHours === undefined ? pause : { ...pause, hours: hoursKnown(ledger, pause.knownHours) },
  ),
})

/** The hours by which the date was counted that holds now: those of the last restart, or else of the start. */
export const hoursOfDate = (
  ledger: readonly HoursEntry[],
  { knownHours, pauses }: { knownHours?: number; pauses: readonly { knownHours?: number }[] },
): Hours => hoursKnown(ledger, pauses.findLast((pause) => pause.knownHours !== undefined)?.knownHours ?? knownHours)

/** How many entries a ledger has; the version of a unit's opening hours. */
export const lastOf = (ledger: readonly HoursEntry[]): number => ledger.at(-1)?.version ?? 0

/** The week that holds on a civil date. */
export const weekOn = (hours: Hours, date: string): Week & { from?: string } =>
  hours.later?.findLast(({ from }) => from <= date) ?? hours

/** The windows of a civil date, if the unit is open then at all; a make-up day has those of a working day, whatever weekday it is. */
export function windowsOn(hours: Hours, date: string, isMakeup: boolean): Windows {
  const { windows, weekdays: own } = weekOn(hours, date)
  const name = weekdays[weekday(dayNumber(date))]
  return (name && !isMakeup && own?.[name]) || windows
}

/** What is wrong with the windows of one day: each closes after it opens, and opens after the one before has closed. */
export const faultsIn = (windows: Windows, pointer: string): InputError[] =>
  windows.flatMap(([opens, closes], index) => {
    const before = windows[index - 1]
    const fault = (code: string, detail: Text) => [{ pointer: `${pointer}/${index}`, code, detail }]
    const [from, to] = [timeText(opens), timeText(closes)]
    return [
      ...(closes > opens
        ? []
        : fault('closes-before-opening', {
            vi: `Đóng cửa lúc ${to}, mở cửa lúc ${from}.`,
            en: `Closes at ${to}, opens at ${from}.`,
          })),
      ...(before && opens <= before[1]
        ? fault('windows-overlap', {
            vi: `Mở cửa lúc ${from}, trước hoặc đúng lúc khung trước đóng: ${timeText(before[1])}.`,
            en: `Opens at ${from}, before or when the last one closes: ${timeText(before[1])}.`,
          })
        : []),
    ]
  })
