// Civil days in the words of both languages, remembered, since the same few days are named over and over.
import type { Text } from '../platform/result.ts'
import { dateText, dayOf, timeText, weekday } from './civil-date.ts'

const weekdays = {
  vi: ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
}
const months = 'January February March April May June July August September October November December'.split(' ')

/** `vi` and `en` with the weekday; `date` without it; `short` without the year. */
export type NamedDay = Text & { iso: string; date: Text; short: Text }
const named = new Map<number, NamedDay>()

/** A civil day, by its number, in words. */
export function nameOf(day: number): NamedDay {
  const known = named.get(day)
  if (known) return known
  const iso = dateText(day)
  const [year = '', month = '', date = ''] = iso.split('-')
  const monthName = months[Number(month) - 1]
  const words = { vi: `${date}/${month}/${year}`, en: `${Number(date)} ${monthName} ${year}` }
  const name = {
    iso,
    date: words,
    short: { vi: `${date}/${month}`, en: `${Number(date)} ${monthName}` },
    vi: `${weekdays.vi[weekday(day)]} ${words.vi}`,
    en: `${weekdays.en[weekday(day)]} ${words.en}`,
  }
  if (named.size < 20_000) named.set(day, name)
  return name
}

/** RFC 3339 at +07:00, as `instantText`, with the day remembered. */
export const instantOf = (minute: number): string => `${nameOf(dayOf(minute)).iso}T${timeText(minute)}:00+07:00`
