import { z } from 'zod'
import type { Windows } from '../domain/calendar.ts'
import type { Unit, UnitId } from '../domain/unit.ts'
import { type Correction, createReport, type Finding, type Report } from './report.ts'
import { CivilDate, readEnvelope, readRecords } from './shape.ts'

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

const HoursRecord = z.strictObject({
  unit: z.string(),
  from: CivilDate,
  windows: z
    .array(z.strictObject({ opens: TimeOfDay, closes: TimeOfDay }))
    .min(1)
    .max(24),
  source: z.string().min(3),
})
type HoursRecord = z.infer<typeof HoursRecord>

const HoursFile = z.object({ openingHours: z.array(z.unknown()) })

export type OpeningHoursRow = { unitId: UnitId; from: string; windows: Windows; source: string }

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
  const rows = records.flatMap(({ key, value: { unit, from, windows, source } }) => {
    const known = units.get(unit)
    return known && !report.refuses(key) ? [{ unitId: known.id, from, windows: windows.map(inMinutes), source }] : []
  })
  return { rows, findings }
}

function checkUnit(report: Report, key: string, { unit, from }: HoursRecord, known: Unit | undefined) {
  if (!known) return report.error('unit-missing', `/${key}/unit`, `there is no unit "${unit}"`)
  const { effectiveFrom, effectiveTo, name } = known
  if ((effectiveFrom !== null && from < effectiveFrom) || (effectiveTo !== null && from >= effectiveTo))
    report.error('unit-not-standing', `/${key}/from`, `${name.vi} does not stand on ${from}`)
}

/** Each window closes after it opens, and opens after the one before has closed: `HH:MM` is in the order of its letters. */
function checkWindows(report: Report, key: string, { windows }: HoursRecord) {
  for (const [index, { opens, closes }] of windows.entries()) {
    const pointer = `/${key}/windows/${index}`
    if (closes <= opens) report.error('closes-before-opening', pointer, `closes at ${closes}, opens at ${opens}`)
    const before = windows[index - 1]
    if (before && opens <= before.closes)
      report.error(
        'windows-overlap',
        pointer,
        `opens at ${opens}, before or when the last one closes: ${before.closes}`,
      )
  }
}

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
const inMinutes = ({ opens, closes }: HoursRecord['windows'][number]) => [minutes(opens), minutes(closes)] as const
