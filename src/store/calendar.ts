import { asc, eq, max, min, sql } from 'drizzle-orm'
import type { Calendar, Hours } from '../domain/calendar.ts'
import { officeHours } from '../domain/working-time.ts'
import type { Database } from './database.ts'
import { calendarDay, calendarYear } from './tables/catalogue.ts'
import { openingHours } from './tables/time.ts'

export interface CalendarStore {
  /** All that is known, some fifty days; an empty calendar (from > to) before the first import. */
  calendar(): Promise<Calendar>
  /** When a unit opens, with all changes past and to come; the usual office hours for one that has set none. */
  hoursOf(unit: string): Promise<Hours>
  /** The same of several units at once. */
  hoursOfAll(units: readonly string[]): Promise<Map<string, Hours>>
}

export function calendarStore(db: Database): CalendarStore {
  const days = (kind: 'off' | 'makeup') =>
    db
      .select({ date: calendarDay.date })
      .from(calendarDay)
      .where(eq(calendarDay.kind, kind))
      .orderBy(asc(calendarDay.date))

  async function hoursOfAll(units: readonly string[]) {
    const rows = await db
      .select({ unit: openingHours.unitId, from: openingHours.from, windows: openingHours.windows })
      .from(openingHours)
      .where(sql`${openingHours.unitId} IN (SELECT value FROM json_each(${JSON.stringify(units)}))`)
      .orderBy(asc(openingHours.unitId), asc(openingHours.from))
    const changes = Map.groupBy(rows, ({ unit }) => unit)
    return new Map(
      units.map((unit): [string, Hours] => {
        const later = changes.get(unit)?.map(({ from, windows }) => ({ from, windows }))
        return [unit, later ? { ...officeHours, later } : officeHours]
      }),
    )
  }

  return {
    async calendar() {
      const [years, off, makeup] = await db.batch([
        db.select({ first: min(calendarYear.year), last: max(calendarYear.year) }).from(calendarYear),
        days('off'),
        days('makeup'),
      ])
      return {
        from: `${years[0]?.first ?? 9999}-01-01`,
        to: `${years[0]?.last ?? '0000'}-12-31`,
        daysOff: new Set(off.map((day) => day.date)),
        makeupWorkdays: new Set(makeup.map((day) => day.date)),
      }
    },
    hoursOf: async (unit) => (await hoursOfAll([unit])).get(unit) ?? officeHours,
    hoursOfAll,
  }
}
