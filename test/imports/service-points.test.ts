import { describe, expect, test } from 'vitest'
import { readServicePoints } from '../../src/imports/service-points.ts'
import { readUnits } from '../../src/imports/units.ts'
import { readFiles } from '../../src/local/catalogue.ts'

type Point = { unit: string; name: string; kind: string; lat: number; lon: number }
const files = readFiles()
const shipped = files['service-points'] as { points: Point[] } // read as unknown JSON; the tests break it on purpose
const { units } = readUnits(files.units).rows

function findingsWhen(change: (point: Point, points: Point[]) => void) {
  const file = structuredClone(shipped)
  const [point] = file.points
  if (!point) throw new Error('no points')
  change(point, file.points)
  return readServicePoints(file, { units })
    .findings.filter(({ code }) => code !== 'name-spelt-differently')
    .map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`)
}

describe('service points', () => {
  test('one inside each present commune; none claims to be an office', () => {
    const { rows, findings } = readServicePoints(shipped, { units })
    expect(rows).toHaveLength(126)
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(['commune-point-inside-boundary']))
    expect(rows[0]).toMatchObject({ id: '00004-2025.1', unit: '00004-2025', lat: 21.03763, lon: 105.83862 })
    expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual(
      Array(7).fill('warning name-spelt-differently'),
    )
  })

  test('must lie in a unit that stands', () => {
    expect(findingsWhen((point) => (point.unit = '99999-2025'))).toContain('error unit-missing /99999-2025/unit')
    expect(findingsWhen((point) => (point.unit = '00004-0'))).toContain('error unit-ended /00004-0/unit')
  })

  test('must lie in the city and not on each other: swapped coordinates are caught', () => {
    expect(findingsWhen((point) => ([point.lat, point.lon] = [point.lon, point.lat]))).toEqual([
      'error outside-the-city /00004-2025/lat',
      'error outside-the-city /00004-2025/lon',
    ])
    expect(findingsWhen((point, points) => Object.assign(points[1] ?? {}, { lat: point.lat, lon: point.lon }))).toEqual(
      ['error same-spot /00008-2025'],
    )
  })

  const office = {
    unit: 'HN-TTPVHCC-2024',
    number: 2,
    kind: 'office',
    name: { vi: 'Chi nhánh số 1', en: 'Branch 1' },
    address: '258 Võ Chí Công',
    lat: 21.07,
    lon: 105.81,
  }
  const readOffices = (...points: object[]) => readServicePoints({ source: 'the centre’s list', points }, { units })

  test('offices come in a file of their own, with name and address; two may share a house', () => {
    const { rows, findings } = readOffices(office, { ...office, number: 3, source: 'a notice' })
    expect(findings).toEqual([])
    expect(rows).toEqual([
      {
        id: 'HN-TTPVHCC-2024.2',
        unit: 'HN-TTPVHCC-2024',
        kind: 'office',
        name: office.name,
        address: '258 Võ Chí Công',
        lat: 21.07,
        lon: 105.81,
        source: 'the centre’s list',
      },
      expect.objectContaining({ id: 'HN-TTPVHCC-2024.3', source: 'a notice' }),
    ])
  })

  test('an office without name, address or number is refused; a point inside a boundary has no address', () => {
    const { number: _, ...unnumbered } = office
    const faultsOf = (point: object) =>
      readOffices(point).findings.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`)
    expect(faultsOf({ ...office, address: '' })).toEqual(['error shape /HN-TTPVHCC-2024.2/address'])
    expect(faultsOf({ ...office, name: 'Chi nhánh' })).toEqual(['error shape /HN-TTPVHCC-2024.2/name'])
    expect(faultsOf({ ...office, number: 1 })).toEqual(['error shape /HN-TTPVHCC-2024.1/number'])
    expect(faultsOf(unnumbered)).toEqual(['error shape /HN-TTPVHCC-2024/number'])
    expect(findingsWhen((point) => Object.assign(point, { address: '1 Hàng Bài' }))).toContain(
      'error shape /00004-2025',
    )
  })

  test('must bear the name of their unit; a commune without point is a warning', () => {
    expect(findingsWhen((point) => (point.name = 'Phường Trúc Bạch'))).toEqual([
      'error name-contradicts /00004-2025/name',
    ])
    expect(findingsWhen((_, points) => points.shift())).toEqual(['warning without-point /00004-2025'])
  })
})
