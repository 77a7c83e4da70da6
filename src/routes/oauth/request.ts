import type { TokenRequest } from '../../usecases/apps/grant-token.ts'
import type { Proof } from '../../usecases/apps/prove-client.ts'
import { Denied } from './refusal.ts'

export const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Reads a token request (RFC 6749 §4.4.2 with §2.3.1, RFC 7523 §2.2, RFC 8707 §2); throws {@link Denied}. */
export function tokenRequest(form: URLSearchParams, authorization: string | undefined, origin: string): TokenRequest {
  const value = (name: string) => {
    const all = form.getAll(name)
    if (all.length > 1) throw new Denied('invalid_request', `${name} is given more than once`)
    // A parameter without a value is as good as none (RFC 6749 §3.2).
    return all[0] || undefined
  }
  const grantType = value('grant_type')
  if (!grantType) throw new Denied('invalid_request', 'grant_type is missing')
  if (grantType !== 'client_credentials')
    throw new Denied('unsupported_grant_type', 'Only client_credentials is supported')
  if (form.getAll('resource').some((resource) => resource.replace(/\/$/, '') !== origin))
    throw new Denied('invalid_target', `Tokens are for ${origin} only`)
  const proof = proofIn(value, authorization)
  const scopes = (value('scope') ?? '').split(' ').filter(Boolean)
  return { proof, scopes, audiences: [origin, `${origin}/oauth/token`] }
}

function proofIn(value: (name: string) => string | undefined, authorization: string | undefined): Proof {
  const client = value('client_id')
  const assertion = value('client_assertion')
  const type = value('client_assertion_type')
  if (value('client_secret')) throw new Denied('invalid_client', 'Send the secret by HTTP Basic, not in the body')
  if (authorization !== undefined) {
    if (assertion || type) throw new Denied('invalid_request', 'Use one way to authenticate, not two')
    const basic = basicIn(authorization)
    if (client !== undefined && client !== basic.client)
      throw new Denied('invalid_request', 'client_id differs from the Authorization header')
    return basic
  }
  if (!assertion && !type) throw new Denied('invalid_client', 'The client did not authenticate')
  if (!assertion || type !== jwtBearer)
    throw new Denied('invalid_request', `client_assertion needs client_assertion_type=${jwtBearer}`)
  return { assertion, ...(client !== undefined && { client }) }
}

/** Id and secret are form-encoded before they are joined (RFC 6749 §2.3.1). */
function basicIn(authorization: string): { client: string; secret: string } {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1]
  try {
    const [, client, secret] = /^([^:]+):(.+)$/s.exec(atob(encoded ?? '')) ?? []
    if (client && secret) return { client: formDecoded(client), secret: formDecoded(secret) }
  } catch {
    // Not base64, or not form-encoded: said below.
  }
  throw new Denied('invalid_client', 'The Authorization header is not HTTP Basic with a client id and secret')
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))
