import { describe, expect, test } from 'vitest'
import { type Actor, roles } from '../../src/domain/actor.ts'
import { scopeNames } from '../../src/domain/scope.ts'
import { completionOf } from '../../src/domain/completion.ts'
import { mayUse, permissions, type Verb } from '../../src/domain/permission.ts'
import { stepsOf } from '../../src/domain/procedure-steps.ts'
import { moversTo, type Status, statusCodes, transitionOf, transitions, wayTo } from '../../src/domain/transitions.ts'
import { Transition } from '../../src/routes/dossiers/move.ts'

const isStatus = (name: string): name is Status => Object.hasOwn(statusCodes, name)
const statuses = Object.keys(statusCodes).filter(isStatus)
const after = (from: Status) => transitions.filter((row) => row.from === from).map(({ to }) => to)

describe('the table of transitions', () => {
  test('has one row for a step, every status is reached, and no code is used twice', () => {
    expect(new Set(transitions.map(({ from, to }) => `${from} ${to}`)).size).toBe(transitions.length)
    const reached = new Set<Status>(['submitted'])
    for (const status of reached) for (const next of after(status)) reached.add(next)
    expect([...reached].toSorted()).toEqual(statuses.toSorted())
    expect(new Set(Object.values(statusCodes)).size).toBe(statuses.length)
    expect(statuses.filter((status) => after(status).length === 0).toSorted()).toEqual(['not-accepted', 'withdrawn'])
  })

  test('holds every step that the national systems know, and beyond them only a new fee and a withdrawal before it is paid', () => {
    const known = '1>2 1>3 1>5 2>4 2>9 2>5 2>6 2>7 2>8 4>5 4>6 4>7 4>8 4>9 5>1 5>2 5>4 5>3 6>4 8>4 9>10 10>9'.split(' ')
    const own = transitions.map(({ from, to }) => `${statusCodes[from]}>${statusCodes[to]}`)
    expect(known.filter((step) => !own.includes(step))).toEqual([])
    expect(own.filter((step) => !known.includes(step)).toSorted()).toEqual(['6>6', '6>7'])
  })

  test('never leads back from an end or from a decision to the work before it', () => {
    expect(after('resolved')).toEqual(['returned'])
    expect(after('returned')).toEqual(['resolved'])
    for (const status of statuses) {
      const completion = completionOf({ status })
      if (after(status).length === 0) expect(completion).toBe(100)
    }
  })

  test('every step has somebody who may take it, and they may use its verb', () => {
    for (const { from, to, by, through } of transitions) {
      expect([from, to, by.length]).toEqual([from, to, expect.toSatisfy((count) => Number(count) > 0)])
      if (through !== 'transitions') continue
      for (const mover of by) {
        expect(moversTo(to)).toContain(mover)
        if (mover === 'service' || mover === 'applicant') continue
        const officer: Actor = { kind: 'officer', id: 'x', name: 'x', unit: 'x', roles: [mover] }
        expect([mover, mayUse(officer, 'moveDossier')]).toEqual([mover, 'yes'])
      }
    }
    expect(transitionOf('returned', 'submitted')).toBeUndefined()
  })

  test('never leads from a payment back to where the applicant can call it back unreceived', () => {
    const reached = new Set<Status>(after('awaiting-payment'))
    // A supplement goes back to the very state that it was asked for from.
    const onwards = (from: Status) =>
      after(from).filter((to) => from !== 'awaiting-supplement' || to === 'processing' || to === 'accepted')
    for (const status of reached) for (const next of onwards(status)) reached.add(next)
    expect([...reached]).toContain('awaiting-supplement')
    expect([...reached]).not.toContain('submitted')
  })

  test('leads through two rows at once only from receiving to deciding, of what is handled in the day', () => {
    const [inDay, days] = [{ unit: 'SAME_DAY' }, { unit: 'WORKING_DAY', value: 1 }] as const
    for (const from of statuses)
      for (const to of statuses) {
        const session = from === 'submitted' && to === 'resolved'
        const way = transitionOf(from, to)?.through === 'transitions' ? 1 : 0
        expect([from, to, wayTo(from, to, days).length]).toEqual([from, to, way])
        expect([from, to, wayTo(from, to, inDay).length]).toEqual([from, to, session ? 2 : way])
      }
    expect(wayTo('submitted', 'resolved', inDay).map(({ event }) => event)).toEqual([
      'dossier.accepted',
      'dossier.resolved',
    ])
  })

  test('says of each step what the request must say, as the door does', () => {
    for (const { to, event, needs, through } of transitions) {
      if (through !== 'transitions') continue
      const words = 'Lý do đầy đủ để người nộp khỏi hỏi lại.'
      const outcome = event === 'dossier.recalled' ? 'recalled' : 'granted'
      const all = { reason: words, legalBasis: words, components: ['residence'], outcome, by: 'counter' }
      const body = (left: readonly string[]) => ({
        to,
        ...Object.fromEntries(Object.entries(all).filter(([name]) => left.includes(name))),
      })
      expect([event, Transition.safeParse(body(needs)).success]).toEqual([event, true])
      for (const one of needs) {
        const fewer = needs.filter((other) => other !== one)
        expect([event, one, Transition.safeParse(body(fewer)).success]).toEqual([event, one, false])
      }
    }
  })

  test('holds for a procedure with its own clock, receipt and time to answer', () => {
    const answerWithin = { unit: 'DAY', value: 3 } as const
    const strict = stepsOf({ time: { unit: 'SAME_DAY' }, supplement: { clock: 'RESTART', answerWithin } })
    const mild = stepsOf({ time: { unit: 'DAY', value: 3 }, supplement: { clock: 'RESUME', answerWithin: null } })
    expect(strict.length).toBe(transitions.length)
    expect(transitions.length - mild.length).toBe(1)
    const clocks = (steps: typeof mild) =>
      steps.filter(({ event }) => event === 'dossier.supplemented').map(({ clock }) => clock)
    expect([clocks(strict), clocks(mild)]).toEqual([
      ['none', 'restart', 'restart'],
      ['none', 'go-on', 'go-on'],
    ])
    expect(strict[0]?.slip).toEqual({ form: 'receipt', onRequest: true })
    expect(mild[0]?.slip).toEqual({ form: 'receipt', onRequest: false })
  })
})

