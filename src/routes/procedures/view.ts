import { z } from '@hono/zod-openapi'
import { levelOf, type ProcedureVersion } from '../../domain/procedure.ts'
import { slug } from '../../platform/fold.ts'
import type { ReadProcedure } from '../../usecases/procedures/read.ts'
import { stepsOf } from '../../domain/procedure-steps.ts'
import { givens, isInDay } from '../../domain/transitions.ts'
import { Status } from '../dossiers/view.ts'
import { Circumstances, FeeRules, Money } from '../payments/fee-view.ts'
import { CivilDate, orNull, UnitRef, Words } from '../shapes.ts'

const Code = z
  .string()
  .regex(/^\d\.\d{6}$/)
  .openapi({ example: '1.001193' })
export const ProcedureCode = Code.openapi({ param: { name: 'code', in: 'path' }, description: 'The national code.' })

export const ProcedureLevel = z.enum(['city', 'district', 'commune']).openapi('ProcedureLevel')

export const TimeLimit = z
  .discriminatedUnion('unit', [
    z.object({ unit: z.literal('SAME_DAY') }),
    z.object({ unit: z.enum(['HOUR', 'WORKING_DAY', 'DAY', 'MONTH']), value: z.int().min(1).max(10_000) }),
    z.object({ unit: z.literal('OTHER'), text: Words }),
  ])
  .openapi('TimeLimit', { example: { unit: 'WORKING_DAY', value: 3 } })

const Fee = z
  .object({
    amount: orNull(Money, 'Null: set by the People’s Council or by a tier that the note names.'),
    note: orNull(Words),
  })
  .openapi('Fee')

const summary = {
  code: Code,
  version: z.int().min(1),
  name: Words,
  field: z.object({
    id: z.string().max(100).openapi({ description: 'For `?field=`.', example: 'civil-status' }),
    name: Words,
  }),
  level: ProcedureLevel,
  mode: z.enum(['full', 'partial', 'offline']).openapi({ description: 'How far it can be done online.' }),
  channels: z.array(z.enum(['online', 'direct', 'postal'])).max(3),
  time: TimeLimit,
  fee: Fee,
}

export const ProcedureSummary = z.object(summary).openapi('ProcedureSummary')

const delegation = z
  .object({ from: z.string().max(40).openapi({ description: 'Code of the unit that delegated it.' }), ground: Words })
  .optional()
  .openapi({ description: 'Where the unit that decides has the competence by delegation (phân cấp, ủy quyền).' })

const Competence = z
  .discriminatedUnion('by', [
    z.object({
      by: z.literal('place'),
      level: z.enum(['commune', 'district']),
      placeOf: z.enum(['residence', 'thing']).optional().openapi({
        description: 'Which place: that of residence, or where the land, building or thing is; either if absent.',
      }),
      delegation,
    }),
    z.object({ by: z.literal('department'), unitCode: z.string().max(40), unit: UnitRef.nullable(), delegation }),
    z.object({ by: z.literal('choice'), level: z.literal('commune'), delegation }),
  ])
  .openapi('Competence', {
    description:
      'Who decides: the unit of the place, one department of the city, or any commune that the applicant chooses; of its own right or by delegation.',
  })

const Component = z
  .object({
    id: z
      .string()
      .max(80)
      .openapi({ example: 'birth-notification', description: 'What `components[].component` of a dossier names.' }),
    name: Words,
    required: z.boolean(),
    presented: z.boolean().openapi({ description: 'Only shown to the officer; nothing need be uploaded.' }),
    results: z.array(Code).max(20).default([]).openapi({
      description:
        'Procedures whose result it is: their certified copies prove it, those of other papers do not. Empty: not known.',
    }),
    sources: z
      .array(z.string().max(100))
      .max(20)
      .default([])
      .openapi({
        description: 'Official databases whose data may stand in for it.',
        example: ['population-database'],
      }),
  })
  .openapi('ProcedureComponent')

const Json = z.record(z.string(), z.unknown())

const Step = z
  .object({
    from: Status,
    to: Status,
    by: z
      .array(z.enum(['reception', 'handler', 'certifier', 'seal', 'supervisor', 'operator', 'applicant', 'service']))
      .max(8)
      .openapi({
        description: 'Any of them: roles of officers, the applicant or their app, or the service by itself.',
      }),
    needs: z.array(z.enum(givens)).max(5).openapi({ description: 'What the request must say.' }),
    event: z.string().max(64),
    clock: z.enum(['start', 'restart', 'pause', 'go-on', 'stop', 'none']).openapi({
      description: 'What it does to the legal clock.',
    }),
    slip: z
      .object({
        form: z.enum(['receipt', 'supplement-request', 'refusal', 'stop-notice']),
        onRequest: z.boolean().openapi({ description: 'Given to whoever asks for it.' }),
      })
      .nullable(),
    through: z.enum(['transitions', 'supplements', 'payments', 'clock']).openapi({
      description:
        'The address below the dossier at which it is asked for; `clock`: by itself when a time has run out.',
    }),
  })
  .openapi('ProcedureStep')

