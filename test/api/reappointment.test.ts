import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runClock } from '../../src/usecases/clock/run.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask } from '../support/api.ts'
import type { Who } from '../support/tokens.ts'
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

describe('why a dossier is late', () => {
  const clock = () => runClock(contextOf(env, { kind: 'public' }))
  const read = async (code: string) => (await ask(app, `/v1/dossiers/${code}`)).body
  const handled = { to: 'resolved', outcome: 'refused', reason: 'Không đủ điều kiện theo quy định.' }
  const known = { cause: 'other-agency', reason: 'Chờ kết quả xác minh của Công an phường.' }

  async function correct(
    code: string,
    who: Who = 'supervisor',
    body: object = known,
    more: Record<string, string> = {},
  ) {
    const { headers } = await ask('handler', `/v1/dossiers/${code}`)
    const path = `/v1/dossiers/${code}/late-cause-corrections`
    return ask(who, path, { body, headers: { 'if-match': headers.get('etag') ?? '', ...more } })
  }
  async function registered(code: string) {
    const path = '/v1/registers/dossiers?from=2026-11-23&to=2026-11-23&limit=100'
    const { body } = await ask('supervisor', path)
    const { text } = await ask('supervisor', path, { headers: { accept: 'text/csv' } })
    const { note, late, lateCause } = body.items.find((line: { code: string }) => line.code === code)
    const csv = text.split('\r\n').find((line) => line.includes(code))
    return [note, late, lateCause, csv?.split('","').at(-1)?.slice(0, -1)]
  }
  const lastEvent = async (code: string) => (await ask(app, `/v1/dossiers/${code}/events?limit=100`)).body.items.at(-1)

  test('is presumed when it is called late, shown to the applicant and in the register, and told by code', async () => {
    const code = await accepted()
    expect([(await read(code)).late, ...(await registered(code))]).toEqual([null, null, false, null, ''])
    at('2026-11-28T08:00:00+07:00')
    expect((await read(code)).late).toEqual({ cause: null, by: 'rule', reason: null })
    expect(await registered(code)).toEqual(['overdue', true, null, 'Quá hạn'])
    await clock()
    expect((await read(code)).late).toEqual({ cause: 'unit', by: 'rule', reason: null })
    expect(await registered(code)).toEqual(['overdue', true, 'unit', 'Quá hạn: Từ phía cơ quan giải quyết'])
    expect(await lastEvent(code)).toMatchObject({ type: 'dossier.overdue', cause: 'unit' })
  })

  test('an official of the unit corrects it, with a reason, once more after the decision; the journal keeps all', async () => {
    const code = await accepted()
    at('2026-11-28T08:00:00+07:00')
    await clock()
    const key = { 'idempotency-key': crypto.randomUUID() }
    const first = await correct(code, 'supervisor', known, key)
    expect([first.status, first.body.late]).toEqual([200, { by: 'correction', ...known }])
    const again = await correct(code, 'supervisor', known, key)
    expect([again.headers.get('idempotent-replayed'), again.body]).toEqual(['true', first.body])
    const other = { cause: 'system', reason: 'Phần mềm chuyên ngành không hoạt động.' }
    expect((await correct(code, 'supervisor', other, key)).body.code).toBe('idempotency-key-reused')
    expect(await lastEvent(code)).toMatchObject({ type: 'dossier.late-cause-corrected', cause: 'other-agency' })
    await step('handler', code, handled)
    expect((await read(code)).late).toEqual({ by: 'correction', ...known })
    expect((await correct(code, 'handler', other)).body.late).toEqual({ by: 'correction', ...other })
    expect(await registered(code)).toEqual(['refused', true, 'system', 'Từ chối giải quyết; Quá hạn: Sự cố hệ thống'])
  })

  test('is presumed with the decision when that comes late, and the clock has not come by', async () => {
    const code = await accepted()
    at('2026-11-28T08:00:00+07:00')
    await step('handler', code, handled)
    expect((await read(code)).late).toEqual({ cause: 'unit', by: 'rule', reason: null })
    expect(await lastEvent(code)).toMatchObject({ type: 'dossier.resolved', lateCause: 'unit' })
  })

  test('is what the apology said, and stays so', async () => {
    const code = await accepted()
    await reappoint(code, { cause: 'other-agency' })
    at('2026-11-28T08:00:00+07:00')
    await clock()
    expect((await read(code)).late).toEqual({ cause: 'other-agency', by: 'apology', reason: apology.reason })
    expect(await lastEvent(code)).toMatchObject({ type: 'dossier.overdue', cause: 'other-agency' })
    const { status, body } = await correct(code)
    expect([status, body.code]).toEqual([409, 'cause-in-apology'])
  })

  test('is not asked of what is in time, nor of others; of two at once one says it', async () => {
    const code = await accepted()
    expect((await correct(code)).body.code).toBe('not-late')
    at('2026-11-28T08:00:00+07:00')
    expect((await correct(code, 'reception')).body.code).toBe('not-allowed')
    expect((await correct(code, 'supervisor@00004-2025')).body.code).toBe('no-such-dossier')
    expect((await correct(code, 'supervisor', { ...known, reason: 'Ngắn' })).status).toBe(422)
    const both = await Promise.all([correct(code), correct(code, 'handler')])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
    await clock()
    expect([await lastEvent(code), (await read(code)).late.cause]).toMatchObject([
      { type: 'dossier.overdue' },
      'other-agency',
    ])
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
