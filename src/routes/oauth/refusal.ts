import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** RFC 6749 §5.2, RFC 8707 §2 and RFC 9449 §5: the only ways in which this endpoint says no, and their status. */
const statuses = {
  invalid_request: 400,
  invalid_client: 401,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  invalid_dpop_proof: 400,
} as const satisfies Record<string, ContentfulStatusCode>

export type OAuthRefusal = keyof typeof statuses

/** Strict OAuth clients read this form and no other, so this one endpoint does not speak problem documents (ADR 2026-11-22-identity). */
export const OAuthError = z
  .object({
    error: z.enum([
      'invalid_request',
      'invalid_client',
      'unsupported_grant_type',
      'invalid_scope',
      'invalid_target',
      'invalid_dpop_proof',
    ]),
    error_description: z
      .string()
      .max(500)
      .openapi({ description: 'For the developer of the client; ASCII, in English.' }),
  })
  .openapi('OAuthError', {
    example: { error: 'invalid_client', error_description: 'The client is unknown or did not prove who it is.' },
  })

/** Thrown while a token request is read; answered by {@link denied}. */
export class Denied extends Error {
  readonly error: OAuthRefusal
  constructor(error: OAuthRefusal, description: string) {
    super(description)
    this.error = error
  }
}

/** Nothing about tokens may be stored on the way (RFC 6749 §5.1). */
export const unstored = { 'cache-control': 'no-store', pragma: 'no-cache' }

export function denied(c: HonoContext, error: OAuthRefusal, description: string): Response {
  const challenge = error === 'invalid_client' ? { 'www-authenticate': 'Basic realm="motcua", charset="UTF-8"' } : {}
  return c.json(OAuthError.parse({ error, error_description: description }), statuses[error], {
    ...unstored,
    ...challenge,
  })
}
