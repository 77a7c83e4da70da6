// The life of one dossier as data and pure functions: no clock, no ids, no I/O, and no person's data.
import { refuse, ok, type Refused, type Result } from '../platform/result.ts'
import type { Assisted } from './channels.ts'
import type { FeeLine } from './fee.ts'
import { lateness } from './lateness.ts'
import type { TimeLimit } from './procedure.ts'
import { type Status, type Transition, wayTo } from './transitions.ts'
import type { UnitId } from './unit.ts'

export type SubmissionChannel = 'online' | 'direct' | 'postal' | 'kiosk' | 'at-home'

/** How one component of the dossier is proved: a file, a certified copy, data already held by the state, or shown in person. */
export type ComponentProof =
  | { component: string; file: string }
  | { component: string; copy: string; verified?: CopyEvidence }
  | { component: string; data: { source: string; at: string } }
  | { component: string; presented: true }

export const isProvedBy = (proof: ComponentProof, file: string): boolean => 'file' in proof && proof.file === file

/** What was found when a certified copy was handed in instead of an upload: number, state, signatures and digest at that time. */
export type CopyEvidence = { number: string; status: 'valid'; indication: 'TOTAL-PASSED'; sha256: string; at: string }

/** An interval in which the clock stood still; `to` is null while it lasts. `knownHours` as of the clock, after a restart. */
export type Pause = { from: string; to: string | null; clock: 'RESTART' | 'RESUME'; knownHours?: number }

/** RFC 3339 instants; null where the step has not come yet or the time limit is a text. */
export type Clock = {
  submittedAt: string
  receivedAt: string | null
  /** For a dossier handed in elsewhere the law's time runs only from here (Decree 118/2025 art. 17(3)). */
  competentReceivedAt: string | null
  /** The unit that received it then: the term keeps to its opening hours, whoever takes over. */
  hoursOf?: UnitId
  /** How much was known of them then (`version` of the last entry): what was told later moves no date. */
  knownHours?: number
  originalDueAt: string | null
  dueAt: string | null
  pauses: Pause[]
  /** The last of the clock’s words, so that each is said once. */
  told: 'nothing' | 'due-soon' | 'overdue'
  /** The new date that went with an apology, at most one; `dueAt` is it, lateness counts against `originalDueAt`. */
  reappointed: { at: string; cause: LateCause } | null
  /** Why it is late against the present date, without an apology; `corrected` by an official, otherwise presumed. */
  late?: { cause: LateCause; corrected?: true }
}

/** Why a dossier is late, as the indices ask for it. */
export const lateCauses = ['unit', 'applicant', 'other-agency', 'system'] as const
export type LateCause = (typeof lateCauses)[number]

/** Where a dossier of the systems before this one came from. */
export type TakenOver = { system: string; code: string; unit: UnitId; receivedAt: string }

/** Civil dates. */
export type TooEarly = { validUntil: string; sensibleFrom: string }

type Common = {
  id: string
  version: number
  procedure: { code: string; version: number }
  /** Statutory time of that version: lateness is told from it without another look-up. */
  limit: TimeLimit
  competentUnit: UnitId
  place: UnitId | null
  receivingPoint: string
  channel: SubmissionChannel
  submittedBy: { kind: 'app' | 'citizen' | 'officer'; id: string }
  returnBy: 'account' | 'counter' | 'post'
  components: ComponentProof[]
  clock: Clock
  takenOver: TakenOver | null
  /** How somebody was helped to hand it in; the helper’s words are sealed. */
  assisted?: Assisted
  /** It was known that another dossier about the same matter may be open; the reason is sealed. */
  insisted?: true
  /** An earlier result of the same applicant was still valid: until when, and from when on it makes sense to apply. */
  early?: TooEarly
  /** Every component that was ever asked for: the law wants all of them named once. */
  asked?: string[]
  /** What the applicant thinks of it, 1 to 5; the words with it are sealed. */
  rating?: { score: number; ratedAt: string }
  /** Its files that were found infected. */
  quarantined?: string[]
  /** While it waits for assignment: whose dossier it was, since which civil date it waits, and among whom. */
  unassigned?: { unit: UnitId; on: string; candidates: UnitId[] }
}

export type SupplementRequest = {
  components: string[]
  requestedAt: string
  answerBy: string | null
  backTo: 'submitted' | 'accepted' | 'processing'
}
/** What the applicant has to pay, in VND, and how it came about. */
export type Demand = { amount: number; lines: readonly FeeLine[]; requestedAt: string }
export type Outcome = {
  outcome: 'granted' | 'refused'
  resolvedAt: string
  /** The scan of the paper result, and the certified copy made of it, unless the procedure has one result only. */
  paper: { scan: string; title: string; copy: string | null } | null
}

