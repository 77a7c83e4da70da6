import { z } from 'zod'
import type { Fees } from '../domain/fee.ts'
import type { Competence, ProcedureVersion } from '../domain/procedure.ts'
import type { Unit } from '../domain/unit.ts'
import type { Agency } from './agencies.ts'
import { plainFees } from './fees.ts'
import type { Form } from './forms.ts'
import { checkCompetence, checkParts } from './procedure-checks.ts'
import { type Correction, createReport, type Finding } from './report.ts'
import { BothLanguages, Certainty, CivilDate, readEnvelope, readRecords } from './shape.ts'

const TimeLimit = z.discriminatedUnion('unit', [
  z.strictObject({ unit: z.literal('SAME_DAY') }),
  z.strictObject({ unit: z.enum(['HOUR', 'WORKING_DAY', 'DAY', 'MONTH']), value: z.int().positive() }),
  z.strictObject({ unit: z.literal('OTHER'), text: BothLanguages }),
])

const Results = z.array(z.string().regex(/^\d\.\d{6}$/)).min(1)

/** One procedure, as `data/procedures.json` writes it. */
const ProcedureRecord = z.strictObject({
  code: z.string().regex(/^\d\.\d{6}$/),
  name: BothLanguages,
  field: BothLanguages,
  /** First day, where it is known not to have existed before; `sinceNote`: that day is only a bound. */
  since: CivilDate.optional(),
  sinceNote: z.string().optional(),
  /** Exclusive last day, where its end is known. */
  until: CivilDate.optional(),
  /** Who handled it since when, oldest first; null: since before the data begins. */
  handledBy: z
    .array(
      z.strictObject({
        from: CivilDate.nullable(),
        level: z.enum(['city', 'district', 'commune']),
        agency: z.string().min(1),
        /** The rule by which any commune may decide, wherever the applicant lives. */
        anyCommune: z.string().min(3).optional(),
        /** Which place decides, where it is only one. */
        placeOf: z.enum(['residence', 'thing']).optional(),
      }),
    )
    .min(1),
  mode: z.enum(['full', 'partial', 'offline']),
  channels: z.array(z.enum(['online', 'direct', 'postal'])),
  time: TimeLimit,
  timeNote: BothLanguages.nullable(),
  cutoff: z.literal('15:00').nullable(),
  fee: z.strictObject({ amount: z.int().nonnegative().nullable(), note: BothLanguages.nullable() }),
  /** What the portal shows beside the values taken over: not imported, but judged against them. */
  portal: z
    .strictObject({
      fees: z.array(z.strictObject({ where: z.string(), amount: z.number().nonnegative() })).default([]),
      times: z.array(z.strictObject({ where: z.string(), value: z.number().positive(), unit: z.string() })).default([]),
      flags: z.record(z.string(), z.boolean()).optional(),
    })
    .optional(),
  components: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
        name: BothLanguages,
        required: z.boolean(),
        presented: z.boolean().default(false),
        /** The official declaration or application form itself. */
        declaration: z.boolean().default(false),
        /** Procedures whose result is this paper: their certified copies prove it, those of others do not. */
        results: Results.optional(),
        /** Official databases whose data may stand in for it. */
        sources: z
          .array(z.string().regex(/^[a-z0-9-]{1,100}$/))
          .min(1)
          .optional(),
      }),
    )
    .min(1),
  /** Kinds of originals of which it certifies copies; the ids are ours. */
  papers: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
        name: BothLanguages,
        /** Procedures whose result it is, as of a component. */
        results: Results.optional(),
      }),
    )
    .min(1)
    .max(200)
    .optional(),
  result: z.strictObject({
    name: BothLanguages,
    validity: z.iso.duration().nullable(),
    paper: z.boolean(),
    /** Whether its certified copy is made too; by default of every paper result. */
    certifiedCopy: z.boolean().optional(),
  }),
  decision: z.string().nullable(),
  sources: z.array(z.string()).min(1),
  certainty: Certainty,
  note: z.string().nullable(),
})
export type ProcedureRecord = z.infer<typeof ProcedureRecord>

const ProcedureFile = z.object({
  /** Stands in for beginnings that nobody knows: the first day of the calendar. */
  start: CivilDate,
  sources: z.record(z.string(), z.string()),
  procedures: z.array(z.unknown()),
})
type ProcedureFile = z.infer<typeof ProcedureFile>

