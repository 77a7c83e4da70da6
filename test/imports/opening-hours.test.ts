import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { type Hours, windowsOn } from '../../src/domain/calendar.ts'
import { computeDue } from '../../src/domain/deadline.ts'
import { officeHours } from '../../src/domain/working-time.ts'
import { readOpeningHours } from '../../src/imports/opening-hours.ts'
import { openingHoursStatements, unitStatements } from '../../src/imports/sql.ts'
import { readUnits } from '../../src/imports/units.ts'
import { readFiles } from '../../src/local/catalogue.ts'
import { publishedCalendar } from '../support/calendar.ts'

const files = readFiles()
const { rows } = readUnits(files.units)
const { units } = rows

const ward = {
  unit: '00082-2025',
  from: '2026-12-01',
  windows: [
    { opens: '08:00', closes: '12:00' },
    { opens: '13:00', closes: '16:30' },
  ],
  source: 'Made up for a test',
}
const read = (...openingHours: object[]) => readOpeningHours({ openingHours }, { units })
const findingsOf = (change: object) => read({ ...ward, ...change }).findings.map(({ code, pointer }) => [code, pointer])

describe('opening hours of units', () => {
  test('none are shipped: nobody has published them', () => {
    expect(readOpeningHours(files['opening-hours'], { units })).toEqual({ rows: [], findings: [] })
  })

  test('belong to a unit that stands on their day', () => {
    expect(findingsOf({ unit: '99999-2025' })).toEqual([['unit-missing', '/99999-2025 2026-12-01/unit']])
    expect(findingsOf({ unit: '00004-0' })).toEqual([['unit-not-standing', '/00004-0 2026-12-01/from']])
    expect(findingsOf({ from: '2025-06-30' })).toEqual([['unit-not-standing', '/00082-2025 2025-06-30/from']])
    expect(findingsOf({ from: '2025-07-01' })).toEqual([])
  })

  test('all faults of the windows at once, and nothing of such a record goes in', () => {
    const windows = [
      { opens: '09:00', closes: '08:00' },
      { opens: '07:00', closes: '10:00' },
    ]
    const { rows: written, findings } = read({ ...ward, windows })
    expect(written).toEqual([])
    expect(findings.map(({ code, pointer }) => [code, pointer])).toEqual([
      ['closes-before-opening', '/00082-2025 2026-12-01/windows/0'],
      ['windows-overlap', '/00082-2025 2026-12-01/windows/1'],
    ])
    expect(findingsOf({ windows: [] })[0]?.[0]).toBe('shape')
    expect(findingsOf({ windows: [{ opens: '8:00', closes: '24:00' }] })).toHaveLength(2)
    expect(read(ward, ward).findings.map(({ code }) => code)).toEqual(['duplicate-key'])
  })

  test('are written once, and the same again changes nothing; what another day said stays', () => {
    const db = new DatabaseSync(':memory:')
    for (const file of readdirSync('migrations').toSorted()) db.exec(readFileSync(`migrations/${file}`, 'utf8'))
    for (const { sql, params } of unitStatements(rows)) db.prepare(sql).run(...params)
    const write = (...records: object[]) =>
      openingHoursStatements(read(...records).rows).reduce(
        (sum, { sql, params }) => sum + Number(db.prepare(sql).run(...params).changes),
        0,
      )
    const later = { ...ward, from: '2027-01-04', windows: [{ opens: '07:00', closes: '15:00' }] }
    expect([write(ward), write(ward), write(later), write(later, ward)]).toEqual([1, 0, 1, 0])
    expect(db.prepare('SELECT valid_from, windows FROM opening_hours').all()).toEqual([
      { valid_from: '2026-12-01', windows: '[[480,720],[780,990]]' },
      { valid_from: '2027-01-04', windows: '[[420,900]]' },
    ])
  })

  test('change a due date from their day on, and none before', () => {
    const [changed] = read(ward).rows
    if (!changed) throw new Error('the record was refused')
    const hours = { ...officeHours, later: [changed] }
    const due = (startedAt: string, by: Hours = hours) =>
      computeDue({
        limit: { unit: 'WORKING_DAY', value: 3 },
        cutoff: null,
        startedAt,
        pauses: [],
        outages: [],
        calendar: publishedCalendar(),
        hours: by,
      })
    expect(due('2026-12-01T09:00:00+07:00')).toMatchObject({ value: { dueAt: '2026-12-04T16:30:00+07:00' } })
    expect(due('2026-12-01T09:00:00+07:00', officeHours)).toMatchObject({
      value: { dueAt: '2026-12-04T17:00:00+07:00' },
    })
    for (const before of ['2026-04-24T10:00:00+07:00', '2026-11-23T10:00:00+07:00'])
      expect(due(before)).toEqual(due(before, officeHours))
    expect(windowsOn(hours, '2026-11-30')).toBe(officeHours.windows)
  })
})
