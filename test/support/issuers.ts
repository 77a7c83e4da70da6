import { fetch, type Request, Response } from 'miniflare'
import { newTokenKey, publicKeys, type TokenKey } from '../../src/platform/jwt.ts'
import { loginTokens } from './login-tokens.ts'

/** Beside the Worker under test, in Node: plays the identity providers, at addresses that exist nowhere else. */

const origin = 'https://api.test'
const trusted = (key: string, kind: 'citizen' | 'officer') => ({
  key,
  kind,
  issuer: `https://${key}.test`,
  audience: origin,
  algorithms: ['ES256'],
})

/** The identity settings of the Worker under test, and what answers in place of the internet. */
export async function testIdentity() {
  const own = await newTokenKey()
  // `turning` changes its key when it is told to; `down` never answers as it should.
  const keys = {
    people: [await newTokenKey()],
    city: [await newTokenKey()],
    turning: [await newTokenKey(), await newTokenKey()],
  }
  const issuers = [
    { ...trusted('people', 'citizen'), client: 'motcua' },
    trusted('city', 'officer'),
    trusted('turning', 'citizen'),
    trusted('down', 'citizen'),
  ]
  const answer = issuersAnswer(keys, own)
  return {
    bindings: {
      PUBLIC_ORIGIN: origin,
      ISSUERS: JSON.stringify(issuers),
      TOKEN_KEYS: JSON.stringify([own]),
      TEST_ISSUER_KEYS: JSON.stringify(keys),
    },
    /** Everything the Worker fetches comes here; what is not an issuer goes to services on this machine only. */
    async outboundService(request: Request): Promise<Response> {
      const url = new URL(request.url)
      const local = ['127.0.0.1', 'localhost'].includes(url.hostname)
      return (
        (await answer(url, request)) ?? (local ? fetch(request) : new Response('No internet in tests', { status: 502 }))
      )
    },
  }
}

function issuersAnswer(keys: Record<string, TokenKey[]>, own: TokenKey) {
  let current = 0
  let readings = 0
  return async (url: URL, request: Request): Promise<Response | undefined> => {
    const key = url.hostname.replace(/\.test$/, '')
    const known = keys[key]
    if (key === 'down') return new Response('Bad gateway', { status: 502 })
    if (!known) return undefined
    if (url.pathname === '/.well-known/openid-configuration')
      return Response.json({
        issuer: url.origin,
        jwks_uri: `${url.origin}/jwks`,
        authorization_endpoint: `${url.origin}/authorize`,
        token_endpoint: `${url.origin}/token`,
        authorization_response_iss_parameter_supported: true,
      })
    if (url.pathname === '/token') return loginTokens(await request.text(), known[0], own)
    if (url.pathname === '/turn') return Response.json({ current: ++current })
    if (url.pathname === '/readings') return Response.json({ readings })
    if (url.pathname !== '/jwks') return new Response('Not found', { status: 404 })
    if (key !== 'turning') return Response.json(publicKeys(known))
    readings++
    await new Promise((resolve) => setTimeout(resolve, 50))
    return Response.json(publicKeys(known.slice(current, current + 1)))
  }
}
