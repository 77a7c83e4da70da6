import { z } from 'zod'
import { type Week, weekdays, type Windows } from '../domain/calendar.ts'
import { timeMinutes } from '../domain/civil-date.ts'
import { faultsIn } from '../domain/opening-hours.ts'
import type { Unit, UnitId } from '../domain/unit.ts'
import { type Correction, createReport, type Finding, type Report } from './report.ts'
import { CivilDate, readEnvelope, readRecords } from './shape.ts'

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

const DayWindows = z
  .array(z.strictObject({ opens: TimeOfDay, closes: TimeOfDay }))
  .min(1)
  .max(24)
  .transform((windows): Windows => windows.map(({ opens, closes }) => [timeMinutes(opens), timeMinutes(closes)]))

const HoursRecord = z.strictObject({
  unit: z.string(),
  from: CivilDate,
  windows: DayWindows,
  /** Those that have windows of their own; a Saturday or Sunday without any is closed. */
  weekdays: z.partialRecord(z.enum(weekdays), DayWindows).default({}),
  source: z.string().min(3),
})
type HoursRecord = z.infer<typeof HoursRecord>

const HoursFile = z.object({ openingHours: z.array(z.unknown()) })

export type OpeningHoursRow = Required<Week> & { unitId: UnitId; from: string; source: string }

/** Reads `data/opening-hours.json`; a unit that it does not name opens at the usual office hours. */
export function readOpeningHours(
  input: unknown,
  options: { units: readonly Unit[]; corrections?: readonly Correction[] },
): { rows: OpeningHoursRow[]; findings: Finding[] } {
  const report = createReport('opening-hours', options.corrections ?? [])
  const file = readEnvelope(report, input, HoursFile)
  const units = new Map<string, Unit>(options.units.map((unit) => [unit.id, unit]))
  const records = readRecords(report, file?.openingHours ?? [], HoursRecord, (raw) =>
    [raw['unit'], raw['from']].map(String).join(' '),
  )
  for (const { key, value } of records) {
    checkUnit(report, key, value, units.get(value.unit))
    checkWindows(report, key, value)
  }
  const findings = report.finish()
  const rows = records.flatMap(({ key, value: { unit, ...rest } }) => {
    const known = units.get(unit)
    return known && !report.refuses(key) ? [{ unitId: known.id, ...rest }] : []
  })
  return { rows, findings }
}

function checkUnit(report: Report, key: string, { unit, from }: HoursRecord, known: Unit | undefined) {
  if (!known) return report.error('unit-missing', `/${key}/unit`, `there is no unit "${unit}"`)
  const { effectiveFrom, effectiveTo, name } = known
  if ((effectiveFrom !== null && from < effectiveFrom) || (effectiveTo !== null && from >= effectiveTo))
    report.error('unit-not-standing', `/${key}/from`, `${name.vi} does not stand on ${from}`)
}

function checkWindows(report: Report, key: string, { windows, weekdays: own }: HoursRecord) {
  const faults = [
    ...faultsIn(windows, `/${key}/windows`),
    ...weekdays.flatMap((name) => faultsIn(own[name] ?? [], `/${key}/weekdays/${name}`)),
  ]
  for (const { pointer, code, detail } of faults) report.error(code, pointer, detail.en)
}
