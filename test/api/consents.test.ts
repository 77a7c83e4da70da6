import { env } from 'cloudflare:workers'
import * as oauth from 'oauth4webapi'
import * as oidc from 'openid-client'
import { beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import { askToken, basic, customFetch, expectDenied, origin } from '../support/apps.ts'
import {
  asked,
  type AskingApp,
  askingApp,
  atPage,
  bothScopes,
  browser,
  browserless,
  callback,
  consented,
  consentsOf,
  everything,
  formIn,
  locationOf,
  mau,
  withToken,
} from '../support/consents.ts'
import { copyOf } from '../support/copies.ts'
import { filed } from '../support/walk.ts'

let app: AskingApp
let [dossier, copy] = ['', '']
beforeAll(async () => {
  app = await askingApp()
  const made = await copyOf()
  ;[dossier, copy] = [made.code, made.id]
})

describe('a strict client asks, a citizen consents', () => {
  test('openid-client: login, page, code, tokens; the app then reads what the citizen has, and each reading is told', async () => {
    const { tokens } = await consented(app)
    expect(tokens.scope).toBe(bothScopes)
    const reads = async (path: string) => withToken(tokens.access_token, path)
    const list = await reads('/v1/dossiers')
    expect(list.body.items.map(({ code }: { code: string }) => code)).toContain(dossier)
    const whole = await reads(`/v1/dossiers/${dossier}`)
    expect(whole.body.applicant.personalId).toBe('001190000001')
    expect((await reads(`/v1/dossiers/${dossier}/events`)).status).toBe(200)
    expect((await reads(`/v1/dossiers/${dossier}/slips/receipt`)).status).toBe(200)
    const { components } = whole.body
    const file = components.find((one: { file?: string }) => one.file)?.file
    if (file) expect((await reads(`/v1/files/${file}`)).status).toBe(200)
    expect((await reads('/v1/copies')).body.items[0].id).toBe(copy)
    const { headers } = await reads(`/v1/copies/${copy}/content`)
    expect(
      (await withToken(tokens.access_token, `/v1/copies/${copy}`, { 'if-none-match': headers.get('etag') ?? '' }))
        .status,
    ).toBe(200)

    const [consent] = await consentsOf()
    expect(consent).toMatchObject({
      status: 'given',
      app: { id: app.id, name: 'Ứng dụng Ví Dụ' },
      purpose: { vi: 'Mở tài khoản ngân hàng', en: 'Open a bank account' },
      scopes: bothScopes.split(' '),
      dossiers: 'all',
      copies: 'all',
      side: 'person',
      endedAt: null,
    })
    expect(consent.lastUsedAt).not.toBeNull()
    const uses = await ask('citizen', `/v1/consents/${consent.id}/uses?limit=3`)
    const rest = await ask(
      'citizen',
      `/v1/consents/${consent.id}/uses?limit=100&after=${encodeURIComponent(uses.body.next)}`,
    )
    const told = [...uses.body.items, ...rest.body.items]
    expect(new Set(told.map(({ what }) => what))).toEqual(
      new Set(['content', 'copies', 'copy', 'dossier', 'dossiers', 'events', 'slip', ...(file ? ['file'] : [])]),
    )
    expect(new Set(told.map(({ what, dossier: code, copy: id }) => `${what} ${code} ${id}`)).size).toBe(told.length)
    expect(told.find(({ what }) => what === 'dossier')).toMatchObject({ dossier, copy: null, times: 1 })
    const openings = await ask('citizen', `/v1/copies/${copy}/openings`)
    expect(openings.body.items[0]).toMatchObject({ as: 'app', app: 'Ứng dụng Ví Dụ', consent: consent.id, share: null })
    const journal = await env.DB.prepare(
      `SELECT record FROM journal WHERE type = 'copy.opened' ORDER BY at DESC LIMIT 1`,
    ).first<string>('record')
    expect(JSON.parse(journal ?? '{}').actor).toEqual({ kind: 'app', id: app.id, consent: consent.id })
  })

  test('nothing else works under it: no change, no other person, nothing of the app’s own', async () => {
    const { tokens } = await consented(app)
    const token = tokens.access_token
    const other = (await filed({ personalId: '001085000002' })).body.code
    expect((await withToken(token, `/v1/dossiers/${other}`)).status).toBe(404)
    for (const path of [
      `/v1/dossiers/${dossier}/payments`,
      `/v1/copies/${copy}/openings`,
      `/v1/copies/${copy}/shares`,
      '/v1/consents',
      '/v1/mandates',
      '/v1/events',
      '/v1/webhooks',
      '/v1/apps',
    ])
      expect((await withToken(token, path)).body.code, path).toBe('not-allowed')
  })

  test('oauth4webapi: a pushed request, private_key_jwt’s kin by Basic, PKCE, iss, refresh and revocation', async () => {
    const server = await oauth
      .discoveryRequest(new URL(origin), { algorithm: 'oauth2', [oauth.customFetch]: customFetch })
      .then((response) => oauth.processDiscoveryResponse(new URL(origin), response))
    const client = { client_id: app.id }
    const proof = oauth.ClientSecretBasic(app.clientSecret)
    const options = { [oauth.customFetch]: customFetch }
    const { parameters, verifier, state } = await asked(app, { response_type: 'code', ui_locales: 'en' })
    const pushing = await oauth.pushedAuthorizationRequest(
      server,
      client,
      proof,
      new URLSearchParams(parameters),
      options,
    )
    const pushed = await oauth.processPushedAuthorizationResponse(server, client, pushing)
    const url = new URL(server.authorization_endpoint ?? '')
    url.search = new URLSearchParams({ client_id: app.id, request_uri: pushed.request_uri }).toString()
    const visit = browser()
    const { page, shown, form } = await atPage(visit, url)
    expect(shown.text).toContain('asks to read what is yours')
    // A pushed request is good once.
    expect((await browser()(url.href)).status).toBe(404)
    const back = locationOf(await visit(page, { ...everything, form }))
    const checked = oauth.validateAuthResponse(server, client, back, state)
    const exchange = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      proof,
      checked,
      callback,
      verifier,
      options,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, exchange)
    const again = await oauth.refreshTokenGrantRequest(server, client, proof, tokens.refresh_token ?? '', options)
    const fresh = await oauth.processRefreshTokenResponse(server, client, again)
    expect(fresh.refresh_token).not.toBe(tokens.refresh_token)
    expect((await withToken(fresh.access_token, '/v1/copies')).status).toBe(200)
    const revoking = await oauth.revocationRequest(server, client, proof, fresh.refresh_token ?? '', options)
    await oauth.processRevocationResponse(revoking)
    expect((await withToken(fresh.access_token, '/v1/copies')).body.code).toBe('token-invalid')
    expect((await consentsOf())[0]).toMatchObject({ status: 'ended', because: 'given-back' })
  })

  test('a citizen narrows it to one copy and one scope: the app sees that and learns nothing of the rest', async () => {
    const { body: mine } = await ask('citizen', '/v1/copies')
    const answer = { 'citizen:copies:read': 'only', 'citizen:dossiers:read': 'none' }
    const visit = browser()
    const { url, verifier, state } = await asked(app)
    const { page, form, shown } = await atPage(visit, url)
    expect(shown.text).toContain(`value="${copy}"`)
    const sent = new URLSearchParams({ ...everything, ...answer, form })
    sent.append('citizen:copies:read', copy)
    const back = locationOf(await visit(page, sent))
    const tokens = await oidc.authorizationCodeGrant(app.client, back, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    })
    expect(tokens.scope).toBe('citizen:copies:read')
    const second = (await copyOf()).id
    const list = (await withToken(tokens.access_token, '/v1/copies')).body.items
    expect(list.map(({ id }: { id: string }) => id)).toEqual([copy])
    expect(mine.items.length).toBeGreaterThan(0)
    expect((await withToken(tokens.access_token, `/v1/copies/${second}/content`)).status).toBe(404)
    expect((await withToken(tokens.access_token, '/v1/dossiers')).body.code).toBe('not-allowed')
    expect((await consentsOf())[0]).toMatchObject({ dossiers: null, copies: [copy], scopes: ['citizen:copies:read'] })
  })

  test('only certain dossiers: lists and single ones keep to them', async () => {
    const second = (await filed()).body.code
    const visit = browser()
    const { url, verifier, state } = await asked(app, { scope: 'citizen:dossiers:read' })
    const { page, form } = await atPage(visit, url)
    const sent = new URLSearchParams({ decision: 'allow', side: 'person', days: '30', form })
    for (const value of ['only', second]) sent.append('citizen:dossiers:read', value)
    const back = locationOf(await visit(page, sent))
    const { access_token: token } = await oidc.authorizationCodeGrant(app.client, back, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    })
    const { items } = (await withToken(token, '/v1/dossiers')).body
    expect(items.map(({ code }: { code: string }) => code)).toEqual([second])
    expect((await withToken(token, `/v1/dossiers/${dossier}`)).status).toBe(404)
    const [told] = await consentsOf()
    expect(told.dossiers).toEqual([second])
    const read = await ask('citizen', `/v1/consents/${told.id}`)
    expect(read.status).toBe(200)
    const cached = { headers: { 'if-none-match': read.headers.get('etag') ?? '' } }
    expect((await ask('citizen', `/v1/consents/${told.id}`, cached)).status).toBe(304)
  })

  test('who acts for an organisation chooses for whom: one consent never covers both', async () => {
    const both = { ...mau, sub: 'c-both', tax_code: '0100000000' }
    const visit = browser()
    const { url, verifier, state } = await asked(app)
    const { page } = await atPage(visit, url, both)
    const shown = await visit(`${page}?side=organisation&lang=en`)
    expect(shown.text).toContain('The organisation with tax code 0100000000')
    const back = locationOf(await visit(page, { ...everything, side: 'organisation', form: formIn(shown) }))
    const { access_token: token } = await oidc.authorizationCodeGrant(app.client, back, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    })
    expect((await withToken(token, '/v1/copies')).body.items).toEqual([])
    const [own] = (await ask('company', '/v1/consents')).body.items
    expect(own).toMatchObject({ side: 'organisation', status: 'given' })
    expect((await ask('citizen', `/v1/consents/${own.id}`)).body.code).toBe('no-such-consent')
  })
})

