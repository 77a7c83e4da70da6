import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { House } from '../../app.ts'
import { helperKinds, identityMethods } from '../../domain/channels.ts'
import { completionOf } from '../../domain/completion.ts'
import { type Dossier, lateCauses } from '../../domain/dossier.ts'
import { lateOf } from '../../domain/late-cause.ts'
import { isOverdue } from '../../domain/lateness.ts'
import { changeableUntil } from '../../domain/rating.ts'
import { statusCodes } from '../../domain/transitions.ts'
import { validUntil } from '../../domain/validity.ts'
import type { Kept } from '../../store/dossiers.ts'
import type { SealedPart } from '../../store/vault.ts'
import { CopyNumber } from '../copies/view.ts'
import { Demand, demandOf } from '../payments/asked.ts'
import {
  CivilDate,
  CopyId,
  DossierCode,
  FileId,
  Instant,
  Line,
  orNull,
  PersonalId,
  TaxCode,
  UnitRef,
  unitRef,
  unitsNamed,
  Words,
} from '../shapes.ts'

const statuses = Object.keys(statusCodes).filter((name): name is keyof typeof statusCodes => name in statusCodes)

export const Status = z.enum(statuses).openapi('Status')
export const Channel = z.enum(['online', 'direct', 'postal', 'kiosk', 'at-home']).openapi('Channel')
export const ReturnBy = z.enum(['account', 'counter', 'post']).openapi('ReturnBy')

const contact = {
  phone: z
    .string()
    .regex(/^\+?[0-9 ]{8,20}$/)
    .optional(),
  email: z.email().max(254).optional(),
  address: z.string().min(1).max(500).optional(),
}
const Name = Line(200)

export const Applicant = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('citizen'), personalId: PersonalId, fullName: Name, ...contact }),
    z.strictObject({ type: z.literal('organisation'), taxCode: TaxCode, name: Name, ...contact }),
  ])
  .openapi('Applicant')

export const Representative = z
  .strictObject({ personalId: PersonalId, fullName: Name, relation: z.string().max(200).optional() })
  .openapi('Representative')

/** An id of the operator's own that can hold no personal or telephone number. */
const HelperId = z
  .string()
  .max(63)
  .regex(/^[a-z](?!.*\d{7})[a-z0-9.-]{1,62}$/)
  .openapi({ example: 'kiosk-cua-nam-01' })

export const Helper = z
  .strictObject({ kind: z.enum(helperKinds), id: HelperId })
  .openapi({ description: 'The kiosk, or the organisation whose people help. An officer who helps is known anyway.' })

const Identity = z
  .enum(identityMethods)
  .openapi({ description: 'How the applicant was identified; nothing that was read from card or account is taken.' })

export const Assistance = z
  .strictObject({
    helper: orNull(Helper).default(null),
    identity: orNull(Identity).default(null),
    note: z.string().trim().min(10).max(2000).nullable().default(null).openapi({
      description: 'The helper’s words, for example why the applicant cannot travel. Sealed.',
    }),
  })
  .openapi('Assistance', {
    description:
      'Help to hand in; the applicant stays the owner. A kiosk names itself and how the applicant was identified; help at home says also why.',
    example: { helper: { kind: 'kiosk', id: 'kiosk-cua-nam-01' }, identity: 'card-reader', note: null },
  })

const AssistanceShown = z
  .object({
    by: z
      .object({ kind: z.enum(['app', 'officer']), id: z.string().max(200) })
      .nullable()
      .openapi({ description: 'The officer or the app that handed it in; null: the applicant, at a kiosk.' }),
    helper: orNull(Helper),
    identity: orNull(Identity),
    note: z.string().max(2000).nullable(),
  })
  .openapi('AssistanceShown')

const componentId = z
  .string()
  .regex(/^[a-z0-9-]{1,80}$/)
  .openapi({ example: 'birth-notification' })

