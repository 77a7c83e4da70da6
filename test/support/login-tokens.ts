import { createHash } from 'node:crypto'
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose'
import { Response } from 'miniflare'
import { publicKeys, type TokenKey } from '../../src/platform/jwt.ts'

/** What a code of the test's identity provider says: who logged in, in answer to which request, and what the provider does wrong. */
export type LoginCode = {
  who: { sub: string; personal_id?: string; tax_code?: string; name?: string; scope: string }
  challenge: string
  nonce: string
  redirect: string
  fault?: 'nonce' | 'other-subject' | 'no-person' | 'down'
}

/** Plays the token endpoint: strict about the client, PKCE and the address; answers an ID token and an access token for our API. */
export async function loginTokens(body: string, key: TokenKey | undefined, own: TokenKey): Promise<Response> {
  const form = new URLSearchParams(body)
  const said = JSON.parse(Buffer.from(form.get('code') ?? '', 'base64url').toString()) as LoginCode
  const issuer = 'https://people.test'
  if (!key || said.fault === 'down') return new Response('Bad gateway', { status: 502 })
  const assertion = await jwtVerify(form.get('client_assertion') ?? '', createLocalJWKSet(publicKeys([own])), {
    issuer: 'motcua',
    subject: 'motcua',
    audience: issuer,
    requiredClaims: ['exp', 'jti'],
  }).catch(() => undefined)
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url')
  const isAllowed = challenge === said.challenge && form.get('redirect_uri') === said.redirect
  if (!assertion) return Response.json({ error: 'invalid_client' }, { status: 401 })
  if (!isAllowed || form.get('resource') !== 'https://api.test')
    return Response.json({ error: 'invalid_grant' }, { status: 400 })
  const now = Math.floor(Date.now() / 1000)
  const signed = (typ: string, claims: Record<string, unknown>) =>
    new SignJWT({ iss: issuer, iat: now, exp: now + 300, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ, kid: key.kid })
      .sign(key)
  const nonce = said.fault === 'nonce' ? 'another' : said.nonce
  const sub = said.fault === 'other-subject' ? 'somebody-else' : said.who.sub
  const who = said.fault === 'no-person' ? { sub: said.who.sub, scope: said.who.scope } : said.who
  return Response.json({
    access_token: await signed('at+jwt', { ...who, aud: 'https://api.test' }),
    id_token: await signed('JWT', { sub, aud: 'motcua', nonce }),
    token_type: 'Bearer',
    expires_in: 300,
  })
}