export const ProcedureView = z
  .object({
    ...summary,
    validFrom: CivilDate,
    validTo: CivilDate.nullable().openapi({ description: 'Exclusive; null while in force.' }),
    competence: Competence,
    agency: z.string().max(500).openapi({ description: 'In the words of the national portal.' }),
    timeNote: orNull(Words),
    cutoff: z
      .literal('15:00')
      .nullable()
      .openapi({ description: 'Received later, an in-day procedure is due the next working day.' }),
    supplement: z.object({ clock: z.enum(['RESTART', 'RESUME']), answerWithin: orNull(TimeLimit) }),
    fees: z.object({ circumstances: Circumstances, rules: FeeRules }),
    components: z.array(Component).max(100),
    papers: z
      .array(
        z.object({
          id: z.string().max(80).openapi({
            example: 'birth-certificate',
            description: 'What `original.paper` of `POST /v1/copies` names.',
          }),
          name: Words,
          results: z.array(Code).max(20).default([]).openapi({
            description: 'Procedures whose result it is: its copies prove what certified copies of those prove.',
          }),
        }),
      )
      .max(200)
      .default([])
      .openapi({ description: 'Kinds of originals of which it certifies copies; of other procedures empty.' }),
    result: z.object({
      name: Words,
      validity: z
        .string()
        .max(20)
        .nullable()
        .openapi({ description: 'ISO 8601 duration from the day of issue.', example: 'P6M' }),
      certifiedCopy: z
        .boolean()
        .openapi({ description: 'With the paper result its electronically certified copy is made too, free.' }),
    }),
    steps: z.array(Step).max(50).openapi({ description: 'Every step that a dossier of this version can take.' }),
    inOneSession: z.boolean().openapi({
      description:
        'An in-day procedure: an officer who may receive and decide moves a `submitted` dossier to `resolved` at once.',
    }),
    formSchema: Json.openapi({ description: 'JSON Schema (2020-12) of `form` of a dossier.' }),
    exampleSubmission: Json.openapi({
      allOf: [{ $ref: '#/components/schemas/Submission' }],
      description:
        'A body for `POST /v1/dossiers` that satisfies this version once the file ids are those of your own uploads. The person is made up.',
    }),
    decision: z.string().max(100).nullable().openapi({ description: 'The decision that published the procedure.' }),
    source: z.string().max(1000),
    certainty: z.enum(['high', 'medium', 'low']).openapi({ description: 'How far the source was checked.' }),
    note: z.string().max(2000).nullable(),
    versions: z
      .array(z.object({ version: z.int().min(1), validFrom: CivilDate, validTo: CivilDate.nullable() }))
      .max(1000),
  })
  .openapi('Procedure')

const summaryOf = (one: ProcedureVersion) => ({
  code: one.code,
  version: one.version,
  name: one.name,
  field: { id: slug(one.field.en), name: one.field },
  level: levelOf(one.competence),
  mode: one.mode,
  channels: one.channels,
  time: one.time,
  fee: { amount: one.feeVnd === null ? null : { amount: one.feeVnd, currency: 'VND' as const }, note: one.feeNote },
})

export const showSummary = (one: ProcedureVersion) => ProcedureSummary.parse(summaryOf(one))

export const showProcedure = ({ procedure: one, versions, department }: ReadProcedure) =>
  ProcedureView.parse({
    ...one,
    ...summaryOf(one),
    competence:
      one.competence.by === 'department'
        ? { ...one.competence, unit: department && { id: department.id, name: department.name } }
        : one.competence,
    result: { ...one.result, certifiedCopy: one.twoResults },
    steps: stepsOf(one),
    inOneSession: isInDay(one.time),
    exampleSubmission: exampleOf(one),
    versions,
  })

/** What an integrator sends, filled with the version's own example; only the files are missing. */
const exampleOf = ({ code, competence, components, exampleForm }: ProcedureVersion) => ({
  procedure: code,
  applicant: {
    type: 'citizen',
    personalId: '001190012345',
    fullName: 'Nguyễn Thị Lan',
    phone: '0912345678',
    email: 'lan@example.vn',
  },
  representative: null,
  place: competence.by === 'department' ? null : { unit: competence.level === 'commune' ? '00082-2025' : '002-0' },
  receivingPoint: 'online',
  channel: 'online',
  form: exampleForm,
  components: components
    .filter((component) => component.required)
    .map(({ id, presented }) =>
      presented
        ? { component: id, presented: true }
        : { component: id, file: 'file_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' },
    ),
  returnBy: 'account',
})
