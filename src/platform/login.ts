import { importJWK } from 'jose'
import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  AuthorizationResponseError,
  type AuthorizationServer,
  calculatePKCECodeChallenge,
  discoveryRequest,
  generateRandomCodeVerifier,
  generateRandomNonce,
  getValidatedIdTokenClaims,
  PrivateKeyJwt,
  processAuthorizationCodeResponse,
  processDiscoveryResponse,
  validateAuthResponse,
} from 'oauth4webapi'
import { IssuerUnreachable } from './issuers.ts'
import type { TokenKey } from './jwt.ts'

/** An issuer at which citizens log in, and as which of its clients we come. */
export type LoginIssuer = { issuer: string; client: string; audience: string; algorithms: string[] }

/** What has to be known again when the browser comes back. */
export type LoginSecrets = { verifier: string; nonce: string }

const timeout = 5_000
const callbackOf = (origin: string) => `${origin}/oauth/callback`

/**
 * Where a browser logs in at the issuer: OpenID Connect with code, PKCE and nonce. The access token is asked for our own API (RFC 8707),
 * so that who logged in is known by the very claims by which citizens are known everywhere here. Throws {@link IssuerUnreachable}.
 */
export async function beginLogin(
  at: LoginIssuer,
  { origin, state, language }: { origin: string; state: string; language: string },
): Promise<LoginSecrets & { url: string }> {
  const { authorization_endpoint: endpoint } = await discovered(at)
  if (!endpoint) throw new IssuerUnreachable(`${at.issuer} has no authorization endpoint`)
  const [verifier, nonce] = [generateRandomCodeVerifier(), generateRandomNonce()]
  const url = new URL(endpoint)
  for (const [name, value] of Object.entries({
    client_id: at.client,
    redirect_uri: callbackOf(origin),
    response_type: 'code',
    scope: 'openid dossiers copies',
    resource: at.audience,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ui_locales: language,
    state,
    nonce,
  }))
    url.searchParams.set(name, value)
  return { url: url.href, verifier, nonce }
}

/**
 * The access token of who came back from the login; `denied` where they, or the issuer, did not want to. The issuer is asked as a
 * client that signs with our own key (`private_key_jwt`). Throws {@link IssuerUnreachable}; whatever else is wrong with the reply throws, too.
 */
export async function finishLogin(
  at: LoginIssuer,
  key: TokenKey,
  back: { url: URL; origin: string; state: string } & LoginSecrets,
): Promise<{ token: string; subject: string } | 'denied'> {
  const server = await discovered(at)
  const client = { client_id: at.client }
  try {
    const parameters = validateAuthResponse(server, client, back.url, back.state)
    const proof = PrivateKeyJwt({ key: await privateKey(key), kid: key.kid })
    const response = await authorizationCodeGrantRequest(
      server,
      client,
      proof,
      parameters,
      callbackOf(back.origin),
      back.verifier,
      { ...options(at), additionalParameters: { resource: at.audience } },
    )
    const expected = { expectedNonce: back.nonce, requireIdToken: true }
    const tokens = await processAuthorizationCodeResponse(server, client, response, expected)
    const claims = getValidatedIdTokenClaims(tokens)
    if (!claims) throw new Error(`${at.issuer} gave no ID token`)
    return { token: tokens.access_token, subject: claims.sub }
  } catch (error) {
    if (error instanceof AuthorizationResponseError && error.error === 'access_denied') return 'denied'
    throw error
  }
}

async function discovered(at: LoginIssuer): Promise<AuthorizationServer> {
  const issuer = new URL(at.issuer)
  try {
    const server = await processDiscoveryResponse(issuer, await discoveryRequest(issuer, options(at)))
    // What our settings allow counts, not what the issuer says of itself.
    return { ...server, id_token_signing_alg_values_supported: at.algorithms }
  } catch (cause) {
    throw new IssuerUnreachable(`${at.issuer}: ${String(cause)}`, { cause })
  }
}

/** Only the developer's own machine is spoken to in clear. */
const options = ({ issuer }: LoginIssuer) => ({
  [allowInsecureRequests]: ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(issuer).hostname),
  signal: () => AbortSignal.timeout(timeout),
})

async function privateKey(key: TokenKey): Promise<CryptoKey> {
  const imported = await importJWK(key, 'ES256')
  if (imported instanceof Uint8Array) throw new Error('a P-256 key is no secret')
  return imported
}
