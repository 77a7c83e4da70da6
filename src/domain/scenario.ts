// What the officers of a sandbox do by themselves, as pure functions of where a dossier stands.
import type { Dossier } from './dossier.ts'

/** What an app can wish for; without one the dossier waits for officers whom the developer plays. */
export const scenarios = ['accept', 'supplement', 'refuse', 'payment', 'grant', 'reject', 'late'] as const
export type Scenario = (typeof scenarios)[number]

export type OfficerAct =
  | 'accept'
  | 'refuse'
  | 'ask-for-more'
  | 'begin'
  | 'ask-for-payment'
  | 'apologise'
  | 'grant'
  | 'reject'
  | 'hand-out'

/** The next thing that an officer does at `now` (RFC 3339); null while it is somebody else's turn, the clock's included. */
export function nextAct(scenario: Scenario, dossier: Dossier, now: string): OfficerAct | null {
  switch (dossier.status) {
    case 'submitted':
      if (scenario === 'refuse') return 'refuse'
      return scenario === 'supplement' && !dossier.asked ? 'ask-for-more' : 'accept'
    case 'accepted':
      return scenario === 'payment' ? 'ask-for-payment' : 'begin'
    case 'processing':
      return decision(scenario, dossier, now)
    case 'resolved':
      return 'hand-out'
    default:
      return null
  }
}

/** A payment that was asked for brings the dossier to processing once it is there. */
function decision(scenario: Scenario, { clock }: Dossier, now: string): OfficerAct | null {
  switch (scenario) {
    case 'payment':
    case 'grant':
      return 'grant'
    case 'reject':
      return 'reject'
    case 'late':
      return lateDecision(clock, now)
    default:
      return null
  }
}

/**
 * The unit apologises when it is warned, lets the first date pass, and decides on the second. An apology is due the day
 * before (Decree 61/2018/NĐ-CP art. 19(9)): where there is no such day, it decides once it is late.
 */
function lateDecision({ told, reappointed, dueAt }: Dossier['clock'], now: string): OfficerAct | null {
  if (reappointed) return dueAt !== null && Date.parse(now) >= Date.parse(dueAt) ? 'grant' : null
  if (told === 'due-soon' && dueAt !== null && now.slice(0, 10) < dueAt.slice(0, 10)) return 'apologise'
  return told === 'overdue' ? 'grant' : null
}

/** Whether officers have nothing more to do with it, whatever happens. */
export const isOver = ({ status }: Dossier): boolean =>
  status === 'returned' || status === 'not-accepted' || status === 'withdrawn'
