import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ProcedureVersion } from '../../src/domain/procedure.ts'
import type { UnitId } from '../../src/domain/unit.ts'
import { type CatalogueRows, readCatalogue } from '../../src/imports/catalogue.ts'
import {
  literal,
  procedureStatements,
  servicePointStatements,
  type SqlStatement,
  unitStatements,
} from '../../src/imports/sql.ts'
import { catalogueStatements, datasets, readFiles, seedStatements } from '../../src/local/catalogue.ts'

/** All tables in SQLite, as D1 has them. */
function emptyDatabase(): DatabaseSync {
  const db = new DatabaseSync(':memory:')
  for (const file of readdirSync('migrations').toSorted()) db.exec(readFileSync(`migrations/${file}`, 'utf8'))
  return db
}

/** Runs statements with their values and says how many rows they touched. */
function run(db: DatabaseSync, statements: readonly SqlStatement[]): number {
  return statements.reduce((sum, { sql, params }) => sum + Number(db.prepare(sql).run(...params).changes), 0)
}

const count = (db: DatabaseSync, table: string) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']

let rows: CatalogueRows
beforeAll(() => {
  rows = readCatalogue(readFiles()).rows
})

describe('the shipped catalogue', () => {
  test('fills an empty database with every row', async () => {
    const db = emptyDatabase()
    run(db, await catalogueStatements(rows, datasets, '2026-11-22'))
    expect(count(db, 'unit')).toBe(711)
    expect(count(db, 'unit_succession')).toBe(1020)
    expect(count(db, 'calendar_year')).toBe(4)
    expect(count(db, 'service_point')).toBe(126)
    expect(db.prepare('SELECT count(DISTINCT code) AS n FROM procedure_version').get()).toEqual({ n: 76 })
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([])
  })

  test('read twice changes nothing the second time', async () => {
    const db = emptyDatabase()
    const statements = await catalogueStatements(rows, datasets, '2026-11-22')
    expect(run(db, statements)).toBeGreaterThan(1900)
    expect(run(db, statements)).toBe(0)
  })

  test('is the same as plain text, each statement below the limits of D1', async () => {
    const [bound, plain] = [emptyDatabase(), emptyDatabase()]
    const statements = await catalogueStatements(rows, datasets, '2026-11-22')
    run(bound, statements)
    for (const text of await seedStatements('2026-11-22')) {
      expect(Buffer.byteLength(text)).toBeLessThan(100_000)
      plain.exec(text)
    }
    for (const table of [
      'unit',
      'unit_succession',
      'calendar_year',
      'calendar_day',
      'service_point',
      'procedure_version',
    ])
      expect(plain.prepare(`SELECT * FROM ${table}`).all()).toEqual(bound.prepare(`SELECT * FROM ${table}`).all())
    expect(Math.max(...statements.map(({ params }) => params.length))).toBeLessThan(100)
  })

  test('quotes what would end a text', () => {
    expect(literal({ sql: 'SELECT ?, ?, ?', params: ["O'Brien; --", null, 7] })).toBe("SELECT 'O''Brien; --', null, 7")
  })
})