/** The unit refused it, the applicant called it back, or the time for a supplement ran out. */
export type NotAcceptedBecause = 'unit' | 'applicant' | 'time'

export type Dossier = Common &
  (
    | { status: 'submitted' | 'accepted' | 'processing' }
    | { status: 'withdrawn'; closedAt: string }
    | { status: 'stopped'; stoppedAt: string }
    | { status: 'not-accepted'; closedAt: string; because: NotAcceptedBecause }
    | { status: 'awaiting-supplement'; request: SupplementRequest }
    | { status: 'awaiting-payment'; demand: Demand }
    | { status: 'resolved'; result: Outcome }
    | { status: 'returned'; result: Outcome; returnedAt: string }
  )

/** How the clock goes on after a pause; `knownHours` where it is counted from the beginning again. */
export type ClockGoesOn = { clock: 'RESTART' | 'RESUME'; dueAt: string | null; knownHours?: number }

/** Where the clock starts: since when, until when, and how much is known of the unit's opening hours; else nulls. */
export type ClockStart = { competentReceivedAt: string | null; dueAt: string | null; knownHours?: number }

export type DossierEvent =
  | ({ type: 'dossier.submitted' } & Omit<Common, 'version' | 'clock' | 'rating' | 'asked' | 'quarantined'> & {
        submittedAt: string
        receivedAt: string | null
      })
  | {
      type: 'dossier.rerouted'
      from: UnitId
      to: UnitId
      /** Civil date of the reform, or of the assignment. */
      on: string
      clause: number | null
      /** Only where several may be competent: `to` keeps it until it is assigned to one of them. */
      candidates?: UnitId[]
    }
  | ({ type: 'dossier.accepted'; code: string } & ClockStart)
  | { type: 'dossier.not-accepted'; because: NotAcceptedBecause }
  | { type: 'dossier.withdrawn' }
  | { type: 'dossier.stopped' }
  | ({ type: 'dossier.resumed' } & ClockStart)
  | { type: 'dossier.recalled' }
  | { type: 'dossier.rescheduled'; dueAt: string; cause: LateCause }
  | { type: 'dossier.rated'; score: number }
  /** An outage moved the date, or the time that the applicant has to answer; null for the one that it is not about. */
  | { type: 'dossier.redated'; outage: string; dueAt: string | null; answerBy: string | null }
  /** A file that it holds was found infected, or said to be a false alarm; what it proves, null for the scan of a result. */
  | { type: 'dossier.file-quarantined' | 'dossier.file-released'; file: string; component: string | null }
  | { type: 'dossier.due-soon' }
  /** Older entries name no cause. */
  | { type: 'dossier.overdue'; cause?: LateCause }
  | { type: 'dossier.late-cause-corrected'; cause: LateCause }
  | ({ type: 'dossier.processing-started' } & ClockStart)
  | { type: 'dossier.supplement-requested'; components: string[]; answerBy: string | null }
  | ({ type: 'dossier.supplemented'; components: ComponentProof[] } & ClockGoesOn)
  | { type: 'dossier.payment-requested'; amount: number; lines: readonly FeeLine[] }
  | ({ type: 'dossier.paid'; payment: string; amount: number } & ClockStart)
  | {
      type: 'dossier.resolved'
      outcome: 'granted' | 'refused'
      paper: { scan: string; title: string; copy: string | null } | null
      /** Of what ends late and was not called late before. */
      lateCause?: LateCause
    }
  | { type: 'dossier.returned'; by: 'account' | 'counter' | 'post' }

/** The step that leads there now, or the two of one session; the refusal says from where there is no way. */
export function mayGo(dossier: Dossier, to: Status): Result<readonly Transition[], 'step-not-possible'> {
  const way = wayTo(dossier.status, to, dossier.limit)
  return way.length > 0 ? ok(way) : notFrom(dossier, to)
}

export function notFrom(dossier: Dossier, to: Status): Refused<'step-not-possible'> {
  return refuse('step-not-possible', {
    detail: {
      vi: `Hồ sơ đang ở trạng thái "${dossier.status}", không thể chuyển sang "${to}".`,
      en: `The dossier is "${dossier.status}" and cannot go to "${to}" from there.`,
    },
  })
}

