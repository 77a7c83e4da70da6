import { describe, expect, test } from 'vitest'
import type { DossierEvent } from '../../src/domain/dossier.ts'
import { type SlipForm, slipForms } from '../../src/domain/slip.ts'
import { slipOf } from '../../src/domain/slips.ts'
import {
  accepted,
  applicant,
  citizen,
  due,
  handler,
  procedure,
  reception,
  service,
  sourcesOf,
  started,
  type Step,
  submitted,
  ward,
} from '../support/history.ts'

const at = (time: string, actor: Step[1], event: DossierEvent, sealed?: Record<string, unknown>): Step =>
  sealed ? [time, actor, event, sealed] : [time, actor, event]
const asked = (time: string, components: string[], supplementReason: string) =>
  at(
    time,
    handler,
    { type: 'dossier.supplement-requested', components, answerBy: '2026-11-30T23:59:00+07:00' },
    { supplementReason },
  )
const answered = (time: string) =>
  at(time, citizen, {
    type: 'dossier.supplemented',
    components: [],
    clock: 'RESTART',
    dueAt: '2026-11-27T17:00:00+07:00',
  })
const resolved = (time: string) => at(time, handler, { type: 'dossier.resolved', outcome: 'granted', paper: null })

const formsOf = (...steps: Step[]) => {
  const sources = sourcesOf(...steps)
  return (Object.keys(slipForms) as SlipForm[]).filter((form) => slipOf(form, sources))
}

describe('a dossier has the slips that its history gives', () => {
  test.each<[string, SlipForm[], Step[]]>([
    ['nothing while it is only handed in', [], [submitted()]],
    ['a receipt and a control slip once it is accepted', ['receipt', 'control-slip'], [submitted(), accepted]],
    [
      'a request for more, also before it is accepted',
      ['supplement-request'],
      [submitted(), asked('2026-11-23T09:00:00+07:00', ['declaration'], 'mờ')],
    ],
    [
      'a refusal when the unit does not accept it',
      ['refusal'],
      [submitted(), at('2026-11-23T09:00:00+07:00', reception, { type: 'dossier.not-accepted', because: 'unit' })],
    ],
    [
      'no refusal when the applicant takes it back',
      [],
      [submitted(), at('2026-11-23T09:00:00+07:00', citizen, { type: 'dossier.not-accepted', because: 'applicant' })],
    ],
    [
      'no refusal when it was granted',
      ['receipt', 'control-slip'],
      [submitted(), accepted, started, resolved('2026-11-25T09:00:00+07:00')],
    ],
    [
      'a stop notice',
      ['receipt', 'stop-notice', 'control-slip'],
      [submitted(), accepted, at('2026-11-24T09:00:00+07:00', handler, { type: 'dossier.stopped' })],
    ],
    [
      'an apology',
      ['receipt', 'apology', 'control-slip'],
      [
        submitted(),
        accepted,
        at('2026-11-24T09:00:00+07:00', handler, {
          type: 'dossier.rescheduled',
          dueAt: '2026-12-01T17:00:00+07:00',
          cause: 'unit',
        }),
      ],
    ],
  ])('%s', (_, forms, steps) => {
    expect(formsOf(...steps)).toEqual(forms)
  })
})

describe('a receipt', () => {
  test('names owner, submitter, papers and dates', () => {
    expect(slipOf('receipt', sourcesOf(submitted(), accepted))).toMatchObject({
      sequence: 2,
      unit: ward,
      signer: 'Lê Thị Tiếp Nhận',
      owner: { name: applicant.fullName, identifier: applicant.personalId },
      submitter: applicant.fullName,
      receivedAt: '2026-11-23T09:05:00.000+07:00',
      dueAt: due,
      components: procedure.components
        .filter((one) => !one.presented)
        .map((one) => ({ component: one.id, name: one.name, proof: 'electronic' })),
    })
  })

  test('keeps what was promised then, whatever came after', () => {
    const later = [
      started,
      asked('2026-11-23T14:00:00+07:00', ['declaration'], 'mờ'),
      answered('2026-11-24T09:00:00+07:00'),
    ]
    expect(slipOf('receipt', sourcesOf(submitted(), accepted, ...later))).toEqual(
      slipOf('receipt', sourcesOf(submitted(), accepted)),
    )
  })

  test('tells how each paper was proved, and who stands in for the owner', () => {
    const proofs = [
      { component: 'declaration', copy: 'copy_1' },
      { component: 'birth-notification', presented: true as const },
      { component: 'residence', data: { source: 'population-database', at: '2026-11-23T08:00:00+07:00' } },
    ]
    const [time, actor, event] = submitted({ components: proofs })
    const sealed = { applicant, representative: { personalId: '001085000002', fullName: 'Trần Văn Thử' } }
    const slip = slipOf('receipt', sourcesOf([time, actor, event, sealed], accepted))
    expect(slip).toMatchObject({
      submitter: 'Trần Văn Thử',
      components: [
        { proof: 'certified-copy' },
        { proof: 'presented' },
        { proof: 'data', data: { source: 'population-database' } },
      ],
    })
  })
})

