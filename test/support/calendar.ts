import { readFileSync } from 'node:fs'
import type { Calendar } from '../../src/domain/calendar.ts'

type Years = { years: { year: number; off: { date: string; makeup?: string }[] }[] }

/** The calendar that the importer reads, 2024 to 2027, without a database. For tests that run in plain node. */
export function publishedCalendar(): Calendar {
  const { years }: Years = JSON.parse(readFileSync(`${import.meta.dirname}/../../data/calendar.json`, 'utf8'))
  const off = years.flatMap((year) => year.off)
  const known = years.map(({ year }) => year)
  return {
    from: `${Math.min(...known)}-01-01`,
    to: `${Math.max(...known)}-12-31`,
    daysOff: new Set(off.map((day) => day.date)),
    makeupWorkdays: new Set(off.flatMap((day) => day.makeup ?? [])),
  }
}
