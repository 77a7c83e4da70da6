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

/** Opening windows of a unit, in minutes after local midnight, in order, e.g. 07:30–11:30 is [450, 690]. */
export type Hours = { windows: readonly (readonly [opens: number, closes: number])[] }
