import { env, exports } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import * as oidc from 'openid-client'
import { beforeAll, describe, expect, test } from 'vitest'
import { bearer, issuerKeys, tokenOf, type Who } from '../support/tokens.ts'

const origin = 'https://api.test'
const endpoint = `${origin}/oauth/token`

type Init = { method?: string; body?: unknown; headers?: Record<string, string> }

async function send(
  who: Who | null,
  path: string,
  { method = 'GET', body, headers = {} }: Init = {},
): Promise<Response> {
  const content = body === undefined ? {} : { 'content-type': 'application/json' }
  return exports.default.fetch(origin + path, {
    method,
    headers: { ...(await bearer(who)), ...content, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

type App = { id: string; clientSecret: string; secrets: { id: string }[]; keys: { id: string }[] }

async function registered(registration: Record<string, unknown> = {}): Promise<App> {
  const reply = await send('operator', '/v1/apps', {
    method: 'POST',
    body: { name: 'Ứng dụng Ví Dụ', scopes: ['dossiers:read', 'dossiers:submit'], ...registration },
  })
  expect(reply.status).toBe(201)
  return reply.json()
}

const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` })

const ask = (fields: Record<string, string> | URLSearchParams, headers: Record<string, string> = {}) =>
  exports.default.fetch(endpoint, {
    method: 'POST',
    headers: { ...headers },
    body: new URLSearchParams(fields),
  })

const grant = { grant_type: 'client_credentials' }

async function expectDenied(reply: Response, status: number, error: string) {
  expect({ status: reply.status, body: await reply.json() }).toEqual({
    status,
    body: { error, error_description: expect.stringMatching(/^[ -~]+$/) },
  })
  expect(reply.headers.get('cache-control')).toBe('no-store')
  expect(reply.headers.get('content-type')).toContain('application/json')
  if (status === 401) expect(reply.headers.get('www-authenticate')).toMatch(/^Basic /)
}

/** The whole internet of a strict client is the Worker under test. */
const customFetch = (url: string, init: object) => exports.default.fetch(url, init)

async function strictClient(id: string, authentication: oidc.ClientAuth) {
  const server = await oidc.discovery(new URL(origin), id, undefined, authentication, {
    algorithm: 'oauth2',
    [oidc.customFetch]: customFetch,
  })
  server[oidc.customFetch] = customFetch
  return server
}

describe('an app gets a token', () => {
  test('with its secret: a strict OAuth client finds the endpoint, and a strict RFC 9068 reader accepts the token', async () => {
    const app = await registered()
    const client = await strictClient(app.id, oidc.ClientSecretBasic(app.clientSecret))
    const tokens = await oidc.clientCredentialsGrant(client, { scope: 'dossiers:read' })
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 600, scope: 'dossiers:read' })

    const request = new Request(`${origin}/v1/dossiers`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    const claims = await oauth.validateJwtAccessToken(client.serverMetadata(), request, origin, {
      [oauth.customFetch]: customFetch,
    })
    expect(claims).toMatchObject({ iss: origin, aud: origin, sub: app.id, client_id: app.id, scope: 'dossiers:read' })
    expect((await exports.default.fetch(request)).status).toBe(200)
  })

  test('with all its scopes when it names none', async () => {
    const app = await registered()
    const reply = await ask(grant, basic(app.id, app.clientSecret))
    expect(await reply.json()).toMatchObject({ scope: 'dossiers:submit dossiers:read', token_type: 'Bearer' })
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.headers.get('pragma')).toBe('no-cache')
  })

  test.each(['ES256', 'RS256', 'EdDSA', 'Ed25519'])('with a key of its own, by private_key_jwt and %s', async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), kid: 'mine' }
    const app = await registered({ jwks: { keys: [jwk] } })
    expect(app.clientSecret).toBeNull()
    const client = await strictClient(app.id, oidc.PrivateKeyJwt({ key: privateKey, kid: 'mine' }))
    expect(await oidc.clientCredentialsGrant(client)).toMatchObject({ scope: 'dossiers:submit dossiers:read' })
  })

  test('and nothing of the service keeps the secret, only its hash', async () => {
    const app = await registered()
    const tables = await env.DB.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
    ).all<{ name: string }>()
    for (const { name } of tables.results) {
      const { results } = await env.DB.prepare(`SELECT * FROM "${name}"`).all()
      expect(JSON.stringify(results)).not.toContain(app.clientSecret)
    }
    expect(await (await send('operator', `/v1/apps/${app.id}`)).text()).not.toContain(app.clientSecret)
  })
})

describe('the token endpoint denies', () => {
  let app: App
  let other: App
  beforeAll(async () => {
    app = await registered()
    other = await registered()
  })
  const auth = () => basic(app.id, app.clientSecret)

  const cases: [promise: string, status: number, error: string, ask: () => Promise<Response>][] = [
    ['a wrong secret', 401, 'invalid_client', () => ask(grant, basic(app.id, `${app.clientSecret.slice(0, -1)}_`))],
    ['the secret of another app', 401, 'invalid_client', () => ask(grant, basic(app.id, other.clientSecret))],
    ['a client that nobody registered', 401, 'invalid_client', () => ask(grant, basic('app_none', app.clientSecret))],
    ['a client that does not say who it is', 401, 'invalid_client', () => ask({ ...grant, client_id: app.id })],
    [
      'a secret in the body',
      401,
      'invalid_client',
      () => ask({ ...grant, client_id: app.id, client_secret: app.clientSecret }),
    ],
    [
      'a bearer token in place of credentials',
      401,
      'invalid_client',
      () => ask(grant, { authorization: 'Bearer a.b.c' }),
    ],
    ['credentials that are not base64', 401, 'invalid_client', () => ask(grant, { authorization: 'Basic !!' })],
    ['credentials without a secret', 401, 'invalid_client', () => ask(grant, basic(app.id, ''))],
    ['credentials that are not form-encoded', 401, 'invalid_client', () => ask(grant, basic('%', '%'))],
    [
      'two ways to authenticate at once',
      400,
      'invalid_request',
      () => ask({ ...grant, client_assertion: 'a.b.c', client_assertion_type: 'x' }, auth()),
    ],
    [
      'a client_id other than the one that authenticates',
      400,
      'invalid_request',
      () => ask({ ...grant, client_id: other.id }, auth()),
    ],
    [
      'an assertion of another type',
      400,
      'invalid_request',
      () => ask({ ...grant, client_assertion: 'a.b.c', client_assertion_type: 'urn:x' }),
    ],
    ['no grant type', 400, 'invalid_request', () => ask({}, auth())],
    ['an empty grant type', 400, 'invalid_request', () => ask({ grant_type: '' }, auth())],
    ['any other grant', 400, 'unsupported_grant_type', () => ask({ grant_type: 'password' }, auth())],
    [
      'a parameter given twice',
      400,
      'invalid_request',
      () => ask(new URLSearchParams('grant_type=client_credentials&scope=a&scope=b'), auth()),
    ],
    [
      'a scope that the app is not registered for',
      400,
      'invalid_scope',
      () => ask({ ...grant, scope: 'dossiers:read webhooks' }, auth()),
    ],
    ['a scope that does not exist', 400, 'invalid_scope', () => ask({ ...grant, scope: 'everything' }, auth())],
    [
      'a token for another service',
      400,
      'invalid_target',
      () => ask({ ...grant, resource: 'https://elsewhere.example' }, auth()),
    ],
    ['a JSON body', 400, 'invalid_request', () => ask(grant, { ...auth(), 'content-type': 'application/json' })],
    ['a body without end', 400, 'invalid_request', () => ask({ ...grant, scope: 'a'.repeat(20_000) }, auth())],
  ]
  test.each(cases)('%s', async (_, status, error, asked) => {
    await expectDenied(await asked(), status, error)
  })
})

describe('a client assertion', () => {
  const pair = generateKeyPair('ES256', { extractable: true })
  const stranger = generateKeyPair('ES256', { extractable: true })
  let app: App
  beforeAll(async () => {
    app = await registered({ jwks: { keys: [{ ...(await exportJWK((await pair).publicKey)), kid: 'mine' }] } })
  })

  type Change = { claims?: Record<string, unknown>; header?: Record<string, unknown>; key?: CryptoKey | Uint8Array }
  const claimsOf = (claims: Record<string, unknown> = {}) => {
    const now = Math.floor(Date.now() / 1000)
    return { iss: app.id, sub: app.id, aud: origin, jti: crypto.randomUUID(), iat: now, exp: now + 60, ...claims }
  }
  const signed = async ({ claims = {}, header = {}, key }: Change = {}) =>
    new SignJWT(claimsOf(claims))
      .setProtectedHeader({ alg: 'ES256', kid: 'mine', ...header })
      .sign(key ?? (await pair).privateKey)
  const send7523 = (assertion: string) =>
    ask({
      ...grant,
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    })

  test('may name the issuer or the token endpoint as its audience, and its only key need no name', async () => {
    expect((await send7523(await signed())).status).toBe(200)
    expect((await send7523(await signed({ claims: { aud: endpoint } }))).status).toBe(200)
    expect((await send7523(await signed({ header: { kid: undefined } }))).status).toBe(200)
  })

  test('works once: sent again, or ten times at once, it opens nothing more', async () => {
    const once = await signed()
    expect((await send7523(once)).status).toBe(200)
    await expectDenied(await send7523(once), 401, 'invalid_client')
    const crowd = await signed()
    const replies = await Promise.all(Array.from({ length: 10 }, () => send7523(crowd)))
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...Array.from({ length: 9 }, () => 401)])
  })

  const now = Math.floor(Date.now() / 1000)
  const bad: [string, () => Promise<string>][] = [
    ['that has expired', () => signed({ claims: { exp: now - 60 } })],
    ['that lives for more than five minutes', () => signed({ claims: { exp: now + 3600 } })],
    ['that never expires', () => signed({ claims: { exp: undefined } })],
    ['that is not valid yet', () => signed({ claims: { nbf: now + 600 } })],
    ['without jti', () => signed({ claims: { jti: undefined } })],
    ['with a jti that is no text', () => signed({ claims: { jti: 7 } })],
    ['for another server', () => signed({ claims: { aud: 'https://elsewhere.example' } })],
    ['for no server', () => signed({ claims: { aud: undefined } })],
    ['issued by another', () => signed({ claims: { iss: 'app_other' } })],
    ['of an app that nobody registered', () => signed({ claims: { iss: 'app_none', sub: 'app_none' } })],
    ['signed by a stranger', async () => signed({ key: (await stranger).privateKey })],
    ['under an unknown key id', () => signed({ header: { kid: 'other' } })],
    ['without a signature', async () => new UnsecuredJWT(claimsOf()).encode()],
    [
      'that uses the public key as an HMAC secret',
      async () =>
        signed({
          header: { alg: 'HS256' },
          key: new TextEncoder().encode(JSON.stringify(await exportJWK((await pair).publicKey))),
        }),
    ],
    [
      'that brings its own key',
      async () =>
        signed({ header: { jwk: await exportJWK((await stranger).publicKey) }, key: (await stranger).privateKey }),
    ],
    ['that is no JWT', async () => 'nonsense'],
  ]
  test.each(bad)('%s is denied', async (_, assertion) => {
    await expectDenied(await send7523(await assertion()), 401, 'invalid_client')
  })

  test('must name its key when several would fit', async () => {
    const second = await exportJWK((await stranger).publicKey)
    expect((await send('operator', `/v1/apps/${app.id}/keys`, { method: 'POST', body: second })).status).toBe(201)
    await expectDenied(await send7523(await signed({ header: { kid: undefined } })), 401, 'invalid_client')
    expect((await send7523(await signed())).status).toBe(200)
  })
})

describe('credentials change over without a gap', () => {
  test('secrets: the new one works beside the old one, until that is revoked', async () => {
    const app = await registered()
    const opens = async (secret: string) => (await ask(grant, basic(app.id, secret))).status
    const added = await send('operator', `/v1/apps/${app.id}/secrets`, { method: 'POST' })
    expect(added.status).toBe(201)
    const second = await added.json<{ id: string; clientSecret: string }>()
    expect([await opens(app.clientSecret), await opens(second.clientSecret)]).toEqual([200, 200])
    const old = `/v1/apps/${app.id}/secrets/${app.secrets[0]?.id}`
    expect((await send('operator', old, { method: 'DELETE' })).status).toBe(204)
    expect((await send('operator', old, { method: 'DELETE' })).status).toBe(204)
    expect([await opens(app.clientSecret), await opens(second.clientSecret)]).toEqual([401, 200])
    const shown = await (
      await send('operator', `/v1/apps/${app.id}`)
    ).json<{ secrets: { revokedAt: string | null }[] }>()
    expect(shown.secrets.map(({ revokedAt }) => revokedAt !== null)).toEqual([true, false])
  })

  test('keys: a revoked key signs no more, and its name may be given again', async () => {
    const [first, second] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
    const jwk = async (pair: { publicKey: CryptoKey }) => ({ ...(await exportJWK(pair.publicKey)), kid: 'k' })
    const app = await registered({ jwks: { keys: [await jwk(first)] } })
    const opens = async (key: CryptoKey) => {
      const client = await strictClient(app.id, oidc.PrivateKeyJwt({ key, kid: 'k' }))
      return oidc.clientCredentialsGrant(client).then(
        () => true,
        () => false,
      )
    }
    const add = async () =>
      (await send('operator', `/v1/apps/${app.id}/keys`, { method: 'POST', body: await jwk(second) })).status
    expect(await opens(first.privateKey)).toBe(true)
    expect(await add()).toBe(409)
    expect((await send('operator', `/v1/apps/${app.id}/keys/${app.keys[0]?.id}`, { method: 'DELETE' })).status).toBe(
      204,
    )
    expect(await add()).toBe(201)
    expect([await opens(first.privateKey), await opens(second.privateKey)]).toEqual([false, true])
  })

  test('an app holds five live secrets at most', async () => {
    const app = await registered()
    const add = async () => send('operator', `/v1/apps/${app.id}/secrets`, { method: 'POST' })
    for (let n = 0; n < 4; n++) expect((await add()).status).toBe(201)
    const refused = await add()
    expect({ status: refused.status, body: await refused.json() }).toMatchObject({
      status: 409,
      body: { code: 'too-many-credentials' },
    })
  })
})

describe('operators keep the register of apps', () => {
  const registration = { name: 'Ứng dụng', scopes: ['dossiers:read'] }
  const everybodyElse: (Who | null)[] = [
    null,
    'citizen',
    'handler',
    'supervisor',
    { kind: 'app', id: 'app_x', scopes: ['dossiers:read'] },
  ]
  const id = `app_${crypto.randomUUID()}`
  const verbs: [string, string, unknown][] = [
    ['POST', '/v1/apps', registration],
    ['GET', '/v1/apps', undefined],
    ['GET', `/v1/apps/${id}`, undefined],
    ['POST', `/v1/apps/${id}/secrets`, undefined],
    ['DELETE', `/v1/apps/${id}/secrets/secret_${crypto.randomUUID()}`, undefined],
    ['DELETE', `/v1/apps/${id}/keys/key_${crypto.randomUUID()}`, undefined],
  ]
  test.each(verbs)('nobody else may %s %s', async (method, path, body) => {
    for (const who of everybodyElse) {
      const reply = await send(who, path, { method, body })
      expect(reply.status).toBe(who === null ? 401 : 403)
      expect(await reply.json()).toMatchObject({ code: who === null ? 'token-needed' : 'not-allowed' })
      if (who === null)
        expect(reply.headers.get('www-authenticate')).toBe(
          `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource"`,
        )
    }
  })

  test('the same registration sent again makes no second app, and shows the secret no second time', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const first = await send('operator', '/v1/apps', { method: 'POST', body: registration, headers })
    const again = await send('operator', '/v1/apps', { method: 'POST', body: registration, headers })
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 201, 'true'])
    const app = await first.json<App>()
    expect(await again.json()).toEqual({ ...app, clientSecret: null })
    const other = await send('operator', '/v1/apps', {
      method: 'POST',
      body: { ...registration, name: 'Khác' },
      headers,
    })
    expect(await other.json()).toMatchObject({ code: 'idempotency-key-reused', errors: [{ pointer: '/name' }] })
  })

  test('apps are listed newest first, page by page, and an unchanged one is not sent twice', async () => {
    const apps = [await registered(), await registered(), await registered()]
    const page = await (await send('operator', '/v1/apps?limit=2')).json<{ items: App[]; next: string }>()
    expect(page.items.map((one) => one.id)).toEqual([apps[2]?.id, apps[1]?.id])
    const rest = await (await send('operator', `/v1/apps?limit=1&after=${page.next}`)).json<{ items: App[] }>()
    expect(rest.items.map((one) => one.id)).toEqual([apps[0]?.id])
    const address = `/v1/apps/${apps[0]?.id}`
    const etag = (await send('operator', address)).headers.get('etag') ?? ''
    expect((await send('operator', address, { headers: { 'if-none-match': etag } })).status).toBe(304)
    await send('operator', `${address}/secrets`, { method: 'POST' })
    expect((await send('operator', address, { headers: { 'if-none-match': etag } })).status).toBe(200)
  })

  test('a private key, a key of no curve, a scope of nobody: every fault is named at once and nothing is written', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const [open, secret] = [await exportJWK(publicKey), await exportJWK(privateKey)]
    const before = await env.DB.prepare('SELECT count(*) AS n FROM app').first<{ n: number }>()
    const faults = async (body: unknown) => {
      const reply = await send('operator', '/v1/apps', { method: 'POST', body })
      expect(reply.status).toBe(422)
      return (await reply.json<{ errors: { pointer: string }[] }>()).errors.map(({ pointer }) => pointer)
    }
    expect(await faults({ ...registration, jwks: { keys: [secret] } })).toEqual(['/jwks/keys/0/d'])
    expect(await faults({ ...registration, jwks: { keys: [open, { ...open, x: open.y }] } })).toEqual(['/jwks/keys/1'])
    expect(await faults({ name: '', scopes: ['everything'], extra: 1 })).toEqual(['/name', '/scopes/0', '/extra'])
    expect(await env.DB.prepare('SELECT count(*) AS n FROM app').first()).toEqual(before)
  })

  test('what is not there is not found', async () => {
    const app = await registered()
    expect((await send('operator', `/v1/apps/${id}`)).status).toBe(404)
    expect((await send('operator', `/v1/apps/${id}/secrets`, { method: 'POST' })).status).toBe(404)
    const gone = await send('operator', `/v1/apps/${app.id}/secrets/secret_${crypto.randomUUID()}`, {
      method: 'DELETE',
    })
    expect(await gone.json()).toMatchObject({ status: 404, code: 'no-such-credential' })
  })
})

