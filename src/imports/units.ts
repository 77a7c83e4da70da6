import { z } from 'zod'
import {
  localIdentifier,
  type Succession,
  type SuccessionKind,
  type Unit,
  type UnitId,
  unitIdOf,
} from '../domain/unit.ts'
import type { Text } from '../platform/result.ts'
import { type Correction, createReport, type Finding, type Report } from './report.ts'
import { BothLanguages, Certainty, CivilDate, readEnvelope, readRecords } from './shape.ts'
import { checkLives, checkSuccession } from './unit-checks.ts'

const kinds = ['full', 'partial', 'remainder', 'partial-area-only', 'partial-all-population'] satisfies SuccessionKind[]

const Id = z.string().regex(/^[0-9A-Z-]+-(0|\d{4})$/)

/** One stretch of a unit's life, as `data/units.json` writes it. */
export const UnitRecord = z.strictObject({
  id: Id,
  code: z.string(),
  codeScheme: z.enum(['gso', 'local']),
  name: BothLanguages,
  level: z.enum(['city', 'department', 'district', 'commune']),
  type: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  from: CivilDate.nullable(),
  to: CivilDate.nullable(),
  parent: Id.nullable(),
  /** Only an official one (Decision 20/2020/QĐ-TTg art. 4); units without get a local one. */
  identifier: z
    .string()
    .max(35)
    .regex(/^[A-Y]\d{2}(\.[0-9A-Z]+)*$/)
    .optional(),
  successors: z
    .array(z.strictObject({ unit: Id, kind: z.enum(kinds), clause: z.int().positive().optional() }))
    .default([]),
  ground: z.string().optional(),
  /** Of a commune formed from others: the districts that these lay in, from a source of its own. */
  formerDistricts: z.array(Id).optional(),
  sources: z.array(z.string()).min(1),
  certainty: Certainty,
  note: z.string().optional(),
})
export type UnitRecord = z.infer<typeof UnitRecord>

const UnitFile = z.object({
  sources: z.record(z.string(), z.string()),
  grounds: z.record(z.string(), BothLanguages),
  units: z.array(z.unknown()),
})
type UnitFile = z.infer<typeof UnitFile>

type GroundedSuccession = Succession & { ground: Text | null }
export type UnitRows = { units: Unit[]; successions: GroundedSuccession[] }

/**
 * Reads `data/units.json`: shape, then sense of each life, then of the succession between them.
 * Rows come parents first, so that they can be inserted in this order.
 */
export function readUnits(
  input: unknown,
  options: { corrections?: readonly Correction[] } = {},
): { rows: UnitRows; findings: Finding[] } {
  const report = createReport('units', options.corrections ?? [])
  const file = readEnvelope(report, input, UnitFile)
  if (!file) return { rows: { units: [], successions: [] }, findings: report.finish() }
  const records = readRecords(report, file.units, UnitRecord, (raw) => raw['id']).map(({ value }) => value)
  checkKeys(report, file, records)
  checkLives(report, records)
  checkSuccession(report, records)
  const findings = report.finish()
  const kept = records.filter((one) => !report.refuses(one.id))
  return { rows: { units: toUnits(file, kept), successions: toSuccessions(file, kept) }, findings }
}

const codeShapes = {
  city: /^\d{2}$/,
  district: /^\d{3}$/,
  commune: /^\d{5}$/,
  department: /^HN-[A-Z]+$/,
}

/** Ids follow from code and beginning, codes from the level, and what a record names by key is in the file. */
function checkKeys(report: Report, file: UnitFile, records: readonly UnitRecord[]) {
  const known = new Set<string>(records.map((one) => one.id))
  for (const one of records) {
    const id = unitIdOf(one.code, one.from)
    if (one.id !== id) report.error('id-contradicts', `/${one.id}/id`, `code and beginning make "${id}"`)
    if (!codeShapes[one.level].test(one.code))
      report.error('code-contradicts-level', `/${one.id}/code`, `"${one.code}" is no code of a ${one.level}`)
    for (const source of one.sources)
      if (!(source in file.sources))
        report.error('source-unknown', `/${one.id}/sources`, `"${source}" is not described`)
    if (one.ground !== undefined && !(one.ground in file.grounds))
      report.error('ground-unknown', `/${one.id}/ground`, `"${one.ground}" is not described`)
    if (one.parent !== null && !known.has(one.parent))
      report.error('parent-missing', `/${one.id}/parent`, `there is no unit "${one.parent}"`)
    if (one.certainty !== 'high')
      report.warning(
        'uncertain',
        `/${one.id}`,
        `${one.name.vi}: certainty ${one.certainty}${one.note ? ` (${one.note})` : ''}`,
      )
  }
}

/** The official identifier or, where none is known, a local one. */
export const identifierOf = ({ code, identifier }: Pick<UnitRecord, 'code'> & { identifier?: string | undefined }) =>
  identifier ?? localIdentifier(code)

const levels = ['city', 'department', 'district', 'commune']

const idsOf = (records: readonly UnitRecord[]) =>
  new Map<string, UnitId>(records.map((one) => [one.id, unitIdOf(one.code, one.from)]))

function toUnits(file: UnitFile, records: readonly UnitRecord[]): Unit[] {
  const ids = idsOf(records)
  return records
    .map((one) => ({
      id: unitIdOf(one.code, one.from),
      code: one.code,
      codeScheme: one.codeScheme,
      name: one.name,
      level: one.level,
      type: one.type,
      effectiveFrom: one.from,
      effectiveTo: one.to,
      parentId: ids.get(one.parent ?? '') ?? null,
      identifier: identifierOf(one),
      source: one.sources.map((key) => file.sources[key] ?? key).join('; '),
      certainty: one.certainty,
      note: one.note ?? null,
    }))
    .toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level) || (a.id < b.id ? -1 : 1))
}

function toSuccessions(file: UnitFile, records: readonly UnitRecord[]): GroundedSuccession[] {
  const ids = idsOf(records)
  return records.flatMap((one) =>
    one.successors.flatMap(({ unit, kind, clause }) => {
      const [from, to] = [ids.get(one.id), ids.get(unit)]
      if (!from || !to || one.to === null) return []
      const ground = one.ground === undefined ? null : (file.grounds[one.ground] ?? null)
      return [{ from, to, on: one.to, kind, clause: clause ?? null, ground }]
    }),
  )
}