/** The state after an event that happened at `at` (RFC 3339). Folding a journal through it rebuilds the state. */
export function evolve(before: Dossier | undefined, event: DossierEvent, at: string): Dossier {
  if (event.type === 'dossier.submitted') {
    const { type: _type, submittedAt, receivedAt, ...rest } = event
    const clock = {
      submittedAt,
      receivedAt,
      competentReceivedAt: null,
      originalDueAt: null,
      dueAt: null,
      pauses: [],
      told: 'nothing' as const,
      reappointed: null,
    }
    return { ...rest, version: 1, status: 'submitted', clock }
  }
  if (!before) throw new Error(`the journal of a dossier cannot begin with ${event.type}`)
  const common = commonOf(before)
  switch (event.type) {
    case 'dossier.rerouted':
      return rerouted(before, event)
    case 'dossier.accepted':
      return {
        ...common,
        status: 'accepted',
        clock: started(before, event, { ...before.clock, receivedAt: before.clock.receivedAt ?? at }),
      }
    case 'dossier.not-accepted':
      return { ...common, status: 'not-accepted', closedAt: at, because: event.because, clock: ended(before.clock, at) }
    case 'dossier.withdrawn':
      return { ...common, status: 'withdrawn', closedAt: at, clock: ended(before.clock, at) }
    case 'dossier.stopped':
      return { ...common, status: 'stopped', stoppedAt: at, clock: paused(before.clock, at) }
    case 'dossier.resumed':
      return {
        ...common,
        status: 'processing',
        clock: started(before, event, wentOn(before.clock, at, { clock: 'RESUME', dueAt: event.dueAt })),
      }
    case 'dossier.rescheduled':
      return {
        ...before,
        version: common.version,
        clock: { ...before.clock, dueAt: event.dueAt, reappointed: { at, cause: event.cause }, told: 'nothing' },
      }
    case 'dossier.rated': {
      const rating = { score: event.score, ratedAt: before.rating?.ratedAt ?? at }
      return { ...before, version: common.version, rating }
    }
    case 'dossier.redated':
      return redated(before, event, at)
    case 'dossier.file-quarantined':
      return { ...before, version: common.version, quarantined: [...(before.quarantined ?? []), event.file] }
    case 'dossier.file-released':
      return {
        ...before,
        version: common.version,
        quarantined: (before.quarantined ?? []).filter((file) => file !== event.file),
      }
    case 'dossier.due-soon':
      return { ...before, version: common.version, clock: { ...before.clock, told: 'due-soon' } }
    case 'dossier.overdue':
      return { ...before, version: common.version, clock: { ...presumed(before.clock, event.cause), told: 'overdue' } }
    case 'dossier.late-cause-corrected': {
      const late = { cause: event.cause, corrected: true } as const
      return { ...before, version: common.version, clock: { ...before.clock, late } }
    }
    case 'dossier.recalled':
      if (before.status !== 'returned') throw new Error('only what was returned is recalled')
      return { ...common, status: 'resolved', result: before.result }
    case 'dossier.processing-started':
      return { ...common, status: 'processing', clock: started(before, event) }
    case 'dossier.supplement-requested':
      return asked(before, event, at)
    case 'dossier.supplemented':
      return answered(before, event, at)
    case 'dossier.payment-requested':
      return charged(before, event, at)
    case 'dossier.paid':
      return {
        ...common,
        status: 'processing',
        clock: started(before, event, wentOn(before.clock, at, { clock: 'RESUME', dueAt: event.dueAt })),
      }
    case 'dossier.resolved': {
      const result = { outcome: event.outcome, resolvedAt: at, paper: event.paper }
      return { ...common, status: 'resolved', result, clock: presumed(before.clock, event.lateCause) }
    }
    case 'dossier.returned':
      if (before.status !== 'resolved') throw new Error('only a resolved dossier is returned')
      return { ...common, status: 'returned', result: before.result, returnedAt: at }
  }
}

/** What every state shares, one version on; a state never drags along the fields of the one before. */
function commonOf(before: Dossier): Common {
  return {
    id: before.id,
    version: before.version + 1,
    procedure: before.procedure,
    limit: before.limit,
    competentUnit: before.competentUnit,
    place: before.place,
    receivingPoint: before.receivingPoint,
    channel: before.channel,
    submittedBy: before.submittedBy,
    returnBy: before.returnBy,
    components: before.components,
    clock: before.clock,
    takenOver: before.takenOver,
    ...(before.assisted && { assisted: before.assisted }),
    ...(before.insisted && { insisted: before.insisted }),
    ...(before.early && { early: before.early }),
    ...(before.asked && { asked: before.asked }),
    ...(before.rating && { rating: before.rating }),
    ...(before.quarantined && { quarantined: before.quarantined }),
    ...(before.unassigned && { unassigned: before.unassigned }),
  }
}

