import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/imports/report.ts'
import { identifierOf, readUnits } from '../../src/imports/units.ts'
import { readFiles } from '../../src/local/catalogue.ts'

type Raw = Record<string, unknown> & { id: string; successors?: { unit: string; kind: string; clause?: number }[] }
type RawFile = { units: Raw[] }

const shipped = readFiles().units as RawFile // the file is read as unknown JSON; the tests break it on purpose

/** What the import finds after one record was changed (or, without `id`, the whole list). */
function findingsWhen(id: string, change: (record: Raw, file: RawFile) => void): Finding[] {
  const file = structuredClone(shipped)
  const record = file.units.find((one) => one.id === id)
  if (!record) throw new Error(`no ${id}`)
  change(record, file)
  return readUnits(file).findings.filter((finding) => finding.severity === 'error')
}

const codes = (findings: Finding[]) => findings.map((finding) => `${finding.code} ${finding.pointer}`)

describe('units as shipped', () => {
  test('are 711: one city, 28 departments and boards, 30 districts, 526 former and 126 present communes', () => {
    const { rows, findings } = readUnits(shipped)
    expect(findings.filter((finding) => finding.severity === 'error')).toEqual([])
    const byKind = Map.groupBy(rows.units, (unit) => `${unit.level} ${unit.effectiveTo === null ? 'stands' : 'ended'}`)
    expect(Object.fromEntries([...byKind].map(([kind, units]) => [kind, units.length]))).toEqual({
      'city stands': 1,
      'department stands': 20,
      'department ended': 8,
      'district ended': 30,
      'commune ended': 526,
      'commune stands': 126,
    })
    const present = rows.units.filter((unit) => unit.level === 'commune' && unit.effectiveTo === null)
    expect(present.filter((unit) => unit.type === 'ward')).toHaveLength(51)
  })

  test('tell the two units apart that bore one code', () => {
    const { units } = readUnits(shipped).rows
    expect(units.filter((unit) => unit.code === '00004').map((unit) => [unit.id, unit.name.vi])).toEqual([
      ['00004-0', 'Phường Trúc Bạch'],
      ['00004-2025', 'Phường Ba Đình'],
    ])
  })

  test('have the official identifier where one is known, else a plainly local one', () => {
    const { units } = readUnits(shipped).rows
    expect(units.find((unit) => unit.level === 'city')?.identifier).toBe('H26')
    expect(units.filter((unit) => !unit.identifier.startsWith('LOCAL.'))).toHaveLength(1)
    expect(identifierOf({ code: '00082' })).toBe('LOCAL.00082')
    expect(identifierOf({ code: 'HN-STC' })).toBe('LOCAL.HNSTC')
    const standing = units.filter((unit) => unit.effectiveTo === null).map((unit) => unit.identifier)
    expect(new Set(standing).size).toBe(standing.length)
  })

  test('name clause and ground of each succession that Resolution 1656 orders', () => {
    const { successions } = readUnits(shipped).rows
    const ordered = successions.filter((one) => one.ground?.vi.startsWith('Nghị quyết số 1656'))
    expect(ordered).toHaveLength(795)
    expect(new Set(ordered.map((one) => one.clause)).size).toBe(126)
    expect(ordered.every((one) => one.on === '2025-07-01' && one.clause !== null)).toBe(true)
  })
})

