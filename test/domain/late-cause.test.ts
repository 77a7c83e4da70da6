import { describe, expect, test } from 'vitest'
import { type DossierEvent, evolve } from '../../src/domain/dossier.ts'
import { lateOf, type LateStory, presumedCause } from '../../src/domain/late-cause.ts'
import { unitIdOf } from '../../src/domain/unit.ts'
import { officeHours, workingTime } from '../../src/domain/working-time.ts'
import { publishedCalendar } from '../support/calendar.ts'
import { accepted, due, type Step, submitted, service } from '../support/history.ts'

/** Due on Thursday 26 November 2026 at 17:00, open 07:30–11:30 and 13:30–17:00: half of the day is 3 h 45. */
const at = (time: string, day = 26) => `2026-11-${day}T${time}:00+07:00`
const time = workingTime(publishedCalendar(), officeHours)
const story = (...journal: [string, DossierEvent][]): LateStory => ({
  journal: journal.map(([at, event]) => ({ at, event })),
  limit: { unit: 'WORKING_DAY', value: 3 },
  dueAt: due,
  outages: [],
  time,
})
const asked = (when: string): [string, DossierEvent] => [
  when,
  { type: 'dossier.supplement-requested', components: ['residence'], answerBy: null },
]
const answered = (when: string): [string, DossierEvent] => [
  when,
  { type: 'dossier.supplemented', components: [], clock: 'RESUME', dueAt: due },
]
const redated = (when: string, dueAt: string): [string, DossierEvent] => [
  when,
  { type: 'dossier.redated', outage: 'o', dueAt, answerBy: null },
]
const [old, next] = [unitIdOf('00070', '2025-07-01'), unitIdOf('00082', '2025-07-01')]
const rerouted = (when: string): [string, DossierEvent] => [
  when,
  { type: 'dossier.rerouted', from: old, to: next, on: '2026-11-26', clause: null },
]
const down = (from: string, to: string) => ({ ...story(), outages: [{ from, to }] })

describe('whoever took at least half of the last day is presumed the cause, and the unit otherwise', () => {
  test.each<[string, string, LateStory]>([
    ['unit', 'nobody', story()],
    ['unit', 'an outage of 3 h', down(at('14:00'), at('17:00'))],
    ['unit', 'an outage by night', down(at('17:00', 25), at('07:30'))],
    ['unit', 'an outage of the day before', down(at('07:30', 25), at('17:00', 25))],
    ['system', 'an outage over lunch that took 3 h 45', down(at('09:30'), at('15:15'))],
    ['unit', 'a minute less', down(at('09:31'), at('15:15'))],
    [
      'unit',
      'two entries about the same hours, once',
      { ...story(), outages: [0, 1].map(() => ({ from: at('14:00'), to: at('17:00') })) },
    ],
    ['applicant', 'who was asked and answered that day', story(asked(at('08:00')), answered(at('16:30')))],
    [
      'applicant',
      'who was asked a day earlier, and answered later in the day',
      story(asked(at('08:00', 25)), answered(at('16:30'))),
    ],
    [
      'unit',
      'that asked at the end of a day and was answered no later',
      story(asked(at('16:50', 25)), answered(at('16:30'))),
    ],
    ['unit', 'that was answered in time', story(asked(at('08:00', 24)), answered(at('16:30', 25)))],
    ['unit', 'that was late when it asked', story(asked(at('08:00', 27)), answered(at('16:30', 27)))],
    ['other-agency', 'that passed it on after it was due', story(rerouted(at('00:00', 27)))],
    ['other-agency', 'that passed it on in the afternoon', story(rerouted(at('15:00')))],
    ['unit', 'that had the whole day', story(rerouted(at('00:00')))],
    [
      'system',
      'an outage that was taken back on the last day',
      story(redated(at('09:00', 25), at('17:00', 27)), redated(at('16:00'), due)),
    ],
    [
      'unit',
      'one that was taken back in time',
      story(redated(at('09:00', 24), at('17:00', 27)), redated(at('16:00', 25), due)),
    ],
    ['unit', 'late already when an outage gave it a day', story(redated(at('16:00', 27), due))],
  ])('%s: %s', (cause, _why, told) => {
    expect(presumedCause(told)).toBe(cause)
  })

  test('where two took half, it is who took more', () => {
    const both = {
      ...story(asked(at('13:30')), answered(at('17:00'))),
      outages: [{ from: at('07:30'), to: at('11:30') }],
    }
    expect(presumedCause(both)).toBe('system')
    expect(
      presumedCause({ ...both, outages: [], journal: story(asked(at('07:30')), answered(at('17:00'))).journal }),
    ).toBe('applicant')
  })

  test('terms by the minute give outages back by the minute, and hours pauses too', () => {
    const outages = [{ from: at('07:30'), to: at('16:00') }]
    expect(presumedCause({ ...story(), limit: { unit: 'SAME_DAY' }, outages })).toBe('unit')
    expect(presumedCause({ ...story(), limit: { unit: 'HOUR', value: 8 }, outages })).toBe('unit')
    const paused = story(asked(at('08:00')), answered(at('16:30')))
    expect(presumedCause({ ...paused, limit: { unit: 'HOUR', value: 8 } })).toBe('unit')
    expect(presumedCause({ ...paused, limit: { unit: 'SAME_DAY' } })).toBe('applicant')
  })
})

