import { z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { revokeToken } from '../../usecases/consents/revoke.ts'
import { asPublic } from '../middleware/as-public.ts'
import { problemReplies } from '../problem.ts'
import { clientIn } from './consent-tokens.ts'
import { Denied, granted, OAuthError, orDenied, unstored } from './refusal.ts'
import { formLimit, formOf, valuesIn } from './request.ts'
import { clientFields } from './shapes.ts'

const Form = z
  .object({
    token: z.string().max(8192).openapi({ description: 'An access token or refresh token under a consent.' }),
    token_type_hint: z
      .string()
      .max(100)
      .optional()
      .openapi({ description: '`access_token` or `refresh_token`; either is found without it.' }),
    ...clientFields,
  })
  .openapi('OAuthRevocation', { example: { token: '01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e.1.c2lnbmF0dXJl' } })

const oauthError = { 'application/json': { schema: OAuthError } }

/** RFC 7009, for apps that give a consent back. */
export function revokeRoute(api: Api) {
  api.openAPIRegistry.registerPath({
    method: 'post',
    path: '/oauth/revoke',
    operationId: 'revokeToken',
    tags: ['Consents'],
    summary: 'Give a consent back',
    description:
      'OAuth 2 token revocation (RFC 7009), authenticated as at `/oauth/token`. With either token the whole consent ends at once, and the citizen sees that the app gave it back. A token that is not known is answered alike. Tokens that an app has for itself end by themselves (`unsupported_token_type`).',
    security: [{ clientSecretBasic: [] }, {}],
    request: { body: { required: true, content: { 'application/x-www-form-urlencoded': { schema: Form } } } },
    responses: {
      200: { description: 'The token opens nothing, now or before' },
      400: { description: 'The request cannot be understood (RFC 7009 §2.2.1)', content: oauthError },
      401: { description: 'The client did not prove who it is', content: oauthError },
      ...problemReplies('too-many-requests', 'internal'),
    },
  })
  api.post('/oauth/revoke', formLimit, asPublic, (c) =>
    orDenied(c, async () => {
      const form = await formOf(c)
      const app = await clientIn(c, form)
      const token = valuesIn(form)('token')
      if (!token) throw new Denied('invalid_request', 'token is missing')
      granted(await revokeToken(c.var.context, app, token))
      return c.body(null, 200, unstored)
    }),
  )
}
