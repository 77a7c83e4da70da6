import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inheritanceOf } from '../domain/inheritance.ts'
import { type CatalogueFiles, type CatalogueRows, readCatalogue } from '../imports/catalogue.ts'
import {
  calendarStatements,
  heirStatements,
  literal,
  openingHoursStatements,
  procedureStatements,
  servicePointStatements,
  type SqlStatement,
  unitStatements,
} from '../imports/sql.ts'

/** In the order in which they are written: a later one refers to an earlier one. */
export const datasets = ['units', 'calendar', 'opening-hours', 'service-points', 'procedures'] as const
export type DatasetName = (typeof datasets)[number]

const dataFolder = join(import.meta.dirname, '../../data')

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** The files of `data/`; `instead` puts another file in the place of a dataset's own. */
export function readFiles(instead: Partial<Record<DatasetName, string>> = {}): CatalogueFiles {
  const own = (name: DatasetName | 'agencies' | 'fees' | 'corrections') => readJson(join(dataFolder, `${name}.json`))
  const dataset = (name: DatasetName) => (instead[name] === undefined ? own(name) : readJson(instead[name]))
  const forms = readdirSync(join(dataFolder, 'forms')).filter((file) => file.endsWith('.json'))
  return {
    units: dataset('units'),
    calendar: dataset('calendar'),
    'opening-hours': dataset('opening-hours'),
    'service-points': dataset('service-points'),
    procedures: dataset('procedures'),
    agencies: own('agencies'),
    fees: own('fees'),
    corrections: own('corrections'),
    forms: Object.fromEntries(forms.map((file) => [file.slice(0, -5), readJson(join(dataFolder, 'forms', file))])),
  }
}

/** What brings a database up to these rows; `from` is the first day of what changed. */
export async function catalogueStatements(
  rows: CatalogueRows,
  wanted: readonly DatasetName[],
  from: string,
): Promise<SqlStatement[]> {
  const statements = {
    units: unitStatements(rows.units),
    calendar: calendarStatements(rows.calendar),
    'opening-hours': openingHoursStatements(rows.openingHours),
    'service-points': servicePointStatements(rows.servicePoints),
    procedures: await procedureStatements(rows.procedures, from),
  }
  const heirs = heirStatements(rows.units, inheritanceOf({ ...rows.units, procedures: rows.procedures }))
  return [
    ...datasets.filter((name) => wanted.includes(name)).flatMap((name) => statements[name]),
    // Who inherits follows from the units and from who has which procedure.
    ...(wanted.includes('units') || wanted.includes('procedures') ? heirs : []),
  ]
}

/** The whole shipped catalogue as SQL texts, to be run in order on an empty, migrated database. Throws if it has errors. */
export async function seedStatements(from = '2024-01-01'): Promise<string[]> {
  const { rows, findings } = readCatalogue(readFiles())
  const errors = findings.filter((finding) => finding.severity === 'error')
  if (errors.length > 0) throw new Error(`data/: ${errors.map((one) => `${one.pointer} ${one.code}`).join(', ')}`)
  return (await catalogueStatements(rows, datasets, from)).map(literal)
}
