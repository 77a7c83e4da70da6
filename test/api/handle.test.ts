import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Role } from '../../src/domain/actor.ts'
import { type Mover, type Status, transitionOf, transitions, wayTo } from '../../src/domain/transitions.ts'
import { connect } from '../../src/store/database.ts'
import { brokenAt } from '../../src/store/journal.ts'
import { ask, type Reply } from '../support/api.ts'
import type { Who } from '../support/tokens.ts'
import { app, faultsOf, filed, rowsWritten, step } from '../support/walk.ts'

afterEach(() => void vi.useRealTimers())

const ward = '00082-2025'
const officer = (unit: string, ...roles: Role[]): Who => ({ kind: 'officer', unit, roles })
const reason = 'Hồ sơ còn thiếu giấy tờ theo quy định.'

/** What each step says when all is well. */
const bodies: Record<string, Record<string, unknown>> = {
  accepted: { to: 'accepted' },
  'not-accepted': { to: 'not-accepted', reason, legalBasis: 'Điều 17 Nghị định 61/2018/NĐ-CP' },
  processing: { to: 'processing', note: 'Chuyển phòng chuyên môn' },
  'awaiting-supplement': { to: 'awaiting-supplement', components: ['declaration'], reason },
  'awaiting-payment': { to: 'awaiting-payment', copies: 2 },
  withdrawn: { to: 'withdrawn', reason },
  stopped: { to: 'stopped', reason, legalBasis: 'Quyết định tạm dừng số 1' },
  resolved: { to: 'resolved', outcome: 'refused', reason },
  returned: { to: 'returned', by: 'counter' },
}
const bodyOf = (from: Status, to: Status) =>
  from === 'returned' && to === 'resolved' ? { to, outcome: 'recalled', reason } : { ...bodies[to] }

/** The steps that bring a new dossier to a status. */
const ways: Record<Status, Status[]> = {
  submitted: [],
  accepted: ['accepted'],
  'not-accepted': ['not-accepted'],
  processing: ['accepted', 'processing'],
  'awaiting-supplement': ['accepted', 'awaiting-supplement'],
  'awaiting-payment': ['accepted', 'awaiting-payment'],
  withdrawn: ['accepted', 'withdrawn'],
  stopped: ['accepted', 'stopped'],
  resolved: ['accepted', 'resolved'],
  returned: ['accepted', 'resolved', 'returned'],
}

const who = (mover: Mover): Who => (mover === 'applicant' ? app : officer(ward, mover === 'service' ? 'seal' : mover))
const move = (actor: Who, code: string, body: object, version: number | string = 1): Promise<Reply> =>
  ask(actor, `/v1/dossiers/${code}/transitions`, {
    body,
    headers: { 'if-match': typeof version === 'number' ? `"${version}"` : version },
  })

async function dossierIn(status: Status): Promise<{ code: string; version: number }> {
  const { body } = await filed({ procedure: '2.000635' })
  let [from, version]: [Status, number] = ['submitted', 1]
  for (const to of ways[status]) {
    const [mover] = transitionOf(from, to)?.by ?? []
    if (!mover) throw new Error(`there is no step from ${from} to ${to}`)
    const reply = await move(who(mover), body.code, bodyOf(from, to), version)
    if (reply.status !== 200) throw new Error(`${from} to ${to}: ${reply.text}`)
    ;[from, version] = [to, reply.body.version]
  }
  return { code: body.code, version }
}

