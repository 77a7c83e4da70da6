import { z } from 'zod'
import type { ServicePoint } from '../domain/service-point.ts'
import type { Unit } from '../domain/unit.ts'
import { fold } from '../platform/fold.ts'
import { type Correction, createReport, type Finding, type Report } from './report.ts'
import { BothLanguages, readEnvelope, readRecords } from './shape.ts'

/** A box around the city, to catch swapped or mistyped coordinates. */
const inTheCity = { lat: [20.5, 21.4], lon: [105.25, 106.05] } as const

const place = { unit: z.string(), lat: z.number(), lon: z.number() }

const PointRecord = z.discriminatedUnion('kind', [
  z.strictObject({ ...place, kind: z.literal('commune-point-inside-boundary'), name: z.string().min(1) }),
  z.strictObject({
    ...place,
    kind: z.literal('office'),
    /** Which of the unit's offices; the point inside its boundary is number 1. */
    number: z.int().min(2).max(9999),
    name: BothLanguages,
    address: z.string().min(5).max(500),
    /** Where this office was read of, if not where the others of the file were. */
    source: z.string().min(3).optional(),
  }),
])
type PointRecord = z.infer<typeof PointRecord>

const PointFile = z.object({ source: z.string().min(3), points: z.array(z.unknown()) })

/** Reads `data/service-points.json`; `units` are the imported ones, and each point must lie in one that stands. */
export function readServicePoints(
  input: unknown,
  options: { units: readonly Unit[]; corrections?: readonly Correction[] },
): { rows: ServicePoint[]; findings: Finding[] } {
  const report = createReport('service-points', options.corrections ?? [])
  const file = readEnvelope(report, input, PointFile)
  if (!file) return { rows: [], findings: report.finish() }
  const units = new Map<string, Unit>(options.units.map((unit) => [unit.id, unit]))
  const records = readRecords(report, file.points, PointRecord, (raw) =>
    [raw['unit'], raw['number'] ?? []].flat().map(String).join('.'),
  )
  const placed = new Map<string, string>()
  for (const { key, value } of records) {
    checkUnit(report, key, value, units.get(value.unit))
    for (const axis of ['lat', 'lon'] as const)
      if (value[axis] < inTheCity[axis][0] || value[axis] > inTheCity[axis][1])
        report.error('outside-the-city', `/${key}/${axis}`, `${axis} ${value[axis]} is not in the city`)
    // Two offices may share a house.
    if (value.kind === 'office') continue
    const spot = `${value.lat}, ${value.lon}`
    const other = placed.get(spot)
    if (other !== undefined) report.error('same-spot', `/${key}`, `lies where "${other}" does: ${spot}`)
    placed.set(spot, key)
  }
  // A file of offices only says nothing about the communes.
  if (placed.size > 0) checkEveryCommune(report, records, options.units)
  const findings = report.finish()
  const rows = records.flatMap(({ key, value }) => {
    const unit = units.get(value.unit)
    return unit && !report.refuses(key) ? [pointOf(value, unit, file.source)] : []
  })
  return { rows, findings }
}

function pointOf(record: PointRecord, { id: unit }: Unit, source: string): ServicePoint {
  const { kind, lat, lon } = record
  if (kind !== 'office') return { id: `${unit}.1`, unit, kind, lat, lon, name: null, address: null, source }
  const { number, name, address } = record
  return { id: `${unit}.${number}`, unit, kind, lat, lon, name, address, source: record.source ?? source }
}

function checkUnit(report: Report, key: string, record: PointRecord, unit: Unit | undefined) {
  if (!unit) return report.error('unit-missing', `/${key}/unit`, `there is no unit "${record.unit}"`)
  if (unit.effectiveTo !== null)
    return report.error('unit-ended', `/${key}/unit`, `${unit.name.vi} ceased on ${unit.effectiveTo}`)
  if (record.kind === 'office' || unit.name.vi === record.name) return
  const both = `"${record.name}" here, "${unit.name.vi}" among the units`
  if (fold(unit.name.vi) === fold(record.name)) report.warning('name-spelt-differently', `/${key}/name`, both)
  else report.error('name-contradicts', `/${key}/name`, both)
}

function checkEveryCommune(report: Report, records: { value: PointRecord }[], units: readonly Unit[]) {
  const named = new Set(records.flatMap(({ value }) => (value.kind === 'office' ? [] : [value.unit])))
  for (const { id, level, effectiveTo, name } of units)
    if (level === 'commune' && effectiveTo === null && !named.has(id))
      report.warning('without-point', `/${id}`, `${name.vi} has no point`)
}
