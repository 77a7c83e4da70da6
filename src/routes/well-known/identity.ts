import { createRoute, z } from '@hono/zod-openapi'
import { cors } from 'hono/cors'
import type { Api } from '../../app.ts'
import { consentScopes } from '../../domain/consent.ts'
import { listedScopes } from '../../domain/scope.ts'
import { assertionAlgorithms } from '../../platform/client-assertions.ts'
import { proofAlgorithms } from '../../platform/dpop.ts'
import { publicKeys } from '../../platform/jwt.ts'
import { problemReplies } from '../problem.ts'

const Address = z.url().max(500)
const Names = z.array(z.string().max(100)).max(20)
const cached = { 'cache-control': 'public, max-age=300' }

const KeySet = z
  .object({
    keys: z
      .array(
        z.object({
          kty: z.literal('EC'),
          crv: z.literal('P-256'),
          x: z.string().max(43),
          y: z.string().max(43),
          kid: z.string().max(100),
          alg: z.literal('ES256'),
          use: z.literal('sig'),
        }),
      )
      .max(20),
  })
  .openapi('KeySet')

const AuthorizationServer = z
  .object({
    issuer: Address,
    authorization_endpoint: Address,
    pushed_authorization_request_endpoint: Address,
    token_endpoint: Address,
    revocation_endpoint: Address,
    jwks_uri: Address,
    scopes_supported: Names,
    response_types_supported: Names,
    response_modes_supported: Names,
    grant_types_supported: Names,
    code_challenge_methods_supported: Names,
    authorization_response_iss_parameter_supported: z.boolean().openapi({ description: 'RFC 9207.' }),
    token_endpoint_auth_methods_supported: Names,
    token_endpoint_auth_signing_alg_values_supported: Names,
    dpop_signing_alg_values_supported: Names,
    revocation_endpoint_auth_methods_supported: Names,
    revocation_endpoint_auth_signing_alg_values_supported: Names,
    ui_locales_supported: Names,
    service_documentation: Address,
  })
  .openapi('AuthorizationServer')

const ProtectedResource = z
  .object({
    resource: Address,
    authorization_servers: z.array(Address).max(20),
    scopes_supported: Names,
    bearer_methods_supported: Names,
    dpop_signing_alg_values_supported: Names,
    dpop_bound_access_tokens_required: z.boolean(),
    resource_name: z.string().max(100),
    resource_documentation: Address,
  })
  .openapi('ProtectedResource')

const described = (path: string, operationId: string, summary: string, description: string) => ({
  method: 'get' as const,
  path: `/.well-known/${path}`,
  operationId,
  summary,
  description,
  tags: ['Apps'],
  security: [],
})

const reply = <T extends z.ZodType>(description: string, schema: T) => ({
  200: { description, content: { 'application/json': { schema } } },
  ...problemReplies('internal'),
})

const keysRoute = createRoute({
  ...described(
    'jwks.json',
    'readKeys',
    'The keys that sign our tokens',
    'JSON Web Key Set (RFC 7517). A new key appears here before it signs.',
  ),
  responses: reply('The public keys', KeySet),
})
const serverRoute = createRoute({
  ...described(
    'oauth-authorization-server',
    'readAuthorizationServer',
    'How apps get tokens and consent',
    'OAuth 2 authorization server metadata (RFC 8414).',
  ),
  responses: reply('The metadata', AuthorizationServer),
})
const resourceRoute = createRoute({
  ...described(
    'oauth-protected-resource',
    'readProtectedResource',
    'Whose tokens are accepted',
    'OAuth 2 protected resource metadata (RFC 9728); every 401 points here.',
  ),
  responses: reply('The metadata', ProtectedResource),
})

const authentication = ['client_secret_basic', 'private_key_jwt']

/** What clients and other services must know to get and check tokens; public, and the same for all. */
export function identityMetadata(api: Api) {
  api.use('/.well-known/*', cors())
  api.openapi(keysRoute, (c) => c.json(KeySet.parse(publicKeys(c.var.config.tokenKeys)), 200, cached))
  api.openapi(serverRoute, (c) => {
    const origin = c.var.config.publicOrigin
    const metadata = {
      issuer: origin,
      authorization_endpoint: `${origin}/oauth/authorize`,
      pushed_authorization_request_endpoint: `${origin}/oauth/par`,
      token_endpoint: `${origin}/oauth/token`,
      revocation_endpoint: `${origin}/oauth/revoke`,
      jwks_uri: `${origin}/.well-known/jwks.json`,
      scopes_supported: [...listedScopes, ...consentScopes],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['client_credentials', 'authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      token_endpoint_auth_methods_supported: authentication,
      token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
      dpop_signing_alg_values_supported: proofAlgorithms,
      revocation_endpoint_auth_methods_supported: authentication,
      revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
      ui_locales_supported: ['vi', 'en'],
      service_documentation: `${origin}/docs`,
    }
    return c.json(AuthorizationServer.parse(metadata), 200, cached)
  })
  api.openapi(resourceRoute, (c) => {
    const { publicOrigin: origin, issuers } = c.var.config
    const metadata = {
      resource: origin,
      authorization_servers: [origin, ...issuers.map(({ issuer }) => issuer)],
      scopes_supported: [...listedScopes, ...consentScopes, 'dossiers', 'copies'],
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: proofAlgorithms,
      dpop_bound_access_tokens_required: false,
      resource_name: 'Một cửa',
      resource_documentation: `${origin}/docs`,
    }
    return c.json(ProtectedResource.parse(metadata), 200, cached)
  })
}
