import { afterEach, describe, expect, test, vi } from 'vitest'
import { examples } from '../../src/routes/dossiers/examples.ts'
import { ask } from '../support/api.ts'
import type { Who } from '../support/tokens.ts'
import { partOf } from '../support/exhaustive.ts'
import { app, exampleOf, faultsOf, filed, handIn, rowsWritten, submission, uploaded } from '../support/walk.ts'

afterEach(() => void vi.useRealTimers())

const otherApp: Who = { kind: 'app', id: 'app_other', scopes: ['dossiers:submit', 'dossiers:read'] }
const simple = { ...examples.submission, force: { reason: 'Một hồ sơ khác của cùng một người.' } }
const former = (unit: string, receivedAt = '2025-06-02T09:00:00+07:00') => ({
  system: 'hn-old',
  code: '000.24.11.H26-250602-0007',
  unit,
  receivedAt,
})

describe('what is wrong is refused, all of it at once, and nothing is written', () => {
  test('a dossier with a dozen faults, in Vietnamese and in English', async () => {
    const { form } = await exampleOf('1.001193')
    const taken = await uploaded(app)
    const { oath, ...halfForm } = form
    await filed({ procedure: '1.001193', change: { components: [{ component: 'birth-notification', file: taken }] } })
    const nowhere = crypto.randomUUID()
    const body = {
      ...(await submission({ procedure: '1.001193' })),
      place: { unit: '99999-2025' },
      receivingPoint: '99998-2025',
      form: { ...halfForm, relation: 'neighbour', ward: 'Cửa Nam' },
      components: [
        { component: 'passport', file: await uploaded(otherApp) },
        { component: 'authorisation', file: taken },
        { component: 'authorisation', copy: `copy_${nowhere}` },
        { component: 'residence', presented: true },
        { component: 'surrogacy-confirmation', file: `file_${nowhere}` },
      ],
    }
    const before = await rowsWritten()
    const key = crypto.randomUUID()
    const reply = await handIn(app, body, key)
    expect([reply.status, reply.body.code]).toEqual([422, 'invalid-request'])
    expect(faultsOf(reply)).toEqual([
      '/components component-missing',
      '/components/0/component unknown-component',
      '/components/0/file unknown-file',
      '/components/1/file file-taken',
      '/components/2/component component-repeated',
      '/components/2/copy unknown-copy',
      '/components/3/presented not-by-showing',
      '/components/4/file unknown-file',
      '/form/oath missing',
      '/form/relation not-a-choice',
      '/form/ward not-known',
      '/place/unit unknown-unit',
      '/receivingPoint unknown-unit',
    ])
    const english = await ask(app, '/v1/dossiers', {
      body,
      headers: { 'idempotency-key': key, 'accept-language': 'vi;q=0.3, en-GB' },
    })
    expect(faultsOf(english)).toEqual(faultsOf(reply))
    expect([reply.headers.get('content-language'), english.headers.get('content-language')]).toEqual(['vi', 'en'])
    expect(reply.body.title).toBe('Yêu cầu không hợp lệ')
    expect(english.body.title).toBe('The request is not valid')
    for (const [index, fault] of reply.body.errors.entries())
      expect(english.body.errors[index].detail).not.toBe(fault.detail)
    expect(await rowsWritten()).toEqual(before)

    const mended = await submission({ procedure: '1.001193', change: { form: { ...form, oath } } })
    expect((await handIn(app, mended, key)).status).toBe(201)
  })

  test.each<[why: string, change: Record<string, unknown>, faults: string[]]>([
    ['a procedure that there is not', { procedure: '9.999999' }, ['/procedure unknown-procedure']],
    [
      'one not in force on the day',
      { takenOver: former('002-0', '2019-01-07T09:00:00+07:00') },
      ['/procedure procedure-closed'],
    ],
    [
      'no place, and a form with a hole',
      { place: null, form: { ...simple.form, relation: undefined } },
      ['/form/relation missing', '/place/unit place-needed'],
    ],
    ['a ward of before the reform', { place: { unit: '00082-0' } }, ['/place/unit unit-not-standing']],
    ['a point that stands no more', { receivingPoint: '00082-0' }, ['/receivingPoint unknown-unit']],
    [
      'a former unit that there is not',
      { takenOver: former('99999-0'), place: null },
      ['/takenOver/unit unknown-unit'],
    ],
    ['a unit that was not yet', { takenOver: former('00082-2025') }, ['/takenOver/unit unit-not-standing']],
    [
      'a day that was the next one here',
      { takenOver: former('00082-0', '2025-06-30T17:00:00Z'), place: { unit: '00082-2025' } },
      ['/takenOver/unit unit-not-standing'],
    ],
    [
      'a day to come',
      { takenOver: former('00082-2025', '2027-12-30T09:00:00+07:00') },
      ['/takenOver/receivedAt in-the-future'],
    ],
    [
      'a text in the form that is too long',
      { form: { ...simple.form, purposeText: 'ữ'.repeat(80_000) } },
      ['/form/purposeText too-long'],
    ],
  ])('%s', async (_why, change, faults) => {
    const before = await rowsWritten()
    const reply = await handIn(app, { ...simple, ...change })
    expect([reply.status, faultsOf(reply)]).toEqual([422, faults])
    expect(await rowsWritten()).toEqual(before)
  })

  test('what does not even have the right shape', async () => {
    const reply = await handIn(app, {
      ...simple,
      applicant: { type: 'citizen', personalId: '12', fullName: ' ', email: 'x' },
      representative: { personalId: '001190000009', fullName: 'Lê\nVăn Thay' },
      channel: 'fax',
      extra: 1,
      components: [{ component: 'Tờ khai', file: 'file_1' }],
    })
    expect(reply.status).toBe(422)
    expect(faultsOf(reply)).toEqual(
      expect.arrayContaining([
        '/applicant/personalId wrong-format',
        '/applicant/fullName too-small',
        '/applicant/email wrong-format',
        '/channel not-a-choice',
        '/representative/fullName not-valid',
        '/extra not-known',
      ]),
    )
    const headers = { 'idempotency-key': 'a', 'content-type': 'application/json' }
    const half = await ask(app, '/v1/dossiers', { body: '{"procedure":', headers })
    expect([half.status, half.body.code]).toEqual([400, 'unreadable-request'])
    const text = await ask(app, '/v1/dossiers', { body: 'x', headers: { ...headers, 'content-type': 'text/plain' } })
    expect([text.status, text.body.code]).toEqual([415, 'wrong-media-type'])
    let nested: unknown = 'x'
    for (let level = 0; level < 5000; level++) nested = [nested]
    const deep = await handIn(app, { ...simple, form: { ...simple.form, relation: nested } })
    expect([deep.status, faultsOf(deep)]).toEqual([422, ['/form not-valid']])
    const huge = await handIn(app, { ...simple, form: { content: 'x'.repeat(2_000_000) } })
    expect([huge.status, huge.body.code]).toEqual([413, 'too-large'])
  })
})

