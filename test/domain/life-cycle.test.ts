import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Dossier, evolve } from '../../src/domain/dossier.ts'
import type { ProcedureVersion } from '../../src/domain/procedure.ts'
import { publishedCatalogue } from '../support/catalogue.ts'
import { command, give, type Told } from '../support/dossier-commands.ts'
import { rulesHouse } from '../support/rules-house.ts'
import { exhaustive, partOf } from '../support/exhaustive.ts'

const catalogue = publishedCatalogue()
const answers = new Map<string, number>()

/** The catalogue sets no time to answer; an administration may. */
const procedureOf = (code: string): ProcedureVersion => {
  const procedure = catalogue.procedure(code, '2026-10-05')
  return { ...procedure, supplement: { ...procedure.supplement, answerWithin: { unit: 'DAY', value: 3 } } }
}

test.each([
  ['2.000635', false],
  ['1.004873', true],
])(
  'whatever whoever orders of a dossier of %s, and whenever, the rules answer what the model says',
  async (code, byDay) => {
    const procedure = procedureOf(code)
    await fc.assert(
      fc.asyncProperty(fc.array(command(true), { maxLength: 80, size: 'max' }), async (commands) => {
        const house = rulesHouse(procedure, byDay)
        const told: Told = { house, models: [], now: Date.parse('2026-10-05T08:00:00+07:00'), answers }
        for (const one of commands)
          await give(told, one, (what, house, model) => expect([what, house]).toEqual([what, model]))
        for (const { journal, kept } of house.lives) {
          const state = journal.reduce<Dossier | undefined>(
            (before, { event, at }) => evolve(before, event, at),
            undefined,
          )
          expect(JSON.stringify(state)).toBe(JSON.stringify(kept.dossier))
          expect(kept.dossier.version).toBe(journal.length)
          expect(journal.filter(({ event }) => event.type === 'dossier.resolved').length).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: partOf(300) },
    )
  },
)

test.runIf(exhaustive)(
  'these lives reached every order, every word of the clock and every refusal that the model knows',
  () => {
    const clock = ['due-soon', 'overdue', 'expired', 'reform', 'passed-on']
    const paid = [
      'succeeded: paid',
      'succeeded: to-be-refunded',
      'succeeded: as before',
      'failed: failed',
      'failed: as before',
    ]
    paid.push('nothing: expired', 'nothing: as before')
    const refusals = [
      'not-allowed',
      'no-such-dossier',
      'changed-meanwhile',
      'step-not-possible',
      'not-awaiting-payment',
    ]
    refusals.push('not-in-handling', 'already-reappointed', 'apology-too-late', 'no-result-yet', 'rating-closed')
    expect([...answers.keys()].toSorted()).toEqual(
      ['filed', ...rulesHouse(procedureOf('1.004873'), true).orders, ...clock, ...paid, ...refusals].toSorted(),
    )
  },
)