describe('the table of transitions is the law of the house', () => {
  const movers: Mover[] = ['reception', 'handler', 'certifier', 'seal', 'supervisor', 'applicant']

  test.each(transitions.filter(({ through }) => through === 'transitions'))(
    'from $from to $to by $by: one step, one event, and by nobody else',
    async ({ from, to, by, event }) => {
      const { code, version } = await dossierIn(from)
      for (const mover of movers.filter((one) => !by.includes(one)))
        expect([mover, (await move(who(mover), code, bodyOf(from, to), version)).status]).toEqual([mover, 403])
      const [first, ...others] = by
      for (const mover of others) {
        const own = await dossierIn(from)
        const reply = await move(who(mover), own.code, bodyOf(from, to), own.version)
        expect([mover, reply.status, reply.body.status]).toEqual([mover, 200, to])
      }
      const reply = await move(who(first ?? 'service'), code, bodyOf(from, to), version)
      expect([reply.status, reply.body.status, reply.body.version]).toEqual([200, to, version + 1])
      expect(reply.headers.get('etag')).toBe(`"${version + 1}"`)
      const { body } = await ask(app, `/v1/dossiers/${code}/events?after=${version}`)
      expect(body.items).toMatchObject([{ sequence: version + 1, type: event }])
    },
  )

  test('every step that the table does not have is refused in every status, and nothing is written', async () => {
    const all = Object.keys(ways).filter((name): name is Status => Object.hasOwn(ways, name))
    const everybody = officer(ward, 'reception', 'handler', 'certifier', 'seal', 'supervisor')
    const stays = await Promise.all(all.map(async (from) => ({ from, ...(await dossierIn(from)) })))
    const before = await rowsWritten()
    for (const { from, code, version } of stays)
      for (const to of Object.keys(bodies).filter((name): name is Status => Object.hasOwn(ways, name))) {
        // The procedure is an in-day one: its session of two steps is a way, too.
        if (wayTo(from, to, { unit: 'SAME_DAY' }).length > 0) continue
        const actor = to === 'withdrawn' ? app : everybody
        const reply = await move(actor, code, bodyOf(from, to), version)
        expect([from, to, reply.status, reply.body.code]).toEqual([from, to, 409, 'step-not-possible'])
      }
    expect(await rowsWritten()).toEqual(before)
  })

  test('a result is not decided twice: what was given out is recalled, and only that', async () => {
    const [given, open] = await Promise.all([dossierIn('returned'), dossierIn('processing')])
    const refused = await move(who('handler'), given.code, bodies['resolved'] ?? {}, given.version)
    expect([refused.status, refused.body.code]).toEqual([409, 'step-not-possible'])
    const recall = { to: 'resolved', outcome: 'recalled', reason }
    const nothing = await move(who('handler'), open.code, recall, open.version)
    expect([nothing.status, nothing.body.code]).toEqual([409, 'step-not-possible'])
    expect((await move(who('handler'), given.code, recall, given.version)).body).toMatchObject({
      status: 'resolved',
      result: { outcome: 'refused', returnedAt: null, reason },
    })
  })
})

describe('two officers never overwrite each other', () => {
  test.each([
    ['none', undefined, 428, 'if-match-needed'],
    ['of another version', '"2"', 412, 'changed-meanwhile'],
    ['weak', 'W/"1"', 412, 'changed-meanwhile'],
    ['bare', '1', 412, 'changed-meanwhile'],
    ['any', '*', 412, 'changed-meanwhile'],
    ['empty', '', 428, 'if-match-needed'],
    ['garbage', '"one"', 412, 'changed-meanwhile'],
  ])('If-Match %s', async (_what, tag, status, code) => {
    const { body } = await filed()
    const headers = tag === undefined ? {} : { 'if-match': tag }
    const reply = await ask('reception', `/v1/dossiers/${body.code}/transitions`, { body: { to: 'accepted' }, headers })
    expect([reply.status, reply.body.code]).toEqual([status, code])
  })

  test.each(['accepted', 'not-accepted'] as const)('ten at once: one decides (%s), nine are told', async (to) => {
    const { body } = await filed()
    const tens = Array.from({ length: 10 }, (_, at) => officer(ward, 'reception', at % 2 ? 'handler' : 'seal'))
    const replies = await Promise.all(
      tens.map((one, at) => move(one, body.code, { ...bodies[to], ...(at && { note: undefined }) })),
    )
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...Array<number>(9).fill(412)])
    const { body: journal } = await ask(app, `/v1/dossiers/${body.code}/events`)
    expect(journal.items).toHaveLength(2)
  })
})

