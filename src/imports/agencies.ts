import { z } from 'zod'
import type { Competence } from '../domain/procedure.ts'
import { createReport, type Finding } from './report.ts'
import { BothLanguages, Certainty, readEnvelope, readRecords } from './shape.ts'

const AgencyRecord = z.strictObject({
  agency: z.string().min(1),
  level: z.enum(['city', 'district', 'commune']),
  competence: z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('place'), level: z.enum(['district', 'commune']) }),
    z.strictObject({ by: z.literal('department'), unitCode: z.string().regex(/^HN-[A-Z]+$/) }),
  ]),
  /** Whose competence it is by law, where these words say that it was handed down. */
  delegation: z.strictObject({ from: z.string().regex(/^HN-[A-Z]+$/), ground: BothLanguages }).optional(),
  certainty: Certainty,
  note: z.string().optional(),
})

const AgencyFile = z.object({ agencies: z.array(z.unknown()) })

export type Agency = {
  competence: Competence
  level: string
  certainty: 'high' | 'medium' | 'low'
  note?: string | undefined
}

/** Reads `data/agencies.json`: the portal's words for an agency → who decides, keyed by these words. */
export function readAgencies(input: unknown): { rows: Map<string, Agency>; findings: Finding[] } {
  const report = createReport('agencies', [])
  const file = readEnvelope(report, input, AgencyFile)
  const records = readRecords(report, file?.agencies ?? [], AgencyRecord, (raw) => raw['agency'])
  for (const { key, value } of records)
    if ((value.competence.by === 'department' ? 'city' : value.competence.level) !== value.level)
      report.error('level-contradicts-competence', `/${key}/level`, `"${key}" is not of level ${value.level}`)
  const findings = report.finish()
  return {
    rows: new Map(
      records
        .filter(({ key }) => !report.refuses(key))
        .map(({ key, value: { delegation, competence, ...rest } }) => [
          key,
          { ...rest, competence: { ...competence, ...(delegation && { delegation }) } },
        ]),
    ),
    findings,
  }
}