describe('procedures go forward in versions', () => {
  const birth = () => {
    const found = rows.procedures.find((one) => one.code === '1.001193')
    if (!found) throw new Error('no 1.001193')
    return found
  }
  const stored = (db: DatabaseSync) =>
    db
      .prepare(
        "SELECT version, valid_from, valid_to, body ->> '$.feeVnd' AS fee FROM procedure_version ORDER BY version",
      )
      .all()
      .map((row) => ({ ...row }))
  const importOn = async (db: DatabaseSync, from: string, ...versions: ProcedureVersion[]) =>
    run(db, await procedureStatements(versions, from))

  test('changed content closes the version in force and opens the next on the day given', async () => {
    const db = emptyDatabase()
    await importOn(db, '2026-01-01', birth())
    await importOn(db, '2026-12-01', { ...birth(), feeVnd: 5000 })
    expect(stored(db)).toEqual([
      { version: 1, valid_from: '2024-01-01', valid_to: '2026-12-01', fee: 0 },
      { version: 2, valid_from: '2026-12-01', valid_to: null, fee: 5000 },
    ])
    expect(await importOn(db, '2026-12-05', { ...birth(), feeVnd: 5000 })).toBe(0)
  })

  test('a change that the file dates itself begins on that day', async () => {
    const db = emptyDatabase()
    await importOn(db, '2026-01-01', birth())
    const later = { ...birth(), version: 2, validFrom: '2027-03-01', feeVnd: 5000 }
    await importOn(db, '2026-12-01', { ...birth(), validTo: '2027-03-01' }, later)
    expect(stored(db)).toEqual([
      { version: 1, valid_from: '2024-01-01', valid_to: '2027-03-01', fee: 0 },
      { version: 2, valid_from: '2027-03-01', valid_to: null, fee: 5000 },
    ])
    expect(await importOn(db, '2026-12-01', { ...birth(), validTo: '2027-03-01' }, later)).toBe(0)
  })

  test('a procedure that ends is closed and stays closed', async () => {
    const db = emptyDatabase()
    await importOn(db, '2026-01-01', birth())
    const ended = { ...birth(), validTo: '2027-03-01' }
    expect(await importOn(db, '2026-12-01', ended)).toBe(1)
    expect(await importOn(db, '2026-12-01', ended)).toBe(0)
    expect(stored(db)).toEqual([{ version: 1, valid_from: '2024-01-01', valid_to: '2027-03-01', fee: 0 }])
  })

  test('two changes on one day keep both versions, the first in force for no day', async () => {
    const db = emptyDatabase()
    await importOn(db, '2026-01-01', birth())
    await importOn(db, '2026-12-01', { ...birth(), feeVnd: 5000 })
    await importOn(db, '2026-12-01', { ...birth(), feeVnd: 6000 })
    expect(stored(db).map((row) => [row['version'], row['valid_from'], row['valid_to']])).toEqual([
      [1, '2024-01-01', '2026-12-01'],
      [2, '2026-12-01', '2026-12-01'],
      [3, '2026-12-01', null],
    ])
  })

  test('a change cannot be dated before the version in force', async () => {
    const db = emptyDatabase()
    await importOn(db, '2026-01-01', birth())
    await expect(importOn(db, '2023-12-31', { ...birth(), feeVnd: 5000 })).rejects.toThrow('CHECK constraint failed')
  })

  test('a procedure that the file leaves out is left alone', async () => {
    const db = emptyDatabase()
    await importOn(db, '2026-01-01', birth())
    const marriage = rows.procedures.filter((one) => one.code === '1.000894')
    expect(await importOn(db, '2026-12-01', ...marriage)).toBe(1)
    expect(stored(db)).toHaveLength(2)
  })
})

describe('service points follow the file', () => {
  const office = {
    id: '00082-2025.2',
    unit: '00082-2025' as UnitId,
    kind: 'office' as const,
    lat: 21.02,
    lon: 105.85,
    name: { vi: 'Chi nhánh', en: 'Branch' },
    address: '1 Hàng Bài',
    source: 'test',
  }

  test('a file of offices replaces the offices and leaves the points inside boundaries alone', () => {
    const db = emptyDatabase()
    run(db, unitStatements(rows.units))
    run(db, servicePointStatements(rows.servicePoints))
    expect(run(db, servicePointStatements([office, { ...office, id: '00082-2025.3' }]))).toBe(2)
    expect(count(db, 'service_point')).toBe(128)
    expect(run(db, servicePointStatements([{ ...office, address: '2 Hàng Bài' }]))).toBe(2)
    expect(db.prepare("SELECT id, name_en, address FROM service_point WHERE kind = 'office'").all()).toEqual([
      { id: '00082-2025.2', name_en: 'Branch', address: '2 Hàng Bài' },
    ])
    expect(run(db, servicePointStatements(rows.servicePoints))).toBe(0)
  })
})

describe('units follow the file', () => {
  test('a successor that was wrong is gone after the next import, and a name that changed is new', () => {
    const db = emptyDatabase()
    const { units, successions } = rows.units
    const wrong = { from: successions[0]?.from, to: '09616-2025' }
    run(
      db,
      unitStatements({
        units,
        successions: successions.concat({ ...(successions[0] ?? fail()), to: idOf('09616-2025') }),
      }),
    )
    const named = () =>
      db
        .prepare('SELECT count(*) AS n FROM unit_succession WHERE from_id = ? AND to_id = ?')
        .get(wrong.from ?? '', wrong.to)
    expect(named()).toEqual({ n: 1 })
    const renamed = units.map((unit) => (unit.id === '01-0' ? { ...unit, name: { ...unit.name, en: 'Ha Noi' } } : unit))
    expect(run(db, unitStatements({ units: renamed, successions }))).toBe(2)
    expect(named()).toEqual({ n: 0 })
    expect(db.prepare("SELECT name_en FROM unit WHERE id = '01-0'").get()).toEqual({ name_en: 'Ha Noi' })
  })

  const idOf = (id: string) => rows.units.units.find((unit) => unit.id === id)?.id ?? fail()
  const fail = (): never => {
    throw new Error('not in the data')
  }
})
