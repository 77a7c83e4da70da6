import type { Role } from './actor.ts'
import type { TimeLimit } from './procedure.ts'

/** Statuses with the code that national systems use for them. */
export const statusCodes = {
  submitted: 1,
  accepted: 2,
  'not-accepted': 3,
  processing: 4,
  'awaiting-supplement': 5,
  'awaiting-payment': 6,
  withdrawn: 7,
  stopped: 8,
  resolved: 9,
  returned: 10,
} as const

export type Status = keyof typeof statusCodes

/** Whether the unit still has to decide: neither a result nor another end is there. */
export const isUndecided = (status: Status): boolean =>
  !(['resolved', 'returned', 'not-accepted', 'withdrawn'] as Status[]).includes(status)

/** What a step does to the legal clock: begin counting, pause, go on, stop for good, or nothing. */
export type ClockEffect = 'start' | 'pause' | 'go-on' | 'stop' | 'none'

/** An officer with this role; the owner or the app that handed the dossier in; or the service itself when a time has run out. */
export type Mover = Role | 'applicant' | 'service'

/** The official form (Circular 03/2025/TT-VPCP, annex I) that documents a step. */
export type StepSlip = 'receipt' | 'supplement-request' | 'refusal' | 'stop-notice'

/** What whoever asks for a step has to say, by the step's event; supplements and payments have bodies of their own. */
const needs = {
  accepted: [],
  'not-accepted': ['reason'],
  'supplement-requested': ['components', 'reason'],
  supplemented: [],
  'processing-started': [],
  'payment-requested': [],
  paid: [],
  withdrawn: ['reason'],
  stopped: ['reason', 'legalBasis'],
  resumed: [],
  resolved: ['outcome'],
  recalled: ['outcome', 'reason'],
  returned: ['by'],
} as const

export const givens = ['reason', 'legalBasis', 'components', 'outcome', 'by'] as const
export type Given = (typeof givens)[number]

export type Transition = {
  from: Status
  to: Status
  by: readonly Mover[]
  needs: readonly Given[]
  event: string
  clock: ClockEffect
  slip: StepSlip | null
  /** Where the step is asked for: at `…/transitions`, `…/supplements` or `…/payments`, or nowhere because the clock takes it. */
  through: 'transitions' | 'supplements' | 'payments' | 'clock'
}

const row = (
  from: Status,
  to: Status,
  by: readonly Mover[],
  event: keyof typeof needs,
  clock: ClockEffect,
  slip: StepSlip | null = null,
  through: Transition['through'] = 'transitions',
): Transition => ({
  from,
  to,
  by,
  needs: through === 'clock' ? [] : needs[event],
  event: `dossier.${event}`,
  clock,
  slip,
  through,
})

// oxfmt-ignore
/** Every step that a dossier can take: the rules, the API's union, the diagram in docs and the tests all read this table. */
export const transitions: readonly Transition[] = [
  row('submitted', 'accepted', ['reception'], 'accepted', 'start', 'receipt'),
  row('submitted', 'not-accepted', ['reception', 'applicant'], 'not-accepted', 'stop', 'refusal'),
  row('submitted', 'awaiting-supplement', ['reception'], 'supplement-requested', 'none', 'supplement-request'),
  row('accepted', 'processing', ['handler'], 'processing-started', 'none'),
  row('accepted', 'awaiting-supplement', ['reception', 'handler'], 'supplement-requested', 'pause', 'supplement-request'),
  row('accepted', 'awaiting-payment', ['reception', 'handler'], 'payment-requested', 'pause'),
  row('accepted', 'withdrawn', ['applicant'], 'withdrawn', 'stop'),
  row('accepted', 'stopped', ['handler'], 'stopped', 'pause', 'stop-notice'),
  row('accepted', 'resolved', ['handler', 'certifier'], 'resolved', 'stop'),
  row('processing', 'awaiting-supplement', ['handler'], 'supplement-requested', 'pause', 'supplement-request'),
  row('processing', 'awaiting-payment', ['reception', 'handler'], 'payment-requested', 'pause'),
  row('processing', 'withdrawn', ['applicant'], 'withdrawn', 'stop'),
  row('processing', 'stopped', ['handler'], 'stopped', 'pause', 'stop-notice'),
  row('processing', 'resolved', ['handler', 'certifier'], 'resolved', 'stop'),
  row('awaiting-supplement', 'submitted', ['applicant'], 'supplemented', 'none', null, 'supplements'),
  row('awaiting-supplement', 'accepted', ['applicant'], 'supplemented', 'go-on', null, 'supplements'),
  row('awaiting-supplement', 'processing', ['applicant'], 'supplemented', 'go-on', null, 'supplements'),
  row('awaiting-supplement', 'not-accepted', ['service'], 'not-accepted', 'stop', 'refusal', 'clock'),
  row('awaiting-payment', 'awaiting-payment', ['reception', 'handler'], 'payment-requested', 'none'),
  row('awaiting-payment', 'processing', ['service', 'reception'], 'paid', 'go-on', null, 'payments'),
  row('awaiting-payment', 'withdrawn', ['applicant'], 'withdrawn', 'stop'),
  row('stopped', 'processing', ['handler'], 'resumed', 'go-on'),
  row('resolved', 'returned', ['reception', 'handler'], 'returned', 'none'),
  row('returned', 'resolved', ['reception', 'handler'], 'recalled', 'none'),
]

/** The row of one step, or undefined where the table has none. */
export const transitionOf = (from: Status, to: Status): Transition | undefined =>
  transitions.find((step) => step.from === from && step.to === to)

/** Whether reception and decision fit in one session, and no receipt is due unless asked for (Decree 118/2025 art. 17(4)). */
export const isInDay = ({ unit }: TimeLimit): boolean => unit === 'SAME_DAY'

/** The steps that one request at `…/transitions` may ask for: one row, or those of a session; none where there is no way. */
export function wayTo(from: Status, to: Status, limit: TimeLimit): readonly Transition[] {
  const step = transitionOf(from, to)
  if (step) return step.through === 'transitions' ? [step] : []
  if (!isInDay(limit) || from !== 'submitted' || to !== 'resolved') return []
  return [transitionOf(from, 'accepted'), transitionOf('accepted', to)].filter((one) => one !== undefined)
}

/** Whom any step to that status needs that is asked for at `…/transitions`: looked at before the dossier's own state is. */
export const moversTo = (to: Status): ReadonlySet<Mover> =>
  new Set(transitions.filter((step) => step.to === to && step.through === 'transitions').flatMap((step) => step.by))
