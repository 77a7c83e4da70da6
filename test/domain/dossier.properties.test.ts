import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Dossier, type DossierEvent, evolve } from '../../src/domain/dossier.ts'
import { type Transition, transitions } from '../../src/domain/transitions.ts'
import { unitIdOf } from '../../src/domain/unit.ts'
import { localTime } from '../../src/platform/time.ts'

const unit = unitIdOf('00082', '2025-07-01')
const submitted: DossierEvent = {
  type: 'dossier.submitted',
  id: 'one',
  procedure: { code: '1.001193', version: 1 },
  limit: { unit: 'WORKING_DAY', value: 3 },
  competentUnit: unit,
  place: unit,
  receivingPoint: 'online',
  channel: 'online',
  submittedBy: { kind: 'app', id: 'app_1' },
  returnBy: 'account',
  components: [{ component: 'a', presented: true }],
  submittedAt: localTime(new Date(0)),
  receivedAt: null,
  takenOver: null,
}

/** A minute after the other. */
const at = (minute: number) => localTime(new Date(Date.UTC(2026, 10, 23, 2, minute)))
const due = (minute: number) => localTime(new Date(Date.UTC(2026, 11, 1, 10, minute)))

/** What happens when that step is taken in the given minute, at a unit that is competent (or only received it). */
function eventOf(row: Transition, dossier: Dossier, minute: number, competent: boolean): DossierEvent {
  const begins = competent && dossier.clock.competentReceivedAt === null
  const clock = begins
    ? { competentReceivedAt: at(minute), dueAt: due(minute) }
    : { competentReceivedAt: null, dueAt: null }
  const dueAt = dossier.clock.competentReceivedAt ? due(minute) : null
  switch (row.event) {
    case 'dossier.accepted':
      return { type: row.event, code: 'X', ...clock }
    case 'dossier.processing-started':
      return { type: row.event, ...clock }
    case 'dossier.supplement-requested':
      return { type: row.event, components: ['a'], answerBy: null }
    case 'dossier.supplemented':
      return { type: row.event, components: [{ component: 'b', presented: true }], clock: 'RESTART', dueAt }
    case 'dossier.payment-requested':
      return { type: row.event, amount: 8000, lines: [] }
    case 'dossier.paid':
      return { type: row.event, payment: 'p', amount: 8000, competentReceivedAt: null, dueAt }
    case 'dossier.resumed':
      return { type: row.event, competentReceivedAt: clock.competentReceivedAt, dueAt: dueAt ?? clock.dueAt }
    case 'dossier.not-accepted':
      return { type: row.event, because: 'unit' }
    case 'dossier.resolved':
      return { type: row.event, outcome: 'granted', paper: null }
    case 'dossier.returned':
      return { type: row.event, by: 'account' }
    case 'dossier.withdrawn':
    case 'dossier.stopped':
    case 'dossier.recalled':
      return { type: row.event }
    default:
      throw new Error(`this test does not know how ${row.event} happens`)
  }
}

/** What may happen at any time, and is no step. */
const asides: DossierEvent[] = [
  { type: 'dossier.due-soon' },
  { type: 'dossier.overdue', cause: 'unit' },
  { type: 'dossier.late-cause-corrected', cause: 'system' },
  { type: 'dossier.redated', outage: 'o', dueAt: due(30), answerBy: due(30) },
  { type: 'dossier.file-quarantined', file: 'f', component: null },
  { type: 'dossier.file-released', file: 'f', component: null },
  { type: 'dossier.rerouted', from: unit, to: unitIdOf('00070', '2025-07-01'), on: '2027-01-01', clause: 3 },
]

type Choice = { pick: number; competent: boolean; aside: number }
type Told = { event: DossierEvent; time: string; row: Transition | undefined; state: Dossier }

/** A life: at each turn one of the steps that the table allows (or an aside), until none is left. */
function live(choices: Choice[]): Told[] {
  const told: Told[] = [{ event: submitted, time: at(0), row: undefined, state: evolve(undefined, submitted, at(0)) }]
  for (const [index, { pick, competent, aside }] of choices.entries()) {
    const before = told.at(-1)?.state
    if (!before) break
    const open = transitions.filter(
      ({ from, to, event }) => from === before.status && (event !== 'dossier.supplemented' || goesBack(before, to)),
    )
    const row = open[pick % Math.max(open.length, 1)]
    const event = asides[aside] ?? (row && eventOf(row, before, index + 1, competent))
    if (!row || !event) break
    const time = at(index + 1)
    told.push({ event, time, row: asides[aside] ? undefined : row, state: evolve(before, event, time) })
  }
  return told
}

