import type { TokenRefusal } from './middleware/authenticate.ts'

/**
 * The challenge that goes with a 401, or with a 403 for want of a scope (RFC 6750 §3), pointing to how to get a token
 * (RFC 9728 §5.1).
 */
export function challenge(publicOrigin: string, because?: TokenRefusal | { scope: string }): string {
  const metadata = `resource_metadata="${publicOrigin}/.well-known/oauth-protected-resource"`
  if (!because) return `Bearer ${metadata}`
  if (typeof because === 'object') return `Bearer error="insufficient_scope", scope="${because.scope}", ${metadata}`
  const description = because === 'token-expired' ? 'The token has expired' : 'The token is not valid here'
  return `Bearer error="invalid_token", error_description="${description}", ${metadata}`
}
