import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect } from '../../src/store/database.ts'
import { brokenAt } from '../../src/store/journal.ts'
import { runClock } from '../../src/usecases/clock/run.ts'
import { beat } from '../../src/usecases/outages/beat.ts'
import { countOutages } from '../../src/usecases/outages/count.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask } from '../support/api.ts'
import { app, filed, step } from '../support/walk.ts'

/** A Monday; three working days from then, without the holiday of the 24th, is Friday the 27th. */
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T09:00:00+07:00') })
  for (const { id, version } of (await ask(null, '/v1/outages?limit=100')).body.items)
    await correct(id, { withdrawn: true }, version)
  while ((await countOutages(context())) > 0);
})
afterEach(() => void vi.useRealTimers())
const at = (time: string) => vi.setSystemTime(new Date(time))
const context = () => contextOf(env, { kind: 'public' })

const reason = { vi: 'Mất điện trung tâm dữ liệu', en: 'Power cut in the data centre' }
const wednesday = { kind: 'recorded', from: '2026-11-25T00:00:00+07:00', to: '2026-11-26T00:00:00+07:00', reason }
const down = (body: object = wednesday, key: string = crypto.randomUUID()) =>
  ask('operator', '/v1/outages', { body, headers: { 'idempotency-key': key } })
const correct = (id: string, body: object, version = 1) =>
  ask('operator', `/v1/outages/${id}/corrections`, { body, headers: { 'if-match': `"${version}"` } })

async function accepted(): Promise<string> {
  const { body } = await filed()
  await step('reception', body.code, { to: 'accepted' })
  return body.code
}
const read = async (code: string) => (await ask(app, `/v1/dossiers/${code}?explain=due`)).body
const eventsOf = async (code: string) => (await ask(app, `/v1/dossiers/${code}/events`)).body.items
const typesOf = async (code: string) => (await eventsOf(code)).map(({ type }: { type: string }) => type)

describe('an outage moves the dates of open dossiers', () => {
  test('at once for whoever looks, with its step; the journal shows the same before and after it is written', async () => {
    const code = await accepted()
    expect((await read(code)).dueAt).toBe('2026-11-27T17:00:00+07:00')
    const { status, body } = await down()
    expect([status, body.kind, body.warnings]).toEqual([201, 'recorded', []])
    const moved = await read(code)
    expect([moved.dueAt, moved.originalDueAt, moved.version]).toEqual([
      '2026-11-30T17:00:00+07:00',
      '2026-11-30T17:00:00+07:00',
      3,
    ])
    expect(moved.dueExplanation.at(-1)).toMatchObject({ rule: 'outage-not-counted', to: '2026-11-30T17:00:00+07:00' })
    expect(moved.dueExplanation.at(-1).text.vi).toContain('450 phút')
    const before = await eventsOf(code)
    expect(before.at(-1)).toMatchObject({
      type: 'dossier.redated',
      dueAt: '2026-11-30T17:00:00+07:00',
      outage: body.id,
    })
    while ((await countOutages(context())) > 0);
    expect(await eventsOf(code)).toEqual(before)
    expect((await read(code)).version).toBe(3)
    const id = (await context().dossiers.find(code))?.dossier.id ?? ''
    expect(await brokenAt(connect(env.DB), id)).toBeNull()
  })

  test('a step taken before its journal was written takes it along; a version read before the outage is refused', async () => {
    const code = await accepted()
    await down()
    const stale = await ask('handler', `/v1/dossiers/${code}/transitions`, {
      body: { to: 'processing' },
      headers: { 'if-match': '"2"' },
    })
    expect(stale.body.code).toBe('changed-meanwhile')
    expect((await step('handler', code, { to: 'processing' })).status).toBe(200)
    expect(await typesOf(code)).toEqual([
      'dossier.submitted',
      'dossier.accepted',
      'dossier.redated',
      'dossier.processing-started',
    ])
  })

  test('of many that are written at once, the one that somebody moves meanwhile is left, and all others are written', async () => {
    const codes = [await accepted(), await accepted(), await accepted()]
    await down()
    const { dossiers } = context()
    const waiting = (await dossiers.waitingForOutages(100)).filter(({ code }) => codes.includes(code))
    await step('handler', codes[1] ?? '', { to: 'processing' })
    expect(await dossiers.settle(waiting, new Date())).toBe(2)
    for (const [index, code] of codes.entries()) {
      const kept = await dossiers.find(code)
      expect([index, kept?.unwritten, kept?.dossier.version]).toEqual([index, [], index === 1 ? 4 : 3])
      expect((await typesOf(code)).filter((type: string) => type === 'dossier.redated')).toHaveLength(1)
      expect(await brokenAt(connect(env.DB), kept?.dossier.id ?? '')).toBeNull()
    }
    const told = await env.DB.prepare(
      "SELECT count(*) AS n FROM feed WHERE type = 'dossier.redated' AND subject IN (?, ?, ?)",
    )
      .bind(...waiting.map(({ dossier }) => dossier.id))
      .first('n')
    expect(told).toBe(3)
  })

  test('nobody is called late before it is counted, and everybody once after', async () => {
    const code = await accepted()
    await down()
    at('2026-11-28T08:00:00+07:00')
    await runClock(context())
    expect(await typesOf(code)).not.toContain('dossier.overdue')
    expect((await read(code)).overdue).toBe(false)
    at('2026-12-01T08:00:00+07:00')
    for (const _ of [1, 2]) await runClock(context())
    expect((await typesOf(code)).filter((type: string) => type === 'dossier.overdue')).toHaveLength(1)
  })

  test('one that took most of the last day and gives no day back is why it is late', async () => {
    const code = await accepted()
    await down({ ...wednesday, from: '2026-11-27T08:00:00+07:00', to: '2026-11-27T16:00:00+07:00' })
    expect((await read(code)).dueAt).toBe('2026-11-27T17:00:00+07:00')
    at('2026-11-28T08:00:00+07:00')
    await runClock(context())
    expect((await read(code)).late).toEqual({ cause: 'system', by: 'rule', reason: null })
  })

  test('withdrawn, it never was: the date is the old one again, and the journal tells both', async () => {
    const code = await accepted()
    const { body } = await down()
    const back = await correct(body.id, { withdrawn: true })
    expect([back.status, back.body.withdrawn, back.body.version]).toEqual([200, true, 2])
    expect((await read(code)).dueAt).toBe('2026-11-27T17:00:00+07:00')
    expect((await typesOf(code)).slice(2)).toEqual(['dossier.redated', 'dossier.redated'])
  })

  test('an applicant who has to answer is given the day as well', async () => {
    const seven = `json_set(body, '$.supplement.answerWithin', json('{"unit":"WORKING_DAY","value":7}'))`
    await env.DB.prepare(`UPDATE procedure_version SET body = ${seven} WHERE code = '1.004873'`).run()
    const code = await accepted()
    const request = { to: 'awaiting-supplement', components: ['residence'], reason: 'Cần bổ sung giấy tờ về cư trú.' }
    const { body } = await step('handler', code, request)
    expect(body.supplementRequest.answerBy).toBe('2026-12-03T23:59:00+07:00')
    await down({ ...wednesday, from: '2026-11-25T10:00:00+07:00', to: '2026-11-25T10:30:00+07:00' })
    expect((await read(code)).supplementRequest.answerBy).toBe('2026-12-04T23:59:00+07:00')
  })

  test('in the due date that anybody may ask for, too', async () => {
    await down()
    const { body } = await ask(null, '/v1/procedures/1.004873/due-date?receivedAt=2026-11-23T09:00:00%2B07:00')
    expect(body.dueAt).toBe('2026-11-30T17:00:00+07:00')
  })
})

