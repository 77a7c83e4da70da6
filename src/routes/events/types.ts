import { CopyNumber } from '../copies/view.ts'
import { z } from '@hono/zod-openapi'
import { lateCauses } from '../../domain/dossier.ts'
import { type FeedType, feedTypes } from '../../domain/feed.ts'
import { revocationReasons } from '../../domain/copy.ts'
import { CivilDate, CopyId, DossierCode, FileId, Instant, UnitId } from '../shapes.ts'
import { WebhookId } from '../webhooks/shapes.ts'

const dueAt = Instant.nullable().openapi({ description: 'When the result is due; null where that is not a date.' })
const Components = z.array(z.string().max(80)).max(50)
const component = z
  .string()
  .max(80)
  .nullable()
  .openapi({ description: 'What the file proves; null for the scan of a paper result.' })
const amount = z.int().min(1).openapi({ description: 'VND.' })
const kind = z.enum(['app', 'citizen', 'officer', 'service'])
const actor = z
  .object({ kind, unit: UnitId.optional() })
  .openapi({ description: 'Who did it: of an officer the unit, of nobody the name.' })

type Facts = Record<string, z.ZodType>
type Told = { summary: string; facts: Facts; example: Record<string, unknown> }

const due = '2026-11-23T17:00:00+07:00'
const sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

/** What each event tells besides what all of its kind tell, in words and by example. */
const told = {
  'dossier.submitted': {
    summary: 'A dossier was handed in',
    facts: {
      channel: z.enum(['online', 'direct', 'postal', 'kiosk', 'at-home']),
      competentUnit: UnitId,
      receivingPoint: z.string().max(45),
    },
    example: { channel: 'online', competentUnit: '00082-2025', receivingPoint: 'online' },
  },
  'dossier.rerouted': {
    summary: 'Another unit took the dossier over',
    facts: {
      from: UnitId,
      to: UnitId,
      on: CivilDate,
      clause: z.int().nullable(),
      candidates: z.array(UnitId).max(200).optional(),
    },
    example: { from: '00070-0', to: '00082-2025', on: '2025-07-01', clause: 3 },
  },
  'dossier.accepted': { summary: 'The unit accepted the dossier', facts: { dueAt }, example: { dueAt: due } },
  'dossier.not-accepted': {
    summary: 'The dossier was not accepted',
    facts: { because: z.enum(['unit', 'applicant', 'time']) },
    example: { because: 'unit' },
  },
  'dossier.withdrawn': { summary: 'The applicant withdrew the dossier', facts: {}, example: {} },
  'dossier.stopped': { summary: 'Handling was stopped', facts: {}, example: {} },
  'dossier.resumed': { summary: 'Handling goes on', facts: { dueAt }, example: { dueAt: due } },
  'dossier.recalled': { summary: 'A result that was handed out was called back', facts: {}, example: {} },
  'dossier.rescheduled': {
    summary: 'The unit apologised and named a new date',
    facts: { dueAt, cause: z.enum(lateCauses) },
    example: { dueAt: due, cause: 'unit' },
  },
  'dossier.rated': {
    summary: 'The applicant said what they think of it',
    facts: { score: z.int().min(1).max(5) },
    example: { score: 5 },
  },
  'dossier.redated': {
    summary: 'An outage of the service moved the due date, or the time to answer',
    facts: { outage: z.uuid(), dueAt, answerBy: dueAt },
    example: { outage: '01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e', dueAt: due, answerBy: null },
  },
  'dossier.file-quarantined': {
    summary: 'A file of the dossier was found infected: it stays in it, and nobody can download it',
    facts: { file: FileId, component },
    example: { file: 'file_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e', component: 'residence' },
  },
  'dossier.file-released': {
    summary: 'An infected file turned out to be a false alarm',
    facts: { file: FileId, component },
    example: { file: 'file_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e', component: 'residence' },
  },
  'dossier.due-soon': { summary: 'The result will be due soon', facts: {}, example: {} },
  'dossier.overdue': {
    summary: 'The result is late',
    facts: {
      cause: z
        .enum(lateCauses)
        .optional()
        .openapi({ description: 'As the apology names it, or presumed; not in the oldest events.' }),
    },
    example: { cause: 'unit' },
  },
  'dossier.late-cause-corrected': {
    summary: 'An official named another cause of its being late',
    facts: { cause: z.enum(lateCauses) },
    example: { cause: 'other-agency' },
  },
  'dossier.processing-started': {
    summary: 'An official began to handle it',
    facts: { dueAt },
    example: { dueAt: due },
  },
  'dossier.supplement-requested': {
    summary: 'The applicant has to add something',
    facts: { components: Components, answerBy: Instant.nullable() },
    example: { components: ['residence'], answerBy: '2026-12-23T17:00:00+07:00' },
  },
  'dossier.supplemented': {
    summary: 'The applicant added what was asked for',
    facts: { components: Components, dueAt },
    example: { components: ['residence'], dueAt: due },
  },
  'dossier.payment-requested': {
    summary: 'The applicant has to pay',
    facts: { amount },
    example: { amount: 8000 },
  },
  'dossier.paid': {
    summary: 'What was asked for is paid',
    facts: { payment: z.string().max(64), amount, dueAt },
    example: { payment: 'payment_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e', amount: 8000, dueAt: due },
  },
  'dossier.resolved': {
    summary: 'There is a result',
    facts: {
      outcome: z.enum(['granted', 'refused']),
      lateCause: z
        .enum(lateCauses)
        .optional()
        .openapi({ description: 'Of what ends late and was not called late before.' }),
      copy: CopyId.nullable().openapi({ description: 'The certified copy that is being made of the paper result.' }),
    },
    example: { outcome: 'granted', copy: 'copy_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' },
  },
  'dossier.returned': {
    summary: 'The result was handed out',
    facts: { by: z.enum(['account', 'counter', 'post']) },
    example: { by: 'account' },
  },
  'copy.requested': {
    summary: 'A certified copy is being made',
    facts: { unit: UnitId },
    example: { unit: '00082-2025' },
  },
  'copy.issued': {
    summary: 'A certified copy was issued',
    facts: { sha256: z.string().length(64), size: z.int().min(1) },
    example: { sha256, size: 174_080 },
  },
  'copy.archived': {
    summary: 'A certified copy got an archive time-stamp: its file has another digest now',
    facts: { sha256: z.string().length(64), size: z.int().min(1) },
    example: { sha256, size: 192_512 },
  },
  'copy.failed': { summary: 'A certified copy can never be made', facts: {}, example: {} },
  'copy.revoked': {
    summary: 'A certified copy lost its value',
    facts: { reason: z.enum(revocationReasons) },
    example: { reason: 'certified-wrongly' },
  },
  'copy.superseded': {
    summary: 'A newer certified copy took the place of an older one',
    facts: { number: CopyNumber },
    example: { number: '00082-2025.2026.02' },
  },
  'webhook.disabled': {
    summary: 'A webhook of yours is told nothing more',
    facts: { because: z.enum(['gone', 'failing']) },
    example: { because: 'failing' },
  },
} as const satisfies Record<FeedType, Told>

