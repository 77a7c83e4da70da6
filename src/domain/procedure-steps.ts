import type { ProcedureVersion } from './procedure.ts'
import { type ClockEffect, isInDay, type StepSlip, type Transition, transitions } from './transitions.ts'

/** A row of the table of transitions as it holds for one version of a procedure. */
export type ProcedureStep = Omit<Transition, 'clock' | 'slip'> & {
  clock: ClockEffect | 'restart'
  slip: { form: StepSlip; onRequest: boolean } | null
}

/** Without a time to answer in, no supplement runs out; what it does to the clock and whether a receipt is due differs. */
export const stepsOf = ({ time, supplement }: Pick<ProcedureVersion, 'time' | 'supplement'>): ProcedureStep[] =>
  transitions
    .filter(({ through }) => through !== 'clock' || supplement.answerWithin !== null)
    .map((step) => ({
      ...step,
      clock: restarts(step) && supplement.clock === 'RESTART' ? 'restart' : step.clock,
      slip: step.slip && { form: step.slip, onRequest: step.slip === 'receipt' && isInDay(time) },
    }))

const restarts = ({ event, clock }: Transition): boolean => event === 'dossier.supplemented' && clock === 'go-on'
