import type { Role } from './actor.ts'

/** Statuses with the code that national systems use for them. */
export const statusCodes = {
  submitted: 1,
  accepted: 2,
  'not-accepted': 3,
  processing: 4,
  'awaiting-supplement': 5,
  resolved: 9,
  returned: 10,
} as const

export type Status = keyof typeof statusCodes

/** What a step does to the legal clock: begin counting, pause, go on, stop for good, or nothing. */
export type ClockEffect = 'start' | 'pause' | 'go-on' | 'stop' | 'none'

export type Transition = {
  from: Status
  to: Status
  /** Officers with one of these roles may take the step; `applicant` is the owner or the app that handed the dossier in. */
  by: readonly (Role | 'applicant')[]
  event: string
  clock: ClockEffect
  /** The official form (Circular 03/2025/TT-VPCP, annex I) that documents the step. */
  slip: 'receipt' | 'supplement-request' | 'refusal' | null
}

/** Every step that a dossier can take: the rules, the API's union, the diagram in docs and the tests all read this table. */
export const transitions = [
  { from: 'submitted', to: 'accepted', by: ['reception'], event: 'dossier.accepted', clock: 'start', slip: 'receipt' },
  {
    from: 'submitted',
    to: 'not-accepted',
    by: ['reception'],
    event: 'dossier.not-accepted',
    clock: 'stop',
    slip: 'refusal',
  },
  {
    from: 'submitted',
    to: 'awaiting-supplement',
    by: ['reception'],
    event: 'dossier.supplement-requested',
    clock: 'none',
    slip: 'supplement-request',
  },
  {
    from: 'accepted',
    to: 'processing',
    by: ['handler'],
    event: 'dossier.processing-started',
    clock: 'none',
    slip: null,
  },
  {
    from: 'accepted',
    to: 'awaiting-supplement',
    by: ['reception', 'handler'],
    event: 'dossier.supplement-requested',
    clock: 'pause',
    slip: 'supplement-request',
  },
  {
    from: 'accepted',
    to: 'resolved',
    by: ['handler', 'certifier'],
    event: 'dossier.resolved',
    clock: 'stop',
    slip: null,
  },
  {
    from: 'processing',
    to: 'awaiting-supplement',
    by: ['handler'],
    event: 'dossier.supplement-requested',
    clock: 'pause',
    slip: 'supplement-request',
  },
  {
    from: 'processing',
    to: 'resolved',
    by: ['handler', 'certifier'],
    event: 'dossier.resolved',
    clock: 'stop',
    slip: null,
  },
  {
    from: 'awaiting-supplement',
    to: 'submitted',
    by: ['applicant'],
    event: 'dossier.supplemented',
    clock: 'none',
    slip: null,
  },
  {
    from: 'awaiting-supplement',
    to: 'accepted',
    by: ['applicant'],
    event: 'dossier.supplemented',
    clock: 'go-on',
    slip: null,
  },
  {
    from: 'awaiting-supplement',
    to: 'processing',
    by: ['applicant'],
    event: 'dossier.supplemented',
    clock: 'go-on',
    slip: null,
  },
  {
    from: 'resolved',
    to: 'returned',
    by: ['reception', 'handler'],
    event: 'dossier.returned',
    clock: 'none',
    slip: null,
  },
] as const satisfies readonly Transition[]

/** The row of one step, or undefined where the table has none. */
export const transitionOf = (from: Status, to: Status): Transition | undefined =>
  transitions.find((row) => row.from === from && row.to === to)

/** Whom any step to that status needs, wherever it starts: asked before the dossier's own state is looked at. */
export const rolesFor = (to: Status): ReadonlySet<Role | 'applicant'> =>
  new Set(transitions.filter((row) => row.to === to).flatMap((row) => row.by))