export const ComponentProof = z
  .union([
    z.strictObject({ component: componentId, file: FileId }),
    z.strictObject({ component: componentId, copy: CopyId }),
    z.strictObject({
      component: componentId,
      data: z
        .strictObject({
          source: z
            .string()
            .regex(/^[a-z0-9-]{1,100}$/)
            .openapi({ example: 'population-database' }),
          at: Instant,
        })
        .openapi({ description: 'Replaced by data that an official database already holds.' }),
    }),
    z.strictObject({ component: componentId, presented: z.literal(true) }),
  ])
  .openapi('ComponentProof')

const Evidence = z.object({
  number: CopyNumber,
  status: z.literal('valid'),
  indication: z
    .literal('TOTAL-PASSED')
    .openapi({ description: 'Of both signatures, in the words of ETSI EN 319 102-1.' }),
  sha256: z.string().length(64),
  at: Instant,
})

/** As a dossier shows it: of a certified copy also what was found when it was handed in. */
const Component = z
  .union([
    z.object({ component: componentId, file: FileId }),
    z.object({
      component: componentId,
      copy: CopyId,
      verified: Evidence.optional().openapi({
        description: 'How the copy stood when it was handed in: no upload and no second look is needed.',
      }),
    }),
    z.object({ component: componentId, data: z.object({ source: z.string().max(100), at: Instant }) }),
    z.object({ component: componentId, presented: z.literal(true) }),
  ])
  .openapi('Component')

/** No form of the catalogue comes near it, and whoever walks through a form can do so without fear. */
const deepest = 32
const isWithin = (levels: number, value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((item) => isWithin(levels - 1, item)))

export const FilledForm = z
  .record(z.string().max(200), z.unknown())
  .refine(
    (form) => isWithin(deepest, form),
    'Biểu mẫu lồng nhau quá 32 tầng. The form is nested deeper than 32 levels.',
  )

export const ComponentIds = z.array(componentId).min(1).max(50)

export const Score = z.int().min(1).max(5).openapi({ description: '1: not satisfied at all, 5: fully satisfied.' })

const Pause = z.object({ from: Instant, to: Instant.nullable(), clock: z.enum(['RESTART', 'RESUME']) })

const summary = {
  code: DossierCode,
  status: Status,
  statusCode: z.int().min(1).max(11).openapi({ description: 'The national status code.' }),
  version: z.int().min(1),
  procedure: z.object({ code: z.string().max(20), version: z.int().min(1) }),
  competentUnit: UnitRef,
  receivingPoint: z.string().max(45),
  channel: Channel,
  submittedAt: Instant,
  receivedAt: Instant.nullable(),
  competentReceivedAt: Instant.nullable(),
  originalDueAt: Instant.nullable(),
  dueAt: Instant.nullable(),
  overdue: z.boolean(),
}

export const DossierSummary = z.object(summary).openapi('DossierSummary')

