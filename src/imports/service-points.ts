import { z } from 'zod'
import type { Unit, UnitId } from '../domain/unit.ts'
import { fold } from '../platform/fold.ts'
import { type Correction, createReport, type Finding } from './report.ts'
import { readEnvelope, readRecords } from './shape.ts'

/** A box around the city, to catch swapped or mistyped coordinates. */
const inTheCity = { lat: [20.5, 21.4], lon: [105.25, 106.05] } as const

const PointRecord = z.strictObject({
  unit: z.string(),
  name: z.string().min(1),
  kind: z.enum(['commune-point-inside-boundary']),
  lat: z.number(),
  lon: z.number(),
})

const PointFile = z.object({ source: z.string().min(3), points: z.array(z.unknown()) })

export type ServicePointRow = {
  /** The unit's id and a number, e.g. `00082-2025.1`. */
  id: string
  unitId: UnitId
  kind: 'commune-point-inside-boundary'
  lat: number
  lon: number
  source: string
}

/** Reads `data/service-points.json`; `units` are the imported ones, and each point must lie in one that stands. */
export function readServicePoints(
  input: unknown,
  options: { units: readonly Unit[]; corrections?: readonly Correction[] },
): { rows: ServicePointRow[]; findings: Finding[] } {
  const report = createReport('service-points', options.corrections ?? [])
  const file = readEnvelope(report, input, PointFile)
  if (!file) return { rows: [], findings: report.finish() }
  const units = new Map<string, Unit>(options.units.map((unit) => [unit.id, unit]))
  const records = readRecords(report, file.points, PointRecord, (raw) => raw['unit'])
  const placed = new Map<string, string>()
  for (const { key, value } of records) {
    const unit = units.get(value.unit)
    if (!unit) report.error('unit-missing', `/${key}/unit`, `there is no unit "${value.unit}"`)
    else if (unit.effectiveTo !== null)
      report.error('unit-ended', `/${key}/unit`, `${unit.name.vi} ceased on ${unit.effectiveTo}`)
    else if (unit.name.vi !== value.name)
      if (fold(unit.name.vi) === fold(value.name))
        report.warning(
          'name-spelt-differently',
          `/${key}/name`,
          `"${value.name}" here, "${unit.name.vi}" among the units`,
        )
      else report.error('name-contradicts', `/${key}/name`, `"${value.name}" here, "${unit.name.vi}" among the units`)
    for (const axis of ['lat', 'lon'] as const)
      if (value[axis] < inTheCity[axis][0] || value[axis] > inTheCity[axis][1])
        report.error('outside-the-city', `/${key}/${axis}`, `${axis} ${value[axis]} is not in the city`)
    const spot = `${value.lat}, ${value.lon}`
    const other = placed.get(spot)
    if (other !== undefined) report.error('same-spot', `/${key}`, `lies where "${other}" does: ${spot}`)
    placed.set(spot, key)
  }
  for (const unit of options.units)
    if (unit.level === 'commune' && unit.effectiveTo === null && !records.some(({ value }) => value.unit === unit.id))
      report.warning('without-point', `/${unit.id}`, `${unit.name.vi} has no point`)
  const findings = report.finish()
  const rows = records.flatMap(({ key, value }) => {
    const unit = units.get(value.unit)
    if (!unit || report.refuses(key)) return []
    return [
      { id: `${unit.id}.1`, unitId: unit.id, kind: value.kind, lat: value.lat, lon: value.lon, source: file.source },
    ]
  })
  return { rows, findings }
}
