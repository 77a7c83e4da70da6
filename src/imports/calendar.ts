import { z } from 'zod'
import { dayNumber, dateText, weekday } from '../domain/civil-date.ts'
import { type Correction, createReport, type Finding, type Report } from './report.ts'
import { BothLanguages, Certainty, CivilDate, readEnvelope, readRecords } from './shape.ts'

const YearRecord = z.strictObject({
  year: z.int().min(2000).max(2100),
  certainty: Certainty,
  source: z.string().min(3),
  off: z.array(
    z.strictObject({
      date: CivilDate,
      kind: z.enum(['holiday', 'compensation', 'swap']),
      name: BothLanguages,
      makeup: CivilDate.optional(),
    }),
  ),
  makeupWorkdays: z.array(CivilDate),
})
type YearRecord = z.infer<typeof YearRecord>

const CalendarFile = z.object({ years: z.array(z.unknown()) })

type CalendarDayRow = {
  date: string
  kind: 'off' | 'makeup'
  reason: 'holiday' | 'compensation' | 'swap'
  name: { vi: string; en: string }
  /** Of a swap: the other day of the pair. */
  swappedWith: string | null
}
export type CalendarRows = { years: Pick<YearRecord, 'year' | 'certainty' | 'source'>[]; days: CalendarDayRow[] }

/** Reads `data/calendar.json` against the Labour Code (2019, art. 111–112) and Resolution 28/2026/QH16 (24 November). */
export function readCalendar(
  input: unknown,
  options: { corrections?: readonly Correction[] } = {},
): { rows: CalendarRows; findings: Finding[] } {
  const report = createReport('calendar', options.corrections ?? [])
  const file = readEnvelope(report, input, CalendarFile)
  const records = readRecords(report, file?.years ?? [], YearRecord, (raw) => raw['year']).map(({ value }) => value)
  const years = records.toSorted((a, b) => a.year - b.year)
  for (const [index, one] of years.entries()) {
    const before = years[index - 1]
    if (before && before.year !== one.year - 1)
      report.error('calendar-gap', `/${one.year}`, `no year between ${before.year} and ${one.year}`)
    checkDays(report, one)
    checkSwaps(report, one, years)
    checkStatutory(report, one)
    if (one.certainty !== 'high')
      report.warning('uncertain', `/${one.year}`, `certainty ${one.certainty}: ${one.source}`)
  }
  const findings = report.finish()
  return { rows: toRows(years.filter((one) => !report.refuses(String(one.year)))), findings }
}

const isWeekend = (date: string) => [0, 6].includes(weekday(dayNumber(date)))

/** Every listed day is of its year, listed once, and really changes what the weekend rule says. */
function checkDays(report: Report, { year, off, makeupWorkdays }: YearRecord) {
  const listed = [
    ...off.map((day) => ({ date: day.date, at: 'off' })),
    ...makeupWorkdays.map((date) => ({ date, at: 'makeupWorkdays' })),
  ]
  for (const [index, { date, at }] of listed.entries()) {
    const pointer = `/${year}/${at}/${date}`
    if (!date.startsWith(`${year}-`)) report.error('wrong-year', pointer, `${date} is not a day of ${year}`)
    if (listed.findIndex((other) => other.date === date) !== index)
      report.error('day-twice', pointer, `${date} is listed twice`)
    if (at === 'off' && isWeekend(date)) report.error('off-on-weekend', pointer, `${date} is a weekend day, off anyway`)
    if (at === 'makeupWorkdays' && !isWeekend(date))
      report.error('makeup-on-weekday', pointer, `${date} is a weekday, worked anyway`)
  }
}

/** A swapped day off and the weekend day worked for it come as a pair; the other day may lie in the next year. */
function checkSwaps(report: Report, { year, off, makeupWorkdays }: YearRecord, years: readonly YearRecord[]) {
  const worked = new Set(years.flatMap((one) => one.makeupWorkdays))
  const paid = new Set(years.flatMap((one) => one.off.flatMap((day) => day.makeup ?? [])))
  for (const day of off) {
    const pointer = `/${year}/off/${day.date}`
    if ((day.kind === 'swap') !== (day.makeup !== undefined))
      report.error('swap-without-makeup', pointer, `${day.date}: a swap, and only a swap, names its make-up day`)
    else if (day.makeup !== undefined && !worked.has(day.makeup))
      report.error(
        'swap-without-makeup',
        pointer,
        `${day.date} is swapped with ${day.makeup}, which is no make-up workday`,
      )
  }
  for (const date of makeupWorkdays)
    if (!paid.has(date))
      report.error('makeup-without-swap', `/${year}/makeupWorkdays/${date}`, `no day off is swapped with ${date}`)
}

/** Days off a year, weekends compensated: 11 (Labour Code art. 112), and Culture Day besides since 2026. */
const statutoryDays = (year: number) => (year >= 2026 ? 12 : 11)

/** The fixed holidays are off, or compensated on the next weekday; and the year's count is the law's. */
function checkStatutory(report: Report, { year, off }: YearRecord) {
  const free = new Set(off.map((day) => day.date))
  const fixed = ['01-01', '04-30', '05-01', '09-02', ...(year >= 2026 ? ['11-24'] : [])].map((day) => `${year}-${day}`)
  for (const date of fixed) {
    let day = dayNumber(date)
    while (isWeekend(dateText(day))) day += 1
    if (!free.has(dateText(day)))
      report.error(
        'statutory-day-missing',
        `/${year}/off/${dateText(day)}`,
        `${date} is a holiday by law; ${dateText(day)} must be off`,
      )
  }
  const count = off.filter((day) => day.kind !== 'swap').length
  if (count !== statutoryDays(year))
    report.error(
      'statutory-count',
      `/${year}/off`,
      `the law gives ${statutoryDays(year)} days off, the list has ${count}`,
    )
}

const toRows = (years: readonly YearRecord[]): CalendarRows => ({
  years: years.map(({ year, certainty, source }) => ({ year, certainty, source })),
  days: years.flatMap(({ off, makeupWorkdays }) => [
    ...off.map(({ date, kind, name, makeup }) => ({
      date,
      kind: 'off' as const,
      reason: kind,
      name,
      swappedWith: makeup ?? null,
    })),
    ...makeupWorkdays.map((date) => ({
      date,
      kind: 'makeup' as const,
      reason: 'swap' as const,
      name: { vi: 'Làm bù', en: 'Make-up workday' },
      swappedWith: years.flatMap((one) => one.off).find((day) => day.makeup === date)?.date ?? null,
    })),
  ]),
})
