import { z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import type { Api } from '../../app.ts'
import { longestScope, mostScopes } from '../../domain/scope.ts'
import { grantToken } from '../../usecases/apps/grant-token.ts'
import { problemReplies } from '../problem.ts'
import { asPublic } from '../middleware/as-public.ts'
import { possessionIn } from './possession.ts'
import { Denied, denied, OAuthError, unstored } from './refusal.ts'
import { jwtBearer, tokenRequest } from './request.ts'

/** Of a list of scopes with a space between two. */
const longestScopes = mostScopes * (longestScope + 1)

const Form = z
  .object({
    grant_type: z.literal('client_credentials'),
    scope: z.string().max(longestScopes).optional().openapi({
      description:
        'Any of the app’s scopes, or narrower ones: of `dossiers:submit`, for example, `dossiers:submit:commune` or `dossiers:submit:1.004873`. All that the app has where missing.',
    }),
    resource: z.string().max(200).optional().openapi({ description: 'RFC 8707; only this service is possible.' }),
    client_id: z.string().max(64).optional(),
    client_assertion_type: z.literal(jwtBearer).optional(),
    client_assertion: z
      .string()
      .max(8192)
      .optional()
      .openapi({ description: 'private_key_jwt: a JWT by RFC 7523, good for 5 minutes at most, once.' }),
  })
  .openapi('TokenRequest', { example: { grant_type: 'client_credentials', scope: 'dossiers:submit dossiers:read' } })

const DpopHeader = z.object({
  dpop: z.string().max(8192).optional().openapi({
    description: 'A proof of possession (RFC 9449 §4): needed by apps that are registered with `dpop: required`.',
  }),
})

const Token = z
  .object({
    access_token: z.string().max(8192),
    token_type: z.enum(['Bearer', 'DPoP']).openapi({
      description: '`DPoP`: bound to the key that the request proved; send it with `Authorization: DPoP`, and a proof.',
    }),
    expires_in: z.int().openapi({ description: 'Seconds.' }),
    scope: z.string().max(longestScopes),
  })
  .openapi('Token', {
    example: {
      access_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln',
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'dossiers:submit',
    },
  })

const json = <T>(schema: T) => ({ 'application/json': { schema } })

/** The one endpoint that OAuth itself specifies: form in, its own JSON out, also when it says no. */
export function tokenRoute(api: Api) {
  api.openAPIRegistry.registerPath({
    method: 'post',
    path: '/oauth/token',
    operationId: 'grantToken',
    tags: ['Apps'],
    summary: 'Get an access token for an app',
    description:
      'OAuth 2 client credentials (RFC 6749 §4.4) with `client_secret_basic` or `private_key_jwt` (RFC 7523). The token is a JWT (RFC 9068) for this service and lives 10 minutes. With a `DPoP` header (RFC 9449) it is bound to the key that signed the proof, and good for nobody else.',
    security: [{ clientSecretBasic: [] }, {}],
    request: {
      headers: DpopHeader,
      body: { required: true, content: { 'application/x-www-form-urlencoded': { schema: Form } } },
    },
    responses: {
      200: { description: 'The token', content: json(Token) },
      400: { description: 'The request cannot be granted (RFC 6749 §5.2)', content: json(OAuthError) },
      401: { description: 'The client did not prove who it is', content: json(OAuthError) },
      ...problemReplies('too-many-requests', 'internal'),
    },
  })
  const tooLong = bodyLimit({
    maxSize: 16_384,
    onError: (c) => denied(c, 'invalid_request', 'The request is too long'),
  })
  api.post('/oauth/token', tooLong, asPublic, async (c) => {
    if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
      return denied(c, 'invalid_request', 'Send application/x-www-form-urlencoded')
    try {
      const form = new URLSearchParams(new TextDecoder().decode(await c.req.arrayBuffer()))
      const request = tokenRequest(form, c.req.header('authorization'), c.var.config.publicOrigin)
      const granted = await grantToken(c.var.context, { ...request, possession: await possessionIn(c) })
      if (!granted.ok) return denied(c, granted.refusal, granted.because?.detail?.en ?? descriptions[granted.refusal])
      const { token, type, scopes, expiresIn } = granted.value
      const reply = { access_token: token, token_type: type, expires_in: expiresIn, scope: scopes.join(' ') }
      return c.json(Token.parse(reply), 200, unstored)
    } catch (error) {
      if (error instanceof Denied) return denied(c, error.error, error.message)
      throw error
    }
  })
}

const descriptions = {
  invalid_client: 'The client is unknown or did not prove who it is',
  invalid_scope: 'The app is not registered for all of these scopes',
  invalid_request: 'The request is not valid',
  invalid_dpop_proof: 'The DPoP proof is not valid',
}
