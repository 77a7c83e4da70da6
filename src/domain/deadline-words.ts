// How a due date is told to the person who waits for it: one sentence and one clause for each rule of deadline.ts.
import type { Text } from '../platform/result.ts'
import type { Windows } from './calendar.ts'
import { dayOf, timeText } from './civil-date.ts'
import { nameOf } from './day-names.ts'
import type { Arrival, WorkingTime } from './working-time.ts'

const law = (vi: string, en: string): Text => ({ vi, en })

const civilCode = (article: number, clause: number) =>
  law(
    `Bộ luật Dân sự 91/2015/QH13, Điều ${article} khoản ${clause}`,
    `Civil Code 91/2015/QH13 art. ${article}(${clause})`,
  )
const clockOfUnit = law(
  'Nghị định 118/2025/NĐ-CP, Điều 17 khoản 3 (sửa đổi bởi Nghị định 309/2026/NĐ-CP)',
  'Decree 118/2025/NĐ-CP art. 17(3), as amended by Decree 309/2026/NĐ-CP',
)
const notCounted = law('Nghị định 301/2026/NĐ-CP, Điều 3 khoản 4', 'Decree 301/2026/NĐ-CP art. 3(4)')

/** The rules that can shape a due date, each with the clause it rests on; null is the practice of the counters. */
export const clauses = {
  'competent-unit-receives': clockOfUnit,
  'clock-starts': clockOfUnit,
  'term-of-the-applicant-starts': civilCode(147, 1),
  'outside-opening-hours': null,
  'after-cutoff': law(
    'Luật Hộ tịch 60/2014/QH13, Điều 5 khoản 3; Nghị định 23/2015/NĐ-CP, Điều 7',
    'Civil Status Law 60/2014/QH13 art. 5(3); Decree 23/2015/NĐ-CP art. 7',
  ),
  'first-day-not-counted': civilCode(147, 2),
  'same-day': law('Luật Hộ tịch 60/2014/QH13, Điều 5 khoản 3', 'Civil Status Law 60/2014/QH13 art. 5(3)'),
  'hours-counted': civilCode(147, 1),
  'working-days-counted': law(
    'Bộ luật Lao động 45/2019/QH14, Điều 111 và Điều 112',
    'Labour Code 45/2019/QH14 art. 111 and 112',
  ),
  'calendar-days-counted': civilCode(148, 1),
  'months-counted': civilCode(148, 3),
  'rolled-to-working-day': civilCode(148, 5),
  'clock-stands-still': notCounted,
  'pause-not-counted': notCounted,
  'pause-after-due': null,
  'count-restarted': law('Nghị định 61/2018/NĐ-CP, Điều 19 khoản 4', 'Decree 61/2018/NĐ-CP art. 19(4)'),
  'outage-not-counted': notCounted,
  'cutoff-moved-by-outage': notCounted,
  'due-within-outage': notCounted,
  'no-fixed-limit': null,
} as const satisfies Record<string, Text | null>

export type DueRule = keyof typeof clauses

const vi = (minute: number) => `${timeText(minute)} ${nameOf(dayOf(minute)).vi}`
const en = (minute: number) => `${timeText(minute)} on ${nameOf(dayOf(minute)).en}`

export const saysReceivedElsewhere = (handedIn: number, received: number): Text => ({
  vi: `Hồ sơ nộp lúc ${vi(handedIn)} tại nơi khác; cơ quan có thẩm quyền nhận lúc ${vi(received)}. Với hồ sơ phi địa giới, thời hạn tính từ lúc cơ quan có thẩm quyền nhận.`,
  en: `Handed in elsewhere at ${en(handedIn)}; the competent unit received it at ${en(received)}. For a dossier handed in elsewhere the time counts from the moment the competent unit receives it.`,
})

export const saysStart = (minute: number): Text => ({
  vi: `Thời hạn bắt đầu lúc ${vi(minute)}.`,
  en: `The time starts at ${en(minute)}.`,
})

const outside: Record<Exclude<Arrival['when'], 'in-hours'>, Text> = {
  'before-opening': { vi: 'trước giờ mở cửa', en: 'before opening time' },
  'in-break': { vi: 'trong giờ nghỉ trưa', en: 'within the midday break' },
  'after-closing': { vi: 'sau giờ đóng cửa', en: 'after closing time' },
  'on-day-off': { vi: 'ngày nghỉ', en: 'on a day off' },
}

export const saysOutside = (when: Exclude<Arrival['when'], 'in-hours'>, counted: number): Text => ({
  vi: `Thời điểm đó là ${outside[when].vi}, nên tính từ lúc mở cửa ${vi(counted)}.`,
  en: `That is ${outside[when].en}, so it counts from the next opening at ${en(counted)}.`,
})

/** Beside a step that ends, or begins, on a weekday with opening hours of its own. */
export function saysOpen(day: number, windows: Windows): Text {
  const times = windows.map(([opens, closes]) => `${timeText(opens)}–${timeText(closes)}`).join(', ')
  return { vi: `Giờ mở cửa ${nameOf(day).vi}: ${times}.`, en: `Opening hours on ${nameOf(day).en}: ${times}.` }
}

export const saysCutoff = (cutoff: string, counted: number): Text => ({
  vi: `Sau ${cutoff} thì chuyển sang ngày mở cửa tiếp theo: ${vi(counted)}.`,
  en: `After ${cutoff} it moves to the next day on which the unit opens: ${en(counted)}.`,
})

