import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect } from '../../src/store/database.ts'
import { brokenAt, entriesOf } from '../../src/store/journal.ts'
import { ask } from '../support/api.ts'
import { app, filed, step, uploaded } from '../support/walk.ts'

const due = (code: string, query: Record<string, string> = {}) =>
  ask(null, `/v1/procedures/${code}/due-date?${new URLSearchParams(query).toString()}`)

describe('anybody can ask when a result would be due', () => {
  test('three working days over the holidays of April 2026, with each step', async () => {
    const { status, body, headers } = await due('1.004873', {
      receivedAt: '2026-04-24T10:00:00+07:00',
      unit: '00082-2025',
    })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('application/json')
    expect(body).toMatchObject({
      procedure: { code: '1.004873', version: 1 },
      time: { unit: 'WORKING_DAY', value: 3 },
      unit: { id: '00082-2025', name: { vi: 'Phường Cửa Nam' } },
      openingHours: [
        { opens: '07:30', closes: '11:30' },
        { opens: '13:30', closes: '17:00' },
      ],
      receivedAt: '2026-04-24T10:00:00+07:00',
      dueAt: '2026-05-04T17:00:00+07:00',
    })
    expect(body.steps.map((step: { rule: string }) => step.rule)).toEqual([
      'clock-starts',
      'first-day-not-counted',
      'working-days-counted',
    ])
    expect(body.steps[1]).toEqual({
      rule: 'first-day-not-counted',
      clause: { vi: 'Bộ luật Dân sự 91/2015/QH13, Điều 147 khoản 2', en: 'Civil Code 91/2015/QH13 art. 147(2)' },
      from: '2026-04-24T10:00:00+07:00',
      to: '2026-04-25T00:00:00+07:00',
      text: {
        vi: 'Không tính ngày đầu tiên, thứ Sáu 24/04/2026.',
        en: 'The first day, Friday 24 April 2026, is not counted.',
      },
    })
  })

  test.each([
    ['1.001193', '2027-02-03T16:00:00+07:00', '2027-02-11T17:00:00+07:00', 'in-day, after 15:00, on the eve of Tết'],
    ['1.001193', '2026-11-23T08:00:00Z', '2026-11-23T17:00:00+07:00', 'in-day, at 15:00 sharp, told in UTC'],
    ['2.000908', '2026-08-21T10:00:00+07:00', '2026-08-22T17:00:00+07:00', 'a working day that is a Saturday'],
    ['2.000908', '2026-11-23T10:00:00+07:00', '2026-11-25T17:00:00+07:00', 'over Vietnam Culture Day'],
    ['1.012278', '2024-12-18T10:00:00+07:00', '2025-02-06T17:00:00+07:00', 'fifty calendar days'],
  ])('%s received %s is due %s: %s', async (code, receivedAt, dueAt) => {
    expect((await due(code, { receivedAt })).body.dueAt).toBe(dueAt)
  })

  test('an offset whose plus sign arrived as a space is understood', async () => {
    const reply = await ask(null, '/v1/procedures/1.004873/due-date?receivedAt=2026-04-24T10:00:00+07:00')
    expect(reply.body.dueAt).toBe('2026-05-04T17:00:00+07:00')
  })

  test('without a moment it is now', async () => {
    const { status, body } = await due('1.004873')
    expect(status).toBe(200)
    expect(Math.abs(Date.parse(body.receivedAt) - Date.now())).toBeLessThan(60_000)
    expect(body.unit).toBeNull()
  })

  test('a limit in words gives the words', async () => {
    const { status, body } = await due('1.011606', { receivedAt: '2026-04-24T10:00:00+07:00' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ dueAt: null, steps: [{ rule: 'no-fixed-limit', clause: null }] })
  })
})

