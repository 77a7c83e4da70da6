import type { Context as HonoContext } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { House } from '../../app.ts'
import type { TokenRequest } from '../../usecases/apps/grant-token.ts'
import type { Proof } from '../../usecases/apps/prove-client.ts'
import { Denied, denied } from './refusal.ts'

export const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export type Values = (name: string) => string | undefined

/** The parameters of a form; each may be there once (RFC 6749 §3.2). Throws {@link Denied}. */
export const valuesIn =
  (form: URLSearchParams): Values =>
  (name) => {
    const all = form.getAll(name)
    if (all.length > 1) throw new Denied('invalid_request', `${name} is given more than once`)
    // A parameter without a value is as good as none (RFC 6749 §3.2).
    return all[0] || undefined
  }

/** The form that a client sends to an endpoint where it proves who it is. Throws {@link Denied}. */
export async function formOf({ req }: HonoContext<House>): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(req.header('content-type') ?? ''))
    throw new Denied('invalid_request', 'Send application/x-www-form-urlencoded')
  return new URLSearchParams(new TextDecoder().decode(await req.arrayBuffer()))
}

export const formLimit = bodyLimit({
  maxSize: 16_384,
  onError: (c) => denied(c, 'invalid_request', 'The request is too long'),
})

/** Whom an assertion may be made out to: this server, or the endpoint that it is sent to. */
export const audiencesOf = (origin: string, path: string): string[] => [
  ...new Set([origin, `${origin}/oauth/token`, `${origin}${path}`]),
]

/** Reads a token request (RFC 6749 §4.4.2 with §2.3.1, RFC 7523 §2.2, RFC 8707 §2); throws {@link Denied}. */
export function tokenRequest(form: URLSearchParams, authorization: string | undefined, origin: string): TokenRequest {
  const value = valuesIn(form)
  const proof = proofIn(value, authorization)
  const scopes = (value('scope') ?? '').split(' ').filter(Boolean)
  return { proof, scopes, audiences: audiencesOf(origin, '/oauth/token') }
}

const grantTypes = ['client_credentials', 'authorization_code', 'refresh_token'] as const
export type GrantType = (typeof grantTypes)[number]

/** Which kind of grant a client asks for, and that it is for this service; throws {@link Denied}. */
export function grantTypeIn(form: URLSearchParams, origin: string): GrantType {
  const named = valuesIn(form)('grant_type')
  if (!named) throw new Denied('invalid_request', 'grant_type is missing')
  const known = grantTypes.find((one) => one === named)
  if (!known) throw new Denied('unsupported_grant_type', `Only ${grantTypes.join(', ')} are supported`)
  if (form.getAll('resource').some((resource) => resource.replace(/\/$/, '') !== origin))
    throw new Denied('invalid_target', `Tokens are for ${origin} only`)
  return known
}

/** How the client proves who it is: by HTTP Basic or an assertion, and in one way only; throws {@link Denied}. */
export function proofIn(value: Values, authorization: string | undefined): Proof {
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
