import { env, exports } from 'cloudflare:workers'
import { exportJWK, SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import * as oidc from 'openid-client'
import { beforeAll, describe, expect, test } from 'vitest'
import { sha256, toBase64Url } from '../../src/platform/crypto.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask } from '../support/api.ts'
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
  strictClient,
} from '../support/apps.ts'
import { counted } from '../support/database.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { tokenOf } from '../support/tokens.ts'

const list = `${origin}/v1/dossiers`
let app: App
let keys: CryptoKeyPair
let other: CryptoKeyPair
let token: string
beforeAll(async () => {
  app = await registered({ dpop: 'required' })
  keys = await oauth.generateKeyPair('ES256', { extractable: true })
  other = await oauth.generateKeyPair('ES256', { extractable: true })
  const reply = await askToken(grant, {
    ...basic(app.id, app.clientSecret),
    dpop: await proof({ htm: 'POST', htu: endpoint }),
  })
  token = (await reply.json<{ access_token: string }>()).access_token
})

/** A proof that is made by hand, so that it can be wrong in every way. */
async function proof(claims: Record<string, unknown> = {}, pair = keys): Promise<string> {
  const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(pair.publicKey) }
  const iat = Math.floor(Date.now() / 1000)
  const all = { jti: crypto.randomUUID(), htm: 'GET', htu: list, iat, ...claims }
  return new SignJWT(all).setProtectedHeader(header).sign(pair.privateKey)
}
const about = async (sent: string, claims: Record<string, unknown> = {}, pair = keys) =>
  proof({ ath: toBase64Url(await sha256(sent)), ...claims }, pair)
const read = (authorization: string, dpop?: string, door = ask) =>
  door(null, '/v1/dossiers', { headers: { authorization, ...(dpop !== undefined && { dpop }) } })

describe('strict clients that are not ours get a bound token and use it', () => {
  test('openid-client', async () => {
    const client = await strictClient(app.id, oidc.ClientSecretBasic(app.clientSecret))
    const DPoP = oidc.getDPoPHandle(client, keys)
    const tokens = await oidc.clientCredentialsGrant(client, {}, { DPoP })
    expect(tokens.token_type).toBe('dpop')
    const address = new URL(`${list}?limit=1`)
    const reply = await oidc.fetchProtectedResource(client, tokens.access_token, address, 'GET', null, new Headers(), {
      DPoP,
    })
    expect(reply.status).toBe(200)
  })

  test('oauth4webapi, which also reads the token as strictly as we do', async () => {
    const as = await oauth
      .discoveryRequest(new URL(origin), { algorithm: 'oauth2', [oauth.customFetch]: customFetch })
      .then((response) => oauth.processDiscoveryResponse(new URL(origin), response))
    expect(as.dpop_signing_alg_values_supported).toEqual(['ES256', 'RS256', 'EdDSA', 'Ed25519'])
    const client: oauth.Client = { client_id: app.id }
    const DPoP = oauth.DPoP(client, keys)
    const auth = oauth.ClientSecretBasic(app.clientSecret)
    const options = { DPoP, [oauth.customFetch]: customFetch }
    const response = await oauth.clientCredentialsGrantRequest(as, client, auth, new URLSearchParams(), options)
    const tokens = await oauth.processClientCredentialsResponse(as, client, response)
    expect(tokens.token_type).toBe('dpop')
    const reply = await oauth.protectedResourceRequest(
      tokens.access_token,
      'GET',
      new URL(list),
      undefined,
      undefined,
      options,
    )
    expect(reply.status).toBe(200)
    const request = new Request(list, {
      headers: { authorization: `DPoP ${tokens.access_token}`, dpop: await about(tokens.access_token) },
    })
    const claims = await oauth.validateJwtAccessToken(as, request, origin, {
      requireDPoP: true,
      [oauth.customFetch]: customFetch,
    })
    expect(claims).toMatchObject({ client_id: app.id, cnf: { jkt: await thumbprint() } })
  })

  const thumbprint = async () => {
    const { kty, crv, x, y } = await exportJWK(keys.publicKey)
    return toBase64Url(await sha256(JSON.stringify({ crv, kty, x, y })))
  }

  test('the resource says that it takes both, and asks for neither alone', async () => {
    const { body } = await ask(null, '/.well-known/oauth-protected-resource')
    expect(body).toMatchObject({
      dpop_signing_alg_values_supported: ['ES256', 'RS256', 'EdDSA', 'Ed25519'],
      dpop_bound_access_tokens_required: false,
    })
  })
})