describe('opening hours of a unit', () => {
  /** A Monday; the holiday of the 24th makes Friday the 27th of three working days. */
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T09:00:00+07:00') }))
  afterEach(() => void vi.useRealTimers())
  const at = (time: string) => vi.setSystemTime(new Date(time))

  const hours = (unit: string, query = '') => ask(null, `/v1/units/${unit}/opening-hours${query}`)
  const short = {
    from: '2026-11-25',
    usual: [
      { opens: '08:00', closes: '12:00' },
      { opens: '13:00', closes: '16:00' },
    ],
    weekdays: { friday: [{ opens: '08:00', closes: '12:00' }], saturday: [{ opens: '08:00', closes: '11:30' }] },
    source: 'Thông báo 12/TB-UBND',
  }
  const set = async (unit: string, body: object = short, tag?: string) => {
    const etag = tag ?? (await hours(unit)).headers.get('etag') ?? ''
    return ask('operator', `/v1/units/${unit}/opening-hours`, { method: 'PUT', body, headers: { 'if-match': etag } })
  }

  test('an operator sets them from a day to come on; due dates keep to them from then on, and what was before stays', async () => {
    const unit = '00004-2025'
    const dueThen = async (receivedAt: string) => (await due('2.000908', { receivedAt, unit })).body
    const [past, weekday, friday] = [
      '2026-11-20T10:00:00+07:00',
      '2026-12-01T10:00:00+07:00',
      '2026-11-26T10:00:00+07:00',
    ]
    const none = await hours(unit, '?on=2026-11-28')
    expect(none.body).toMatchObject({
      version: 0,
      isOpen: false,
      weekdays: {},
      from: null,
      recordedAt: null,
      changes: [],
    })
    expect((await dueThen(weekday)).dueAt).toBe('2026-12-02T17:00:00+07:00')
    const done = await set(unit)
    expect(done).toMatchObject({
      status: 200,
      body: {
        unit: { id: unit },
        version: 1,
        on: '2026-11-25',
        isOpen: true,
        windows: short.usual,
        usual: short.usual,
        weekdays: short.weekdays,
        from: '2026-11-25',
        source: short.source,
        recordedAt: '2026-11-23T09:00:00.000+07:00',
        changes: ['2026-11-25'],
      },
    })
    const dates = await Promise.all([past, weekday, friday].map(async (moment) => (await dueThen(moment)).dueAt))
    expect(dates).toEqual(['2026-11-23T17:00:00+07:00', '2026-12-02T16:00:00+07:00', '2026-11-27T12:00:00+07:00'])
    const saturday = await dueThen('2026-11-28T09:00:00+07:00')
    expect([saturday.dueAt, saturday.openingHours]).toEqual(['2026-11-30T16:00:00+07:00', short.weekdays.saturday])
    expect((await hours(unit, '?on=2026-11-23')).body).toMatchObject({ windows: none.body.usual, from: null })
    expect((await hours(unit, '?on=2026-11-28')).body).toMatchObject({ windows: short.weekdays.saturday, isOpen: true })
    expect((await hours(unit, '?on=2026-11-29')).body.isOpen).toBe(false)
    expect((await hours(unit, '?on=2029-11-29')).body.isOpen).toBeNull()
    const known = await hours(unit)
    const again = { headers: { 'if-none-match': known.headers.get('etag') ?? '' } }
    expect((await ask(null, `/v1/units/${unit}/opening-hours`, again)).status).toBe(304)
  })

  test('each setting is in the journal of its unit, with who did it; the last word about a day holds', async () => {
    const unit = '00008-2025'
    const first = await set(unit)
    const second = await set(unit, { ...short, weekdays: {} }, first.headers.get('etag') ?? '')
    expect(second.body).toMatchObject({ version: 2, weekdays: {}, changes: ['2026-11-25'] })
    const db = connect(env.DB)
    expect(await brokenAt(db, unit)).toBeNull()
    expect(await entriesOf(db, unit, 0, 10)).toMatchObject([
      { version: 1, actor: { kind: 'officer' }, event: { type: 'unit.opening-hours-set', entry: 1, from: short.from } },
      { version: 2, at: '2026-11-23T09:00:00.000+07:00', event: { entry: 2, weekdays: {} } },
    ])
    const tag = second.headers.get('etag') ?? ''
    const both = await Promise.all([set(unit, short, tag), set(unit, short, tag)])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
  })

  test('what was not seen is not replaced, what has begun does not change, and all faults are told at once', async () => {
    const unit = '00025-2025'
    const put = (path: string, headers = {}, who: 'operator' | null = 'operator') =>
      ask(who, `/v1/units/${path}/opening-hours`, { method: 'PUT', body: short, headers })
    expect((await put(unit, { 'if-match': '"7"' })).body.code).toBe('changed-meanwhile')
    expect((await put(unit)).body.code).toBe('if-match-needed')
    expect((await put(unit, { 'if-match': '"0"' }, null)).body.code).toBe('token-needed')
    expect((await put('99999-2025', { 'if-match': '"0"' })).body.code).toBe('no-such-unit')
    const wrong = [
      { opens: '09:00', closes: '08:00' },
      { opens: '07:00', closes: '10:00' },
    ]
    const faults = async (body: object) =>
      (await set(unit, body)).body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code])
    expect(await faults({ ...short, from: '2026-11-23', usual: wrong, weekdays: { sunday: wrong } })).toEqual([
      ['/from', 'not-in-the-future'],
      ['/usual/0', 'closes-before-opening'],
      ['/usual/1', 'windows-overlap'],
      ['/weekdays/sunday/0', 'closes-before-opening'],
      ['/weekdays/sunday/1', 'windows-overlap'],
    ])
    const gone = await ask('operator', '/v1/units/00004-0/opening-hours', {
      method: 'PUT',
      body: short,
      headers: { 'if-match': '"0"' },
    })
    expect(gone.body.errors).toMatchObject([{ pointer: '/from', code: 'unit-not-standing' }])
    expect(await faults({ ...short, usual: [], weekdays: { friday: [] } })).toHaveLength(2)
    expect((await hours(unit)).body.version).toBe(0)
    expect((await hours(unit, '?on=2025-06-30')).body.errors).toMatchObject([
      { pointer: '/query/on', code: 'unit-not-standing' },
    ])
    expect((await hours('99999-2025')).body.code).toBe('no-such-unit')
  })

  test('what is told later moves no date that was written; a count from the beginning keeps to what is known by then', async () => {
    const ward = '00082-2025'
    const read = async (code: string) => (await ask(app, `/v1/dossiers/${code}?explain=due`)).body
    const explained = async (code: string) => {
      const { dueAt, dueExplanation } = await read(code)
      expect(dueExplanation.at(-1).to).toBe(dueAt)
      return dueAt
    }
    const accepted = async () => {
      const { code } = (await filed()).body
      await step('reception', code, { to: 'accepted' })
      return code
    }
    const [kept, paused] = [await accepted(), await accepted()]
    expect(await explained(kept)).toBe('2026-11-27T17:00:00+07:00')
    expect((await set(ward)).status).toBe(200)
    expect([await explained(kept), await explained(await accepted())]).toEqual([
      '2026-11-27T17:00:00+07:00',
      '2026-11-27T12:00:00+07:00',
    ])
    // Stopped and gone on: still the term that began before. Completed and counted anew: a new one.
    await step('handler', kept, { to: 'stopped', reason: 'Chờ ý kiến của cơ quan khác.', legalBasis: 'Điều 1' })
    await step('handler', paused, { to: 'awaiting-supplement', components: ['residence'], reason: 'Cần bổ sung.' })
    at('2026-11-27T09:00:00+07:00')
    await step('handler', kept, { to: 'processing' })
    const { headers } = await ask(app, `/v1/dossiers/${paused}`)
    await ask(app, `/v1/dossiers/${paused}/supplements`, {
      body: { components: [{ component: 'residence', file: await uploaded(app) }] },
      headers: { 'if-match': headers.get('etag') ?? '' },
    })
    expect([await explained(kept), await explained(paused)]).toEqual([
      '2026-12-02T17:00:00+07:00',
      '2026-12-02T16:00:00+07:00',
    ])
    // An outage of a working day: each moves by the hours of its own term.
    const outage = {
      kind: 'recorded',
      from: '2026-11-30T00:00:00+07:00',
      to: '2026-12-01T00:00:00+07:00',
      reason: { vi: 'Mất điện', en: 'Power cut' },
    }
    const down = await ask('operator', '/v1/outages', { body: outage, headers: { 'idempotency-key': 'hours' } })
    expect([await explained(kept), await explained(paused)]).toEqual([
      '2026-12-03T17:00:00+07:00',
      '2026-12-03T16:00:00+07:00',
    ])
    await ask('operator', `/v1/outages/${down.body.id}/corrections`, {
      body: { withdrawn: true },
      headers: { 'if-match': '"1"' },
    })
    // One whose clock started before anybody counted what was known keeps to what was known then: nothing.
    await env.DB.prepare(`UPDATE dossier SET state = json_remove(state, '$.clock.knownHours') WHERE code = ?`)
      .bind(kept)
      .run()
    expect(await explained(kept)).toBe('2026-12-02T17:00:00+07:00')
  })
})