export type ProcedureSources = {
  agencies: ReadonlyMap<string, Agency>
  /** Keyed by procedure code; `generic` serves the rest. */
  forms: ReadonlyMap<string, Form>
  units: readonly Unit[]
  /** Keyed by procedure code; the rest has its one amount. */
  fees?: ReadonlyMap<string, Fees>
  corrections?: readonly Correction[]
}

/**
 * Reads `data/procedures.json`. Each procedure gives its versions in order, cut where the agency changed; only
 * that is known of the past, so earlier versions carry today's other contents and low certainty.
 */
export function readProcedures(
  input: unknown,
  options: ProcedureSources,
): { rows: ProcedureVersion[]; findings: Finding[] } {
  const report = createReport('procedures', options.corrections ?? [])
  const file = readEnvelope(report, input, ProcedureFile)
  if (!file) return { rows: [], findings: report.finish() }
  const records = readRecords(report, file.procedures, ProcedureRecord, (raw) => raw['code']).map(({ value }) => value)
  for (const one of records) {
    for (const source of one.sources)
      if (!(source in file.sources))
        report.error('source-unknown', `/${one.code}/sources`, `"${source}" is not described`)
    checkParts(report, one, options)
    checkCompetence(report, one, file.start, options)
  }
  const findings = report.finish()
  const kept = records.filter((one) => !report.refuses(one.code))
  return { rows: kept.flatMap((one) => toVersions(file, one, options)), findings }
}

function toVersions(file: ProcedureFile, one: ProcedureRecord, options: ProcedureSources): ProcedureVersion[] {
  const own = options.forms.get(one.code)
  const form = own ?? options.forms.get('generic')
  return one.handledBy.flatMap((stretch, index) => {
    const agency = options.agencies.get(stretch.agency)
    const next = one.handledBy[index + 1]
    if (!agency || !form) return []
    const version: ProcedureVersion = {
      code: one.code,
      version: index + 1,
      validFrom: stretch.from ?? one.since ?? file.start,
      validTo: next?.from ?? one.until ?? null,
      name: one.name,
      field: one.field,
      competence: competenceOf(agency, stretch),
      agency: stretch.agency,
      mode: one.mode,
      channels: one.channels,
      time: one.time,
      timeNote: one.timeNote,
      cutoff: one.cutoff,
      // Decree 61/2018 art. 19(4); no procedure of the data says otherwise.
      supplement: { clock: 'RESTART', answerWithin: null },
      feeVnd: one.fee.amount,
      feeNote: one.fee.note,
      fees: options.fees?.get(one.code) ?? plainFees(one.fee),
      components: one.components.map(({ declaration, results, sources, ...component }) => ({
        ...component,
        ...(results && { results }),
        ...(sources && { sources }),
        // The electronic form is the declaration (Decree 301/2026 art. 3, portal texts), where the form is a real one.
        required: component.required && !(declaration && own),
      })),
      ...(one.papers && {
        papers: one.papers.map(({ results, ...paper }) => ({ ...paper, ...(results && { results }) })),
      }),
      result: { name: one.result.name, validity: one.result.validity },
      twoResults: one.result.certifiedCopy ?? one.result.paper,
      formSchema: form.schema,
      exampleForm: form.example,
      decision: one.decision,
      source: one.sources.map((key) => (file.sources[key] ?? key).replaceAll('{code}', one.code)).join('; '),
      certainty: next ? 'low' : lower(one.certainty, agency.certainty),
      note: [one.note, one.sinceNote, agency.note, next && pastNote].filter(Boolean).join('. ') || null,
    }
    return [version]
  })
}

const pastNote = 'Of this version only the competence is known; its other contents are those of July 2026'

/** Certification and copies of civil status do not depend on where the applicant lives: any commune may be chosen. */
function competenceOf(
  { competence }: Agency,
  { anyCommune, placeOf }: ProcedureRecord['handledBy'][number],
): Competence {
  if (competence.by !== 'place') return competence
  if (anyCommune !== undefined && competence.level === 'commune') return { by: 'choice', level: 'commune' }
  return { ...competence, ...(placeOf && { placeOf }) }
}

const certainties = ['low', 'medium', 'high'] as const
const lower = (a: ProcedureVersion['certainty'], b: ProcedureVersion['certainty']) =>
  certainties.find((one) => one === a || one === b) ?? 'low'
