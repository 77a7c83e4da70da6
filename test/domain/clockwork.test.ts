import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextAttention, onClock } from '../../src/domain/clockwork.ts'
import { type Dossier, evolve } from '../../src/domain/dossier.ts'
import type { TimeLimit } from '../../src/domain/procedure.ts'
import type { UnitId } from '../../src/domain/unit.ts'

const unit = '00082-2025' as UnitId

/** A dossier that its unit received at 09:00 on 2026-11-25 and that is due at `dueAt`. */
function accepted(dueAt: string, limit: TimeLimit = { unit: 'WORKING_DAY', value: 3 }): Dossier {
  const submitted = evolve(
    undefined,
    {
      type: 'dossier.submitted',
      id: 'd1',
      procedure: { code: '1.004873', version: 1 },
      limit,
      competentUnit: unit,
      place: unit,
      receivingPoint: 'online',
      channel: 'online',
      submittedBy: { kind: 'app', id: 'app_1' },
      returnBy: 'account',
      components: [],
      submittedAt: '2026-11-25T08:00:00+07:00',
      receivedAt: null,
      takenOver: null,
    },
    '2026-11-25T08:00:00+07:00',
  )
  const at = '2026-11-25T09:00:00+07:00'
  return evolve(submitted, { type: 'dossier.accepted', code: 'X-1', competentReceivedAt: at, dueAt }, at)
}

const due = '2026-11-30T17:00:00+07:00'

test('a day before the due date the dossier is due soon, the day after it is overdue, and each is said once', () => {
  const dossier = accepted(due)
  expect(onClock(dossier, '2026-11-29T16:59:00+07:00')).toBeNull()
  expect(onClock(dossier, '2026-11-29T17:00:00+07:00')).toEqual({ type: 'dossier.due-soon' })
  const warned = evolve(dossier, { type: 'dossier.due-soon' }, '2026-11-29T17:00:00+07:00')
  expect(onClock(warned, '2026-11-30T23:59:00+07:00')).toBeNull()
  expect(onClock(warned, '2026-12-01T00:00:00+07:00')).toEqual({ type: 'dossier.overdue' })
  const late = evolve(warned, { type: 'dossier.overdue' }, '2026-12-01T00:00:00+07:00')
  expect(nextAttention(late)).toBeNull()
})

test('an in-day dossier is late a minute after its hour, and warned in the last quarter of its time', () => {
  const dossier = accepted('2026-11-25T17:00:00+07:00', { unit: 'SAME_DAY' })
  expect(nextAttention(dossier)?.at).toBe('2026-11-25T15:00:00+07:00')
  expect(onClock(dossier, '2026-11-25T17:01:00+07:00')).toEqual({ type: 'dossier.overdue' })
})

test('what is late already is not first called due soon', () => {
  expect(onClock(accepted(due), '2026-12-24T00:00:00+07:00')).toEqual({ type: 'dossier.overdue' })
})

test('a new date is warned of anew, and lateness still counts against the first one', () => {
  const event = { type: 'dossier.rescheduled', dueAt: '2026-12-08T17:00:00+07:00', cause: 'unit' } as const
  const moved = evolve(accepted(due), event, '2026-11-27T10:00:00+07:00')
  expect(moved.clock).toMatchObject({ originalDueAt: due, dueAt: event.dueAt, reappointed: { cause: 'unit' } })
  expect(onClock(moved, '2026-12-01T00:00:00+07:00')).toEqual({ type: 'dossier.overdue' })
})

test('an unanswered request for more ends the dossier when its time is over, and not before', () => {
  const answerBy = '2026-12-04T23:59:00+07:00'
  const asked = evolve(
    accepted(due),
    { type: 'dossier.supplement-requested', components: ['residence'], answerBy },
    '2026-11-25T10:00:00+07:00',
  )
  expect(onClock(asked, '2026-12-04T23:58:00+07:00')).toBeNull()
  expect(onClock(asked, answerBy)).toEqual({ type: 'dossier.not-accepted', because: 'time' })
})

test('however often the clock looks, it speaks at most twice for one due date, in order', () => {
  const minutes = fc.array(fc.integer({ min: 0, max: 20 * 1440 }), { maxLength: 40 })
  fc.assert(
    fc.property(minutes, (looks) => {
      let dossier = accepted(due)
      const said: string[] = []
      for (const minute of looks.toSorted((a, b) => a - b)) {
        const now = new Date(Date.parse('2026-11-25T02:00:00Z') + minute * 60_000).toISOString()
        const event = onClock(dossier, now)
        if (event) {
          said.push(event.type)
          dossier = evolve(dossier, event, now)
        }
      }
      expect(['', 'dossier.due-soon', 'dossier.overdue', 'dossier.due-soon,dossier.overdue']).toContain(said.join())
    }),
  )
})