export const saysFirstDay = (day: number): Text => ({
  vi: `Không tính ngày đầu tiên, ${nameOf(day).vi}.`,
  en: `The first day, ${nameOf(day).en}, is not counted.`,
})

export const saysSameDay = (due: number): Text => ({
  vi: `Giải quyết trong ngày: chậm nhất ${vi(due)}, khi hết giờ làm việc.`,
  en: `Done within the day: by ${en(due)} at the latest, when the unit closes.`,
})

export const saysHours = (hours: number, due: number): Text => ({
  vi: `${hours} giờ làm việc, chỉ tính trong giờ mở cửa: đến ${vi(due)}.`,
  en: `${hours} working ${hours === 1 ? 'hour' : 'hours'}, counted only while the unit is open: until ${en(due)}.`,
})

/** Names the days of the span that depart from the plain week, so that the reader can check the count. */
export function saysWorkingDays(time: WorkingTime, n: number, from: number, to: number): Text {
  const off = listOf(time.days.daysOff, from, to)
  const makeup = listOf(time.days.makeupDays, from, to)
  const due = nameOf(to)
  return {
    vi: `${n} ngày làm việc: đến hết giờ làm việc ${due.vi}. Không tính thứ Bảy, Chủ nhật${off.vi && ` và ngày nghỉ ${off.vi}`}${makeup.vi && `; có tính ngày làm bù ${makeup.vi}`}.`,
    en: `${n} working ${n === 1 ? 'day' : 'days'}: until closing time on ${due.en}. Saturdays and Sundays are not counted${off.en && `, nor the days off ${off.en}`}${makeup.en && `; the make-up working day ${makeup.en} is`}.`,
  }
}

function listOf(days: readonly number[], after: number, until: number): Text {
  const list = { vi: '', en: '' }
  for (const day of days) {
    if (day <= after || day > until) continue
    const { short } = nameOf(day)
    list.vi += list.vi ? `, ${short.vi}` : short.vi
    list.en += list.en ? `, ${short.en}` : short.en
  }
  return list
}

export const saysDays = (n: number, due: number): Text => ({
  vi: `${n} ngày, kể cả ngày nghỉ: đến ${nameOf(due).vi}.`,
  en: `${n} ${n === 1 ? 'day' : 'days'}, days off included: until ${nameOf(due).en}.`,
})

export const saysMonths = (n: number, due: number): Text => ({
  vi: `${n} tháng: đến ngày tương ứng, hoặc ngày cuối tháng nếu tháng đó không có: ${nameOf(due).vi}.`,
  en: `${n} ${n === 1 ? 'month' : 'months'}: until the same day of the month, or its last day where it has none: ${nameOf(due).en}.`,
})

export const saysRolled = (from: number, to: number): Text => ({
  vi: `Vì ${nameOf(from).vi} là ngày nghỉ, hạn là hết giờ làm việc ${nameOf(to).vi}, ngày làm việc tiếp theo.`,
  en: `${nameOf(from).en} is a day off, so it is due by closing time on the next working day, ${nameOf(to).en}.`,
})

export const saysStandsStill = (since: number): Text => ({
  vi: `Từ ${vi(since)} thời hạn tạm dừng để chờ; ngày hẹn trả được tính lại khi tiếp tục.`,
  en: `Since ${en(since)} the clock stands still; the date is computed anew when it goes on.`,
})

export const saysPaused = (from: number, to: number, due: number): Text => ({
  vi: `Không tính thời gian tạm dừng từ ${vi(from)} đến ${vi(to)}: hạn dời đến ${vi(due)}.`,
  en: `The pause from ${en(from)} to ${en(to)} is not counted: due at ${en(due)}.`,
})

export const saysPausedTooLate = (from: number): Text => ({
  vi: `Lần tạm dừng lúc ${vi(from)} bắt đầu sau khi đã quá hạn, nên không làm thay đổi hạn.`,
  en: `The pause at ${en(from)} began when it was already overdue, so it moves nothing.`,
})

export const saysRestarted = (from: number, to: number): Text => ({
  vi: `Hồ sơ được yêu cầu bổ sung lúc ${vi(from)} và hoàn thiện lúc ${vi(to)}: thời hạn tính lại từ đầu.`,
  en: `Asked to be completed at ${en(from)}, complete at ${en(to)}: the time is counted again from the beginning.`,
})

export const saysOutage = (minutes: number, due: number): Text => ({
  vi: `Hệ thống ngừng hoạt động ${minutes} phút trong giờ làm việc; thời gian đó không tính: hạn dời đến ${vi(due)}.`,
  en: `The service was down for ${minutes} minutes of opening time, which are not counted: due at ${en(due)}.`,
})

export const saysCutoffMoved = (cutoff: string, at: number): Text => ({
  vi: `Hệ thống ngừng hoạt động trước ${cutoff} nên giờ nhận hồ sơ trong ngày được lùi lại; hồ sơ nhận lúc ${vi(at)} vẫn tính trong ngày.`,
  en: `The service was down before ${cutoff}, so that day's cut-off came later by as much: received at ${en(at)} still counts as that day.`,
})

export const saysDueWithinOutage = (from: number, due: number): Text => ({
  vi: `Lúc ${vi(from)} hệ thống ngừng hoạt động, nên hạn dời đến ${vi(due)}, hết ngày làm việc đầu tiên hệ thống hoạt động trở lại.`,
  en: `At ${en(from)} the service was down, so it is due at ${en(due)}, when the first working day closes on which the service is back.`,
})