describe('of several slips of one form', () => {
  const twice = [
    submitted(),
    accepted,
    asked('2026-11-23T14:00:00+07:00', ['declaration'], 'lần một'),
    answered('2026-11-24T09:00:00+07:00'),
    asked('2026-11-24T10:00:00+07:00', ['birth-notification'], 'lần hai'),
  ]
  test('the newest is given', () =>
    expect(slipOf('supplement-request', sourcesOf(...twice))).toMatchObject({ sequence: 5, reason: 'lần hai' }))
  test('and any other by its event', () =>
    expect(slipOf('supplement-request', sourcesOf(...twice), 3)).toMatchObject({ sequence: 3, reason: 'lần một' }))
  test('but none by the event of another form', () =>
    expect(slipOf('supplement-request', sourcesOf(...twice), 2)).toBeNull())
})

test('a refusal for want of an answer tells what was asked and until when, and that nobody signs', () => {
  const silent = at('2026-12-01T00:00:00+07:00', service, { type: 'dossier.not-accepted', because: 'time' })
  const slip = slipOf(
    'refusal',
    sourcesOf(submitted(), asked('2026-11-23T09:00:00+07:00', ['declaration'], 'mờ'), silent),
  )
  expect(slip).toMatchObject({
    signer: null,
    unit: ward,
    stage: 'reception',
    unanswered: { requestedAt: '2026-11-23T09:00:00+07:00', answerBy: '2026-11-30T23:59:00+07:00' },
  })
})

describe('the control slip', () => {
  const handOvers = (...steps: Step[]) => {
    const slip = slipOf('control-slip', sourcesOf(submitted(), accepted, started, ...steps))
    return slip?.form === 'control-slip' ? slip.handOvers : []
  }

  test('has no hole: each taker gives to the next, in the order of the journal', () => {
    const rows = handOvers(
      asked('2026-11-23T14:00:00+07:00', ['declaration'], 'mờ'),
      answered('2026-11-24T09:00:00+07:00'),
    )
    expect(rows.map(({ gives, takes }) => [gives.kind, takes.kind])).toEqual([
      ['applicant', 'online'],
      ['online', 'unit'],
      ['unit', 'unit'],
      ['unit', 'applicant'],
      ['applicant', 'unit'],
    ])
    for (const [index, row] of rows.entries()) expect(row.actual).toBe(rows[index + 1]?.at ?? null)
  })

  test.each([
    ['2026-11-25T16:00:00+07:00', 'early'],
    ['2026-11-26T20:00:00+07:00', 'on-time'],
    ['2026-11-27T08:00:00+07:00', 'late'],
  ])('measures the unit that decides against the original date: %s is %s', (time, result) => {
    expect(handOvers(resolved(time))[2]).toMatchObject({ planned: due, actual: time, result })
  })

  test('measures an applicant who was asked against the time to answer', () => {
    const rows = handOvers(
      asked('2026-11-23T14:00:00+07:00', ['declaration'], 'mờ'),
      answered('2026-11-24T09:00:00+07:00'),
    )
    expect(rows[3]).toMatchObject({ takes: { kind: 'applicant' }, result: 'early' })
    expect(rows[4]).toMatchObject({
      takes: { kind: 'unit', unit: ward },
      planned: '2026-11-27T17:00:00+07:00',
      result: null,
    })
  })

  test('still counts the first date when a new one was named', () => {
    const newDate = at('2026-11-24T09:00:00+07:00', handler, {
      type: 'dossier.rescheduled',
      dueAt: '2026-12-01T17:00:00+07:00',
      cause: 'unit',
    })
    expect(handOvers(newDate, resolved('2026-11-30T09:00:00+07:00'))[2]).toMatchObject({ planned: due, result: 'late' })
  })
})

test('nothing about the person is left once the sealed parts are gone', () => {
  const slip = slipOf('control-slip', { ...sourcesOf(submitted(), accepted), sealed: new Map() })
  expect(slip?.owner).toBeNull()
  expect(JSON.stringify(slip)).not.toContain(applicant.fullName)
})
