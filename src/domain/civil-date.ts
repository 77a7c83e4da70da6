// Civil dates as day numbers and instants as minutes, both counted from 1970-01-01 00:00 in Viet Nam,
// which has kept UTC+7 without summer time: plain integers, so date arithmetic needs no library and no time zone.

export const dayMinutes = 1440
const offset = 7 * 60

/** The minute of an instant, RFC 3339 with its offset or epoch milliseconds; seconds are dropped, as on a receipt. */
export function minuteOf(at: string | number): number {
  const milliseconds = typeof at === 'number' ? at : hasOffset(at) ? Date.parse(at) : Number.NaN
  if (!Number.isFinite(milliseconds)) throw new RangeError(`not an instant: ${at}`)
  return Math.floor(milliseconds / 60_000) + offset
}

/** Without an offset the machine's own zone would decide. */
const hasOffset = (at: string) => at.length > 16 && /Z|[+-]\d\d:\d\d$/.test(at.slice(-6))

/** The civil day on which a minute falls. */
export const dayOf = (minute: number): number => Math.floor(minute / dayMinutes)

/** The day number of `YYYY-MM-DD`. */
export function dayNumber(date: string): number {
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN] = date.split('-').map(Number)
  const number = Date.UTC(year, month - 1, day) / 86_400_000
  if (dateText(number) !== date) throw new RangeError(`not a date: ${date}`)
  return number
}

/** `YYYY-MM-DD`. */
export const dateText = (day: number): string =>
  Number.isFinite(day) ? new Date(day * 86_400_000).toISOString().slice(0, -14) : 'no date'

const two = (n: number) => `${n}`.padStart(2, '0')
const times = Array.from({ length: dayMinutes }, (_, minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`)

/** `HH:MM`. */
export const timeText = (minute: number): string => times[minute - dayOf(minute) * dayMinutes] ?? 'no time'

/** Minutes after midnight of `HH:MM`. */
export const timeMinutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** RFC 3339 with Viet Nam's offset, to the minute: `2026-11-22T09:00:00+07:00`. */
export const instantText = (minute: number): string => `${dateText(dayOf(minute))}T${timeText(minute)}:00+07:00`

/** 0 is Sunday, 6 Saturday. */
export const weekday = (day: number): number => (((day + 4) % 7) + 7) % 7

/** The same-numbered day so many months on, or the last day of that month where it has none (Civil Code art. 148(3)). */
export function addMonths(day: number, months: number): number {
  const date = new Date(day * 86_400_000)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const lastOfMonth = Date.UTC(year, month + 1, 0) / 86_400_000
  return Math.min(Date.UTC(year, month, date.getUTCDate()) / 86_400_000, lastOfMonth)
}
