import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newTokenKey } from '../../src/platform/jwt.ts'
import { identify as identified, type IdentityConfig } from '../../src/routes/middleware/authenticate.ts'
import { at, type Issuer, type IssuerServer, issuerServer, seconds, tokenOf } from '../support/issuer-server.ts'

/** Whom a header speaks of, or why not. */
const identify = async (...asked: Parameters<typeof identified>) => {
  const found = await identified(...asked)
  return found.ok ? { ok: true, value: found.value.actor } : found
}

const origin = 'https://api.test'
const now = at(0)

let server: IssuerServer
beforeAll(async () => {
  server = await issuerServer(origin)
})
afterAll(() => server.close())

const known = ({ trusted }: Issuer): IdentityConfig => ({ publicOrigin: origin, issuers: [trusted], tokenKeys: [] })
const whoIs = (token: string, date: Date, config: IdentityConfig) => identify(`Bearer ${token}`, config, date)
const refused = (refusal: string) => expect.objectContaining({ ok: false, refusal })

describe('the keys of an issuer', () => {
  test('are read once for many requests at a time, and again when a new key appears', async () => {
    const issuer = await server.open('turning')
    const config = known(issuer)
    const crowd = async (date: Date) => {
      const token = await tokenOf(issuer)
      return Promise.all(Array.from({ length: 20 }, () => whoIs(token, date, config)))
    }
    expect((await crowd(now)).every(({ ok }) => ok)).toBe(true)
    expect(issuer.readings).toBe(1)
    issuer.keys = [await newTokenKey()]
    expect((await crowd(at(1))).every(({ ok }) => ok)).toBe(true)
    expect(issuer.readings).toBe(2)
  })

  test('are not asked for again and again by tokens with invented key ids', async () => {
    const issuer = await server.open('flooded')
    const config = known(issuer)
    await whoIs(await tokenOf(issuer), now, config)
    const flood = async (date: Date) => {
      for (let n = 0; n < 30; n++)
        expect(await whoIs(await tokenOf(issuer, { header: { kid: `kid-${n}` } }), date, config)).toEqual(
          refused('token-invalid'),
        )
    }
    await flood(at(1))
    expect(issuer.readings).toBe(2)
    await flood(at(32))
    expect(issuer.readings).toBe(3)
    expect(await whoIs(await tokenOf(issuer), at(33), config)).toMatchObject({ ok: true })
  })

  test('stop being accepted soon after the issuer withdraws them', async () => {
    const issuer = await server.open('withdrawing')
    const token = await tokenOf(issuer, { claims: { exp: seconds(at(7200)) } })
    expect(await whoIs(token, now, known(issuer))).toMatchObject({ ok: true })
    issuer.keys = [await newTokenKey()]
    expect(await whoIs(token, at(599), known(issuer))).toMatchObject({ ok: true })
    expect(await whoIs(token, at(600), known(issuer))).toEqual(refused('token-invalid'))
  })

  test('serve on for an hour while the issuer is down; then nobody can tell', async () => {
    const issuer = await server.open('failing')
    const config = known(issuer)
    const token = await tokenOf(issuer, { claims: { exp: seconds(at(7200)) } })
    expect(await whoIs(token, now, config)).toMatchObject({ ok: true })
    issuer.discovery = (response) => response.writeHead(503).end()
    expect(await whoIs(token, at(1800), config)).toMatchObject({ ok: true })
    expect(await whoIs(await tokenOf(issuer, { key: await newTokenKey() }), at(1810), config)).toEqual(
      refused('issuer-unreachable'),
    )
    expect(await whoIs(token, at(3600), config)).toEqual(refused('issuer-unreachable'))
    delete issuer.discovery
    expect(await whoIs(token, at(3606), config)).toMatchObject({ ok: true })
  })

  const faults: [string, Pick<Issuer, 'discovery' | 'jwks'>][] = [
    ['whose discovery fails', { discovery: (response) => response.writeHead(500).end() }],
    [
      'that redirects',
      {
        discovery: (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
      },
    ],
    ['that talks nonsense', { discovery: (response) => response.end('<html>') }],
    [
      'that calls itself otherwise',
      {
        discovery: (response) =>
          response.end(JSON.stringify({ issuer: 'https://x.example', jwks_uri: 'https://x.example/k' })),
      },
    ],
    [
      'whose keys are read in clear',
      {
        discovery: (response) =>
          response.end(JSON.stringify({ issuer: `${server.origin}/f4`, jwks_uri: 'http://keys.example/jwks' })),
      },
    ],
    ['whose key set is none', { jwks: (response) => response.end('{"keys":{}}') }],
    ['that hangs up', { jwks: (response) => response.destroy() }],
  ]
  test.each(faults.map(([promise, fault], index) => [promise, fault, index] as const))(
    'of an issuer %s are unknown: 503, not 401, and it is left alone for a moment',
    async (_, fault, index) => {
      const issuer = Object.assign(await server.open(`f${index}`), fault)
      const token = await tokenOf(issuer)
      expect(await whoIs(token, now, known(issuer))).toEqual(refused('issuer-unreachable'))
      delete issuer.discovery
      delete issuer.jwks
      const before = issuer.readings
      expect(await whoIs(token, at(4), known(issuer))).toEqual(refused('issuer-unreachable'))
      expect(issuer.readings).toBe(before)
      expect(await whoIs(token, at(5), known(issuer))).toMatchObject({ ok: true })
    },
  )

  test('of an issuer that does not answer are given up after five seconds', { timeout: 15_000 }, async () => {
    const issuer = await server.open('silent')
    issuer.jwks = () => undefined
    const began = Date.now()
    expect(await whoIs(await tokenOf(issuer), now, known(issuer))).toEqual(refused('issuer-unreachable'))
    expect(Date.now() - began).toBeLessThan(7000)
  })
})
