// How long a result is valid, and since when applying for a new one makes sense.
import { addMonths, dateText, dayNumber } from './civil-date.ts'
import type { TooEarly } from './dossier.ts'

/** Years, months, weeks and days of an ISO 8601 duration. */
const duration = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/

/** The last day of validity of a result issued on that civil date; the first day is not counted (Civil Code art. 147, 148). */
export function validUntil(issuedOn: string, validity: string): string {
  const [, years = 0, months = 0, weeks = 0, days = 0] = (duration.exec(validity) ?? []).map(Number)
  const after = addMonths(dayNumber(issuedOn), (years || 0) * 12 + (months || 0))
  return dateText(after + (weeks || 0) * 7 + (days || 0))
}

/**
 * When it is too early: the last day from which a new result would be there before the old one ends. `dueOn` tells when the result
 * of an application on that date is due, null where that is not a date. Null when it is not too early today.
 */
export function tooEarly(today: string, until: string, dueOn: (date: string) => string | null): TooEarly | null {
  for (let day = dayNumber(until); day > dayNumber(today); day--) {
    const date = dateText(day)
    const due = dueOn(date)
    if (due === null || due <= until) return { validUntil: until, sensibleFrom: date }
  }
  return null
}