export const DossierView = z
  .object({
    ...summary,
    procedure: summary.procedure.extend({ name: Words }),
    place: orNull(UnitRef),
    returnBy: ReturnBy,
    lookupSecret: z
      .string()
      .length(4)
      .openapi({ description: 'Printed on the receipt; opens the dossier’s public progress.', example: 'K7QM' }),
    applicant: orNull(Applicant, 'Null once the personal data was erased.'),
    representative: orNull(Representative),
    assistance: orNull(AssistanceShown, 'Null where nobody helped to hand it in.'),
    form: z.record(z.string().max(200), z.unknown()).nullable(),
    components: z.array(Component).max(50),
    quarantined: z.array(FileId).max(250).openapi({
      description: 'Files of this dossier that were found infected: they stay in it, and nobody can download them.',
    }),
    pauses: z.array(Pause).max(200),
    supplementRequest: z
      .object({
        components: z.array(componentId).max(50),
        reason: z.string().max(2000).nullable(),
        whyAgain: z
          .string()
          .max(2000)
          .nullable()
          .openapi({ description: 'Why something is asked for that was asked for before.' }),
        requestedAt: Instant,
        answerBy: Instant.nullable(),
      })
      .nullable(),
    paymentRequest: Demand.nullable(),
    result: z
      .object({
        outcome: z.enum(['granted', 'refused']),
        resolvedAt: Instant,
        returnedAt: Instant.nullable(),
        reason: z.string().max(2000).nullable(),
        legalBasis: z.string().max(1000).nullable(),
        title: z.string().max(300).nullable(),
        validUntil: CivilDate.nullable().openapi({
          description: 'The last day on which a granted result is valid; null where it does not end.',
        }),
        copy: CopyId.nullable().openapi({
          description: 'The certified copy of the paper result; see /v1/copies/{id}.',
        }),
      })
      .nullable(),
    closed: z
      .object({
        at: Instant,
        because: z.enum(['unit', 'applicant', 'time']),
        reason: z.string().max(2000).nullable(),
        legalBasis: z.string().max(1000).nullable(),
      })
      .nullable()
      .openapi({
        description: 'How it ended, or stands still, without a result: `not-accepted`, `withdrawn` or `stopped`.',
      }),
    rating: z
      .object({
        score: Score,
        comment: z.string().max(2000).nullable(),
        ratedAt: Instant,
        changeableUntil: CivilDate,
      })
      .nullable()
      .openapi({ description: 'What the applicant thinks of how it was handled.' }),
    insisted: z
      .string()
      .max(2000)
      .nullable()
      .openapi({ description: 'Why it was handed in although the same matter was open already; null: it was not.' }),
    takenOver: z.object({ system: z.string().max(100), code: z.string().max(64), unit: UnitRef }).nullable(),
    late: z
      .object({
        cause: z
          .enum(lateCauses)
          .nullable()
          .openapi({ description: 'Null until the service has looked, at most some minutes.' }),
        by: z.enum(['apology', 'correction', 'rule']).openapi({
          description: 'Named in the apology, by an official afterwards, or presumed by the service.',
        }),
        reason: z.string().max(2000).nullable(),
      })
      .nullable()
      .openapi({
        description: 'That it is late, or was decided late, against the original date, and why; null: it is not.',
      }),
    completion: z.int().min(0).max(100),
  })
  .openapi('Dossier')

type Summary = z.input<typeof DossierSummary>

function summaryOf({ code, dossier }: Kept, units: Awaited<ReturnType<typeof unitsNamed>>, now: Date): Summary {
  return {
    code,
    status: dossier.status,
    statusCode: statusCodes[dossier.status],
    version: dossier.version,
    procedure: dossier.procedure,
    competentUnit: unitRef(dossier.competentUnit, units),
    receivingPoint: dossier.receivingPoint,
    channel: dossier.channel,
    submittedAt: dossier.clock.submittedAt,
    receivedAt: dossier.clock.receivedAt,
    competentReceivedAt: dossier.clock.competentReceivedAt,
    originalDueAt: dossier.clock.originalDueAt,
    dueAt: dossier.clock.dueAt,
    overdue: isOverdue(dossier.status, dossier.limit, dossier.clock.originalDueAt, now.getTime()),
  }
}

/** One line of a list. parse() drops every field that the schema does not name. */
export async function showSummaries(c: HonoContext<House>, rows: Kept[]) {
  const units = await unitsNamed(
    c,
    rows.map(({ dossier }) => dossier.competentUnit),
  )
  const now = c.var.context.now()
  return rows.map((row) => DossierSummary.parse(summaryOf(row, units, now)))
}

/** What a command leads to is shown as it stood right then: a repeated command is answered with the very same reply. */
export const showOutcome = (c: HonoContext<House>, kept: Kept) => showDossier(c, kept, new Date(kept.at))