function rerouted(before: Dossier, event: DossierEvent & { type: 'dossier.rerouted' }): Dossier {
  const { unassigned, ...rest } = before
  const moved = { ...rest, version: before.version + 1, competentUnit: event.to }
  if (!event.candidates) return moved
  const unit = unassigned?.unit ?? before.competentUnit
  return { ...moved, unassigned: { unit, on: event.on, candidates: event.candidates } }
}

// Lateness counts against the first date that was promised, so it is written once.
function started(
  { competentUnit, clock: before }: Common,
  { competentReceivedAt, dueAt, knownHours }: ClockStart,
  clock = before,
): Clock {
  if (clock.competentReceivedAt || !competentReceivedAt) return clock
  const known = knownHours === undefined ? {} : { knownHours }
  return { ...clock, competentReceivedAt, hoursOf: competentUnit, ...known, originalDueAt: dueAt, dueAt }
}

// A promised date stays while it is the later one; what was said of the old date is said again of a new one that is not past.
function redated(before: Dossier, event: DossierEvent & { type: 'dossier.redated' }, at: string): Dossier {
  const version = before.version + 1
  if (before.status === 'awaiting-supplement')
    return { ...before, version, request: { ...before.request, answerBy: event.answerBy } }
  const { clock, limit } = before
  const { dueAt: law } = event
  if (clock.dueAt === null || law === null) return { ...before, version }
  const isPromised = clock.reappointed !== null && clock.dueAt > law
  const told = lateness(limit, law, at) === 'late' ? clock.told : 'nothing'
  const moved = told === 'nothing' ? notLate(clock) : clock
  return { ...before, version, clock: { ...moved, originalDueAt: law, dueAt: isPromised ? clock.dueAt : law, told } }
}

function asked(before: Dossier, event: DossierEvent & { type: 'dossier.supplement-requested' }, at: string): Dossier {
  const { status } = before
  if (status !== 'submitted' && status !== 'accepted' && status !== 'processing')
    throw new Error(`no supplement is asked for from ${status}`)
  const request = { components: event.components, requestedAt: at, answerBy: event.answerBy, backTo: status }
  const all = [...new Set([...(before.asked ?? []), ...event.components])]
  return { ...commonOf(before), status: 'awaiting-supplement', request, asked: all, clock: paused(before.clock, at) }
}

function answered(before: Dossier, event: DossierEvent & { type: 'dossier.supplemented' }, at: string): Dossier {
  if (before.status !== 'awaiting-supplement') throw new Error('nothing was asked for')
  const kept = before.components.filter((old) => !event.components.some((added) => added.component === old.component))
  const clock = wentOn(before.clock, at, event)
  return { ...commonOf(before), status: before.request.backTo, components: [...kept, ...event.components], clock }
}

function charged(before: Dossier, event: DossierEvent & { type: 'dossier.payment-requested' }, at: string): Dossier {
  const clock = before.status === 'awaiting-payment' ? before.clock : paused(before.clock, at)
  const demand = { amount: event.amount, lines: event.lines, requestedAt: at }
  return { ...commonOf(before), status: 'awaiting-payment', demand, clock }
}

// A clock that has not begun cannot pause: it begins when the competent unit has what it needs.
const paused = (clock: Clock, at: string): Clock =>
  clock.competentReceivedAt ? { ...clock, pauses: [...clock.pauses, { from: at, to: null, clock: 'RESUME' }] } : clock

const ended = (clock: Clock, at: string): Clock => ({ ...clock, pauses: closed(clock.pauses, at) })

/** Ends the pause that lasts; the others stay. */
export const closed = (pauses: Pause[], at: string, how: Partial<Pick<Pause, 'clock' | 'knownHours'>> = {}): Pause[] =>
  pauses.map((pause) => (pause.to ? pause : { ...pause, to: at, ...how }))

// A pause moves the date by law, and with it the date that lateness counts against; only a new appointment does not.
function wentOn(clock: Clock, at: string, { clock: mode, dueAt, knownHours }: ClockGoesOn): Clock {
  const pauses = closed(clock.pauses, at, { clock: mode, ...(knownHours !== undefined && { knownHours }) })
  if (!dueAt) return { ...clock, pauses }
  const moved = dueAt === clock.originalDueAt ? clock : notLate(clock)
  return { ...moved, pauses, originalDueAt: dueAt, dueAt, told: 'nothing' }
}

// What an official has said of it outlasts what is presumed.
const presumed = (clock: Clock, cause: LateCause | undefined): Clock =>
  cause === undefined || clock.late?.corrected ? clock : { ...clock, late: { cause } }

// A cause is of being late against one date, and goes with it.
function notLate({ late: _late, ...clock }: Clock): Clock {
  return clock
}
