import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { example } from '../../src/routes/reforms/example.ts'
import { writeMoves } from '../../src/usecases/reforms/write-moves.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask } from '../support/api.ts'
import { lodged } from '../support/before-reform.ts'
import type { Who } from '../support/tokens.ts'
import { app, faultsOf } from '../support/walk.ts'

const officer = (unit: string, role: 'handler' | 'supervisor' = 'handler'): Who => ({
  kind: 'officer',
  unit,
  roles: [role],
})
const text = (words: string) => ({ vi: words, en: words })

/** Đống Đa is divided between a new ward and Láng; Ba Đình is renamed. */
const reform = {
  name: text('Sắp xếp ví dụ'),
  ground: text('Nghị quyết ví dụ'),
  on: '2027-03-01',
  creates: [
    { code: '00235', name: text('Phường Mới'), level: 'commune', type: 'ward', parent: '01-0' },
    { code: '00004', name: text('Phường Đổi Tên'), level: 'commune', type: 'ward', parent: '01-0' },
  ],
  dissolves: [
    {
      unit: '00235-2025',
      successors: [
        { unit: '00235-2027', kind: 'remainder', clause: 1 },
        { unit: '00199-2025', kind: 'partial', clause: 2 },
      ],
    },
    { unit: '00004-2025', successors: [{ unit: '00004-2027', kind: 'full', clause: 3 }] },
  ],
}

type Sending = { dryRun?: boolean; key?: string; who?: Who }
const send = (body: unknown, { dryRun = false, key = crypto.randomUUID(), who = 'operator' }: Sending = {}) =>
  ask(who, `/v1/reforms${dryRun ? '?dryRun=true' : ''}`, { body, headers: { 'idempotency-key': key } })

beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T09:00:00+07:00') }))
afterAll(() => void vi.useRealTimers())
const at = (time: string) => vi.setSystemTime(new Date(time))

test('the example of the documentation is accepted by a dry run, which writes nothing', async () => {
  const reply = await send(example, { dryRun: true })
  expect(reply.status).toBe(200)
  expect(reply.body).toMatchObject({ creates: ['00082-2028'], dissolves: ['00082-2025', '00070-2025'] })
  expect((await ask('operator', '/v1/reforms')).body.items).toEqual([])
})

test('every fault of a reform is named at once', async () => {
  const reply = await send({
    ...reform,
    on: '2026-11-22',
    creates: [
      ...reform.creates,
      { code: '00082', name: text('X'), level: 'commune', type: 'ward', parent: '002-0' },
      { code: '123', name: text('Y'), level: 'commune', type: 'ward', parent: '01-0' },
    ],
    dissolves: [
      ...reform.dissolves,
      { unit: '00082-0', successors: [{ unit: '00199-2025', kind: 'full' }] },
      { unit: '01-0', successors: [{ unit: '99999-2025', kind: 'full' }] },
      { unit: '00004-2025', successors: [{ unit: 'HN-STC-2025', kind: 'partial' }] },
    ],
  })
  expect([reply.status, faultsOf(reply)]).toEqual([
    422,
    expect.arrayContaining([
      '/on in-the-past',
      '/creates/2 without-predecessor',
      '/creates/2/code code-in-use',
      '/creates/2/parent unit-not-standing',
      '/creates/3/code code-contradicts-level',
      '/dissolves/2/unit unit-not-standing',
      '/dissolves/3/unit city-ends',
      '/dissolves/3/unit has-units-under-it',
      '/dissolves/3/successors/0/unit unit-not-standing',
      '/dissolves/4/successors kind-contradicts',
      '/dissolves/4/successors/0/unit level-contradicts',
      '/dissolves/4/unit unit-twice',
    ]),
  ])
})

