import { createRoute, z } from '@hono/zod-openapi'
import type { Api, House } from '../../app.ts'
import type { Context as HonoContext } from 'hono'
import { dueFrom, hoursNow, procedureOf } from '../../usecases/dossiers/due.ts'
import { fileDossier } from '../../usecases/dossiers/file.ts'
import { mostComponents } from '../../domain/room.ts'
import type { Kept } from '../../store/dossiers.ts'
import { Refused, refusals } from '../problem.ts'
import {
  CivilDate,
  commandOf,
  etagOf,
  IdempotencyKeyHeader,
  Instant,
  orNull,
  ScenarioHeader,
  UnitId,
} from '../shapes.ts'
import { examples } from './examples.ts'
import {
  Applicant,
  Assistance,
  Channel,
  ComponentProof,
  DossierView,
  FilledForm,
  Representative,
  ReturnBy,
  showOutcome,
} from './view.ts'

export const Submission = z
  .strictObject({
    procedure: z
      .string()
      .regex(/^\d\.\d{6}$/)
      .openapi({ example: '1.001193' }),
    applicant: Applicant,
    representative: orNull(Representative).default(null),
    place: z.strictObject({ unit: UnitId }).nullable().default(null).openapi({
      description:
        'The commune of residence or of the thing (house, land), where the procedure goes by place; the chosen commune, where the applicant may choose.',
    }),
    receivingPoint: z.union([z.literal('online'), UnitId]).default('online'),
    channel: Channel.default('online'),
    assistance: orNull(Assistance).default(null),
    form: FilledForm.openapi({ description: 'Valid against the form schema of the procedure’s version in force.' }),
    components: z.array(ComponentProof).max(mostComponents).default([]),
    returnBy: ReturnBy.default('account'),
    force: z
      .strictObject({ reason: z.string().trim().min(10).max(2000) })
      .nullable()
      .default(null)
      .openapi({
        description:
          'Insist on another dossier although one about the same matter (applicant, procedure, place and form) is open; the reason is kept.',
      }),
    takenOver: z
      .strictObject({
        system: z.string().min(1).max(100),
        code: z.string().min(1).max(64),
        unit: UnitId,
        receivedAt: Instant,
      })
      .nullable()
      .default(null)
      .openapi({
        description:
          'A dossier of an earlier system: where it was lodged and received. Its time does not start again. Needs the scope dossiers:take-over.',
      }),
  })
  .openapi('Submission', { example: examples.submission })

const Receipt = z
  .object({
    submittedAt: Instant,
    expectedDueAt: Instant.nullable().openapi({
      description: 'If the competent unit receives it at this moment; null where the time limit is a text.',
    }),
    lookupSecret: z.string().length(4),
    progress: z.url().openapi({ description: 'Where anybody who has the receipt can follow the dossier.' }),
  })
  .openapi('Receipt')

const Filed = DossierView.extend({
  receipt: Receipt,
  alreadyOpen: z.boolean().openapi({
    description:
      'True: the same matter is open already in this dossier, and nothing was written. `force` makes another one.',
  }),
  warnings: z
    .array(
      z.object({
        code: z.literal('result-still-valid'),
        validUntil: CivilDate.openapi({ description: 'The last day of the result that the applicant has.' }),
        sensibleFrom: CivilDate.openapi({
          description: 'Applied for on that day, the new result is there just before the old one ends.',
        }),
      }),
    )
    .max(1)
    .openapi({ description: 'What may be a mistake, and is no reason to refuse.' }),
}).openapi('FiledDossier')

const no = refusals(
  'token-needed',
  'not-allowed',
  'idempotency-key-needed',
  'idempotency-key-reused',
  'file-taken',
  'form-too-large',
  'sandbox-only',
  'unknown-scenario',
  'wrong-media-type',
  'too-large',
)

const answer = {
  headers: z.object({
    location: z.string(),
    etag: z.string(),
    'idempotent-replayed': z
      .string()
      .optional()
      .openapi({ description: '`true` when an earlier request with this key is answered again.' }),
  }),
  content: { 'application/json': { schema: Filed } },
}

const route = createRoute({
  method: 'post',
  path: '/v1/dossiers',
  operationId: 'fileDossier',
  tags: ['Dossiers'],
  summary: 'Hand in a dossier',
  description:
    'Takes a dossier for any procedure of any level, at any hour and from any place. Everything about it is checked first and every fault is answered at once; then dossier, journal, outbox, key and code are written together. A 201 means that it is kept.',
  security: [{ app: ['dossiers:submit'] }, { citizen: ['dossiers'] }, { officer: [] }],
  request: {
    headers: z.object({
      'idempotency-key': IdempotencyKeyHeader.optional(),
      'sandbox-scenario': ScenarioHeader.optional(),
    }),
    body: { required: true, content: { 'application/json': { schema: Submission } } },
  },
  responses: {
    200: {
      description:
        'You have an open dossier about the same matter: this one. Nothing was written, and files that you named are still yours.',
      ...answer,
    },
    201: { description: 'Kept. `Location` is its address, `receipt` is what the applicant gets in hand.', ...answer },
    ...no.responses,
  },
})

async function receiptOf(c: HonoContext<House>, { code, dossier }: Kept) {
  const { context, config } = c.var
  const { submittedAt } = dossier.clock
  const [procedure, hours] = await Promise.all([
    procedureOf(context, dossier),
    hoursNow(context, dossier.competentUnit),
  ])
  const due = await dueFrom(context, procedure, submittedAt, { hours })
  const lookupSecret = await context.vault.lookupSecret(dossier.id)
  return {
    submittedAt,
    expectedDueAt: due.ok ? due.value.dueAt : null,
    lookupSecret,
    progress: `${config.publicOrigin}/v1/dossiers/${code}/progress?secret=${lookupSecret}`,
  }
}

const warningsOf = ({ dossier }: Kept) =>
  dossier.early ? [{ code: 'result-still-valid' as const, ...dossier.early }] : []

export function fileRoute(api: Api) {
  api.openapi(route, async (c) => {
    const body = c.req.valid('json')
    const command = commandOf(c, body)
    if (!command) throw new Refused('idempotency-key-needed')
    const { value, replayed } = no.unwrap(await fileDossier(c.var.context, body, command))
    const { kept, isNew } = value
    const [dossier, receipt] = await Promise.all([showOutcome(c, kept), receiptOf(c, kept)])
    return c.json(
      Filed.parse({ ...dossier, receipt, alreadyOpen: !isNew, warnings: warningsOf(kept) }),
      isNew ? 201 : 200,
      {
        location: `/v1/dossiers/${kept.code}`,
        etag: etagOf(kept.dossier.version),
        ...(replayed && { 'idempotent-replayed': 'true' }),
      },
    )
  })
}
