import { proofAlgorithms } from '../platform/dpop.ts'
import type { TokenRefusal } from './middleware/authenticate.ts'

type Because = TokenRefusal | { scope: string } | undefined

const errors = {
  'token-invalid': 'error="invalid_token", error_description="The token is not valid here"',
  'token-expired': 'error="invalid_token", error_description="The token has expired"',
  'dpop-proof-invalid': 'error="invalid_dpop_proof", error_description="The proof is missing or not valid"',
  'issuer-unreachable': 'error="invalid_token", error_description="The token cannot be checked now"',
} as const satisfies Record<TokenRefusal, string>

/**
 * The challenge that goes with a 401, or with a 403 for want of a scope (RFC 6750 §3, RFC 9449 §7.1), pointing to how to get a
 * token (RFC 9728 §5.1). What is wrong is said under the scheme of the request; without one, both are offered.
 */
export function challenge(publicOrigin: string, authorization: string | undefined, because?: Because): string {
  const wrong =
    because === undefined
      ? []
      : [typeof because === 'object' ? `error="insufficient_scope", scope="${because.scope}"` : errors[because]]
  const metadata = `resource_metadata="${publicOrigin}/.well-known/oauth-protected-resource"`
  const algorithms = `algs="${proofAlgorithms.join(' ')}"`
  if (/^DPoP /i.test(authorization ?? '')) return `DPoP ${[...wrong, algorithms, metadata].join(', ')}`
  return `Bearer ${[...wrong, metadata].join(', ')}, DPoP ${algorithms}`
}
