import type { AuthorizationRequest } from '../../domain/authorization.ts'
import { patience } from '../../domain/authorization.ts'
import { consentScopes } from '../../domain/consent.ts'
import type { Context } from '../../context.ts'
import { beginLogin, type LoginIssuer } from '../../platform/login.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { hashOfSecret, newHandle } from '../../platform/secrets.ts'

/** The parameters of an authorization request as they came; `repeated` are those that came more than once. */
export type AskedParameters = { values: ReadonlyMap<string, string>; repeated: ReadonlySet<string> }

/** Why an app is sent back without anything, as RFC 6749 §4.1.2.1 names it, and in ASCII words for its developer. */
export type SentBack = { error: string; description: string }

/** Where a browser goes on: to the login, or back to the app. */
export type BackTo = { redirectUri: string; state: string | null }

type Checked = { request: AuthorizationRequest } | (BackTo & SentBack)

/**
 * Reads what an app asks of a citizen (RFC 6749 §4.1.1, RFC 7636, RFC 9700 §2.1). Refused is what must not be redirected: then nobody
 * knows whom the address belongs to. Whatever else is wrong is told to the app at its registered address.
 */
export async function checkRequest(
  context: Context,
  { values, repeated }: AskedParameters,
): Promise<Result<Checked, 'unknown-client' | 'redirect-uri-unknown'>> {
  const app = repeated.has('client_id') ? '' : (values.get('client_id') ?? '')
  // A sandbox app asks nobody who is real.
  if ((await context.apps.find(app))?.kind !== 'live') return refuse('unknown-client')
  const terms = await context.consents.terms(app)
  const redirectUri = repeated.has('redirect_uri') ? undefined : values.get('redirect_uri')
  if (redirectUri === undefined || !terms?.redirectUris.includes(redirectUri)) return refuse('redirect-uri-unknown')

  const state = repeated.has('state') ? null : (values.get('state') ?? null)
  const back = (error: string, description: string) => ok({ redirectUri, state, error, description })
  const [twice] = repeated
  if (twice) return back('invalid_request', `${twice.replaceAll(/[^\w-]/g, '')} is given more than once`)
  if ((state?.length ?? 0) > 1000) return back('invalid_request', 'state is longer than 1000 characters')
  if (values.has('request') || values.has('authorization_details'))
    return back('invalid_request', 'Request objects and authorization details are not supported')
  if (values.get('response_type') !== 'code') {
    const missing = !values.has('response_type')
    return back(missing ? 'invalid_request' : 'unsupported_response_type', 'response_type must be code')
  }
  if ((values.get('response_mode') ?? 'query') !== 'query')
    return back('invalid_request', 'The only response_mode is query')
  if (values.get('code_challenge_method') !== 'S256')
    return back('invalid_request', 'PKCE is required: code_challenge_method must be S256')
  const challenge = values.get('code_challenge') ?? ''
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge))
    return back('invalid_request', 'code_challenge must be 43 characters of base64url')
  const resource = values.get('resource')
  if (resource !== undefined && resource.replace(/\/$/, '') !== context.config.publicOrigin)
    return back('invalid_target', `Tokens are for ${context.config.publicOrigin} only`)

  const asked = (values.get('scope') ?? '').split(' ').filter(Boolean)
  const scopes = consentScopes.filter((scope) => terms.scopes.includes(scope) && asked.includes(scope))
  if (scopes.length === 0 || scopes.length < new Set(asked).size)
    return back('invalid_scope', `The app may ask for: ${terms.scopes.join(' ') || 'nothing'}`)
  const named = values.get('purpose')
  const purpose = named === undefined && terms.purposes.length === 1 ? terms.purposes[0] : purposeIn(terms, named)
  if (!purpose) return back('invalid_request', 'purpose must name one of the purposes that the app is registered with')
  const language = (values.get('ui_locales') ?? '').split(' ').find((tag) => /^(vi|en)(-|$)/i.test(tag))
  return ok({
    request: {
      app,
      redirectUri,
      state,
      scopes,
      purpose,
      challenge,
      language: language === undefined ? null : language.toLowerCase().startsWith('en') ? 'en' : 'vi',
    },
  })
}

const purposeIn = <P extends { id: string }>({ purposes }: { purposes: readonly P[] }, id: string | undefined) =>
  purposes.find((purpose) => purpose.id === id)

/** Keeps a request that an app pushed (RFC 9126); answers the name under which its browser comes, once. */
export async function pushRequest(context: Context, request: AuthorizationRequest): Promise<string> {
  const now = context.now()
  const id = newHandle()
  const place = { id, app: request.app, browser: null, expiresAt: new Date(now.getTime() + patience.pushed) }
  await context.authorizations.begin(place, { stage: 'pushed', request }, now)
  return id
}

/** Takes up what an app had pushed. */
export async function takePushed(
  context: Context,
  id: string,
  app: string,
): Promise<Result<AuthorizationRequest, 'no-such-authorization'>> {
  const found = await context.authorizations.takePushed(id, app, context.now())
  return found ? ok(found.request) : refuse('no-such-authorization')
}

/** The issuer at which citizens log in; none where the city has not set up one. */
export function loginIssuer({ config }: Context): LoginIssuer | undefined {
  for (const { kind, issuer, audience, algorithms, client } of config.issuers)
    if (kind === 'citizen' && client !== undefined) return { issuer, audience, algorithms, client }
  return undefined
}

/** Sends the browser, known by a secret that only it holds, to the login. Throws `IssuerUnreachable`. */
export async function beginAuthorization(
  context: Context,
  request: AuthorizationRequest,
  { at, browser, language }: { at: LoginIssuer; browser: string; language: 'vi' | 'en' },
): Promise<string> {
  const now = context.now()
  const id = newHandle()
  const origin = context.config.publicOrigin
  const { url, verifier, nonce } = await beginLogin(at, { origin, state: id, language })
  const place = { id, app: request.app, browser: await hashOfSecret(browser), expiresAt: soon(now, patience.person) }
  await context.authorizations.begin(
    place,
    { stage: 'login', request, login: { issuer: at.issuer, verifier, nonce } },
    now,
  )
  return url
}

const soon = (now: Date, milliseconds: number) => new Date(now.getTime() + milliseconds)