describe('at a resource', () => {
  const refused = async (sent: ReturnType<typeof read>, code: string, error: string) => {
    const { status, body, headers } = await sent
    expect([status, body.code]).toEqual([401, code])
    expect(headers.get('www-authenticate')).toContain(`error="${error}"`)
    return headers.get('www-authenticate') ?? ''
  }

  test('a proof works once, also when ten come together', async () => {
    const once = await about(token)
    expect((await read(`DPoP ${token}`, once)).status).toBe(200)
    const said = await refused(read(`DPoP ${token}`, once), 'dpop-proof-invalid', 'invalid_dpop_proof')
    expect(said).toMatch(
      /^DPoP error="invalid_dpop_proof", error_description="[^"]+", algs="ES256 RS256 EdDSA Ed25519"/,
    )
    const crowd = await about(token)
    const replies = await Promise.all(Array.from({ length: 10 }, () => read(`DPoP ${token}`, crowd)))
    expect(replies.filter(({ status }) => status === 200).length).toBe(1)
  })

  test('a bound token is no bearer token, and a bearer token is not bound by being sent so', async () => {
    expect(await refused(read(`Bearer ${token}`, await about(token)), 'token-invalid', 'invalid_token')).toContain(
      'DPoP algs=',
    )
    await refused(read(`Bearer ${token}`), 'token-invalid', 'invalid_token')
    const bearer = await tokenOf({ kind: 'app', id: app.id, scopes: ['dossiers:read'] })
    await refused(read(`DPoP ${bearer}`, await about(bearer)), 'token-invalid', 'invalid_token')
    const certificate = await tokenOf('citizen', { claims: { cnf: { 'x5t#S256': 'A'.repeat(43) } } })
    await refused(read(`Bearer ${certificate}`), 'token-invalid', 'invalid_token')
  })

  const attacks: [string, () => Promise<string | undefined>][] = [
    ['no proof', async () => undefined],
    ['the proof of another key', () => about(token, {}, other)],
    ['a proof for another method', () => about(token, { htm: 'POST' })],
    ['a proof for another address', () => about(token, { htu: `${origin}/v1/copies` })],
    ['a proof that is stale', () => about(token, { iat: Math.floor(Date.now() / 1000) - 300 })],
    ['a proof from the future', () => about(token, { iat: Math.floor(Date.now() / 1000) + 300 })],
    ['a proof about no token', () => proof()],
    ['a proof about another token', () => about('other')],
    ['two proofs', async () => `${await about(token)}, ${await about(token)}`],
  ]
  test.each(attacks)('%s: refused, whatever the token', async (_, sent) => {
    await refused(read(`DPoP ${token}`, await sent()), 'dpop-proof-invalid', 'invalid_dpop_proof')
  })

  test('a citizen’s token that their provider has bound is held to the same', async () => {
    const { kty, crv, x, y } = await exportJWK(keys.publicKey)
    const jkt = toBase64Url(await sha256(JSON.stringify({ crv, kty, x, y })))
    const bound = await tokenOf('citizen', { claims: { cnf: { jkt } } })
    expect((await read(`DPoP ${bound}`, await about(bound))).status).toBe(200)
    await refused(read(`Bearer ${bound}`), 'token-invalid', 'invalid_token')
    await refused(read(`DPoP ${bound}`, await about(bound, {}, other)), 'dpop-proof-invalid', 'invalid_dpop_proof')
  })

  test('a scope that is missing is asked for under the same scheme', async () => {
    const narrow = await askToken(
      { ...grant, scope: 'dossiers:submit' },
      { ...basic(app.id, app.clientSecret), dpop: await proof({ htm: 'POST', htu: endpoint }) },
    )
    const { access_token: sent } = await narrow.json<{ access_token: string }>()
    const { status, headers } = await read(`DPoP ${sent}`, await about(sent))
    expect([status, headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringMatching(/^DPoP error="insufficient_scope", scope="dossiers:read", algs=/),
    ])
  })

  test('it costs one statement, and what is too old is forgotten by the clock', async () => {
    const bearer = await tokenOf({ kind: 'app', id: app.id, scopes: ['dossiers:read'] })
    const spentOn = async (authorization: string, dpop?: string) => {
      const { db, spent } = counted(env.DB)
      expect((await read(authorization, dpop, doorWith({ DB: db, OUTBOX_QUEUE: deadQueue }))).status).toBe(200)
      return spent.statements
    }
    expect((await spentOn(`DPoP ${token}`, await about(token))) - (await spentOn(`Bearer ${bearer}`))).toBe(1)
    const kept = () => env.DB.prepare('SELECT count(*) AS n FROM used_proof').first<number>('n')
    const { proofs } = contextOf(env, { kind: 'public' })
    await proofs.forget(new Date())
    expect(await kept()).toBeGreaterThan(0)
    await proofs.forget(new Date(Date.now() + 120_000))
    expect(await kept()).toBe(0)
  })
})

describe('the token endpoint', () => {
  const auth = () => basic(app.id, app.clientSecret)
  const get = async (dpop?: string) => askToken(grant, { ...auth(), ...(dpop !== undefined && { dpop }) })
  const mine = (claims: Record<string, unknown> = {}) => proof({ htm: 'POST', htu: endpoint, ...claims })

  test('gives an app that must bind its tokens none without a proof; any other may choose', async () => {
    await expectDenied(await get(), 400, 'invalid_request')
    const free = await registered()
    const bearer = await askToken(grant, basic(free.id, free.clientSecret))
    expect(await bearer.json()).toMatchObject({ token_type: 'Bearer' })
    const bound = await askToken(grant, { ...basic(free.id, free.clientSecret), dpop: await mine() })
    expect(await bound.json()).toMatchObject({ token_type: 'DPoP' })
  })

  test('takes a proof once, for itself, and only from who also proved to be the client', async () => {
    const once = await mine()
    const wrong = await askToken(grant, { ...basic(app.id, 'wrong'), dpop: once })
    expect(wrong.status).toBe(401)
    expect((await get(once)).status).toBe(200)
    await expectDenied(await get(once), 400, 'invalid_dpop_proof')
    await expectDenied(await get(await mine({ htm: 'GET' })), 400, 'invalid_dpop_proof')
    await expectDenied(await get(await mine({ htu: list })), 400, 'invalid_dpop_proof')
    await expectDenied(await get('nonsense'), 400, 'invalid_dpop_proof')
  })
})

test('two headers of the same name are two proofs', async () => {
  const headers = new Headers({ authorization: `DPoP ${token}` })
  for (let n = 0; n < 2; n++) headers.append('dpop', await about(token))
  const reply = await exports.default.fetch(new Request(list, { headers }))
  expect(await reply.json()).toMatchObject({ status: 401, code: 'dpop-proof-invalid' })
})