test('only an operator accepts and reads reforms, and only supervisors see what waits', async () => {
  expect((await send(reform, { who: 'handler' })).status).toBe(403)
  expect((await ask(null, '/v1/reforms')).status).toBe(401)
  expect((await ask('citizen', '/v1/reforms')).status).toBe(403)
  expect((await ask('handler', '/v1/reassignments')).status).toBe(403)
  const none = await ask('operator', `/v1/reforms/${crypto.randomUUID()}`)
  expect([none.status, none.body.code]).toEqual([404, 'no-such-reform'])
})

describe('a reform that is accepted', () => {
  let divided: Awaited<ReturnType<typeof lodged>>
  let renamed: Awaited<ReturnType<typeof lodged>>
  let begunAt: string | null = null
  const key = crypto.randomUUID()

  /** What an officer of that unit is answered by each address of the dossier, and how often their list holds it. */
  async function statusesFor(unit: string): Promise<number[]> {
    const path = `/v1/dossiers/${renamed.code}`
    const addresses = [path, `${path}/events`, `${path}/slips/control-slip`, `${path}?explain=due`]
    const replies = await Promise.all(addresses.map((address) => ask(officer(unit), address)))
    const { items } = (await ask(officer(unit), '/v1/dossiers')).body
    return [
      ...replies.map(({ status }) => status),
      items.filter((one: { code: string }) => one.code === renamed.code).length,
    ]
  }

  test('says beforehand how many dossiers go where', async () => {
    divided = await lodged('00235-2025')
    renamed = await lodged('00004-2025')
    const { body } = await send(reform, { dryRun: true })
    expect(body.openDossiers).toEqual({ withOneHeir: 1, needingAssignment: 1 })
    expect(body.moves).toEqual([
      { from: '00004-2025', to: '00004-2027', candidates: [], dossiers: 1 },
      { from: '00235-2025', to: '01-0', candidates: ['00199-2025', '00235-2027'], dossiers: 1 },
    ])
  })

  test('is written once, whatever is sent twice, and of two at once one is told to look again', async () => {
    const other = {
      ...example,
      on: '2027-06-01',
      creates: [{ ...example.creates[0], code: '00082' }],
      dissolves: example.dissolves.map((one) => ({ ...one, successors: [{ unit: '00082-2027', kind: 'full' }] })),
    }
    const replies = await Promise.all([send(reform, { key }), send(other)])
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 412])
    const accepted = replies[0]?.status === 201 ? replies[0] : await send(reform, { key })
    expect([accepted?.status, accepted?.body.status]).toEqual([201, 'planned'])
    const again = await send(reform, { key })
    expect([again.status, again.headers.get('idempotent-replayed'), again.body]).toEqual([201, 'true', accepted?.body])
    expect((await ask('operator', accepted?.headers.get('location') ?? '')).body).toEqual(accepted?.body)
    const twice = await send(reform)
    expect(faultsOf(twice)).toContain('/dissolves/0/unit unit-not-standing')
  })

  test('changes nothing before its day', async () => {
    at('2027-02-28T23:59:59.999+07:00')
    const before = await ask(officer('00004-2025'), `/v1/dossiers/${renamed.code}`)
    expect([before.body.competentUnit.id, before.body.dueAt]).toEqual(['00004-2025', renamed.dueAt])
    begunAt = before.body.competentReceivedAt
    expect(begunAt).not.toBeNull()
    expect(await statusesFor('00004-2025')).toEqual([200, 200, 200, 200, 1])
    expect(await statusesFor('00004-2027')).toEqual([404, 404, 404, 404, 0])
    expect((await ask(officer('00199-2025', 'supervisor'), '/v1/reassignments')).body.items).toEqual([])
  })

  test('takes sight from officers of the old unit at that instant, for every address, and gives it to those of the new one', async () => {
    at('2027-03-01T00:00:00.000+07:00')
    expect(await statusesFor('00004-2025')).toEqual([404, 404, 404, 404, 0])
    expect(await statusesFor('00004-2027')).toEqual([200, 200, 200, 200, 1])
    const move = { body: { to: 'processing' }, headers: { 'if-match': '"3"' } }
    expect((await ask(officer('00004-2025'), `/v1/dossiers/${renamed.code}/transitions`, move)).status).toBe(404)
    const { body } = await ask(officer('00004-2027'), `/v1/dossiers/${renamed.code}`)
    expect([body.dueAt, body.originalDueAt, body.competentReceivedAt]).toEqual([renamed.dueAt, renamed.dueAt, begunAt])
  })

  test('takes effect at 00:00 by itself, also for the dossier that somebody writes to first', async () => {
    at('2027-03-01T00:00:00+07:00')
    const read = await ask(officer('00004-2027'), `/v1/dossiers/${renamed.code}`)
    expect([read.status, read.headers.get('etag')]).toEqual([200, '"3"'])
    expect((await ask(officer('00004-2025'), `/v1/dossiers/${renamed.code}`)).status).toBe(404)
    expect((await ask(officer('00004-2025'), '/v1/dossiers')).body.items).toEqual([])
    const step = (version: string) =>
      ask(officer('00004-2027'), `/v1/dossiers/${renamed.code}/transitions`, {
        body: { to: 'processing' },
        headers: { 'if-match': version },
      })
    expect((await step('"2"')).status).toBe(412)
    expect((await step('"3"')).body.status).toBe('processing')
    const { items } = (await ask(app, `/v1/dossiers/${renamed.code}/events`)).body
    expect(items.map((one: { type: string; sequence: number }) => `${one.sequence} ${one.type}`)).toEqual([
      '1 dossier.submitted',
      '2 dossier.accepted',
      '3 dossier.rerouted',
      '4 dossier.processing-started',
    ])
    expect(items[2]).toMatchObject({
      from: '00004-2025',
      to: '00004-2027',
      on: '2027-03-01',
      clause: 3,
      time: '2027-03-01T00:00:00.000+07:00',
    })
    const old = await ask(null, '/v1/units/00004-2025')
    expect(JSON.stringify(old.body)).toContain('00004-2027')
  })

  test('leaves to supervisors what it leaves open, and deadlines where they were', async () => {
    const supervisor = officer('00199-2025', 'supervisor')
    const { items } = (await ask(supervisor, '/v1/reassignments')).body
    expect(items).toMatchObject([
      {
        code: divided.code,
        formerUnit: { id: '00235-2025' },
        keptBy: { id: '01-0' },
        since: '2027-03-01',
        candidates: [{ id: '00199-2025' }, { id: '00235-2027' }],
        reason: {
          vi: 'Phường Đống Đa đã chia cho nhiều đơn vị; dữ liệu không cho biết hồ sơ thuộc đơn vị nào.',
          en: expect.stringMatching(/^Dong Da Ward was divided among several units;/),
        },
        dueAt: divided.dueAt,
      },
    ])
    expect((await ask(officer('00199-2025'), `/v1/dossiers/${divided.code}`)).status).toBe(404)
    expect((await ask(supervisor, `/v1/dossiers/${divided.code}`)).body.dueAt).toBe(divided.dueAt)
    const reply = await ask(supervisor, `/v1/dossiers/${divided.code}/assignment`, {
      body: { unit: '00199-2025', reason: 'Nhà nằm ở phần đất đã chuyển sang phường này.' },
      headers: { 'if-match': `"${items[0].version}"`, 'idempotency-key': 'phan-cong-1' },
    })
    expect([reply.status, reply.body.competentUnit.id, reply.body.dueAt]).toEqual([200, '00199-2025', divided.dueAt])
    expect((await ask(supervisor, '/v1/reassignments')).body.items).toEqual([])
    expect(await writeMoves(contextOf(env, { kind: 'public' }))).toBe(0)
    const late = await ask(supervisor, `/v1/dossiers/${divided.code}/assignment`, {
      body: { unit: '00235-2027', reason: 'Nhà nằm ở phần đất còn lại của phường.' },
      headers: { 'if-match': reply.headers.get('etag') ?? '' },
    })
    expect([late.status, late.body.code]).toEqual([409, 'not-awaiting-assignment'])
  })
})
