import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { examples } from '../../src/routes/dossiers/examples.ts'
import { ask, type Reply } from '../support/api.ts'
import type { Who } from '../support/tokens.ts'
import { pdf } from '../support/pdf.ts'
import { partOf } from '../support/exhaustive.ts'
import { app, faultsOf, filed, handIn, rowsWritten, step, submission, uploaded } from '../support/walk.ts'

const again = (reply: Reply) => reply.headers.get('idempotent-replayed')
const times = <T>(count: number, ask: () => Promise<T>) => Promise.all(Array.from({ length: count }, ask))
afterEach(() => void vi.useRealTimers())

const newKey = () => crypto.randomUUID()
const many = partOf(50)

/** Each a matter of its own. */
const communes = ['00004-2025', '00070-2025']
const nextCommune = () => communes.shift() ?? '00082-2025'

describe('the same dossier sent again is the same dossier', () => {
  test(`${many} at once: one dossier, the same answer each time, and nothing left over`, async () => {
    const [body, key, before] = [await submission({ procedure: '1.001193' }), newKey(), await rowsWritten()]
    const replies = await times(many, () => handIn(app, body, key))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
    expect(replies.filter((reply) => again(reply) === null)).toHaveLength(1)
    expect(replies.filter((reply) => again(reply) === 'true')).toHaveLength(many - 1)
    const after = await rowsWritten()
    const grew = Object.entries(after ?? {}).map(([name, count]) => [name, count - (before?.[name] ?? 0)])
    expect(Object.fromEntries(grew)).toMatchObject({
      dossier: 1,
      dossier_key: 1,
      dossier_sealed: 1,
      dossier_file: 1,
      dossier_party: 1,
      journal: 1,
      idempotency: 1,
      codes: 1,
    })
  })

  test('after the dossier has moved on, the first reply comes again to the letter', async () => {
    const [body, key] = [await submission(), newKey()]
    const first = await handIn(app, body, key)
    await step('reception', first.body.code, { to: 'accepted' })
    await step('handler', first.body.code, { to: 'processing' })
    const second = await handIn(app, body, key)
    expect([second.status, second.text, second.headers.get('etag')]).toEqual([201, first.text, '"1"'])
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect(second.body).toMatchObject({ version: 1, status: 'submitted', dueAt: null })
  })

  test('in quotes or bare it is the same key; sorted otherwise it is the same body', async () => {
    const [{ applicant, ...rest }, key] = [await submission(), newKey()]
    const first = await handIn(app, { ...rest, applicant }, key)
    const quoted = await handIn(app, { applicant, representative: null, ...rest }, `"${key}"`)
    expect([quoted.text, again(quoted)]).toEqual([first.text, 'true'])
  })

  test('another app’s key is another key', async () => {
    const [body, key] = [examples.submission, newKey()]
    const other: Who = { kind: 'app', id: 'app_other', scopes: ['dossiers:submit', 'dossiers:read'] }
    const [one, two] = [await handIn(app, body, key), await handIn(other, body, key)]
    expect([one.status, two.status, again(two)]).toEqual([201, 201, null])
    expect(two.body.code).not.toBe(one.body.code)
  })
})

test('the same key with another body is refused, and told where the bodies differ', async () => {
  const [body, key] = [await submission(), newKey()]
  await handIn(app, body, key)
  const before = await rowsWritten()
  const form = { ...body.form, purpose: 'other', purposeText: 'Xin việc', futureSpouse: undefined }
  const reply = await handIn(
    app,
    { ...body, form, returnBy: 'post', applicant: { ...body.applicant, phone: undefined } },
    key,
  )
  expect([reply.status, reply.body.code]).toEqual([422, 'idempotency-key-reused'])
  expect(new Set(faultsOf(reply).map((fault) => fault.replace(/(futureSpouse)\/\w+/, '$1')))).toEqual(
    new Set([
      '/applicant/phone differs',
      '/form/futureSpouse differs',
      '/form/purpose differs',
      '/form/purposeText differs',
      '/returnBy differs',
    ]),
  )
  expect(reply.text).not.toMatch(/Xin việc|Mẫu/)
  expect(await rowsWritten()).toEqual(before)
})

