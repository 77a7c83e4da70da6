import { describe, expect, test } from 'vitest'
import { readCalendar } from '../../src/imports/calendar.ts'
import { readFiles } from '../../src/local/catalogue.ts'

type Off = { date: string; kind: string; name: { vi: string; en: string }; makeup?: string }
type Year = { year: number; certainty: string; off: Off[]; makeupWorkdays: string[] }
type RawFile = { years: Year[] }

const shipped = readFiles().calendar as RawFile // read as unknown JSON; the tests break it on purpose

function errorsWhen(change: (year: Year, file: RawFile) => void, year = 2026): string[] {
  const file = structuredClone(shipped)
  const chosen = file.years.find((one) => one.year === year)
  if (!chosen) throw new Error(`no ${year}`)
  change(chosen, file)
  const { findings } = readCalendar(file)
  return findings.filter(({ severity }) => severity === 'error').map(({ code, pointer }) => `${code} ${pointer}`)
}

const holiday = (date: string): Off => ({ date, kind: 'holiday', name: { vi: 'Ngày lễ', en: 'Holiday' } })

describe('the calendar as shipped', () => {
  test('knows 2024 to 2027, with swaps worked on Saturdays and Culture Day since 2026', () => {
    const { rows, findings } = readCalendar(shipped)
    expect(findings.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`)).toEqual([
      'warning uncertain /2027',
    ])
    expect(rows.years.map(({ year }) => year)).toEqual([2024, 2025, 2026, 2027])
    const day = (date: string) => rows.days.find((one) => one.date === date)
    expect(day('2026-08-31')).toMatchObject({ kind: 'off', reason: 'swap', swappedWith: '2026-08-22' })
    expect(day('2026-08-22')).toMatchObject({ kind: 'makeup', reason: 'swap', swappedWith: '2026-08-31' })
    expect(day('2026-11-24')?.name.vi).toBe('Ngày Văn hóa Việt Nam')
    expect(day('2025-11-24')).toBeUndefined()
  })
})

describe('a broken calendar is refused', () => {
  test('a holiday on a weekend, a make-up workday on a weekday', () => {
    expect(errorsWhen(({ off }) => off.push(holiday('2026-03-01')))).toContain('off-on-weekend /2026/off/2026-03-01')
    expect(errorsWhen(({ makeupWorkdays }) => makeupWorkdays.push('2026-03-02'))).toContain(
      'makeup-on-weekday /2026/makeupWorkdays/2026-03-02',
    )
  })

  test('a swap without its make-up day, a make-up day without its swap', () => {
    expect(errorsWhen((year) => (year.makeupWorkdays = ['2026-08-22']))).toEqual([
      'swap-without-makeup /2026/off/2026-01-02',
    ])
    expect(errorsWhen(({ off }) => off.forEach((day) => day.kind === 'swap' && delete day.makeup))).toContain(
      'swap-without-makeup /2026/off/2026-01-02',
    )
    expect(errorsWhen(({ makeupWorkdays }) => makeupWorkdays.push('2026-03-07'))).toEqual([
      'makeup-without-swap /2026/makeupWorkdays/2026-03-07',
    ])
  })

  test('a day listed twice or under another year', () => {
    expect(errorsWhen(({ off }) => off.push(holiday('2026-01-01')))).toContain('day-twice /2026/off/2026-01-01')
    expect(errorsWhen(({ off }) => off.push(holiday('2027-01-01')))).toContain('wrong-year /2026/off/2027-01-01')
  })

  test('a holiday by law that is missing, also where its weekend is compensated', () => {
    const without = (date: string) => (year: Year) => {
      year.off = year.off.filter((day) => day.date !== date)
    }
    expect(errorsWhen(without('2026-11-24'))).toEqual([
      'statutory-day-missing /2026/off/2026-11-24',
      'statutory-count /2026/off',
    ])
    expect(errorsWhen(without('2027-05-03'), 2027)).toContain('statutory-day-missing /2027/off/2027-05-03')
  })

  test('more or fewer days than the law gives', () => {
    expect(errorsWhen(({ off }) => off.push(holiday('2026-12-24')))).toEqual(['statutory-count /2026/off'])
  })

  test('a year left out between others', () => {
    expect(errorsWhen((_, file) => (file.years = file.years.filter(({ year }) => year !== 2025)))).toEqual([
      'calendar-gap /2026',
    ])
  })

  test('a date that does not exist, a year that stands twice', () => {
    expect(errorsWhen(({ off }) => off.push(holiday('2026-02-29')))).toContain('shape /2026/off/14/date')
    expect(errorsWhen((year, file) => file.years.push(year))).toEqual(['duplicate-key /2026'])
  })
})
