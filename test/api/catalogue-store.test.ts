import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { calendarStore } from '../../src/store/calendar.ts'
import { connect } from '../../src/store/database.ts'
import { procedureStore } from '../../src/store/procedures.ts'
import { unitStore } from '../../src/store/units.ts'

const db = connect(env.DB)
const [procedures, units, calendar] = [procedureStore(db), unitStore(db), calendarStore(db)]
const today = '2026-11-22'

describe('procedures', () => {
  test('a date picks the version: a building permit was for the district, and is for the commune since 2025-07-01', async () => {
    const before = await procedures.on('1.013225', '2025-06-30')
    const after = await procedures.on('1.013225', '2025-07-01')
    expect(before).toMatchObject({ version: 1, validTo: '2025-07-01', competence: { by: 'place', level: 'district' } })
    expect(after).toMatchObject({ version: 2, validTo: null, competence: { by: 'place', level: 'commune' } })
    expect(await procedures.version('1.013225', 1)).toEqual(before)
  })

  test('there is nothing before the first day, under another code, or at a version not written', async () => {
    expect(await procedures.on('1.001193', '2023-12-31')).toBeUndefined()
    expect(await procedures.on('9.999999', today)).toBeUndefined()
    expect(await procedures.version('1.001193', 2)).toBeUndefined()
    expect(await procedures.exists('1.001193')).toBe(true)
    expect(await procedures.exists('9.999999')).toBe(false)
  })

  test('the history tells when each version holds', async () => {
    expect(await procedures.history('2.001610')).toEqual([
      { version: 1, validFrom: '2024-01-01', validTo: '2025-03-01' },
      { version: 2, validFrom: '2025-03-01', validTo: null },
    ])
  })

  test('a walk over the pages meets each of the 76 procedures once, in order', async () => {
    const codes: string[] = []
    for (let after: string | undefined; ; after = codes.at(-1)) {
      const page = await procedures.list({ on: today, limit: 20, ...(after !== undefined && { after }) })
      codes.push(...page.map(({ code }) => code))
      if (page.length < 20) break
    }
    expect(codes).toHaveLength(76)
    expect(codes).toEqual([...new Set(codes)].toSorted((a, b) => (a < b ? -1 : 1)))
  })

  test.each(['khai sinh', 'KHAI SINH', 'sinh khai', 'đăng ký khai sinh', 'dang ky khai sinh', 'birth', '1.001193'])(
    'birth registration is found by "%s"',
    async (q) => {
      const found = await procedures.list({ on: today, q, limit: 100 })
      expect(found.map(({ code }) => code)).toContain('1.001193')
      expect(found.length).toBeLessThan(10)
    },
  )

  test('words that nothing holds find nothing, and signs are only signs', async () => {
    for (const q of ['đốt pháo hoa', '%', "'; DROP TABLE unit; --", '_'.repeat(60)])
      expect(await procedures.list({ on: today, q, limit: 100 })).toEqual([])
  })

  test('level, field and unit narrow the list', async () => {
    const list = async (filter: Partial<Parameters<typeof procedures.list>[0]>) =>
      (await procedures.list({ on: today, limit: 100, ...filter })).map(({ code }) => code)
    expect(await list({ level: 'commune' })).toHaveLength(57)
    expect(await list({ level: 'city' })).toHaveLength(19)
    expect(await list({ level: 'district' })).toEqual([])
    expect(await list({ level: 'district', on: '2025-06-30' })).toHaveLength(18)
    expect(await list({ field: 'certification' })).toContain('2.000815')
    expect(await list({ unit: { level: 'department', code: 'HN-SYT' } })).toEqual(['1.012278', '1.014076'])
    expect(await list({ unit: { level: 'commune', code: '00082' } })).toHaveLength(57)
  })
})

describe('units', () => {
  test('one code, two lives: the date tells which unit it was', async () => {
    expect((await units.byCode('00004', '2025-06-30'))?.name.vi).toBe('Phường Trúc Bạch')
    expect((await units.byCode('00004', '2025-07-01'))?.name.vi).toBe('Phường Ba Đình')
    expect((await units.withCode('00004')).map(({ id }) => id)).toEqual(['00004-0', '00004-2025'])
    expect(await units.byCode('99999', today)).toBeUndefined()
  })

  test('a former commune tells who took over, by which clause and on what ground', async () => {
    const [heir, ...others] = await units.successors('00001-0')
    expect(others).toEqual([])
    expect(heir).toMatchObject({
      unit: { id: '00097-2025', name: { en: 'Hong Ha Ward' } },
      succession: { from: '00001-0', to: '00097-2025', on: '2025-07-01', kind: 'full', clause: 14 },
      ground: { en: expect.stringContaining('Resolution 1656') },
    })
  })

  test('what successors say, predecessors say from the other side', async () => {
    const predecessors = await units.predecessors('00097-2025')
    expect(predecessors.length).toBeGreaterThan(1)
    expect(predecessors.every(({ unit }) => unit.effectiveTo === '2025-07-01')).toBe(true)
    for (const { unit } of predecessors)
      expect((await units.successors(unit.id)).map((one) => one.unit.id)).toContain('00097-2025')
  })

  test('a district was followed by its communes; a unit that stands by nobody', async () => {
    expect((await units.successors('001-0')).length).toBe(8)
    expect(await units.successors('00082-2025')).toEqual([])
  })

  test('level, status and date narrow the list', async () => {
    const count = async (filter: Partial<Parameters<typeof units.list>[0]>) =>
      (await units.list({ on: today, limit: 1000, ...filter })).length
    expect(await count({})).toBe(711)
    expect(await count({ level: 'commune', status: 'active' })).toBe(126)
    expect(await count({ level: 'commune', status: 'active', on: '2025-06-30' })).toBe(526)
    expect(await count({ level: 'district', status: 'dissolved' })).toBe(30)
    expect(await count({ level: 'district', status: 'dissolved', on: '2025-06-30' })).toBe(0)
  })

  test.each(['Đống Đa', 'dong da', 'DONG DA', '00235', 'đa đống'])('Đống Đa is found by "%s"', async (q) => {
    const found = await units.list({ on: today, level: 'commune', status: 'active', q, limit: 100 })
    expect(found.map(({ id }) => id)).toContain('00235-2025')
  })

  test('look-ups by id or code read a handful of rows, not the table', async () => {
    const read = async (sql: string) => (await env.DB.prepare(sql).all()).meta.rows_read
    expect(await read("SELECT * FROM unit WHERE id = '00082-2025'")).toBeLessThanOrEqual(2)
    expect(await read("SELECT * FROM unit WHERE code = '00082'")).toBeLessThanOrEqual(6)
    expect(await read("SELECT * FROM unit_succession WHERE to_id = '00097-2025'")).toBeLessThan(40)
    expect(
      await read("SELECT * FROM procedure_version WHERE code = '1.013225' AND valid_from <= '2026-01-01'"),
    ).toBeLessThanOrEqual(6)
  })
})

test('the calendar knows 2024 to 2027, with what is off and what is worked instead', async () => {
  const { from, to, daysOff, makeupWorkdays } = await calendar.calendar()
  expect([from, to]).toEqual(['2024-01-01', '2027-12-31'])
  expect(daysOff.has('2026-11-24')).toBe(true)
  expect([...makeupWorkdays]).toEqual(['2024-05-04', '2025-04-26', '2026-01-10', '2026-08-22'])
})
