import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Result } from '../../platform/result.ts'

/** RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 8707 §2 and RFC 9449 §5: the only ways in which these endpoints say no, and their status. */
const statuses = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  unsupported_token_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  invalid_dpop_proof: 400,
} as const satisfies Record<string, ContentfulStatusCode>

export type OAuthRefusal = keyof typeof statuses

/** Strict OAuth clients read this form and no other, so these endpoints do not speak problem documents (ADR 2026-11-22-identity). */
export const OAuthError = z
  .object({
    error: z.enum(Object.keys(statuses)),
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

/** Answers what `work` answers, or as OAuth has it where a client is denied something. */
export async function orDenied(c: HonoContext, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Denied) return denied(c, error.error, error.message)
    throw error
  }
}

/** What a use case answers, or {@link Denied} in its words. */
export function granted<T>(result: Result<T, OAuthRefusal>): T {
  if (result.ok) return result.value
  throw new Denied(result.refusal, result.because?.detail?.en ?? descriptions[result.refusal] ?? 'Refused')
}

const descriptions: Partial<Record<OAuthRefusal, string>> = {
  invalid_client: 'The client is unknown or did not prove who it is',
  invalid_request: 'The request is not valid',
  invalid_dpop_proof: 'The DPoP proof is not valid',
  invalid_scope: 'The app is not registered for all of these scopes',
  unsupported_token_type: 'A token that the app got for itself cannot be called back; it ends within ten minutes',
}

export function denied(c: HonoContext, error: OAuthRefusal, description: string): Response {
  const challenge = error === 'invalid_client' ? { 'www-authenticate': 'Basic realm="motcua", charset="UTF-8"' } : {}
  return c.json(OAuthError.parse({ error, error_description: description }), statuses[error], {
    ...unstored,
    ...challenge,
  })
}
