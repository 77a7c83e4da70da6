import { createPublicKey } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newTokenKey, publicKeys, signToken, type TokenKey } from '../../src/platform/jwt.ts'
import { challenge } from '../../src/routes/challenge.ts'
import { identify as identified } from '../../src/routes/middleware/authenticate.ts'
import {
  at,
  citizen,
  type Issuer,
  type IssuerServer,
  issuerServer,
  seconds,
  tokenOf,
} from '../support/issuer-server.ts'

/** Whom a header speaks of, or why not. */
const identify = async (...asked: Parameters<typeof identified>) => {
  const found = await identified(...asked)
  return found.ok ? { ok: true, value: found.value.actor } : found
}

const origin = 'https://api.test'
const now = at(0)

let server: IssuerServer
let people: Issuer
let city: Issuer
let own: TokenKey[]

beforeAll(async () => {
  server = await issuerServer(origin)
  people = await server.open('people')
  city = await server.open('city', { kind: 'officer' })
  own = [await newTokenKey(), await newTokenKey()]
})
afterAll(() => server.close())

const known = (...issuers: Issuer[]) => ({
  publicOrigin: origin,
  issuers: issuers.map(({ trusted }) => trusted),
  tokenKeys: own,
})
const whoIs = (token: string, date = now, config = known(people, city)) => identify(`Bearer ${token}`, config, date)
const refused = (refusal: string) => expect.objectContaining({ ok: false, refusal })

describe('whom the service knows', () => {
  test('no Authorization header is the public', async () => {
    expect(await identify(null, known(), now)).toEqual({ ok: true, value: { kind: 'public' } })
  })

  test('a citizen, by personal number; a company, by tax code', async () => {
    const person = {
      kind: 'citizen',
      id: 'people:c-1',
      personalId: '001190000001',
      taxCode: null,
      name: 'Nguyễn Thị Mẫu',
      scopes: ['dossiers', 'copies'],
    }
    expect(await whoIs(await tokenOf(people))).toEqual({ ok: true, value: person })
    const company = await tokenOf(people, {
      claims: { personal_id: undefined, tax_code: '0100000000-001', name: undefined },
    })
    expect(await whoIs(company)).toMatchObject({
      ok: true,
      value: { personalId: null, taxCode: '0100000000-001', name: null },
    })
  })

  test('an officer, by unit and role; roles of other systems do not count', async () => {
    const person = { kind: 'officer', id: 'city:o-1', name: 'Lê Văn Thử', unit: '00082-2025', roles: ['handler'] }
    expect(await whoIs(await tokenOf(city))).toEqual({ ok: true, value: person })
  })

  test('an app, by a token of our own, signed with any of our keys', async () => {
    const claims = { origin, client: 'app_1', scopes: ['webhooks', 'dossiers:read'], id: 'j', at: now }
    const actor = { kind: 'app', id: 'app_1', scopes: ['dossiers:read', 'webhooks'] }
    expect(await whoIs(await signToken(own, claims))).toEqual({ ok: true, value: actor })
    expect(await whoIs(await signToken(own.toReversed(), claims))).toEqual({ ok: true, value: actor })
    expect(await whoIs(await signToken(own, claims), at(611))).toEqual(refused('token-expired'))
    expect(await whoIs(await signToken([await newTokenKey()], claims))).toEqual(refused('token-invalid'))
  })

  test('a clock that differs by seconds does no harm', async () => {
    expect(await whoIs(await tokenOf(people, { claims: { nbf: seconds(now) + 5 } }))).toMatchObject({ ok: true })
    expect(await whoIs(await tokenOf(people, { claims: { exp: seconds(now) - 5 } }))).toMatchObject({ ok: true })
  })
})

