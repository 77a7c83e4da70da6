// One line of the register of dossiers (form 07 of Circular 03/2025/TT-VPCP, annex I).
import type { Dossier, LateCause } from './dossier.ts'
import { lateOf } from './late-cause.ts'
import { isOverdue } from './lateness.ts'
import type { Owner } from './slip.ts'
import { ownerOf } from './slips.ts'

/** `owner` is null once the personal data was erased; dates are null until they come. */
export type RegisterLine = {
  /** Running number within the extract, from 1. */
  number: number
  code: string
  procedure: string
  owner: Owner | null
  competentUnit: string
  submittedAt: string
  receivedAt: string | null
  /** When the competent unit had it. */
  transferredAt: string | null
  dueAt: string | null
  resolvedAt: string | null
  returnedAt: string | null
  returnBy: Dossier['returnBy']
  note: RegisterNote | null
  /** It is late by now, or was decided late, and why; null until the service has looked. */
  late: boolean
  lateCause: LateCause | null
}

/** What the register remarks on a dossier that did not simply run its course. */
export type RegisterNote =
  | 'not-accepted'
  | 'taken-back'
  | 'withdrawn'
  | 'stopped'
  | 'awaiting-supplement'
  | 'refused'
  | 'overdue'

/** `applicant` is what the sealed submission says of them; `now` is RFC 3339. */
export function lineOf(
  number: number,
  { code, dossier }: { code: string; dossier: Dossier },
  applicant: unknown,
  now: string,
): RegisterLine {
  const { clock, competentUnit, returnBy } = dossier
  const late = lateOf(dossier, now)
  return {
    number,
    code,
    procedure: dossier.procedure.code,
    owner: ownerOf(applicant),
    competentUnit,
    submittedAt: clock.submittedAt,
    receivedAt: clock.receivedAt,
    transferredAt: clock.competentReceivedAt,
    dueAt: clock.dueAt,
    resolvedAt: 'result' in dossier ? dossier.result.resolvedAt : null,
    returnedAt: dossier.status === 'returned' ? dossier.returnedAt : null,
    returnBy,
    note: noteOn(dossier, now),
    late: late !== null,
    lateCause: late?.cause ?? null,
  }
}

function noteOn(dossier: Dossier, now: string): RegisterNote | null {
  switch (dossier.status) {
    case 'not-accepted':
      return dossier.because === 'applicant' ? 'taken-back' : 'not-accepted'
    case 'withdrawn':
    case 'stopped':
    case 'awaiting-supplement':
      return dossier.status
    case 'resolved':
    case 'returned':
      return dossier.result.outcome === 'refused' ? 'refused' : null
    default:
      return isOverdue(dossier.status, dossier.limit, dossier.clock.originalDueAt, now) ? 'overdue' : null
  }
}
