import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { brokenAt } from '../../src/store/journal.ts'
import { connect } from '../../src/store/database.ts'
import { ask } from '../support/api.ts'
import { registered } from '../support/apps.ts'
import type { Who } from '../support/tokens.ts'
import { copyOf } from '../support/copies.ts'
import { faultsOf } from '../support/walk.ts'

const lan: Who = { kind: 'citizen', personalId: '001190000301' }
const until = (days = 1) => new Date(Date.now() + days * 86_400_000).toISOString()
const loan = { recipient: 'Ngân hàng Ví Dụ', purpose: 'Mở tài khoản', until: until(), most: null }

let id: string
beforeAll(async () => {
  ;({ id } = await copyOf({ personalId: '001190000301' }))
})

const lend = (change: Record<string, unknown> = {}, copy = id, headers: Record<string, string> = {}) =>
  ask(lan, `/v1/copies/${copy}/shares`, { body: { ...loan, ...change }, headers })
const pathOf = (link: string) => new URL(link).pathname
const openings = async (copy = id) => (await ask(lan, `/v1/copies/${copy}/openings`)).body.items

describe('a copy is lent to who holds the link', () => {
  test('who opens the file without an account; the owner sees it, the words stay between the two', async () => {
    const { status, headers, body } = await lend()
    expect([status, headers.get('etag')]).toEqual([201, '"1"'])
    expect(body).toMatchObject({ copy: id, status: 'open', recipient: loan.recipient, openings: 0, revokedAt: null })
    const link = pathOf(body.link)
    const looked = await ask(null, link)
    expect(looked.body).toMatchObject({ copy: { status: 'valid' }, purpose: loan.purpose })
    expect(looked.text).not.toMatch(/001190000301|Ngân hàng/)
    const page = await ask(null, link, { headers: { accept: 'text/html' } })
    expect(page.text).toContain('Còn giá trị')
    const file = await ask(null, `${link}/content`)
    expect([file.status, file.headers.get('content-type'), file.text.slice(0, 5)]).toEqual([
      200,
      'application/pdf',
      '%PDF-',
    ])
    const unchanged = { headers: { 'if-none-match': file.headers.get('etag') ?? '' } }
    expect((await ask(null, `${link}/content`, unchanged)).status).toBe(304)
    const share = await ask(lan, headers.get('location') ?? '')
    expect(share.body).toMatchObject({ openings: 1, status: 'open' })
    expect(share.body.link).toBeUndefined()
    const same = { headers: { 'if-none-match': share.headers.get('etag') ?? '' } }
    expect((await ask(lan, headers.get('location') ?? '', same)).status).toBe(304)
    expect((await openings())[0]).toMatchObject({
      as: 'anybody',
      share: body.id,
      recipient: loan.recipient,
      unit: null,
    })
  })

  test('only the owner lends, sees the shares and the openings', async () => {
    const { body } = await lend()
    const paths = ['shares', `shares/${body.id}`, 'openings'].map((tail) => `/v1/copies/${id}/${tail}`)
    const strangers: [Who | null, number][] = [
      ['citizen2', 404],
      ['company', 404],
      ['certifier', 403],
      [{ kind: 'citizen', personalId: '001190000301', scopes: ['dossiers'] }, 403],
      [null, 401],
    ]
    for (const [who, status] of strangers)
      for (const path of paths) expect([path, (await ask(who, path)).status]).toEqual([path, status])
    expect((await ask('citizen2', `/v1/copies/${id}/shares`, { body: loan })).status).toBe(404)
    expect((await ask(lan, `/v1/copies/${id}/shares/share_${crypto.randomUUID()}`)).body.code).toBe('no-such-share')
  })

  test('the same command again gives the same link and no second share', async () => {
    const key = { 'idempotency-key': crypto.randomUUID() }
    const [first, second] = [await lend({}, id, key), await lend({}, id, key)]
    expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
    expect(second.body).toEqual(first.body)
    expect((await lend({ purpose: 'Khác' }, id, key)).body.code).toBe('idempotency-key-reused')
  })

  test.each([
    ['in the past', { until: until(-1) }],
    ['after more than a year', { until: until(400) }],
  ])('it ends: never %s', async (_why, change) => {
    const reply = await lend(change)
    expect([reply.status, faultsOf(reply)]).toEqual([422, ['/until out-of-bounds']])
  })

  test('ended, used up, or taken back, it says which, and opens nothing', async () => {
    const links: Record<string, string> = {}
    for (const [name, change] of Object.entries({ once: { most: 1 }, soon: {}, back: {} })) {
      const { body } = await lend(change)
      links[name] = pathOf(body.link)
      if (name === 'back') {
        const takeBack = () => ask(lan, `/v1/copies/${id}/shares/${body.id}`, { method: 'DELETE' })
        expect([(await takeBack()).status, (await takeBack()).status]).toEqual([204, 204])
        expect((await ask(lan, `/v1/copies/${id}/shares/${body.id}`)).body.status).toBe('revoked')
      }
    }
    const both = await Promise.all([1, 2].map(() => ask(null, `${links['once']}/content`)))
    expect(both.map(({ status }) => String(status)).toSorted()).toEqual(['200', '410'])
    const codeOf = async (path = '') => (await ask(null, path)).body.code
    expect(await codeOf(links['once'])).toBe('share-used-up')
    expect(await codeOf(`${links['back']}/content`)).toBe('share-revoked')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 86_400_000 })
    expect(await codeOf(links['soon'])).toBe('share-ended')
    vi.useRealTimers()
    expect(await codeOf(`/v1/shares/${'x'.repeat(43)}`)).toBe('no-such-share')
  })

  test('a revoked copy is not handed on, and cannot be lent', async () => {
    const other = await copyOf({ personalId: '001190000301' })
    const { body } = await lend({}, other.id)
    await ask('certifier', `/v1/copies/${other.id}/revocation`, {
      body: { reason: 'certified-wrongly' },
      headers: { 'if-match': other.etag },
    })
    expect((await ask(null, pathOf(body.link))).body.copy.status).toBe('revoked')
    const file = await ask(null, `${pathOf(body.link)}/content`)
    expect([file.status, file.body.code]).toEqual([410, 'copy-revoked'])
    expect((await lend({}, other.id)).body.code).toBe('copy-not-valid')
  })
})

