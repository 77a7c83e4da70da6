import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'

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

test('hours that a unit sets change its due dates from their day on; what was before stays', async () => {
  const unit = '00004-2025'
  const hours = (query: string) => ask(null, `/v1/units/${unit}/opening-hours${query}`)
  const before = await hours('?on=2026-11-30')
  const [past, usual] = ['2026-11-23T10:00:00+07:00', '2026-12-01T10:00:00+07:00']
  const dueThen = async (receivedAt: string) => (await due('2.000908', { receivedAt, unit })).body.dueAt
  expect([await dueThen(past), await dueThen(usual)]).toEqual([
    '2026-11-25T17:00:00+07:00',
    '2026-12-02T17:00:00+07:00',
  ])
  await env.DB.prepare('INSERT INTO opening_hours (unit_id, valid_from, windows, source) VALUES (?, ?, ?, ?)')
    .bind(unit, '2026-12-01', '[[480,720],[780,990]]', 'Made up for a test')
    .run()
  expect([await dueThen(past), await dueThen(usual)]).toEqual([
    '2026-11-25T17:00:00+07:00',
    '2026-12-02T16:30:00+07:00',
  ])
  expect((await hours('?on=2026-11-30')).body.windows).toEqual(before.body.windows)
  const { status, body, headers } = await hours('?on=2026-12-01')
  expect([status, body.windows, body.changes]).toEqual([
    200,
    [
      { opens: '08:00', closes: '12:00' },
      { opens: '13:00', closes: '16:30' },
    ],
    ['2026-12-01'],
  ])
  const again = { headers: { 'if-none-match': headers.get('etag') ?? '' } }
  expect((await ask(null, `/v1/units/${unit}/opening-hours?on=2026-12-01`, again)).status).toBe(304)
  expect((await hours('?on=2025-06-30')).body.errors).toMatchObject([
    { pointer: '/query/on', code: 'unit-not-standing' },
  ])
  expect((await ask(null, '/v1/units/99999-2025/opening-hours')).body.code).toBe('no-such-unit')
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
