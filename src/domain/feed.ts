// What the world is told of a committed event: facts by an allow list, and nothing about a person.
import type { CopyEvent } from './copy.ts'
import type { DossierEvent } from './dossier.ts'
import type { WebhookEvent } from './webhook.ts'

type FeedEvent =
  | DossierEvent
  | Exclude<CopyEvent, { type: 'copy.paid' }>
  | (WebhookEvent & { type: 'webhook.disabled' })
export type FeedType = FeedEvent['type']

type FieldsOf<Type> = readonly Exclude<keyof Extract<FeedEvent, { type: Type }>, 'type'>[]

/** For each type the fields that it tells. A new event says nothing until somebody has decided here what it may say. */
const told = {
  'dossier.submitted': ['channel', 'competentUnit', 'receivingPoint'],
  'dossier.rerouted': ['from', 'to', 'on', 'clause', 'candidates'],
  'dossier.accepted': ['dueAt'],
  'dossier.not-accepted': ['because'],
  'dossier.withdrawn': [],
  'dossier.stopped': [],
  'dossier.resumed': ['dueAt'],
  'dossier.recalled': [],
  'dossier.rescheduled': ['dueAt', 'cause'],
  'dossier.rated': ['score'],
  'dossier.redated': ['outage', 'dueAt', 'answerBy'],
  'dossier.file-quarantined': ['file', 'component'],
  'dossier.file-released': ['file', 'component'],
  'dossier.due-soon': [],
  'dossier.overdue': ['cause'],
  'dossier.late-cause-corrected': ['cause'],
  'dossier.processing-started': ['dueAt'],
  'dossier.supplement-requested': ['components', 'answerBy'],
  'dossier.supplemented': ['components', 'dueAt'],
  'dossier.payment-requested': ['amount'],
  'dossier.paid': ['payment', 'amount', 'dueAt'],
  'dossier.resolved': ['outcome', 'paper', 'lateCause'],
  'dossier.returned': ['by'],
  'copy.requested': ['unit'],
  'copy.issued': ['sha256', 'size'],
  'copy.archived': ['sha256', 'size'],
  'copy.failed': [],
  'copy.revoked': ['reason'],
  'copy.superseded': ['number'],
  'webhook.disabled': ['because'],
} as const satisfies { [Type in FeedType]: FieldsOf<Type> }

const isFeedType = (type: string): type is FeedType => Object.hasOwn(told, type)

export const feedTypes: readonly FeedType[] = Object.keys(told).filter(isFeedType)

/** Whether events of this type are told to the world at all. */
export const isTold = (type: string): boolean => isFeedType(type)

/** A place in the feed with the journal's entry behind it; `dossier` is null where the event is about none. */
export type FeedEntry = {
  position: number
  subject: string
  version: number
  at: string
  actor: { kind: 'app' | 'citizen' | 'officer' | 'service'; unit?: string }
  event: { type: string }
  dossier: { code: string; procedure: string } | null
}

/** An event in the form of CloudEvents 1.0.2 (structured mode, JSON). */
export type CloudEvent = {
  specversion: '1.0'
  id: string
  source: string
  type: string
  subject: string
  time: string
  datacontenttype: 'application/json'
  sequence?: string
  data: Record<string, unknown>
}

export const eventId = (position: number): string => `event_${position}`

/** Where in the feed an event stands, by its id. */
export const positionOf = (id: string): number => Number(id.replace('event_', ''))

/**
 * The one envelope of an event, in the feed and in messages alike. `sequence` counts the events of the subject without a gap, in
 * ten digits, so that text order is its order (CloudEvents extension "sequence").
 */
export function envelopeOf(entry: FeedEntry, source: string): CloudEvent {
  const { position, subject, version, at, actor, event, dossier } = entry
  const isDossier = event.type.startsWith('dossier.')
  const common = {
    ...(dossier && { dossier: dossier.code, procedure: dossier.procedure }),
    ...(event.type.startsWith('copy.') && { copy: subject }),
    actor: { kind: actor.kind, ...(actor.unit !== undefined && { unit: actor.unit }) },
  }
  return {
    specversion: '1.0',
    id: eventId(position),
    source,
    type: event.type,
    subject: isDossier && dossier ? dossier.code : subject,
    time: at,
    datacontenttype: 'application/json',
    sequence: String(version).padStart(10, '0'),
    data: { ...common, ...factsOf(event) },
  }
}

function factsOf(event: { type: string }): Record<string, unknown> {
  if (!isFeedType(event.type)) throw new Error(`${event.type} is not for the world`)
  const fields: readonly string[] = told[event.type]
  return Object.fromEntries(
    Object.entries(event)
      .filter(([name]) => fields.includes(name))
      .map(([name, value]: [string, unknown]) => factOf(name, value)),
  )
}

/** Of components their names, of a paper result its copy; what proves or shows them is for whoever reads the dossier. */
function factOf(name: string, value: unknown): [string, unknown] {
  if (name === 'components' && Array.isArray(value))
    return [name, value.map((one: unknown) => (isNamed(one) ? one.component : one))]
  if (name === 'paper') return ['copy', isPaper(value) ? value.copy : null]
  return [name, value]
}

const isNamed = (value: unknown): value is { component: string } =>
  typeof value === 'object' && value !== null && 'component' in value
const isPaper = (value: unknown): value is { copy: string } =>
  typeof value === 'object' && value !== null && 'copy' in value

/** What a receiver gets to try out whether it hears and believes us. */
export const pingOf = (webhook: string, id: string, time: string, source: string): CloudEvent => ({
  specversion: '1.0',
  id,
  source,
  type: 'webhook.ping',
  subject: webhook,
  time,
  datacontenttype: 'application/json',
  data: { webhook },
})
