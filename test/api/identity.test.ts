import { env, exports } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import * as oidc from 'openid-client'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type App,
  askToken,
  basic,
  customFetch,
  endpoint,
  expectDenied,
  grant,
  origin,
  registered,
  send,
  strictClient,
} from '../support/apps.ts'
import { issuerKeys, tokenOf } from '../support/tokens.ts'

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
    const reply = await askToken(grant, basic(app.id, app.clientSecret))
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
    [
      'a wrong secret',
      401,
      'invalid_client',
      () => askToken(grant, basic(app.id, `${app.clientSecret.slice(0, -1)}_`)),
    ],
    ['the secret of another app', 401, 'invalid_client', () => askToken(grant, basic(app.id, other.clientSecret))],
    [
      'a client that nobody registered',
      401,
      'invalid_client',
      () => askToken(grant, basic('app_none', app.clientSecret)),
    ],
    ['a client that does not say who it is', 401, 'invalid_client', () => askToken({ ...grant, client_id: app.id })],
    [
      'a secret in the body',
      401,
      'invalid_client',
      () => askToken({ ...grant, client_id: app.id, client_secret: app.clientSecret }),
    ],
    [
      'a bearer token in place of credentials',
      401,
      'invalid_client',
      () => askToken(grant, { authorization: 'Bearer a.b.c' }),
    ],
    ['credentials that are not base64', 401, 'invalid_client', () => askToken(grant, { authorization: 'Basic !!' })],
    ['credentials without a secret', 401, 'invalid_client', () => askToken(grant, basic(app.id, ''))],
    ['credentials that are not form-encoded', 401, 'invalid_client', () => askToken(grant, basic('%', '%'))],
    [
      'two ways to authenticate at once',
      400,
      'invalid_request',
      () => askToken({ ...grant, client_assertion: 'a.b.c', client_assertion_type: 'x' }, auth()),
    ],
    [
      'a client_id other than the one that authenticates',
      400,
      'invalid_request',
      () => askToken({ ...grant, client_id: other.id }, auth()),
    ],
    [
      'an assertion of another type',
      400,
      'invalid_request',
      () => askToken({ ...grant, client_assertion: 'a.b.c', client_assertion_type: 'urn:x' }),
    ],
    ['no grant type', 400, 'invalid_request', () => askToken({}, auth())],
    ['an empty grant type', 400, 'invalid_request', () => askToken({ grant_type: '' }, auth())],
    ['any other grant', 400, 'unsupported_grant_type', () => askToken({ grant_type: 'password' }, auth())],
    [
      'a parameter given twice',
      400,
      'invalid_request',
      () => askToken(new URLSearchParams('grant_type=client_credentials&scope=a&scope=b'), auth()),
    ],
    [
      'a scope that the app is not registered for',
      400,
      'invalid_scope',
      () => askToken({ ...grant, scope: 'dossiers:read webhooks' }, auth()),
    ],
    ['a scope that does not exist', 400, 'invalid_scope', () => askToken({ ...grant, scope: 'everything' }, auth())],
    [
      'a token for another service',
      400,
      'invalid_target',
      () => askToken({ ...grant, resource: 'https://elsewhere.example' }, auth()),
    ],
    ['a JSON body', 400, 'invalid_request', () => askToken(grant, { ...auth(), 'content-type': 'application/json' })],
    ['a body without end', 400, 'invalid_request', () => askToken({ ...grant, scope: 'a'.repeat(20_000) }, auth())],
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
    askToken({
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
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 401),
    ])
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
      /^Bearer error="invalid_token", .*resource_metadata="https:\/\/api\.test\/\.well-known\/oauth-protected-resource", DPoP algs="[^"]+"$/,
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