describe('the ledger of outages', () => {
  test('everybody reads it; one announced too late is taken with a warning', async () => {
    const late = { ...wednesday, kind: 'announced', announcedAt: '2026-11-20T08:00:00+07:00' }
    at('2026-11-23T09:10:00+07:00')
    const { body, headers } = await down(late)
    expect(body.warnings.map(({ code }: { code: string }) => code)).toEqual(['announced-too-late'])
    const told = await ask(null, headers.get('location') ?? '')
    expect([told.status, told.body]).toEqual([200, body])
    const inTime = { ...late, from: '2026-12-02T00:00:00+07:00', to: '2026-12-02T04:00:00+07:00' }
    at('2026-11-23T09:11:00+07:00')
    expect((await down(inTime)).body.warnings).toEqual([])
    const { items, next } = (await ask(null, '/v1/outages?limit=1')).body
    expect(items[0].from).toBe('2026-12-02T00:00:00.000+07:00')
    expect((await ask(null, `/v1/outages?limit=1&after=${next}`)).body.items[0].id).toBe(body.id)
  })

  test('the same command twice is one outage; without a key it is refused', async () => {
    const [first, again] = [await down(wednesday, 'twice'), await down(wednesday, 'twice')]
    expect([again.body.id, again.headers.get('idempotent-replayed')]).toEqual([first.body.id, 'true'])
    expect((await ask('operator', '/v1/outages', { body: wednesday })).body.code).toBe('idempotency-key-needed')
    const { status, body } = await down({ ...wednesday, reason: { vi: 'Khác', en: 'Other' } }, 'twice')
    expect([status, body.code]).toEqual([422, 'idempotency-key-reused'])
  })

  test('all faults at once', async () => {
    const wrong = {
      kind: 'announced',
      from: wednesday.to,
      to: wednesday.from,
      announcedAt: '2027-01-01T00:00:00Z',
      reason,
    }
    const { body } = await down(wrong)
    expect(body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code])).toEqual([
      ['/to', 'not-after-from'],
      ['/announcedAt', 'in-the-future'],
    ])
    expect((await down({ ...wednesday, to: '2027-03-01T00:00:00Z' })).body.errors[0].code).toBe('too-long')
  })

  test('of two corrections at once one is told; an outage that is not there, and one without a version, are refused', async () => {
    const { body } = await down()
    const end = { to: '2026-11-25T12:00:00+07:00' }
    const both = await Promise.all([correct(body.id, end), correct(body.id, end)])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
    expect((await correct(crypto.randomUUID(), end)).body.code).toBe('no-such-outage')
    expect((await ask('operator', `/v1/outages/${body.id}/corrections`, { body: end })).body.code).toBe(
      'if-match-needed',
    )
  })
})

describe('the service notices by itself that it was not there', () => {
  const minutely = () => {
    const own = context()
    return beat({ ...own, config: { ...own.config, outageAfterMinutes: 5 } })
  }
  const detected = async () =>
    (await ask(null, '/v1/outages?limit=100')).body.items.filter(
      ({ kind, withdrawn }: { kind: string; withdrawn: boolean }) => kind === 'detected' && !withdrawn,
    )

  test('a gap in its heartbeat is one outage, however many notice it at once; a short gap is none', async () => {
    await minutely()
    at('2026-11-23T09:04:00+07:00')
    await minutely()
    expect(await detected()).toEqual([])
    at('2026-11-23T11:00:00+07:00')
    await Promise.all([minutely(), minutely(), minutely()])
    at('2026-11-23T11:01:00+07:00')
    await minutely()
    expect(await detected()).toMatchObject([
      { from: '2026-11-23T09:04:00.000+07:00', to: '2026-11-23T11:00:00.000+07:00', withdrawn: false },
    ])
  })
})