const dossier = DossierCode.openapi({ description: 'The dossier; read it with a token of your own.' })
const ofAll: Record<string, Facts> = {
  dossier: { dossier, procedure: z.string().max(20), actor },
  copy: { dossier, procedure: z.string().max(20), copy: CopyId, actor },
  webhook: { actor },
}
const example = { dossier: 'LOCAL.00082-261123-0001', procedure: '1.001193' }
const copy = 'copy_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e'
const webhook = 'webhook_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e'
const examplesOfAll: Record<string, { subject: string; data: Record<string, unknown> }> = {
  dossier: { subject: example.dossier, data: { ...example, actor: { kind: 'officer', unit: '00082-2025' } } },
  copy: { subject: copy, data: { ...example, copy, actor: { kind: 'service' } } },
  webhook: { subject: webhook, data: { actor: { kind: 'service' } } },
}

export const EventId = z
  .string()
  .max(32)
  .regex(/^event_\d{1,15}$/)
  .openapi({ example: 'event_1042' })

const envelope = {
  specversion: z.literal('1.0'),
  source: z.url().max(500).openapi({ description: 'This service.' }),
  subject: z.string().max(64).openapi({ description: 'The code of the dossier, or the id of the copy or webhook.' }),
  time: Instant,
  datacontenttype: z.literal('application/json'),
}

const sequence = z
  .string()
  .regex(/^\d{10}$/)
  .openapi({
    description: 'Counts the events of the subject from 1 without a gap; as text it sorts as it happened.',
    example: '0000000002',
  })

/** `dossier.not-accepted` → `DossierNotAccepted`. */
export const pascalOf = (type: string): string =>
  type.replaceAll(/(?:^|[.-])([a-z])/g, (_, letter: string) => letter.toUpperCase())

function described(type: FeedType) {
  const { summary, facts, example: own } = told[type]
  const [thing = ''] = type.split('.')
  const { subject = '', data = {} } = examplesOfAll[thing] ?? {}
  const shown = {
    specversion: '1.0' as const,
    id: 'event_1042',
    source: 'https://api.example.gov.vn',
    type,
    subject,
    time: '2026-11-23T09:00:00.000+07:00',
    datacontenttype: 'application/json' as const,
    sequence: '0000000002',
    data: { ...data, ...own },
  }
  const schema = z
    .object({
      ...envelope,
      id: EventId,
      type: z.literal(type),
      sequence,
      data: z.object({ ...ofAll[thing], ...facts }),
    })
    .openapi(`${pascalOf(type)}Event`, { description: `${summary}.`, example: shown })
  return { type, summary, schema, example: shown }
}

/** Every event that can come, with its schema and an example: replies, OpenAPI and AsyncAPI all read this list. */
export const eventTypes = feedTypes.map(described)

const [first, ...rest] = eventTypes.map(({ schema }) => schema)
if (!first) throw new Error('there are events')

/** An event of the feed, as it also comes to receivers. */
export const Event = z.discriminatedUnion('type', [first, ...rest]).openapi('Event')

const pingExample = {
  specversion: '1.0' as const,
  id: 'ping_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e',
  source: 'https://api.example.gov.vn',
  type: 'webhook.ping' as const,
  subject: webhook,
  time: '2026-11-23T09:00:00.000+07:00',
  datacontenttype: 'application/json' as const,
  data: { webhook },
}

const Ping = z
  .object({
    ...envelope,
    id: z.string().max(64),
    type: z.literal('webhook.ping'),
    data: z.object({ webhook: WebhookId }),
  })
  .openapi('WebhookPingEvent', {
    description: 'You asked for it, to try out the receiver. It is no event of the feed.',
    example: pingExample,
  })

/** What the service sends to receivers: every event, and what one asks for to try a receiver out. */
export const messages = [
  ...eventTypes,
  { type: 'webhook.ping', summary: 'A message to try out a receiver', schema: Ping, example: pingExample },
]