/** The only way a whole dossier leaves the house: for those who may see it, with what was sealed. */
export async function showDossier(c: HonoContext<House>, kept: Kept, now = c.var.context.now()) {
  const { context } = c.var
  const { dossier } = kept
  const [parts, procedure, units, lookupSecret] = await Promise.all([
    context.vault.open(dossier.id),
    context.procedures.version(dossier.procedure.code, dossier.procedure.version),
    unitsNamed(c, [dossier.competentUnit, dossier.place, dossier.takenOver?.unit]),
    context.vault.lookupSecret(dossier.id),
  ])
  const said = [...parts].filter(([version]) => version <= dossier.version)
  return DossierView.parse({
    ...summaryOf(kept, units, now),
    procedure: { ...dossier.procedure, name: procedure?.name },
    place: dossier.place && unitRef(dossier.place, units),
    returnBy: dossier.returnBy,
    lookupSecret,
    applicant: parts.get(1)?.['applicant'] ?? null,
    representative: parts.get(1)?.['representative'] ?? null,
    assistance: assistanceOf(dossier, said),
    form: lastOf(said, 'form'),
    components: dossier.components,
    quarantined: dossier.quarantined ?? [],
    pauses: dossier.clock.pauses,
    ...endings(dossier, said, procedure?.result.validity ?? null),
    rating: dossier.rating
      ? { ...dossier.rating, comment: lastOf(said, 'ratingComment'), changeableUntil: changeableUntil(dossier.rating) }
      : null,
    insisted: lastOf(said, 'insistReason'),
    takenOver: dossier.takenOver && { ...dossier.takenOver, unit: unitRef(dossier.takenOver.unit, units) },
    late: lateness(dossier, said, now),
    completion: completionOf(dossier),
  })
}

/** Whoever hands in for somebody, other than online, helps. */
function assistanceOf(
  { channel, submittedBy: { kind, id }, assisted, takenOver }: Dossier,
  said: [number, SealedPart][],
) {
  if (channel === 'online' || (takenOver && !assisted)) return null
  const by = kind === 'citizen' ? null : { kind, id }
  return {
    by,
    helper: assisted?.helper ?? null,
    identity: assisted?.identity ?? null,
    note: lastOf(said, 'assistanceNote'),
  }
}

const wordsOn = { apology: 'apology', correction: 'lateReason', rule: null } as const

function lateness(dossier: Dossier, said: [number, SealedPart][], now: Date) {
  const late = lateOf(dossier, now.getTime())
  const words = late && wordsOn[late.by]
  return late && { ...late, reason: words && lastOf(said, words) }
}

const lastOf = (said: [number, SealedPart][], name: string) =>
  said.map(([, part]) => part[name]).findLast((value) => value !== undefined) ?? null

/** What a dossier shows only in some states, with the words that were said when it came there. */
function endings(dossier: Dossier, said: [number, SealedPart][], validity: string | null) {
  const words = (name: string) => lastOf(said, name)
  const result = 'result' in dossier ? dossier.result : null
  const closing = closingOf(dossier)
  return {
    paymentRequest: demandOf(dossier, words('paymentNote')),
    supplementRequest:
      dossier.status === 'awaiting-supplement'
        ? { ...dossier.request, reason: words('supplementReason'), whyAgain: words('whyAgain') }
        : null,
    result: result && {
      ...result,
      returnedAt: dossier.status === 'returned' ? dossier.returnedAt : null,
      reason: words('refusalReason'),
      legalBasis: words('refusalBasis'),
      title: result.paper?.title ?? null,
      validUntil:
        validity && result.outcome === 'granted' ? validUntil(result.resolvedAt.slice(0, 10), validity) : null,
      copy: result.paper?.copy ?? null,
    },
    closed: closing && { ...closing, reason: words('closingReason'), legalBasis: words('closingBasis') },
  }
}

function closingOf(dossier: Dossier) {
  switch (dossier.status) {
    case 'not-accepted':
      return { at: dossier.closedAt, because: dossier.because }
    case 'withdrawn':
      return { at: dossier.closedAt, because: 'applicant' as const }
    case 'stopped':
      return { at: dossier.stoppedAt, because: 'unit' as const }
    default:
      return null
  }
}
