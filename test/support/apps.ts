import { env, exports } from 'cloudflare:workers'
import * as oidc from 'openid-client'
import { expect } from 'vitest'
import { held } from './api.ts'
import type { Scope } from '../../src/domain/scope.ts'
import { bearer, type Who } from './tokens.ts'

export const origin = 'https://api.test'
export const endpoint = `${origin}/oauth/token`

type Init = { method?: string; body?: unknown; headers?: Record<string, string> }

/** A request through the front door, as that person or app (`null`: the public). */
export async function send(
  who: Who | null,
  path: string,
  { method = 'GET', body, headers = {} }: Init = {},
): Promise<Response> {
  const content = body === undefined ? {} : { 'content-type': 'application/json' }
  return described(
    new Request(origin + path, {
      method,
      headers: { ...(await bearer(who)), ...content, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  )
}

/** Whoever asks reads the reply as a fetch gives it; that it is as described is looked at on the way. */
async function described(request: Request): Promise<Response> {
  const response = await exports.default.fetch(request)
  await held(request, response.clone())
  return response
}

/** As registration answers it. */
export type App = { id: string; clientSecret: string; secrets: { id: string }[]; keys: { id: string }[] }

/** A new app, with a secret unless the registration brings keys. */
export async function registered(registration: Record<string, unknown> = {}): Promise<App> {
  const reply = await send('operator', '/v1/apps', {
    method: 'POST',
    body: { name: 'Ứng dụng Ví Dụ', scopes: ['dossiers:read', 'dossiers:submit'], ...registration },
  })
  expect(reply.status).toBe(201)
  return reply.json()
}

/** Makes an app whose tokens the tests sign themselves one that is registered: what webhooks tell it depends on that. */
export async function enrolled<T extends { id: string; scopes: readonly Scope[] }>(app: T): Promise<T> {
  await env.DB.prepare(
    "INSERT OR IGNORE INTO app (id, name, scopes, created_at, created_by) VALUES (?, ?, ?, ?, 'test')",
  )
    .bind(app.id, 'Ứng dụng Ví Dụ', JSON.stringify(app.scopes), '2026-11-02T09:00:00.000+07:00')
    .run()
  return app
}

export const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` })

/** A raw token request, so that it can be wrong in every way. */
export const askToken = (fields: Record<string, string> | URLSearchParams, headers: Record<string, string> = {}) =>
  described(new Request(endpoint, { method: 'POST', headers: { ...headers }, body: new URLSearchParams(fields) }))

export const grant = { grant_type: 'client_credentials' }

/** Denied as RFC 6749 §5.2 has it, headers included. */
export async function expectDenied(reply: Response, status: number, error: string) {
  expect({ status: reply.status, body: await reply.json() }).toEqual({
    status,
    body: { error, error_description: expect.stringMatching(/^[ -~]+$/) },
  })
  expect(reply.headers.get('cache-control')).toBe('no-store')
  expect(reply.headers.get('content-type')).toContain('application/json')
  if (status === 401) expect(reply.headers.get('www-authenticate')).toMatch(/^Basic /)
}

/** The whole internet of a strict client is the Worker under test. */
export const customFetch = (url: string, init: object) => exports.default.fetch(url, init)

/** A client that knows nothing but the origin, and finds the rest by RFC 8414. */
export async function strictClient(id: string, authentication: oidc.ClientAuth) {
  const server = await oidc.discovery(new URL(origin), id, undefined, authentication, {
    algorithm: 'oauth2',
    [oidc.customFetch]: customFetch,
  })
  server[oidc.customFetch] = customFetch
  return server
}