describe('a token is refused, never taken for the public', () => {
  const stranger = newTokenKey()
  const publicPem = () => {
    const [jwk] = publicKeys(people.keys).keys
    if (!jwk) throw new Error('an issuer has a key')
    return Buffer.from(createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }))
  }
  const claims = (extra: Record<string, unknown> = {}) => ({
    iss: people.trusted.issuer,
    aud: origin,
    exp: seconds(now) + 600,
    ...citizen,
    ...extra,
  })

  const hostile: [promise: string, token: () => Promise<string>, refusal?: string][] = [
    ['of an issuer that nobody trusts', () => tokenOf(people, { claims: { iss: 'https://elsewhere.example' } })],
    ['of no issuer', () => tokenOf(people, { claims: { iss: undefined } })],
    ['of one issuer signed by another', () => tokenOf(city, { claims: { iss: people.trusted.issuer, ...citizen } })],
    [
      'that says it is ours and is not',
      () => tokenOf(people, { claims: { iss: origin, client_id: 'app_1', scope: 'webhooks' } }),
    ],
    ['for another service', () => tokenOf(people, { claims: { aud: 'https://elsewhere.example' } })],
    ['for nobody', () => tokenOf(people, { claims: { aud: undefined } })],
    ['that has expired', () => tokenOf(people, { claims: { exp: seconds(now) - 11 } }), 'token-expired'],
    ['that never expires', () => tokenOf(people, { claims: { exp: undefined } })],
    ['that is not valid yet', () => tokenOf(people, { claims: { nbf: seconds(now) + 60 } })],
    ['about no subject', () => tokenOf(people, { claims: { sub: undefined } })],
    ['that is an ID token', () => tokenOf(people, { header: { typ: 'JWT' } })],
    ['of no type', () => tokenOf(people, { header: { typ: undefined } })],
    ['without a signature (alg none)', async () => new UnsecuredJWT(claims()).encode()],
    [
      'that uses the public key as an HMAC secret',
      async () =>
        new SignJWT(claims())
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: people.keys[0]?.kid ?? '' })
          .sign(publicPem()),
    ],
    [
      'that brings its own key along',
      async () => tokenOf(people, { key: await stranger, header: { jwk: publicKeys([await stranger]).keys[0] } }),
    ],
    [
      'signed by a stranger under a known key id',
      async () => tokenOf(people, { key: { ...(await stranger), kid: people.keys[0]?.kid ?? '' } }),
    ],
    [
      'with a critical header that nobody knows',
      async () => tokenOf(people, { header: { crit: ['future'], future: 1 } }),
    ],
    ['without the claims of a person', () => tokenOf(people, { claims: { personal_id: undefined } })],
    ['with a personal number of 11 digits', () => tokenOf(people, { claims: { personal_id: '00119000000' } })],
    ['of an officer without a unit', () => tokenOf(city, { claims: { unit: undefined } })],
    ['of an officer of a unit that cannot be', () => tokenOf(city, { claims: { unit: "00082' OR 1=1" } })],
  ]
  test.each(hostile)('%s', async (_, token, refusal = 'token-invalid') => {
    expect(await whoIs(await token())).toEqual(refused(refusal))
  })

  test('changed by one letter anywhere', async () => {
    const token = await tokenOf(people)
    for (let index = 0; index < token.length; index += 7) {
      const letter = token[index] === 'A' ? 'B' : 'A'
      // The last letter of an ECDSA signature carries four bits that mean nothing.
      if (token[index] === '.' || index === token.length - 1) continue
      const changed = token.slice(0, index) + letter + token.slice(index + 1)
      expect(await whoIs(changed), `letter ${index}`).toEqual(refused('token-invalid'))
    }
  })

  test.each(['', 'Bearer', 'Bearer ', 'Bearer a b', 'Basic YTpi', 'Bearer ü', 'Bearer a.b.c', 'DPoP a.b.c'])(
    'in the form %j',
    async (header) => {
      expect(await identify(header, known(people), now)).toEqual(refused('token-invalid'))
    },
  )

  test('longer than any real one', async () => {
    expect(await whoIs(`${'a'.repeat(9000)}.a.a`)).toEqual(refused('token-invalid'))
  })

  test('signed with an algorithm that the issuer is not trusted with, even if it publishes the key', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const issuer = await server.open('two-algorithms')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'rsa', alg: 'RS256' }
    issuer.jwks = (response) => response.end(JSON.stringify({ keys: [...publicKeys(issuer.keys).keys, jwk] }))
    const token = await new SignJWT({ ...claims(), iss: issuer.trusted.issuer })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'rsa' })
      .sign(privateKey)
    expect(await whoIs(token, now, known(issuer))).toEqual(refused('token-invalid'))
    issuer.trusted = { ...issuer.trusted, algorithms: ['RS256'] }
    expect(await whoIs(token, now, known(issuer))).toMatchObject({ ok: true })
  })

  test('and the challenge says where to get a good one', () => {
    const metadata = 'resource_metadata="https://api.test/.well-known/oauth-protected-resource"'
    const algorithms = 'algs="ES256 RS256 EdDSA Ed25519"'
    expect(challenge(origin, undefined)).toBe(`Bearer ${metadata}, DPoP ${algorithms}`)
    expect(challenge(origin, 'Bearer x', 'token-expired')).toBe(
      `Bearer error="invalid_token", error_description="The token has expired", ${metadata}, DPoP ${algorithms}`,
    )
    expect(challenge(origin, 'dpop x', 'dpop-proof-invalid')).toBe(
      `DPoP error="invalid_dpop_proof", error_description="The proof is missing or not valid", ${algorithms}, ${metadata}`,
    )
  })
})