describe('broken units are refused', () => {
  test('the known wrong mapping: 09859 Sơn Đồng (Hoài Đức) to 09616 Đoài Phương (Sơn Tây)', () => {
    const found = findingsWhen('09859-0', (record) => {
      record.successors = [
        { unit: '09871-2025', kind: 'remainder', clause: 104 },
        { unit: '09616-2025', kind: 'partial', clause: 104 },
      ]
    })
    expect(codes(found)).toEqual(['successor-elsewhere /09859-0/successors/09616-2025'])
  })

  test('a record that stands in the list twice', () => {
    expect(codes(findingsWhen('00082-2025', (record, file) => file.units.push(record)))).toEqual([
      'duplicate-key /00082-2025',
    ])
  })

  test('a successor that does not exist', () => {
    const found = findingsWhen('00001-0', (record) => {
      record.successors = [{ unit: '99999-2025', kind: 'full', clause: 14 }]
    })
    expect(codes(found)).toEqual(['successor-missing /00001-0/successors/99999-2025'])
  })

  test('a successor that stood at another time, such as the former unit under the same code', () => {
    const found = findingsWhen('00001-0', (record) => {
      record.successors = [{ unit: '00097-0', kind: 'full', clause: 14 }]
    })
    expect(codes(found)).toContain('successor-not-standing /00001-0/successors/00097-0')
  })

  test('a circle of successors', () => {
    const found = findingsWhen('00001-0', (record, file) => {
      record.successors = [{ unit: '00004-0', kind: 'full', clause: 14 }]
      for (const other of file.units) if (other.id === '00004-0') other.successors = [{ unit: '00001-0', kind: 'full' }]
    })
    expect(codes(found)).toContain('succession-cycle /00001-0/successors')
  })

  test('a unit that succeeds itself', () => {
    const found = findingsWhen('00001-0', (record) => (record.successors = [{ unit: '00001-0', kind: 'full' }]))
    expect(codes(found)).toContain('successor-self /00001-0/successors/00001-0')
  })

  test('an end without successor, a successor without end', () => {
    expect(codes(findingsWhen('00001-0', (record) => delete record.successors))).toContain(
      'ended-without-successor /00001-0/successors',
    )
    const standing = findingsWhen(
      '00082-2025',
      (record) => (record.successors = [{ unit: '00097-2025', kind: 'full' }]),
    )
    expect(codes(standing)).toContain('standing-with-successor /00082-2025/successors')
  })

  test('kinds that contradict each other', () => {
    const found = findingsWhen('00001-0', (record) => {
      record.successors = [
        { unit: '00097-2025', kind: 'full', clause: 14 },
        { unit: '00004-2025', kind: 'partial', clause: 3 },
      ]
    })
    expect(codes(found)).toContain('kind-contradicts /00001-0/successors')
    const divided = findingsWhen(
      '00001-0',
      (record) => (record.successors = [{ unit: '00097-2025', kind: 'partial', clause: 14 }]),
    )
    expect(codes(divided)).toContain('kind-contradicts /00001-0/successors')
  })

  test('a new commune that nothing went to', () => {
    const found = findingsWhen('00001-0', (_, file) => {
      for (const one of file.units)
        one.successors = (one.successors ?? []).filter((successor) => successor.unit !== '00082-2025')
    })
    expect(codes(found)).toContain('without-predecessor /00082-2025')
  })

  test('two units that bear one code at the same time; days without any are a warning', () => {
    const overlap = findingsWhen('00004-0', (record) => (record['to'] = '2025-08-01'))
    expect(codes(overlap)).toContain('lives-overlap /00004-2025/from')
    const file = structuredClone(shipped)
    for (const one of file.units) if (one.id === '00004-0') one['to'] = '2025-06-01'
    expect(readUnits(file).findings.map((one) => `${one.severity} ${one.code}`)).toContain('warning life-gap')
  })

  test('an end before the beginning, a day that does not exist', () => {
    expect(codes(findingsWhen('00082-2025', (record) => (record['to'] = '2025-07-01')))).toContain(
      'dates-reversed /00082-2025/to',
    )
    expect(codes(findingsWhen('00082-2025', (record) => (record['from'] = '2025-02-30')))).toContain(
      'shape /00082-2025/from',
    )
  })

  test('a parent that is missing or stood at another time', () => {
    expect(codes(findingsWhen('00082-2025', (record) => (record['parent'] = '77-0')))).toContain(
      'parent-missing /00082-2025/parent',
    )
    expect(codes(findingsWhen('00082-2025', (record) => (record['parent'] = null)))).toContain(
      'parent-missing /00082-2025/parent',
    )
    expect(codes(findingsWhen('00082-2025', (record) => (record['parent'] = '002-0')))).toContain(
      'parent-not-standing /00082-2025/parent',
    )
  })

  test('an id, code or type that says something else than the rest', () => {
    expect(codes(findingsWhen('00082-2025', (record) => (record['code'] = '00083')))).toContain(
      'id-contradicts /00082-2025/id',
    )
    expect(codes(findingsWhen('00082-2025', (record) => (record['level'] = 'district')))).toContain(
      'code-contradicts-level /00082-2025/code',
    )
    expect(codes(findingsWhen('00082-2025', (record) => (record['type'] = 'commune')))).toContain(
      'type-contradicts-name /00082-2025/type',
    )
  })

  test('an identifier that has not the official form', () => {
    for (const identifier of ['000.00.01.H26', 'h26', 'H26.bắc', `H26.${'1'.repeat(40)}`])
      expect(codes(findingsWhen('HN-SDL-0', (record) => (record['identifier'] = identifier)))).toEqual([
        'shape /HN-SDL-0/identifier',
      ])
  })

  test('a field that nobody knows, a source that is not described, a file of something else', () => {
    expect(codes(findingsWhen('00082-2025', (record) => (record['colour'] = 'red')))).toContain('shape /00082-2025')
    expect(codes(findingsWhen('00082-2025', (record) => (record['sources'] = ['hearsay'])))).toContain(
      'source-unknown /00082-2025/sources',
    )
    expect(readUnits([]).findings.map((finding) => finding.code)).toContain('shape')
  })

  test('only the broken record is left out of the rows', () => {
    const file = structuredClone(shipped)
    for (const one of file.units) if (one.id === 'HN-SDL-0') one['sources'] = ['hearsay']
    expect(readUnits(file).rows.units).toHaveLength(710)
  })
})
