/** Working time of the public sector as dated data: what is not listed follows the weekend rule. */
export type Calendar = {
  /** First and last civil date that the calendar knows, both inclusive. */
  from: string
  to: string
  /** Mondays to Fridays that are not worked. */
  daysOff: ReadonlySet<string>
  /** Saturdays or Sundays worked in exchange for a day off. */
  makeupWorkdays: ReadonlySet<string>
}

/** Opening windows of one day, in minutes after local midnight, in order, e.g. 07:30–11:30 is [450, 690]. */
export type Windows = readonly (readonly [opens: number, closes: number])[]

export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
export type Weekday = (typeof weekdays)[number]

/**
 * How a unit opens in a week: `windows` on every working day, make-up days too, but for weekdays that have windows of their own. On a
 * Saturday or Sunday it opens only if that has its own; such a day is no working day all the same.
 */
export type Week = { windows: Windows; weekdays?: Partial<Record<Weekday, Windows>> }

/** Opening hours of a unit; `later` are those that replaced them, each from 00:00 of a civil date, in order. */
export type Hours = Week & { later?: readonly (Week & { from: string })[] }
