import { env } from 'cloudflare:workers'
import { exportJWK, generateKeyPair } from 'jose'
import * as oidc from 'openid-client'
import { describe, expect, test } from 'vitest'
import { type App, askToken, basic, grant, origin, registered, send, strictClient } from '../support/apps.ts'
import type { Who } from '../support/tokens.ts'

describe('credentials change over without a gap', () => {
  test('secrets: the new one works beside the old one, until that is revoked', async () => {
    const app = await registered()
    const opens = async (secret: string) => (await askToken(grant, basic(app.id, secret))).status
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
          `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource", DPoP algs="ES256 RS256 EdDSA Ed25519"`,
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