const goesBack = (before: Dossier, to: string) =>
  before.status === 'awaiting-supplement' && before.request.backTo === to

const life = fc
  .array(fc.record({ pick: fc.nat(20), competent: fc.boolean(), aside: fc.integer({ min: 0, max: 12 }) }), {
    maxLength: 40,
  })
  .map(live)
const states = (told: Told[]) => told.map(({ state }) => state)

test('every step of the table leads to its status, each event is one version, and folding the journal gives the state', () => {
  fc.assert(
    fc.property(life, (told) => {
      for (const [index, { row, state }] of told.entries()) {
        expect(state.version).toBe(index + 1)
        if (row) expect(state.status).toBe(row.to)
        else expect(state.status).toBe(told[index - 1]?.state.status ?? 'submitted')
      }
      const folded = told.reduce<Dossier | undefined>(
        (before, { event, time }) => evolve(before, event, time),
        undefined,
      )
      expect(folded).toEqual(told.at(-1)?.state)
      expect(JSON.parse(JSON.stringify(folded))).toEqual(folded)
    }),
    { numRuns: 2000 },
  )
})

test('a state never carries the fields of the one before, and what a dossier is never changes', () => {
  const fields: Record<string, string[]> = {
    'not-accepted': ['because', 'closedAt'],
    withdrawn: ['closedAt'],
    stopped: ['stoppedAt'],
    'awaiting-supplement': ['request'],
    'awaiting-payment': ['demand'],
    resolved: ['result'],
    returned: ['result', 'returnedAt'],
  }
  const common = Object.keys(evolve(undefined, submitted, at(0)))
  fc.assert(
    fc.property(life, (told) => {
      for (const state of states(told)) {
        // What was asked for, and what was found in its files, is remembered from the first time on.
        const { asked: _asked, quarantined: _quarantined, ...rest } = state
        expect(Object.keys(rest).toSorted()).toEqual([...common, ...(fields[state.status] ?? [])].toSorted())
        const { id, procedure, limit, place, receivingPoint, channel, submittedBy, returnBy, takenOver } = state
        expect({
          ...submitted,
          id,
          procedure,
          limit,
          place,
          receivingPoint,
          channel,
          submittedBy,
          returnBy,
          takenOver,
        }).toEqual(submitted)
      }
    }),
  )
})

test('the clock stands still exactly while the applicant, a payment or a stop is waited for, and is begun once', () => {
  const waits = new Set(['awaiting-supplement', 'awaiting-payment', 'stopped'])
  fc.assert(
    fc.property(life, (told) => {
      let begun: string | null = null
      for (const { clock, status } of states(told)) {
        const open = clock.pauses.filter(({ to }) => to === null)
        expect([status, open.length]).toEqual([status, waits.has(status) && begun !== null ? 1 : 0])
        if (open.length === 1) expect(clock.pauses.at(-1)).toBe(open[0])
        expect(begun === null || clock.competentReceivedAt === begun).toBe(true)
        begun = clock.competentReceivedAt
        expect(clock.originalDueAt === null).toBe(begun === null)
      }
    }),
  )
})

test('it is decided at most once: only a result that is called back can be given out again, and it is the same one', () => {
  fc.assert(
    fc.property(life, (told) => {
      const decisions = told.filter(({ event }) => event.type === 'dossier.resolved')
      expect(decisions.length).toBeLessThanOrEqual(1)
      const results = states(told).flatMap((state) => ('result' in state ? [JSON.stringify(state.result)] : []))
      expect(new Set(results).size).toBeLessThanOrEqual(1)
    }),
  )
})

test('a journal that begins in the middle, or tells what cannot be, is no dossier', () => {
  const first = evolve(undefined, submitted, at(0))
  expect(() => evolve(undefined, { type: 'dossier.withdrawn' }, at(1))).toThrow('cannot begin')
  const impossible: DossierEvent[] = [
    { type: 'dossier.returned', by: 'account' },
    { type: 'dossier.recalled' },
    { type: 'dossier.supplemented', components: [], clock: 'RESUME', dueAt: null },
  ]
  for (const event of impossible) expect(() => evolve(first, event, at(1))).toThrow(Error)
})
