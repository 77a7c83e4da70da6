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
    expect(rows[0]).toMatchObject({ id: '00004-2025.1', unitId: '00004-2025', lat: 21.03763, lon: 105.83862 })
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

  test('must bear the name of their unit; a commune without point is a warning', () => {
    expect(findingsWhen((point) => (point.name = 'Phường Trúc Bạch'))).toEqual([
      'error name-contradicts /00004-2025/name',
    ])
    expect(findingsWhen((_, points) => points.shift())).toEqual(['warning without-point /00004-2025'])
  })
})
