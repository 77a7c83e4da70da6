import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { sha256, toBase64Url } from '../../src/platform/crypto.ts'
import { proofAlgorithms, verifyProof } from '../../src/platform/dpop.ts'

const now = new Date('2026-11-02T09:00:00+07:00')
const seconds = now.getTime() / 1000
const url = 'https://api.test/v1/dossiers'
const token = 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln'

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
let pair: Pair
let stranger: Pair
beforeAll(async () => {
  pair = await generateKeyPair('ES256', { extractable: true })
  stranger = await generateKeyPair('ES256', { extractable: true })
})

type Change = { claims?: Record<string, unknown>; header?: Record<string, unknown>; by?: Pair; alg?: string }
const claimsOf = async (change: Record<string, unknown> = {}) => ({
  jti: crypto.randomUUID(),
  htm: 'GET',
  htu: url,
  iat: seconds,
  ath: toBase64Url(await sha256(token)),
  ...change,
})
const headerOf = async ({ header = {}, by = pair, alg = 'ES256' }: Change): Promise<JWTHeaderParameters> => ({
  alg,
  typ: 'dpop+jwt',
  jwk: await exportJWK(by.publicKey),
  ...header,
})
const proof = async (change: Change = {}) =>
  new SignJWT(await claimsOf(change.claims))
    .setProtectedHeader(await headerOf(change))
    .sign((change.by ?? pair).privateKey)
const verdict = async (sent: string | Promise<string>, about = url, method = 'GET') =>
  verifyProof(await sent, { method, url: about, token, now })

describe('a proof of possession holds', () => {
  test.each(proofAlgorithms)('signed by %s', async (alg) => {
    expect(await verdict(proof({ alg, by: await generateKeyPair(alg, { extractable: true }) }))).toMatchObject({
      ok: true,
    })
  })

  test.each([
    'https://API.test/v1/dossiers',
    'https://api.test:443/v1/dossiers',
    'https://api.test/v1/./x/../dossiers',
    'https://api.test/v1/%64ossiers',
    'https://api.test/v1/dossiers?limit=1',
    'https://api.test/v1/dossiers#top',
  ])('about an address that says the same: %s', async (htu) => {
    expect(await verdict(proof({ claims: { htu } }))).toMatchObject({ ok: true })
  })

  test('up to a minute, and from a clock that is ten seconds ahead', async () => {
    for (const age of [-10, 0, 60])
      expect(await verdict(proof({ claims: { iat: seconds - age } }))).toMatchObject({ ok: true })
  })

  test('once: the same jti of the same key is the same, of another key another', async () => {
    const claims = { jti: 'one' }
    const keyOf = async (change: Change) => {
      const found = await verdict(proof(change))
      return found.ok ? found.value.once : found
    }
    const [first, again, others] = [
      await keyOf({ claims }),
      await keyOf({ claims }),
      await keyOf({ claims, by: stranger }),
    ]
    expect([first === again, first === others]).toEqual([true, false])
    expect(first).toHaveLength(43)
  })
})

describe('a proof is refused', () => {
  const wrong: [string, () => Promise<string>][] = [
    ['for another method', () => proof({ claims: { htm: 'POST' } })],
    ['for a method in other letters', () => proof({ claims: { htm: 'get' } })],
    ['for another address', () => proof({ claims: { htu: 'https://api.test/v1/copies' } })],
    ['for another host', () => proof({ claims: { htu: 'https://evil.test/v1/dossiers' } })],
    ['for the address in clear', () => proof({ claims: { htu: 'http://api.test/v1/dossiers' } })],
    ['for the address with a name in it', () => proof({ claims: { htu: 'https://a@api.test/v1/dossiers' } })],
    ['for an escaped slash', () => proof({ claims: { htu: 'https://api.test/v1%2Fdossiers' } })],
    ['for no address', () => proof({ claims: { htu: 'dossiers' } })],
    ['for an address that is no text', () => proof({ claims: { htu: 7 } })],
    ['that is stale', () => proof({ claims: { iat: seconds - 71 } })],
    ['that is from the future', () => proof({ claims: { iat: seconds + 11 } })],
    ['whose time is no number', () => proof({ claims: { iat: 'now' } })],
    ['that has expired by its own word', () => proof({ claims: { exp: seconds - 60 } })],
    ...['jti', 'htm', 'htu', 'iat', 'ath'].map((name): [string, () => Promise<string>] => [
      `without ${name}`,
      () => proof({ claims: { [name]: undefined } }),
    ]),
    ['with an empty jti', () => proof({ claims: { jti: '' } })],
    ['with a jti that is no text', () => proof({ claims: { jti: 7 } })],
    ['for another token', async () => proof({ claims: { ath: toBase64Url(await sha256('other')) } })],
    ['that is no dpop+jwt', () => proof({ header: { typ: 'JWT' } })],
    ['of no type', () => proof({ header: { typ: undefined } })],
    ['without a key', () => proof({ header: { jwk: undefined } })],
    [
      'signed by another key than it shows',
      async () => proof({ header: { jwk: await exportJWK(stranger.publicKey) } }),
    ],
    ['that gives its private key away', async () => proof({ header: { jwk: await exportJWK(pair.privateKey) } })],
    ['without a signature', async () => new UnsecuredJWT(await claimsOf()).encode()],
    [
      'that says none and shows a key',
      async () => {
        const part = (value: unknown) => toBase64Url(new TextEncoder().encode(JSON.stringify(value)))
        return `${part(await headerOf({ alg: 'none' }))}.${part(await claimsOf())}.`
      },
    ],
    [
      'signed with a shared secret',
      async () => {
        const secret = new Uint8Array(32).fill(7)
        const header = await headerOf({ alg: 'HS256', header: { jwk: { kty: 'oct', k: toBase64Url(secret) } } })
        return new SignJWT(await claimsOf()).setProtectedHeader(header).sign(secret)
      },
    ],
    [
      'by an algorithm that is not on the list',
      async () => proof({ alg: 'ES384', by: await generateKeyPair('ES384', { extractable: true }) }),
    ],
    [
      'with a key that is for encryption',
      async () => proof({ header: { jwk: { ...(await exportJWK(pair.publicKey)), use: 'enc' } } }),
    ],
    ['with a key of no curve', () => proof({ header: { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } } })],
    ['with a key of no kind', () => proof({ header: { jwk: {} } })],
    ['beside a second one', async () => `${await proof()}, ${await proof()}`],
    ['that is empty', async () => ''],
    ['that is nonsense', async () => 'a.b.c'],
    ['without end', async () => `${await proof()}${'A'.repeat(9000)}`],
  ]
  test.each(wrong)('%s', async (_, sent) => {
    const found = await verdict(sent())
    expect(found).toMatchObject({ ok: false, refusal: 'dpop-proof-invalid' })
    if (!found.ok) expect(found.because?.detail?.en).toMatch(/^DPoP: [ -~]+\.$/)
  })

  test('changed by one letter anywhere', async () => {
    const good = await proof()
    for (let at = 0; at < good.length - 1; at += 11) {
      if (good[at] === '.') continue
      const changed = good.slice(0, at) + (good[at] === 'A' ? 'B' : 'A') + good.slice(at + 1)
      expect(await verdict(changed), `letter ${at}`).toMatchObject({ ok: false })
    }
  })
})

test('at the token endpoint there is no token yet, and none is asked for', async () => {
  const sent = await proof({ claims: { ath: undefined } })
  expect(await verifyProof(sent, { method: 'GET', url, now })).toMatchObject({ ok: true })
})
