import { z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { longestScope, mostScopes } from '../../domain/scope.ts'
import { grantToken } from '../../usecases/apps/grant-token.ts'
import { problemReplies } from '../problem.ts'
import { asPublic } from '../middleware/as-public.ts'
import { consentTokens } from './consent-tokens.ts'
import { possessionIn } from './possession.ts'
import { granted, OAuthError, orDenied, unstored } from './refusal.ts'
import { formLimit, formOf, grantTypeIn, tokenRequest } from './request.ts'
import { clientFields } from './shapes.ts'

/** Of a list of scopes with a space between two. */
const longestScopes = mostScopes * (longestScope + 1)

const Form = z
  .object({
    grant_type: z.enum(['client_credentials', 'authorization_code', 'refresh_token']),
    scope: z.string().max(longestScopes).optional().openapi({
      description:
        'Any of the app’s scopes, or narrower ones: of `dossiers:submit`, for example, `dossiers:submit:commune` or `dossiers:submit:1.004873`. All that the app has where missing.',
    }),
    code: z.string().max(100).optional().openapi({ description: 'With `authorization_code`.' }),
    code_verifier: z
      .string()
      .max(128)
      .optional()
      .openapi({ description: 'PKCE (RFC 7636), with `authorization_code`.' }),
    redirect_uri: z
      .string()
      .max(500)
      .optional()
      .openapi({ description: 'With `authorization_code`: where it is given, the one that the code was sent to.' }),
    refresh_token: z
      .string()
      .max(200)
      .optional()
      .openapi({ description: 'With `refresh_token`: good once; the reply has the next one.' }),
    resource: z.string().max(200).optional().openapi({ description: 'RFC 8707; only this service is possible.' }),
    ...clientFields,
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
    refresh_token: z
      .string()
      .max(200)
      .optional()
      .openapi({ description: 'Under a consent only: good once, until the consent ends.' }),
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
      'OAuth 2 client credentials (RFC 6749 §4.4), or the code or refresh token of a citizen’s consent (§4.1.3, §6, with PKCE), with `client_secret_basic` or `private_key_jwt` (RFC 7523). The token is a JWT (RFC 9068) for this service and lives 10 minutes. With a `DPoP` header (RFC 9449) it is bound to the key that signed the proof, and good for nobody else. A code or refresh token that comes a second time ends the consent.',
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
  api.post('/oauth/token', formLimit, asPublic, (c) =>
    orDenied(c, async () => {
      const form = await formOf(c)
      const origin = c.var.config.publicOrigin
      const kind = grantTypeIn(form, origin)
      if (kind !== 'client_credentials') return c.json(Token.parse(await consentTokens(c, kind, form)), 200, unstored)
      const request = tokenRequest(form, c.req.header('authorization'), origin)
      const possession = await possessionIn(c)
      const { token, type, scopes, expiresIn } = granted(await grantToken(c.var.context, { ...request, possession }))
      const reply = { access_token: token, token_type: type, expires_in: expiresIn, scope: scopes.join(' ') }
      return c.json(Token.parse(reply), 200, unstored)
    }),
  )
}