test('another unit has no such dossier; the point that took it in receives and hands out, and does not decide', async () => {
  const { body } = await filed({ change: { receivingPoint: 'HN-STC-2025' } })
  const { code } = body
  for (const attempt of [
    move(officer('00004-2025', 'reception', 'handler'), code, { to: 'accepted' }),
    move(officer('00004-2025', 'supervisor', 'reception'), code, { to: 'accepted' }),
    ask(officer('00004-2025', 'handler'), `/v1/dossiers/${code}`),
    ask(officer('00004-2025', 'handler'), `/v1/dossiers/${code}/events`),
    ask('citizen2', `/v1/dossiers/${code}`),
    ask({ kind: 'app', id: 'app_other', scopes: ['dossiers:read'] }, `/v1/dossiers/${code}`),
  ])
    expect([(await attempt).status, (await attempt).body.code]).toEqual([404, 'no-such-dossier'])
  const point = officer('HN-STC-2025', 'reception', 'handler', 'certifier')
  const received = await move(point, code, { to: 'accepted' })
  expect(received.body).toMatchObject({ status: 'accepted', competentReceivedAt: null, dueAt: null })
  expect(received.body.receivedAt).not.toBeNull()
  for (const to of ['processing', 'resolved', 'stopped'])
    expect([to, (await move(point, code, { ...bodies[to] }, 2)).status]).toEqual([to, 403])
  const begun = await move(officer(ward, 'handler'), code, { to: 'processing' }, 2)
  expect(begun.body.competentReceivedAt).not.toBeNull()
  expect(begun.body.dueAt).toMatch(/T17:00:00\+07:00$/)
  await move(officer(ward, 'handler'), code, { ...bodies['resolved'] }, 3)
  expect((await move(point, code, { to: 'returned', by: 'counter' }, 4)).body.status).toBe('returned')
})

describe('the clock', () => {
  const at = (time: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(`${time}+07:00`) })
  const supplement = (code: string, version: number) =>
    ask(app, `/v1/dossiers/${code}/supplements`, {
      body: { form: undefined, note: 'Đã bổ sung' },
      headers: { 'if-match': `"${version}"` },
    })

  test('starts at the competent unit, and a supplement starts it again by the calendar', async () => {
    at('2026-12-07T09:00:00')
    const { body } = await filed({ procedure: '1.004873' })
    const accepted = await move(who('reception'), body.code, { to: 'accepted' })
    expect([accepted.body.dueAt, accepted.body.originalDueAt]).toEqual(Array(2).fill('2026-12-10T17:00:00+07:00'))
    at('2026-12-08T10:00:00')
    const ask4 = { to: 'awaiting-supplement', components: ['residence'], reason }
    const asked = await move(who('handler'), body.code, ask4, 2)
    expect(asked.body.supplementRequest).toMatchObject({ components: ['residence'], reason })
    expect(asked.body.pauses).toEqual([{ from: '2026-12-08T10:00:00.000+07:00', to: null, clock: 'RESUME' }])
    at('2026-12-11T16:00:00')
    const none = await supplement(body.code, 3)
    expect([none.status, faultsOf(none)]).toEqual([422, ['/components component-missing']])
    const answer = {
      components: [
        { component: 'residence', data: { source: 'population-database', at: '2026-12-11T15:00:00+07:00' } },
      ],
    }
    const back = await ask(app, `/v1/dossiers/${body.code}/supplements`, {
      body: answer,
      headers: { 'if-match': '"3"' },
    })
    expect(back.body).toMatchObject({
      status: 'accepted',
      dueAt: '2026-12-16T17:00:00+07:00',
      components: answer.components,
    })
    expect(back.body.pauses).toEqual([
      { from: '2026-12-08T10:00:00.000+07:00', to: '2026-12-11T16:00:00.000+07:00', clock: 'RESTART' },
    ])
  })

  test('of a stopped dossier goes on where it stood', async () => {
    at('2026-12-07T09:00:00')
    const { body } = await filed({ procedure: '1.004873' })
    await move(who('reception'), body.code, { to: 'accepted' })
    at('2026-12-08T10:00:00')
    await move(who('handler'), body.code, { ...bodies['stopped'] }, 2)
    at('2026-12-10T10:00:00')
    const resumed = await move(who('handler'), body.code, { to: 'processing' }, 3)
    expect(resumed.body).toMatchObject({ status: 'processing', dueAt: '2026-12-14T17:00:00+07:00' })
  })

  test('of a dossier that was taken in elsewhere and stopped at once begins when it goes on', async () => {
    at('2026-12-07T09:00:00')
    const { body } = await filed({ procedure: '1.004873', change: { receivingPoint: 'HN-STC-2025' } })
    await move(officer('HN-STC-2025', 'reception'), body.code, { to: 'accepted' })
    const stopped = await move(who('handler'), body.code, { ...bodies['stopped'] }, 2)
    expect(stopped.body).toMatchObject({ pauses: [], dueAt: null })
    at('2026-12-09T09:00:00')
    expect((await move(who('handler'), body.code, { to: 'processing' }, 3)).body).toMatchObject({
      competentReceivedAt: '2026-12-09T09:00:00.000+07:00',
      dueAt: '2026-12-14T17:00:00+07:00',
    })
  })
})