describe('a token at the door', () => {
  const read = (token: string) =>
    exports.default.fetch(`${origin}/v1/dossiers`, { headers: { authorization: `Bearer ${token}` } })

  test.each([
    ['token-invalid', { aud: 'https://elsewhere.example' }],
    ['token-expired', { exp: 1 }],
  ])('%s: a problem, and a challenge that says where to get a good one', async (code, claims) => {
    const reply = await read(await tokenOf('citizen', { claims }))
    expect(await reply.json()).toMatchObject({ status: 401, code })
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    expect(reply.headers.get('www-authenticate')).toMatch(
      /^Bearer error="invalid_token", .*resource_metadata="https:\/\/api\.test\/\.well-known\/oauth-protected-resource"$/,
    )
  })

  test('its issuer cannot be reached: 503 and when to try again, not 401', async () => {
    const reply = await read(await tokenOf('citizen', { claims: { iss: 'https://down.test' } }))
    expect(await reply.json()).toMatchObject({ status: 503, code: 'issuer-unreachable' })
    expect(reply.headers.get('retry-after')).toBe('10')
  })

  test('its issuer changes the key: requests that come together share one reading, and all pass', async () => {
    const [before, after] = issuerKeys('turning')
    if (!before || !after) throw new Error('the issuer has two keys')
    const claims = { iss: 'https://turning.test' }
    const crowd = async (key: typeof before) => {
      const token = await tokenOf('citizen', { claims, key })
      return (await Promise.all(Array.from({ length: 10 }, () => read(token)))).map(({ status }) => status)
    }
    const readings = async () =>
      (await (await fetch('https://turning.test/readings')).json<{ readings: number }>()).readings
    expect(new Set(await crowd(before))).toEqual(new Set([200]))
    expect(await readings()).toBe(1)
    await fetch('https://turning.test/turn')
    expect(new Set(await crowd(after))).toEqual(new Set([200]))
    expect(await readings()).toBe(2)
  })

  test('the metadata says whose tokens are good here, and the published keys hold no private part', async () => {
    const metadata = await (await send(null, '/.well-known/oauth-protected-resource')).json()
    expect(metadata).toMatchObject({
      resource: origin,
      authorization_servers: expect.arrayContaining([origin, 'https://people.test']),
    })
    const { keys } = await (await send(null, '/.well-known/jwks.json')).json<{ keys: object[] }>()
    for (const key of keys) expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  })
})
