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

/** Opening windows of a unit; `later` are those that replaced them, each from 00:00 of a civil date, in order. */
export type Hours = { windows: Windows; later?: readonly { from: string; windows: Windows }[] }

/** The windows that hold on a civil date. */
export const windowsOn = ({ windows, later = [] }: Hours, date: string): Windows =>
  later.findLast(({ from }) => from <= date)?.windows ?? windows