test('what is accepted has an address, a version, a receipt with a due date and a secret, and is kept', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T09:00:00+07:00') })
  const reply = await filed({ personalId: '001190000101' })
  const { body } = reply
  expect(body.code).toMatch(/^LOCAL\.00082-261123-\d{4}$/)
  expect(reply.headers.get('location')).toBe(`/v1/dossiers/${body.code}`)
  expect(reply.headers.get('etag')).toBe('"1"')
  expect(reply.headers.get('x-bookmark')).toBeTruthy()
  expect(body.receipt).toEqual({
    submittedAt: '2026-11-23T09:00:00.000+07:00',
    // Three working days; the 24th is Viet Nam Culture Day.
    expectedDueAt: '2026-11-27T17:00:00+07:00',
    lookupSecret: body.lookupSecret,
    progress: `https://api.test/v1/dossiers/${body.code}/progress?secret=${body.lookupSecret}`,
  })
  const bare = await ask(null, `/v1/dossiers/${body.code}/progress`)
  expect(bare.body).toEqual({ code: body.code, completion: 10, overdue: false, details: null })
  const open = await ask(null, body.receipt.progress.slice('https://api.test'.length))
  expect(open.body.details).toMatchObject({ status: 'submitted', competentUnit: { id: '00082-2025' }, dueAt: null })
  expect((await ask(null, `/v1/dossiers/${body.code}/progress?secret=0000`)).status).toBe(403)
  const { receipt: _receipt, alreadyOpen: _open, warnings: _warnings, ...shown } = body
  expect((await ask(app, `/v1/dossiers/${body.code}`)).body).toEqual(shown)
})

