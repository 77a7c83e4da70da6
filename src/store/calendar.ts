import { asc, eq, max, min } from 'drizzle-orm'
import type { Calendar } from '../domain/calendar.ts'
import type { Database } from './database.ts'
import { calendarDay, calendarYear } from './tables/catalogue.ts'

export interface CalendarStore {
  /** All that is known, some fifty days; an empty calendar (from > to) before the first import. */
  calendar(): Promise<Calendar>
  /** Whether that civil date is worked in exchange for a day off. */
  isMakeup(date: string): Promise<boolean>
}

export function calendarStore(db: Database): CalendarStore {
  const days = (kind: 'off' | 'makeup') =>
    db
      .select({ date: calendarDay.date })
      .from(calendarDay)
      .where(eq(calendarDay.kind, kind))
      .orderBy(asc(calendarDay.date))

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
    async isMakeup(date) {
      const [day] = await db.select({ kind: calendarDay.kind }).from(calendarDay).where(eq(calendarDay.date, date))
      return day?.kind === 'makeup'
    },
  }
}
