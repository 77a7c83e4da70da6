import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import type { Hours } from '../../src/domain/calendar.ts'
import { computeDue } from '../../src/domain/deadline.ts'
import { windowsOn } from '../../src/domain/opening-hours.ts'
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
    const weekdays = { saturday: windows, friday: [] }
    expect(findingsOf({ weekdays }).map(([code]) => code)).toEqual(['shape'])
    expect(findingsOf({ weekdays: { saturday: windows } })).toEqual([
      ['closes-before-opening', '/00082-2025 2026-12-01/weekdays/saturday/0'],
      ['windows-overlap', '/00082-2025 2026-12-01/weekdays/saturday/1'],
    ])
    expect(findingsOf({ weekdays: { samstag: ward.windows } }).map(([code]) => code)).toEqual(['shape'])
  })

  const migrations = readdirSync('migrations').toSorted()
  function database(upTo = migrations.length) {
    const db = new DatabaseSync(':memory:')
    const migrate = (files: readonly string[]) => {
      for (const file of files) db.exec(readFileSync(`migrations/${file}`, 'utf8'))
    }
    migrate(migrations.slice(0, upTo))
    for (const { sql, params } of unitStatements(rows)) db.prepare(sql).run(...params)
    return { db, catchUp: () => migrate(migrations.slice(upTo)) }
  }
  const toldIn = (db: DatabaseSync) =>
    db.prepare('SELECT version, valid_from, windows, weekdays, recorded_at FROM opening_hours_entry').all()

  test('are told once, and the same again changes nothing; what another day said, and a later word, stay', () => {
    const { db } = database()
    const write = (...records: object[]) =>
      openingHoursStatements(read(...records).rows).reduce(
        (sum, { sql, params }) => sum + Number(db.prepare(sql).run(...params).changes),
        0,
      )
    const weekdays = { saturday: [{ opens: '08:00', closes: '11:00' }], monday: [{ opens: '08:00', closes: '18:00' }] }
    const later = { ...ward, from: '2027-01-04', windows: [{ opens: '07:00', closes: '15:00' }], weekdays }
    const other = { ...ward, unit: '00004-2025' }
    const better = { ...ward, source: 'Told better' }
    const writes = [
      write(ward),
      write(ward),
      write(later, other),
      write(later, ward, other),
      write(better),
      write(ward),
    ]
    expect(writes).toEqual([1, 0, 2, 0, 1, 0])
    const recorded = { recorded_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+07:00$/) }
    const [first, second] = [{ valid_from: '2026-12-01', windows: '[[480,720],[780,990]]' }, '[[420,900]]']
    const own = '{"monday":[[480,1080]],"saturday":[[480,660]]}'
    expect(toldIn(db)).toEqual([
      { version: 1, ...first, weekdays: '{}', ...recorded },
      { version: 1, ...first, weekdays: '{}', ...recorded },
      { version: 2, valid_from: '2027-01-04', windows: second, weekdays: own, ...recorded },
      { version: 3, ...first, weekdays: '{}', ...recorded },
    ])
  })

  test('that were imported before it was noted when they became known stay, and say so', () => {
    const { db, catchUp } = database(migrations.findIndex((file) => file.includes('opening_hours_ledger')))
    const insert = db.prepare('INSERT INTO opening_hours (unit_id, valid_from, windows, source) VALUES (?, ?, ?, ?)')
    for (const from of ['2026-12-01', '2026-01-05']) insert.run('00082-2025', from, '[[420,900]]', 'Made up')
    catchUp()
    const rest = { windows: '[[420,900]]', weekdays: '{}', recorded_at: null }
    expect(toldIn(db)).toEqual([
      { version: 1, valid_from: '2026-01-05', ...rest },
      { version: 2, valid_from: '2026-12-01', ...rest },
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
    expect(windowsOn(hours, '2026-11-30', false)).toBe(officeHours.windows)
  })
})