describe('why a dossier is late', () => {
  const told = (...steps: Step[]) => {
    const state = [submitted(), accepted, ...steps].reduce<ReturnType<typeof evolve> | undefined>(
      (before, [when, , event]) => evolve(before, event, when),
      undefined,
    )
    if (!state) throw new Error('nothing happened')
    return state
  }
  const later = at('09:00', 27)
  const step = (when: string, event: DossierEvent): Step => [when, service, event]
  const overdue = step(at('00:00', 27), { type: 'dossier.overdue', cause: 'unit' })
  const apology = step(at('09:00', 24), { type: 'dossier.rescheduled', dueAt: at('17:00', 30), cause: 'other-agency' })
  const corrected = step(at('10:00', 27), { type: 'dossier.late-cause-corrected', cause: 'system' })
  const decided = (when: string, lateCause?: 'applicant') =>
    step(when, { type: 'dossier.resolved', outcome: 'granted', paper: null, ...(lateCause && { lateCause }) })

  test.each([
    ['not late', [], at('17:00'), null],
    ['decided in time', [decided(at('16:00'))], later, null],
    ['late, and the clock has not come by', [], later, { cause: null, by: 'rule' }],
    ['called late', [overdue], later, { cause: 'unit', by: 'rule' }],
    ['corrected', [overdue, corrected], later, { cause: 'system', by: 'correction' }],
    ['corrected first, and called late then', [corrected, overdue], later, { cause: 'system', by: 'correction' }],
    [
      'decided late after that',
      [overdue, corrected, decided(at('11:00', 27))],
      later,
      { cause: 'system', by: 'correction' },
    ],
    [
      'decided late before the clock came by',
      [decided(at('00:01', 27), 'applicant')],
      later,
      { cause: 'applicant', by: 'rule' },
    ],
    ['the apology’s cause wins', [apology, overdue], later, { cause: 'other-agency', by: 'apology' }],
    [
      'in time for the new date is late for the first',
      [apology, decided(later)],
      later,
      { cause: 'other-agency', by: 'apology' },
    ],
    [
      'waiting for the applicant',
      [overdue, step(later, { type: 'dossier.supplement-requested', components: ['residence'], answerBy: null })],
      later,
      null,
    ],
  ])('%s', (_name, steps, now, late) => {
    expect(lateOf(told(...steps), now)).toEqual(late)
  })

  test('a cause goes with the date that it was about', () => {
    const moved = step(at('10:00', 27), {
      type: 'dossier.redated',
      outage: 'o',
      dueAt: at('17:00', 27),
      answerBy: null,
    })
    expect(lateOf(told(overdue, corrected, moved), at('09:00', 28))).toEqual({ cause: null, by: 'rule' })
    const [ask, answer] = [asked(at('10:00', 27)), answered(at('11:00', 27))]
    expect(lateOf(told(overdue, corrected, step(...ask), step(...answer)), at('12:00', 27))?.cause).toBe('system')
  })
})