describe('the journal', () => {
  test('names who did it, for which unit, and when; of others than officers only what they are', async () => {
    const { body } = await filed()
    await step('reception', body.code, { to: 'accepted' })
    const { body: journal, headers } = await ask('citizen', `/v1/dossiers/${body.code}/events?limit=1`)
    expect(journal.items[0].actor).toEqual({ kind: 'app' })
    expect(journal.next).toBe('1')
    expect(headers.get('link')).toBe(`<https://api.test/v1/dossiers/${body.code}/events?limit=1&after=1>; rel="next"`)
    const rest = await ask('citizen', `/v1/dossiers/${body.code}/events?after=1`)
    expect(rest.body).toMatchObject({
      items: [
        { sequence: 2, time: expect.stringMatching(/\+07:00$/), actor: { name: 'Lê Thị Tiếp Nhận', unit: ward } },
      ],
      next: null,
    })
  })

  test('is chained: any row changed, dropped or put in is found', async () => {
    const { code } = await dossierIn('returned')
    const { id } =
      (await env.DB.prepare('SELECT id FROM dossier WHERE code = ?').bind(code).first<{ id: string }>()) ?? {}
    if (!id) throw new Error('no dossier')
    const [db, write] = [connect(env.DB), (sql: string) => env.DB.prepare(sql).bind(id).run()]
    expect(await brokenAt(db, id)).toBeNull()
    const heads = (await ask(app, `/v1/dossiers/${code}/events`)).body.items.map(({ hash }: { hash: string }) => hash)
    expect(new Set(heads).size).toBe(4)

    await write("UPDATE journal SET record = replace(record, 'Phạm', 'Trần') WHERE subject = ? AND version = 2")
    expect(await brokenAt(db, id)).toBeNull()
    await write(
      `UPDATE journal SET record = replace(record, '"outcome":"refused"', '"outcome":"granted"') WHERE subject = ? AND version = 3`,
    )
    expect(await brokenAt(db, id)).toBe(3)
    await write(
      `UPDATE journal SET record = replace(record, '"outcome":"granted"', '"outcome":"refused"') WHERE subject = ? AND version = 3`,
    )
    expect(await brokenAt(db, id)).toBeNull()
    await write('UPDATE journal SET previous_hash = hash WHERE subject = ? AND version = 2')
    expect(await brokenAt(db, id)).toBe(2)
    await write('DELETE FROM journal WHERE subject = ? AND version = 2')
    expect(await brokenAt(db, id)).toBe(2)
    await write('DELETE FROM journal WHERE subject = ? AND version = 1')
    expect(await brokenAt(db, id)).toBe(1)
  })
})