describe('who opened a copy is recorded, as what and not as whom', () => {
  test('owner, official, app; not who only asks whether it changed', async () => {
    const { id: copy } = await copyOf({ personalId: '001190000301' })
    const { body } = await lend({}, copy)
    const { id: appId } = await registered()
    const app: Who = { kind: 'app', id: appId, scopes: ['dossiers:read'] }
    const own = await ask(lan, `/v1/copies/${copy}/content`)
    const unchanged = { headers: { 'if-none-match': own.headers.get('etag') ?? '' } }
    expect((await ask(lan, `/v1/copies/${copy}/content`, unchanged)).status).toBe(304)
    expect((await ask(lan, `/v1/copies/${copy}/content`, { method: 'HEAD' })).status).toBe(200)
    await ask('handler', `/v1/copies/${copy}/content`)
    await ask('handler@HN-STC-2025', `${pathOf(body.link)}/content`)
    await ask(app, `${pathOf(body.link)}/content`)
    const seen = await openings(copy)
    expect(seen.map((one: any) => [one.as, one.unit?.id ?? one.app, one.recipient])).toEqual([
      ['app', expect.any(String), loan.recipient],
      ['officer', 'HN-STC-2025', loan.recipient],
      ['officer', '00082-2025', null],
      ['owner', null, null],
    ])
    const first = await ask(lan, `/v1/copies/${copy}/openings?limit=3`)
    const rest = await ask(lan, `/v1/copies/${copy}/openings?limit=3&after=${first.body.next}`)
    expect([first.body.items.length, rest.body.items.length, rest.body.next]).toEqual([3, 1, null])
  })

  test('journal and tables hold neither token, words nor persons', async () => {
    const { body } = await lend({ recipient: 'Bà Trần Thị Rất Riêng', purpose: 'Việc rất riêng' })
    await ask(null, `${pathOf(body.link)}/content`)
    const rows = await Promise.all(
      ['copy_share', 'copy_opening', 'journal', 'outbox'].map(
        async (table) => (await env.DB.prepare(`SELECT * FROM ${table}`).all()).results,
      ),
    )
    const text = JSON.stringify(rows)
    expect(text).toContain(body.id)
    for (const secret of ['riêng', 'Riêng', body.link.split('/').at(-1), '001190000301'])
      expect(text).not.toContain(secret)
    expect(await brokenAt(connect(env.DB), body.id)).toBe(null)
  })
})

test('an account is searched by status, procedure, number and time', async () => {
  const account = async (query: string) => (await ask(lan, `/v1/copies?${query}`)).body.items.map((one: any) => one.id)
  const { body } = await ask(lan, `/v1/copies/${id}`)
  const before = encodeURIComponent(body.issuedAt)
  expect(await account(`number=${body.number}`)).toEqual([id])
  expect(await account('status=valid&procedure=1.004873')).toContain(id)
  expect(await account('procedure=1.001193')).toEqual([])
  expect(await account('status=revoked')).not.toContain(id)
  expect(await account(`issuedBefore=${before}`)).toEqual([])
  expect(await account(`issuedAfter=${before}`)).not.toContain(id)
  expect(await account('issuedAfter=2026-01-01T00:00:00Z')).toContain(id)
})