describe('who may hand in, and for whom', () => {
  const lan: Who = { kind: 'citizen', personalId: '001190000111' }
  const applicant = { type: 'citizen', personalId: '001190000111', fullName: 'Nguyễn Thị Mẫu' }
  const stranger = { ...applicant, personalId: '001190000112' }
  const organisation = { type: 'organisation', taxCode: '0100000000', name: 'Công ty TNHH Ví Dụ' }
  const atCounter = { ...simple, applicant: stranger, channel: 'direct', receivingPoint: '00082-2025' }

  test.each<[who: string, actor: Who | null, body: object, answer: [number, ...string[]]]>([
    ['a citizen for themselves', lan, { ...simple, applicant }, [201]],
    ['a citizen for somebody else', lan, { ...simple, applicant: stranger }, [422, '/applicant not-you']],
    [
      'a citizen who represents the applicant',
      lan,
      { ...simple, applicant: stranger, representative: { personalId: '001190000111', fullName: 'Lan' } },
      [201],
    ],
    ['an organisation for itself', 'company', { ...simple, applicant: organisation }, [201]],
    [
      'an organisation for another',
      'company',
      { ...simple, applicant: { ...organisation, taxCode: '0100000001' } },
      [422, '/applicant not-you'],
    ],
    ['an officer at the counter', 'reception', atCounter, [201]],
    ['an officer at a counter elsewhere', 'reception@HN-STC-2025', atCounter, [422, '/receivingPoint not-your-point']],
    ['an officer who does not receive', 'handler', atCounter, [403]],
    ['an app that may only read', { ...otherApp, scopes: ['dossiers:read'] }, simple, [403]],
    ['an app that may not take over', otherApp, { ...simple, takenOver: former('002-0') }, [403]],
    ['a citizen who takes over', lan, { ...simple, applicant, takenOver: former('002-0') }, [403]],
    ['nobody', null, simple, [401]],
  ])('%s', async (_who, actor, body, [status, ...faults]) => {
    const reply = await handIn(actor, body)
    expect([reply.status, ...faultsOf(reply)]).toEqual([status, ...faults])
    if (actor === null || status !== 201) return
    expect((await ask(actor, `/v1/dossiers/${reply.body.code}`)).status).toBe(200)
    const own = await ask(actor, '/v1/dossiers')
    expect(own.body.items.map(({ code }: { code: string }) => code)).toContain(reply.body.code)
  })

  test('handed in anywhere, it goes to the unit that decides, and both see it', async () => {
    const { body } = await handIn('reception@HN-STC-2025', {
      ...atCounter,
      receivingPoint: 'HN-STC-2025',
    })
    expect(body).toMatchObject({
      competentUnit: { id: '00082-2025' },
      receivingPoint: 'HN-STC-2025',
      channel: 'direct',
    })
    const seenBy = (who: Who) => ask(who, `/v1/dossiers/${body.code}`).then(({ status }) => status)
    expect(await Promise.all(['reception@HN-STC-2025', 'handler', 'reception@00004-2025'].map(seenBy))).toEqual([
      200, 200, 404,
    ])
  })
})

const many = partOf(60)
test(`${many} at once get as many codes of one day: no number twice, none left out`, async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-01T09:00:00+07:00') })
  const replies = await Promise.all(Array.from({ length: many }, () => handIn(app, simple)))
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]))
  const serials = replies.map(({ body }) => String(body.code).replace('LOCAL.00082-261201-', '')).toSorted()
  expect(serials).toEqual(Array.from({ length: many }, (_, at) => String(at + 1).padStart(4, '0')))
  vi.setSystemTime(new Date('2026-12-01T17:00:00Z'))
  expect((await handIn(app, simple)).body.code).toBe('LOCAL.00082-261202-0001')
})

describe('a dossier of an earlier system goes to who stands in the place of its unit', () => {
  test('of an abolished district, by the ward of the house, with the clause of the law', async () => {
    const taking = await submission({
      procedure: '1.013225',
      change: { place: { unit: '00082-0' }, takenOver: former('002-0', '2025-06-02T02:00:00Z') },
    })
    const key = crypto.randomUUID()
    const reply = await handIn(app, taking, key)
    expect(reply.status).toBe(201)
    expect(reply.headers.get('etag')).toBe('"2"')
    expect(reply.body).toMatchObject({
      procedure: { code: '1.013225', version: 1 },
      competentUnit: { id: '00082-2025' },
      submittedAt: '2025-06-02T09:00:00.000+07:00',
      takenOver: { system: 'hn-old', unit: { id: '002-0', name: { en: 'Hoan Kiem District' } } },
    })
    const { code } = reply.body
    const { body: journal } = await ask('handler', `/v1/dossiers/${code}/events`)
    expect(journal.items.map(({ type }: { type: string }) => type)).toEqual(['dossier.submitted', 'dossier.rerouted'])
    expect(journal.items[1]).toMatchObject({ from: '002-0', to: '00082-2025', on: '2025-07-01', clause: 2 })
    const again = await handIn(app, taking, key)
    expect([again.status, again.headers.get('etag'), again.body]).toEqual([201, '"2"', reply.body])
    const accepted = await ask('reception', `/v1/dossiers/${code}/transitions`, {
      body: { to: 'accepted' },
      headers: { 'if-match': '"2"' },
    })
    expect(accepted.body).toMatchObject({ competentReceivedAt: '2025-06-02T09:00:00.000+07:00', overdue: true })
  })

  test('of a ward that was divided: the candidates are named, and naming one of them settles it', async () => {
    const change = { place: { unit: '00073-0' }, takenOver: former('00073-0') }
    const open = await handIn(app, await submission({ change }))
    expect([open.status, faultsOf(open)]).toEqual([422, ['/place/unit place-ambiguous']])
    expect(open.body.errors[0].detail).toContain('00004-2025, 00070-2025, 00082-2025, 00226-2025')
    const settled = await handIn(app, await submission({ change: { ...change, place: { unit: '00070-2025' } } }))
    expect([settled.status, settled.body.competentUnit?.id]).toEqual([201, '00070-2025'])
    const { body } = await ask(app, `/v1/dossiers/${settled.body.code}/events`)
    expect(body.items[1]).toMatchObject({ to: '00070-2025', clause: 1 })
  })
})
