import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  localClient,
  type IdentityProvider,
  localIssuers,
  startIdentityProvider,
} from '../../src/local/identity-provider.ts'
import { personaNamed, personas } from '../../src/local/personas.ts'
import { personToken } from '../../src/local/token.ts'
import { newTokenKey } from '../../src/platform/jwt.ts'
import { identify as identified, type IdentityConfig } from '../../src/routes/middleware/authenticate.ts'

/** Whom a header speaks of, or why not. */
const identify = async (...asked: Parameters<typeof identified>) => {
  const found = await identified(...asked)
  return found.ok ? { ok: true, value: found.value.actor } : found
}

const audience = 'http://127.0.0.1:8787'
const keysFile = join(tmpdir(), `identity-keys-${randomUUID()}.json`)
let provider: IdentityProvider
let config: IdentityConfig

const start = (port = 0) => startIdentityProvider({ port, audience, keysFile })
const whoIs = (token: string, at = new Date()) => identify(`Bearer ${token}`, config, at)

beforeAll(async () => {
  provider = await start()
  config = {
    publicOrigin: audience,
    issuers: localIssuers(provider.origin, audience),
    tokenKeys: [await newTokenKey()],
  }
})
afterAll(async () => {
  await provider.close()
  await rm(keysFile)
})

test.each(personas)(
  '$persona signs in by code and PKCE, and the service knows them by their claims',
  async (persona) => {
    const who = await whoIs(await personToken(provider.origin, persona.persona))
    const { name, sub } = persona
    const known =
      persona.kind === 'citizen'
        ? { taxCode: persona.taxCode ?? null, personalId: persona.personalId ?? null, scopes: persona.scopes }
        : { unit: persona.unit, roles: persona.roles, title: persona.title }
    expect(who).toEqual({ ok: true, value: { kind: persona.kind, id: `${persona.kind}s:${sub}`, name, ...known } })
  },
)

test('any officer has a colleague at any other unit', async () => {
  const who = await whoIs(await personToken(provider.origin, 'handler@HN-STC-2025'))
  expect(who).toMatchObject({
    ok: true,
    value: { unit: 'HN-STC-2025', roles: ['handler'], id: 'officers:handler.HN-STC-2025' },
  })
  expect(personaNamed('handler@HN-STC-2025')?.name).not.toBe(personaNamed('handler')?.name)
})

test('the issuer changes its keys: new tokens are accepted at once, and the old ones until they expire', async () => {
  const before = await personToken(provider.origin, 'citizen')
  expect(await whoIs(before)).toMatchObject({ ok: true })
  await provider.rotateKeys()
  const after = await personToken(provider.origin, 'citizen')
  expect(keyOf(after)).not.toBe(keyOf(before))
  expect(await whoIs(after)).toMatchObject({ ok: true })
  expect(await whoIs(before)).toMatchObject({ ok: true })
})

test('a restart keeps the keys, so tokens stay valid', async () => {
  const token = await personToken(provider.origin, 'seal')
  await provider.close()
  provider = await start(Number(new URL(provider.origin).port))
  expect(keyOf(await personToken(provider.origin, 'seal'))).toBe(keyOf(token))
  const fresh = { ...config, issuers: localIssuers(provider.origin, audience) }
  expect(await identify(`Bearer ${token}`, fresh, new Date())).toMatchObject({ ok: true })
})

test('in a browser one picks a person on a page, officers also at another unit', async () => {
  const { url, cookie } = await signInPage('officers')
  const page = await (await fetch(url, { headers: { cookie } })).text()
  for (const { name, kind } of personas) expect(page.includes(name)).toBe(kind === 'officer')
  const body = new URLSearchParams({ persona: 'certifier', unit: '00004-2025' })
  const picked = await fetch(url, { method: 'POST', body, headers: { cookie }, redirect: 'manual' })
  expect(picked.status).toBe(303)
  expect(picked.headers.get('location')).toContain('/officers/auth/')
})

test.each(['nobody', 'citizen', 'handler@<b>'])(
  '%s cannot sign in as an officer, and the page says so',
  async (hint) => {
    const { url, cookie } = await signInPage('officers')
    const reply = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ persona: hint }),
      headers: { cookie },
    })
    expect(reply.status).toBe(404)
    expect(await reply.text()).not.toContain('<b>@')
  },
)

test('without PKCE, or for another service, the issuer grants nothing', async () => {
  const server = await oidc.discovery(new URL(`${provider.origin}/citizens`), localClient, undefined, oidc.None(), {
    execute: [oidc.allowInsecureRequests],
  })
  const asked = { redirect_uri: 'http://127.0.0.1/callback', scope: 'openid', login_hint: 'citizen' }
  const pkce = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' }
  const plain = oidc.buildAuthorizationUrl(server, asked)
  const elsewhere = oidc.buildAuthorizationUrl(server, { ...asked, ...pkce, resource: 'https://elsewhere.example' })
  for (const [url, error] of [
    [plain, 'invalid_request'],
    [elsewhere, 'invalid_target'],
  ] as const) {
    const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '')
    expect(back.searchParams.get('error')).toBe(error)
  }
})

const keyOf = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid

async function signInPage(realm: string) {
  const start = new URL(`${provider.origin}/${realm}/auth`)
  start.search = new URLSearchParams({
    client_id: localClient,
    response_type: 'code',
    redirect_uri: 'http://127.0.0.1/callback',
    scope: 'openid',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
  }).toString()
  const reply = await fetch(start, { redirect: 'manual' })
  const cookie = reply.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  return { url: new URL(reply.headers.get('location') ?? '', start), cookie }
}