describe('what ends a consent ends everything under it at once', () => {
  test('the citizen withdraws it in the middle: neither token is good any more, and the app is told to ask anew', async () => {
    const { tokens } = await consented(app)
    expect((await withToken(tokens.access_token, '/v1/copies')).status).toBe(200)
    const [{ id }] = await consentsOf()
    expect((await ask('citizen2', `/v1/consents/${id}`, { method: 'DELETE' })).body.code).toBe('no-such-consent')
    expect((await ask('citizen', `/v1/consents/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await ask('citizen', `/v1/consents/${id}`, { method: 'DELETE' })).status).toBe(204)
    const refused = await withToken(tokens.access_token, '/v1/copies')
    expect(refused.body.code).toBe('token-invalid')
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"')
    await expect(oidc.refreshTokenGrant(app.client, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    expect((await consentsOf())[0]).toMatchObject({ id, status: 'ended', because: 'withdrawn' })
  })

  test('a code that comes twice takes back what it gave', async () => {
    const { tokens, back, verifier } = await consented(app)
    const code = back.searchParams.get('code') ?? ''
    const again = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: callback }
    await expectDenied(await askToken(again, basic(app.id, app.clientSecret)), 400, 'invalid_grant')
    expect((await withToken(tokens.access_token, '/v1/copies')).status).toBe(401)
    expect((await consentsOf())[0].because).toBe('misused')
  })

  test('a refresh token rotates; the old one coming again ends the consent, the new one included', async () => {
    const { tokens } = await consented(app)
    const second = await oidc.refreshTokenGrant(app.client, tokens.refresh_token ?? '', {
      scope: 'citizen:copies:read',
    })
    expect(second.scope).toBe('citizen:copies:read')
    expect((await withToken(second.access_token, '/v1/dossiers')).body.code).toBe('not-allowed')
    const third = await oidc.refreshTokenGrant(app.client, second.refresh_token ?? '')
    expect(third.scope).toBe(bothScopes)
    await expect(oidc.refreshTokenGrant(app.client, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    await expect(oidc.refreshTokenGrant(app.client, third.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    expect((await withToken(third.access_token, '/v1/copies')).status).toBe(401)
  })

  test('the same refresh token twice at once: at most one is answered, and then it is over', async () => {
    const { tokens } = await consented(app)
    const both = await Promise.allSettled(
      [0, 1].map(() => oidc.refreshTokenGrant(app.client, tokens.refresh_token ?? '')),
    )
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
    expect((await withToken(tokens.access_token, '/v1/copies')).status).toBe(401)
  })

  test('a scope that the city takes from the app ends under consents that were given; nothing left ends them for the app', async () => {
    const own = await askingApp()
    const { tokens } = await consented(own)
    const terms = async (scopes: string[]) =>
      ask('operator', `/v1/apps/${own.id}/consent-terms`, {
        method: 'PUT',
        body: { scopes, redirectUris: [callback], purposes: [{ id: 'a', vi: 'A', en: 'A' }] },
      })
    await terms(['citizen:copies:read'])
    expect((await withToken(tokens.access_token, '/v1/dossiers')).body.code).toBe('not-allowed')
    expect((await withToken(tokens.access_token, '/v1/copies')).status).toBe(200)
    await terms([])
    expect((await withToken(tokens.access_token, '/v1/copies')).body.code).toBe('not-allowed')
    await expect(oidc.refreshTokenGrant(own.client, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  test('its time: a token never outlives the consent, and nothing is read after it', async () => {
    const { tokens } = await consented(app)
    const [{ id }] = await consentsOf()
    await env.DB.prepare(
      `UPDATE consent SET state = json_set(state, '$.until', '2026-01-01T00:00:00+07:00') WHERE id = ?`,
    )
      .bind(id)
      .run()
    expect((await withToken(tokens.access_token, '/v1/copies')).status).toBe(401)
    expect((await consentsOf())[0]).toMatchObject({ status: 'ended', because: 'time' })
    await expect(oidc.refreshTokenGrant(app.client, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })
})

describe('a token that is asked for wrongly', () => {
  /** A code, and what goes with it. */
  const coded = async () => {
    const visit = browser()
    const { url, verifier } = await asked(app)
    const { page, form } = await atPage(visit, url)
    const code = locationOf(await visit(page, { ...everything, form })).searchParams.get('code') ?? ''
    return { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: callback }
  }
  const own = () => basic(app.id, app.clientSecret)

  test('with another verifier, or from another address: the code is spent, and the consent over', async () => {
    for (const change of [{ code_verifier: 'x'.repeat(43) }, { redirect_uri: 'https://app.example/other' }]) {
      const right = await coded()
      await expectDenied(await askToken({ ...right, ...change }, own()), 400, 'invalid_grant')
      await expectDenied(await askToken(right, own()), 400, 'invalid_grant')
      expect((await consentsOf())[0]).toMatchObject({ status: 'ended', because: 'misused', lastUsedAt: null })
    }
  })

  test('by another client: it gets nothing, and the rightful one still does', async () => {
    const right = await coded()
    const thief = await askingApp()
    await expectDenied(await askToken(right, basic(thief.id, thief.clientSecret)), 400, 'invalid_grant')
    const reply = await askToken(right, own())
    expect(reply.status).toBe(200)
    const { refresh_token: token } = await reply.json<{ refresh_token: string }>()
    const stolen = { grant_type: 'refresh_token', refresh_token: token }
    await expectDenied(await askToken(stolen, basic(thief.id, thief.clientSecret)), 400, 'invalid_grant')
    const revoked = await browserless('/oauth/revoke', { token }, basic(thief.id, thief.clientSecret))
    expect(revoked.status).toBe(200)
    expect((await askToken(stolen, own())).status).toBe(200)
  })

  test('after a minute', async () => {
    const right = await coded()
    await env.DB.prepare(
      `UPDATE authorization_code SET expires_at = '2026-01-01T00:00:00.000+07:00' WHERE used_at IS NULL`,
    ).run()
    await expectDenied(await askToken(right, own()), 400, 'invalid_grant')
  })

  test('without what it needs, or with what is none', async () => {
    const { code_verifier: _verifier, ...bare } = await coded()
    await expectDenied(await askToken(bare, own()), 400, 'invalid_request')
    await expectDenied(await askToken({ ...bare, code_verifier: 'short' }, own()), 400, 'invalid_request')
    await expectDenied(await askToken({ grant_type: 'refresh_token' }, own()), 400, 'invalid_request')
    for (const token of ['x', `${crypto.randomUUID()}.1.${'A'.repeat(43)}`])
      await expectDenied(
        await askToken({ grant_type: 'refresh_token', refresh_token: token }, own()),
        400,
        'invalid_grant',
      )
    const { tokens } = await consented(app)
    const wide = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '', scope: 'dossiers:submit' }
    await expectDenied(await askToken(wide, own()), 400, 'invalid_scope')
  })

  test('revocation: an access token does it, too; a token of the app’s own cannot be called back', async () => {
    const { tokens } = await consented(app)
    const revoked = (fields: Record<string, string>, headers = own()) => browserless('/oauth/revoke', fields, headers)
    expect((await revoked({ token: tokens.access_token, token_type_hint: 'access_token' })).status).toBe(200)
    expect((await withToken(tokens.access_token, '/v1/copies')).status).toBe(401)
    expect((await revoked({ token: 'garbage' })).status).toBe(200)
    const { access_token: itsOwn } = await oidc.clientCredentialsGrant(app.client)
    expect(await revoked({ token: itsOwn })).toMatchObject({ status: 400, body: { error: 'unsupported_token_type' } })
    expect(await revoked({})).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect((await revoked({ token: 'x' }, basic(app.id, 'wrong'))).status).toBe(401)
  })
})
