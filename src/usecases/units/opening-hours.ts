import type { Context } from '../../context.ts'
import type { Windows } from '../../domain/calendar.ts'
import { dayNumber } from '../../domain/civil-date.ts'
import { type HoursEntry, hoursKnown, lastOf, weekOn, windowsOn } from '../../domain/opening-hours.ts'
import { saysNotStanding, standsOn, type Unit } from '../../domain/unit.ts'
import { isOpenDay, workingTime } from '../../domain/working-time.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'

/** How a unit opens on the civil date `on`, by all that was told of it up to entry `version`. */
export type OpeningHours = {
  unit: Unit
  on: string
  version: number
  /** Those of that day, and whether it opens then at all: null where the calendar does not reach. */
  windows: Windows
  isOpen: boolean | null
  /** The week that holds on it; `from`, `source` and `recordedAt` are missing in the usual one. */
  week: Pick<HoursEntry, 'windows' | 'weekdays'> & Partial<HoursEntry>
  /** The dates from which other weeks hold, past and to come. */
  changes: readonly string[]
}

/** How a unit opens on the day `on` (today if not given), and from which days on that changes. Public. */
export async function readOpeningHours(
  context: Context,
  { id, on = localDate(context.now()) }: { id: string; on?: string | undefined },
): Promise<Result<OpeningHours, 'no-such-unit' | 'invalid-request'>> {
  const [unit, told, calendar] = await Promise.all([
    context.units.find(id),
    context.openingHours.ledgerOf(id),
    context.calendar.calendar(),
  ])
  if (!unit) return refuse('no-such-unit')
  if (!standsOn(unit, on))
    return refuse('invalid-request', {
      errors: [{ pointer: '/query/on', code: 'unit-not-standing', detail: saysNotStanding(unit, on) }],
    })
  const [version, hours] = [lastOf(told), hoursKnown(told, Infinity)]
  const isKnown = calendar.from <= on && on <= calendar.to
  return ok({
    unit,
    on,
    version,
    windows: windowsOn(hours, on, calendar.makeupWorkdays.has(on)),
    isOpen: isKnown ? isOpenDay(workingTime(calendar, hours), dayNumber(on)) : null,
    week: weekOn(hours, on),
    changes: (hours.later ?? []).map(({ from }) => from),
  })
}