describe('what has no answer is refused, and says why', () => {
  test('an unknown procedure, and one that was not in force', async () => {
    expect(await due('9.999999')).toMatchObject({ status: 404, body: { code: 'no-such-procedure' } })
    expect(await due('1.001193', { receivedAt: '2023-06-01T10:00:00+07:00' })).toMatchObject({
      status: 404,
      body: { code: 'no-such-procedure' },
    })
  })

  test('a moment outside of the calendar', async () => {
    const reply = await due('1.012278', { receivedAt: '2027-12-20T10:00:00+07:00' })
    expect(reply).toMatchObject({ status: 422, body: { code: 'calendar-unknown' } })
    expect(reply.body.detail).toContain('2027-12-31')
  })

  test.each<[query: Record<string, string>, pointer: string, code: string]>([
    [{ unit: '99999-2025' }, '/query/unit', 'unknown-unit'],
    [{ unit: '00082-0', receivedAt: '2026-04-24T10:00:00+07:00' }, '/query/unit', 'unit-not-standing'],
    [{ unit: 'Cửa Nam' }, '/query/unit', 'wrong-format'],
    [{ receivedAt: '2026-04-24' }, '/query/receivedAt', 'wrong-format'],
    [{ receivedAt: '2026-04-24T10:00:00' }, '/query/receivedAt', 'wrong-format'],
    [{ when: 'soon' }, '/query/when', 'not-known'],
  ])('%o', async (query, pointer, code) => {
    const reply = await due('1.001193', query)
    expect(reply).toMatchObject({ status: 422, body: { code: 'invalid-request', errors: [{ pointer, code }] } })
  })
})
