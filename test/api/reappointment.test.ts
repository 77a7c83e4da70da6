import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ask } from '../support/api.ts'
import { app, filed, handIn, step, submission, uploaded } from '../support/walk.ts'

/** A Monday; three working days from then, without the holiday of the 24th, is Friday the 27th. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T09:00:00+07:00') }))
afterEach(() => void vi.useRealTimers())
const at = (time: string) => vi.setSystemTime(new Date(time))

const apology = { date: '2026-12-02', cause: 'unit', reason: 'Cần thêm thời gian xác minh tại đơn vị khác.' }

async function accepted(): Promise<string> {
  const { body } = await filed()
  const reply = await step('reception', body.code, { to: 'accepted' })
  expect(reply.body.dueAt).toBe('2026-11-27T17:00:00+07:00')
  return body.code
}

async function reappoint(code: string, change: Partial<typeof apology> = {}, who = 'handler') {
  const { headers } = await ask(who, `/v1/dossiers/${code}`)
  const body = { ...apology, ...change }
  return ask(who, `/v1/dossiers/${code}/reappointments`, { body, headers: { 'if-match': headers.get('etag') ?? '' } })
}

describe('a unit that will be late', () => {
  test('apologises once, in time, with one later working day; lateness still counts against the first', async () => {
    const code = await accepted()
    const reply = await reappoint(code)
    expect([reply.status, reply.body.dueAt, reply.body.originalDueAt]).toEqual([
      200,
      '2026-12-02T17:00:00+07:00',
      '2026-11-27T17:00:00+07:00',
    ])
    at('2026-11-30T09:00:00+07:00')
    expect((await ask(app, `/v1/dossiers/${code}`)).body.overdue).toBe(true)
    expect((await reappoint(code, { date: '2026-12-03' })).body.code).toBe('already-reappointed')
  })

  test.each([
    ['not-a-later-date', { date: '2026-11-27' }],
    ['not-a-working-day', { date: '2026-11-29' }],
    ['calendar-unknown', { date: '2031-01-06' }],
  ])('%s: %o', async (problem, change) => {
    expect((await reappoint(await accepted(), change)).body.code).toBe(problem)
  })

  test('is too late to apologise on the last day', async () => {
    const code = await accepted()
    at('2026-11-27T08:00:00+07:00')
    expect((await reappoint(code)).body.code).toBe('apology-too-late')
  })

  test('has nothing to apologise for before it has the dossier, and after it has decided', async () => {
    const { body } = await filed()
    expect((await reappoint(body.code)).body.code).toBe('not-in-handling')
    const code = await accepted()
    await step('handler', code, { to: 'resolved', outcome: 'refused', reason: 'Không đủ điều kiện theo quy định.' })
    expect((await reappoint(code)).body.code).toBe('not-in-handling')
  })

  test('two handlers at once: one names the new date, the other is told', async () => {
    const code = await accepted()
    const both = await Promise.all([reappoint(code), reappoint(code, { date: '2026-12-03' })])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
  })
})

test('one file for ten dossiers at once goes to one of them; nothing of the others is kept', async () => {
  const file = await uploaded(app)
  const body = await submission({ change: { components: [{ component: 'residence', file }] } })
  const replies = await Promise.all(Array.from({ length: 10 }, () => handIn(app, body)))
  const codes = replies.map((reply) =>
    reply.status === 201 ? 'kept' : (reply.body.errors?.[0]?.code ?? reply.body.code),
  )
  expect(codes.filter((code) => code === 'kept')).toHaveLength(1)
  expect(codes.filter((code) => code === 'file-taken')).toHaveLength(9)
  expect(replies.some((reply) => reply.status === 409)).toBe(true)
})
