import { z } from 'zod'
import type { ProcedureVersion } from '../domain/procedure.ts'
import type { ServicePoint } from '../domain/service-point.ts'
import { readAgencies } from './agencies.ts'
import { type CalendarRows, readCalendar } from './calendar.ts'
import { readFees } from './fees.ts'
import { readForms } from './forms.ts'
import { type OpeningHoursRow, readOpeningHours } from './opening-hours.ts'
import { readProcedures } from './procedures.ts'
import { Correction, type Finding } from './report.ts'
import { readServicePoints } from './service-points.ts'
import { readUnits, type UnitRows } from './units.ts'

/** The files of `data/` as parsed JSON, unchecked. */
export type CatalogueFiles = {
  units: unknown
  calendar: unknown
  'opening-hours': unknown
  'service-points': unknown
  procedures: unknown
  agencies: unknown
  fees: unknown
  corrections: unknown
  /** Keyed by file name without ending. */
  forms: Readonly<Record<string, unknown>>
}

export type CatalogueRows = {
  units: UnitRows
  calendar: CalendarRows
  openingHours: OpeningHoursRow[]
  servicePoints: ServicePoint[]
  procedures: ProcedureVersion[]
}

/** Reads everything in the order in which one rests on the other. Throws where the corrections themselves have no shape. */
export function readCatalogue(files: CatalogueFiles): { rows: CatalogueRows; findings: Finding[] } {
  const { corrections } = z.object({ corrections: z.array(Correction) }).parse(files.corrections)
  const units = readUnits(files.units, { corrections })
  const calendar = readCalendar(files.calendar, { corrections })
  const standing = units.rows.units
  const hours = readOpeningHours(files['opening-hours'], { units: standing, corrections })
  const points = readServicePoints(files['service-points'], { units: standing, corrections })
  const forms = readForms(files.forms)
  const agencies = readAgencies(files.agencies)
  const fees = readFees(files.fees)
  const procedures = readProcedures(files.procedures, {
    agencies: agencies.rows,
    forms: forms.rows,
    units: standing,
    fees: fees.rows,
    corrections,
  })
  return {
    rows: {
      units: units.rows,
      calendar: calendar.rows,
      openingHours: hours.rows,
      servicePoints: points.rows,
      procedures: procedures.rows,
    },
    findings: [units, calendar, hours, points, forms, agencies, fees, procedures].flatMap((part) => part.findings),
  }
}
