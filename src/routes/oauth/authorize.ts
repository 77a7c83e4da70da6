import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { Api, House } from '../../app.ts'
import { IssuerUnreachable } from '../../platform/issuers.ts'
import { log } from '../../platform/log.ts'
import type { AuthorizationRequest } from '../../domain/authorization.ts'
import { patience } from '../../domain/authorization.ts'
import {
  type AskedParameters,
  beginAuthorization,
  checkRequest,
  loginIssuer,
  pushRequest,
  takePushed,
} from '../../usecases/consents/ask.ts'
import { asPublic } from '../middleware/as-public.ts'
import { languageOf, problemReplies, refusals } from '../problem.ts'
import { forBrowsers, knownBrowser, sendBack, sendOn } from './browser.ts'
import { clientIn } from './consent-tokens.ts'
import { Denied, type OAuthRefusal, OAuthError, orDenied, unstored } from './refusal.ts'
import { formLimit, formOf } from './request.ts'
import { authorizationFields, clientFields } from './shapes.ts'
import { pageReplies, toApp, whateverElse } from './replies.ts'

const no = refusals('unknown-client', 'redirect-uri-unknown', 'no-such-authorization')
const requestUri = 'urn:ietf:params:oauth:request_uri:'

const Query = z.object({
  client_id: z
    .string()
    .max(64)
    .openapi({ description: 'The id of the app.', example: 'app_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' }),
  ...authorizationFields,
  request_uri: z.string().max(200).optional().openapi({
    description: 'In place of all other parameters but `client_id`: a request that was pushed (RFC 9126).',
  }),
})

const Pushed = z.object({ request_uri: z.string().max(200), expires_in: z.int() }).openapi('OAuthPushedRequest', {
  example: { request_uri: `${requestUri}6Tn3mK0cJ2v9yQeXwL4hR8sUoZbA1dFgHiPjVkNtM5E`, expires_in: 90 },
})
const Push = z.object({ ...authorizationFields, ...clientFields }).openapi('OAuthAuthorizationRequest', {
  example: {
    response_type: 'code',
    client_id: 'app_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e',
    redirect_uri: 'https://app.example/callback',
    scope: 'citizen:copies:read',
    state: 'af0ifjsldkj',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  },
})

/** Where an app sends a citizen to ask for consent, and where it can say beforehand what it will ask. */
export function authorizeRoutes(api: Api) {
  api.openAPIRegistry.registerPath({
    method: 'get',
    path: '/oauth/authorize',
    operationId: 'authorize',
    tags: ['Consents'],
    summary: 'Ask a citizen for consent',
    description:
      'For browsers: OAuth 2.1 authorization code with PKCE (S256 only). The citizen logs in at the national identity provider, sees who asks for what, for what purpose and for how long, chooses, and comes back to `redirect_uri` with `code`, `state` and `iss` (RFC 9207), or with `error` (RFC 6749 §4.1.2.1). An unknown client or address is never sent anywhere.',
    security: [],
    request: { query: Query },
    responses: {
      303: toApp('To the login, or back to the app with an error'),
      default: whateverElse,
      ...pageReplies('unknown-client', 'redirect-uri-unknown', 'no-such-authorization'),
    },
  })
  api.get('/oauth/authorize', ...forBrowsers, async (c) => {
    const parameters = parametersIn(new URL(c.req.url).searchParams)
    const pushed = parameters.values.get('request_uri')
    if (pushed !== undefined) {
      const app = parameters.values.get('client_id') ?? ''
      return toLogin(c, no.unwrap(await takePushed(c.var.context, pushed.replace(requestUri, ''), app)))
    }
    const checked = no.unwrap(await checkRequest(c.var.context, parameters))
    return 'request' in checked ? toLogin(c, checked.request) : sendBack(c, checked)
  })

  const oauthError = { 'application/json': { schema: OAuthError } }
  api.openAPIRegistry.registerPath({
    method: 'post',
    path: '/oauth/par',
    operationId: 'pushAuthorizationRequest',
    tags: ['Consents'],
    summary: 'Say beforehand what will be asked',
    description:
      'Pushed authorization requests (RFC 9126): the app proves who it is as at `/oauth/token`, is told at once what is wrong with its request, and sends the browser to `/oauth/authorize` with `client_id` and the `request_uri` of the reply, once, within 90 seconds.',
    security: [{ clientSecretBasic: [] }, {}],
    request: { body: { required: true, content: { 'application/x-www-form-urlencoded': { schema: Push } } } },
    responses: {
      201: { description: 'Kept', content: { 'application/json': { schema: Pushed } } },
      400: { description: 'The request cannot be granted (RFC 6749 §5.2)', content: oauthError },
      401: { description: 'The client did not prove who it is', content: oauthError },
      ...problemReplies('too-many-requests', 'internal'),
    },
  })
  api.post('/oauth/par', formLimit, asPublic, (c) =>
    orDenied(c, async () => {
      const form = await formOf(c)
      const app = await clientIn(c, form)
      const parameters = parametersIn(form)
      if (parameters.values.has('request_uri'))
        throw new Denied('invalid_request', 'request_uri is not for this endpoint')
      const values = new Map(parameters.values).set('client_id', app.id)
      const checked = await checkRequest(c.var.context, { ...parameters, values })
      if (!checked.ok)
        throw new Denied('invalid_request', 'redirect_uri is none of those that the app is registered with')
      if ('error' in checked.value) throw new Denied(pushError(checked.value.error), checked.value.description)
      const id = await pushRequest(c.var.context, checked.value.request)
      return c.json(
        Pushed.parse({ request_uri: `${requestUri}${id}`, expires_in: patience.pushed / 1000 }),
        201,
        unstored,
      )
    }),
  )
}

const pushErrors: readonly OAuthRefusal[] = ['invalid_scope', 'invalid_target', 'unsupported_response_type']
const pushError = (error: string): OAuthRefusal => pushErrors.find((known) => known === error) ?? 'invalid_request'

function parametersIn(sent: URLSearchParams): AskedParameters {
  const names = [...sent.keys()]
  // A parameter without a value is as good as none (RFC 6749 §3.1); RFC 8707 alone lets one come several times.
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index && name !== 'resource'))
  return { values: new Map([...sent].filter(([, value]) => value !== '')), repeated }
}

async function toLogin(c: HonoContext<House>, request: AuthorizationRequest): Promise<Response> {
  const { redirectUri, state } = request
  const at = loginIssuer(c.var.context)
  const unavailable = { redirectUri, state, error: 'temporarily_unavailable' }
  if (!at) return sendBack(c, { ...unavailable, description: 'No login of citizens is set up' })
  try {
    const language = request.language ?? languageOf(c)
    return sendOn(c, await beginAuthorization(c.var.context, request, { at, browser: knownBrowser(c), language }))
  } catch (error) {
    if (!(error instanceof IssuerUnreachable)) throw error
    log('login.failed', { issuer: at.issuer, error })
    return sendBack(c, { ...unavailable, description: 'The identity provider does not answer' })
  }
}