describe('the table of permissions', () => {
  const verbs = Object.keys(permissions).filter((name): name is Verb => Object.hasOwn(permissions, name))
  type Shown = { public?: true; app?: string | readonly string[]; citizen?: string; officer?: readonly string[] }
  const rule = (verb: Verb): Shown => permissions[verb]

  test.each(verbs)('%s: exactly those scopes and roles, and nobody else', (verb) => {
    const { public: open, app, citizen, officer } = rule(verb)
    // No scope at all: any app.
    const anyApp = app !== undefined && app.length === 0
    const whole = { kind: 'app', id: 'a', scopes: [...scopeNames] } as const
    expect(mayUse(whole, verb)).toBe(open || app ? 'yes' : 'not-allowed')
    expect(mayUse({ kind: 'public' }, verb)).toBe(open ? 'yes' : 'token-needed')
    for (const scope of scopeNames)
      expect([scope, mayUse({ kind: 'app', id: 'a', scopes: [scope] }, verb)]).toEqual([
        scope,
        open || anyApp || [app].flat().join() === scope ? 'yes' : 'not-allowed',
      ])
    for (const scope of ['dossiers', 'copies', 'dossiers:read', 'openid'])
      expect([scope, mayUse(citizenWith([scope]), verb)]).toEqual([
        scope,
        open || citizen === scope ? 'yes' : 'not-allowed',
      ])
    for (const role of roles)
      expect([role, mayUse({ kind: 'officer', id: 'o', name: 'o', unit: 'u', roles: [role] }, verb)]).toEqual([
        role,
        open || officer?.includes(role) ? 'yes' : 'not-allowed',
      ])
    expect(mayUse({ kind: 'app', id: 'a', scopes: [] }, verb)).toBe(open || anyApp ? 'yes' : 'not-allowed')
    const powerless: Actor[] = [citizenWith([]), { kind: 'officer', id: 'o', name: 'o', unit: 'u', roles: [] }]
    for (const actor of powerless) expect(mayUse(actor, verb)).toBe(open ? 'yes' : 'not-allowed')
  })
})

const citizenWith = (scopes: string[]): Actor => ({
  kind: 'citizen',
  id: 'c',
  personalId: '001190000001',
  taxCode: null,
  name: null,
  scopes,
})
