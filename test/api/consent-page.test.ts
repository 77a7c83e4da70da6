import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import { basic, origin } from '../support/apps.ts'
import {
  asked,
  type AskingApp,
  askingApp,
  atPage,
  browser,
  browserless,
  callback,
  consentsOf,
  everything,
  locationOf,
  loggedIn,
  mau,
} from '../support/consents.ts'
import { quiet } from '../support/quiet.ts'
import { filed } from '../support/walk.ts'

quiet('login.failed')

let app: AskingApp
let dossier = ''
beforeAll(async () => {
  app = await askingApp()
  dossier = (await filed()).body.code
})

const errorOf = (back: URL) => Object.fromEntries(back.searchParams)

describe('an authorization request', () => {
  test.each<[string, Record<string, string>]>([
    ['an address that differs by a letter', { redirect_uri: `${callback}/` }],
    ['an address of somebody else', { redirect_uri: 'https://evil.example/callback' }],
    ['an address that begins alike', { redirect_uri: 'https://app.example.evil.example/callback' }],
    ['no address', { redirect_uri: '' }],
    ['a client that nobody knows', { client_id: `app_${crypto.randomUUID()}` }],
    ['a pushed request that there is not', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }],
  ])('%s leads nowhere', async (_, change) => {
    const { parameters } = await asked(app)
    const query = new URLSearchParams({ client_id: app.id, response_type: 'code', ...parameters, ...change })
    const reply = await browser()(`/oauth/authorize?${query.toString()}`)
    expect([400, 404]).toContain(reply.status)
    expect(reply.headers.get('location')).toBeNull()
    expect(reply.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(reply.text).not.toContain('evil.example')
  })

  test.each<[string, Record<string, string>, string]>([
    ['a token at once', { response_type: 'token' }, 'unsupported_response_type'],
    ['no response type', { response_type: '' }, 'invalid_request'],
    ['PKCE by plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no PKCE', { code_challenge: '' }, 'invalid_request'],
    ['a scope of apps', { scope: 'dossiers:submit citizen:copies:read' }, 'invalid_scope'],
    ['no scope', { scope: '' }, 'invalid_scope'],
    ['a purpose of its own', { purpose: 'whatever' }, 'invalid_request'],
    ['an answer in the fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['a request object', { request: 'e30.e30.' }, 'invalid_request'],
    ['another service', { resource: 'https://elsewhere.example' }, 'invalid_target'],
    ['a state without end', { state: 's'.repeat(1001) }, 'invalid_request'],
  ])('%s goes back to the app as RFC 6749 has it, with iss', async (_, change, error) => {
    const { parameters, state } = await asked(app)
    const query = new URLSearchParams({ client_id: app.id, response_type: 'code', ...parameters, ...change })
    const back = locationOf(await browser()(`/oauth/authorize?${query.toString()}`))
    expect(back.origin + back.pathname).toBe(callback)
    const expected = { error, error_description: expect.stringMatching(/^[ -~]+$/), iss: origin }
    expect(errorOf(back)).toEqual({ ...expected, state: change['state'] ?? state })
  })

  test('a parameter that comes twice is an error, and twice a client or address is nobody’s', async () => {
    const { url } = await asked(app)
    const back = locationOf(await browser()(`${url.href}&scope=x`))
    expect(errorOf(back)['error']).toBe('invalid_request')
    for (const name of ['client_id', 'redirect_uri'])
      expect((await browser()(`${url.href}&${name}=x`)).headers.get('location')).toBeNull()
  })

  test('an address with a query keeps it', async () => {
    const own = 'https://app.example/other?from=city'
    const { url } = await asked(app, { redirect_uri: own, scope: 'x' })
    expect(locationOf(await browser()(url.href)).href).toContain(`${own}&error=invalid_scope`)
  })

  test('pushed, it is told at once what is wrong with it', async () => {
    const push = (fields: Record<string, string>, headers = basic(app.id, app.clientSecret)) =>
      browserless('/oauth/par', fields, headers)
    const { parameters } = await asked(app)
    const right = { response_type: 'code', ...parameters }
    expect(await push({ ...right, scope: 'x' })).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    expect(await push({ ...right, redirect_uri: 'https://evil.example' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
    expect(await push({ ...right, request_uri: 'urn:x' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
    expect((await push(right, basic(app.id, 'wrong'))).status).toBe(401)
    const pushed = await push(right)
    expect(pushed).toMatchObject({ status: 201, body: { expires_in: 90 } })
    const thief = await askingApp()
    const query = new URLSearchParams({ client_id: thief.id, request_uri: pushed.body.request_uri })
    expect((await browser()(`/oauth/authorize?${query.toString()}`)).status).toBe(404)
  })
})

describe('the login', () => {
  const start = async () => {
    const visit = browser()
    const { url, state } = await asked(app)
    return { visit, state, login: locationOf(await visit(url.href)) }
  }

  test('is asked for our API, with PKCE, nonce and state, and for nothing in the clear', async () => {
    const { login } = await start()
    expect(login.origin).toBe('https://people.test')
    expect(Object.fromEntries(login.searchParams)).toMatchObject({
      client_id: 'motcua',
      response_type: 'code',
      scope: 'openid dossiers copies',
      resource: origin,
      code_challenge_method: 'S256',
      redirect_uri: `${origin}/oauth/callback`,
      nonce: expect.any(String),
    })
  })

  test.each(['nonce', 'other-subject', 'no-person', 'down'] as const)(
    'that is wrong (%s) brings no page',
    async (fault) => {
      const { visit, login, state } = await start()
      const back = locationOf(await visit(loggedIn(login, mau, fault)))
      expect(errorOf(back)).toMatchObject({ error: 'server_error', state, iss: origin })
    },
  )

  test('that another issuer answers (mix-up), or that was refused, is told to the app', async () => {
    const first = await start()
    const mixed = new URL(loggedIn(first.login))
    mixed.searchParams.set('iss', 'https://evil.example')
    expect(errorOf(locationOf(await first.visit(mixed.href)))['error']).toBe('server_error')
    const second = await start()
    const back = new URLSearchParams({ error: 'access_denied', iss: 'https://people.test' })
    back.set('state', second.login.searchParams.get('state') ?? '')
    expect(errorOf(locationOf(await second.visit(`/oauth/callback?${back.toString()}`)))['error']).toBe('access_denied')
  })

  test('of a citizen whose token reaches nothing of it is no consent', async () => {
    const { visit, login } = await start()
    const back = locationOf(await visit(loggedIn(login, { ...mau, scope: 'openid' })))
    expect(errorOf(back)['error']).toBe('access_denied')
  })

  test('belongs to the browser that began it: another one gets nothing, with or without a cookie', async () => {
    const { visit, login } = await start()
    expect((await browser()(loggedIn(login))).status).toBe(404)
    expect((await (await start()).visit(loggedIn(login))).status).toBe(404)
    const page = locationOf(await visit(loggedIn(login))).pathname
    expect((await visit(loggedIn(login))).status).toBe(404)
    expect((await browser()(page)).status).toBe(404)
    expect((await visit(page)).status).toBe(200)
  })

  test('takes too long: a quarter of an hour later there is no page any more', async () => {
    const { visit, login } = await start()
    const page = locationOf(await visit(loggedIn(login))).pathname
    await env.DB.prepare(`UPDATE authorization SET expires_at = '2026-01-01T00:00:00.000+07:00'`).run()
    const reply = await visit(page)
    expect(reply.status).toBe(404)
    expect(reply.headers.get('content-type')).toContain('text/html')
    const json = { accept: 'application/json' }
    expect((await visit(page, undefined, json)).body.code).toBe('no-such-authorization')
    const old = `/oauth/authorize?client_id=${app.id}&request_uri=urn:ietf:params:oauth:request_uri:x`
    expect((await visit(old, undefined, json)).body.code).toBe('no-such-authorization')
  })
})

describe('the page', () => {
  const opened = async () => {
    const visit = browser()
    const { url } = await asked(app)
    return { visit, ...(await atPage(visit, url)) }
  }

  test('says who asks for what, for what, how long; chooses nothing beforehand; and can be neither framed nor kept', async () => {
    const { shown, visit, page } = await opened()
    for (const words of ['Ứng dụng Ví Dụ', 'Mở tài khoản ngân hàng', 'app.example', 'Nguyễn Thị Mẫu', dossier])
      expect(shown.text).toContain(words)
    expect(shown.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self' https://app.example; frame-ancestors 'none'",
    )
    expect(shown.headers.get('x-frame-options')).toBe('DENY')
    expect(shown.headers.get('cache-control')).toBe('no-store')
    expect(shown.text.match(/value="all"[^>]*checked/)).toBeNull()
    expect(shown.text).not.toContain('<script')
    const english = await visit(`${page}?lang=en`)
    expect(english.text).toContain('Open a bank account')
    expect(english.headers.get('content-language')).toBe('en')
  })

  test('refused: the app learns that, and nothing was given', async () => {
    const before = (await consentsOf()).length
    const { visit, page, form } = await opened()
    const back = locationOf(await visit(page, { form, decision: 'deny' }))
    expect(errorOf(back)).toMatchObject({ error: 'access_denied', iss: origin })
    expect((await consentsOf()).length).toBe(before)
    expect((await visit(page)).status).toBe(404)
  })

  test('is answered once, also by two at once', async () => {
    const { visit, page, form } = await opened()
    const before = (await consentsOf()).length
    const both = await Promise.all([0, 1].map(() => visit(page, { ...everything, form })))
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 404])
    expect((await consentsOf()).length).toBe(before + 1)
  })

  test('left open, or answered with what it did not offer, it is shown again', async () => {
    const { visit, page, form } = await opened()
    const strangers = (await filed({ personalId: '001085000002' })).body.code
    for (const change of [
      { 'citizen:dossiers:read': 'none', 'citizen:copies:read': 'none' },
      { days: '9999' },
      { days: 'x' },
      { side: 'organisation' },
    ] as Record<string, string>[]) {
      const reply = await visit(page, { ...everything, form, ...change })
      expect(reply.status, JSON.stringify(change)).toBe(200)
      expect(reply.text).toContain('role="alert"')
    }
    const foreign = new URLSearchParams({ ...everything, 'citizen:dossiers:read': 'only', form })
    foreign.append('citizen:dossiers:read', strangers)
    expect((await visit(page, foreign)).status).toBe(200)
    expect((await visit(page, { ...everything, form })).status).toBe(303)
  })

  test('a form of another site, or of nobody, allows nothing', async () => {
    const { visit, page, form } = await opened()
    for (const [fields, headers] of [
      [{ ...everything }, {}],
      [{ ...everything, form: 'A'.repeat(43) }, {}],
      [{ ...everything, form: `${form}A` }, {}],
      [{ ...everything, form }, { 'sec-fetch-site': 'cross-site' }],
    ] as [Record<string, string>, Record<string, string>][])
      expect((await visit(page, fields, headers)).status).toBe(403)
    const another = await opened()
    expect((await visit(page, { ...everything, form: another.form })).status).toBe(403)
    expect((await browser()(page, { ...everything, form })).status).toBe(403)
    const long = { ...everything, form, more: 'x'.repeat(20_000) }
    expect((await visit(page, long)).status).toBe(413)
    const json = { accept: 'application/json' }
    expect((await visit(page, long, json)).body.code).toBe('too-large')
    const again = await opened()
    expect((await visit(page, { ...everything, form }, { 'sec-fetch-site': 'same-origin' })).status).toBe(303)
    await env.DB.prepare(`UPDATE authorization SET expires_at = '2026-01-01T00:00:00.000+07:00'`).run()
    expect((await again.visit(again.page, { ...everything, form: again.form }, json)).body.code).toBe(
      'no-such-authorization',
    )
  })

  test('nothing that a browser goes through lies open in the database', async () => {
    await opened()
    const { results } = await env.DB.prepare('SELECT * FROM authorization').all()
    const text = JSON.stringify(results, (_, value: unknown) =>
      Array.isArray(value) ? String.fromCharCode(...(value as number[])) : value,
    )
    expect(text).not.toContain('001190000001')
    expect(text).not.toContain('app.example')
  })
})

describe('an operator', () => {
  test('sets what an app may ask for, and sees nothing of who consented', async () => {
    const own = await askingApp()
    const path = `/v1/apps/${own.id}/consent-terms`
    const read = await ask('operator', path)
    expect(read.body.redirectUris).toContain(callback)
    const cached = { headers: { 'if-none-match': read.headers.get('etag') ?? '' } }
    expect((await ask('operator', path, cached)).status).toBe(304)
    expect((await ask('operator', '/v1/consents')).body.code).toBe('not-allowed')
    expect((await ask('operator', `/v1/apps/app_${crypto.randomUUID()}/consent-terms`)).body.code).toBe('no-such-app')
  })

  test.each([
    ['http elsewhere', { redirectUris: ['http://app.example/callback'] }],
    ['a fragment', { redirectUris: ['https://app.example/#x'] }],
    ['a user', { redirectUris: ['https://city@evil.example/'] }],
    ['a script', { redirectUris: ['javascript:alert(1)'] }],
    ['words', { redirectUris: ['our app'] }],
    ['no address', { redirectUris: [] }],
    ['no purpose', { purposes: [] }],
    ['a scope that there is not', { scopes: ['citizen:everything'] }],
  ])('cannot register %s', async (_, change) => {
    const { id } = app
    const body = { scopes: [], redirectUris: [callback], purposes: [{ id: 'a', vi: 'A', en: 'A' }], ...change }
    const asking =
      'redirectUris' in change || 'purposes' in change ? { ...body, scopes: ['citizen:copies:read'] } : body
    const reply = await ask('operator', `/v1/apps/${id}/consent-terms`, { method: 'PUT', body: asking })
    expect(reply.body.code).toBe('invalid-request')
  })
})