test.each([
  ['none', undefined, 400, 'idempotency-key-needed'],
  ['empty', '', 400, 'unreadable-request'],
  ['empty in quotes', '""', 400, 'unreadable-request'],
  ['a quote too few', '"abc', 400, 'unreadable-request'],
  ['with a space', 'a b', 400, 'unreadable-request'],
  ['longer than 255', 'x'.repeat(256), 400, 'unreadable-request'],
  ['as long as may be', 'x'.repeat(255), 201, undefined],
  ['with escaped quotes', String.raw`"a\"b\\c d"`, 201, undefined],
])('a key %s', async (_what, key, status, code) => {
  const headers = key === undefined ? {} : { 'idempotency-key': key }
  const body = { ...examples.submission, place: { unit: status === 201 ? nextCommune() : '00082-2025' } }
  const reply = await ask(app, '/v1/dossiers', { body, headers })
  expect([reply.status, reply.body.code]).toEqual([status, code ?? reply.body.code])
})

describe('every other command can be sent again, too', () => {
  const move = (code: string, body: object, version: number, key: string, who: Who = 'reception') =>
    ask(who, `/v1/dossiers/${code}/transitions`, {
      body,
      headers: { 'if-match': `"${version}"`, 'idempotency-key': key },
    })

  test('a step: ten at once are one step, later it answers as then although its If-Match is stale', async () => {
    const [{ body: dossier }, key] = [await filed(), newKey()]
    const replies = await times(10, () => move(dossier.code, { to: 'accepted', note: 'Đủ hồ sơ' }, 1, key))
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(replies[0]).toMatchObject({ status: 200, body: { status: 'accepted', version: 2 } })
    expect(replies.filter((reply) => again(reply) === 'true')).toHaveLength(9)
    await step('handler', dossier.code, { to: 'processing' })
    const late = await move(dossier.code, { to: 'accepted', note: 'Đủ hồ sơ' }, 1, key)
    expect([late.status, again(late), late.text, late.headers.get('etag')]).toEqual([
      200,
      'true',
      replies[0]?.text,
      '"2"',
    ])
    const other = await move(dossier.code, { to: 'accepted', note: 'Thiếu' }, 1, key)
    expect([other.status, faultsOf(other)]).toEqual([422, ['/note differs']])
    const elsewhere = await move((await filed()).body.code, { to: 'accepted', note: 'Đủ hồ sơ' }, 1, key)
    expect([elsewhere.status, elsewhere.body.code]).toEqual([422, 'idempotency-key-reused'])
  })

  test('what was in time when it was done is told so years later, too', async () => {
    const at = (time: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(time) })
    at('2026-12-07T09:00:00+07:00')
    const [{ body: dossier }, key] = [await filed(), newKey()]
    const first = await move(dossier.code, { to: 'accepted' }, 1, key)
    at('2027-11-08T09:00:00+07:00')
    const late = await move(dossier.code, { to: 'accepted' }, 1, key)
    expect([late.text, again(late), late.body.overdue]).toEqual([first.text, 'true', false])
    expect((await ask(app, `/v1/dossiers/${dossier.code}`)).body.overdue).toBe(true)
  })

  test('a supplement with its file', async () => {
    const { body: dossier } = await filed({ procedure: '1.001193' })
    await step('reception', dossier.code, { to: 'accepted' })
    const components = ['birth-notification']
    await step('handler', dossier.code, {
      to: 'awaiting-supplement',
      components,
      reason: 'Bản chụp bị mờ, không đọc được.',
    })
    const body = { components: [{ component: components[0], file: await uploaded(app) }], note: 'Gửi lại' }
    const headers = { 'if-match': '"3"', 'idempotency-key': newKey() }
    const replies = await times(8, () => ask(app, `/v1/dossiers/${dossier.code}/supplements`, { body, headers }))
    expect(replies.map(({ status, text }) => [status, text])).toEqual(replies.map(() => [200, replies[0]?.text]))
    expect(replies[0]?.body).toMatchObject({ status: 'accepted', version: 4 })
    expect(replies.filter((reply) => again(reply) === 'true')).toHaveLength(7)
  })

  test('an upload: one file, and no other bytes are kept', async () => {
    const [bytes, key] = [pdf(), newKey()]
    const upload = (body: Uint8Array) =>
      ask(app, '/v1/files', { body, headers: { 'content-type': 'application/pdf', 'idempotency-key': key } })
    const before = await env.FILES.list({ prefix: 'files/' })
    const replies = await times(5, () => upload(bytes))
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    const other = await upload(pdf())
    expect([other.status, faultsOf(other)]).toEqual([422, ['/sha256 differs']])
    const after = await env.FILES.list({ prefix: 'files/' })
    expect(after.objects.length - before.objects.length).toBe(1)
  })
})
