import { exports } from 'cloudflare:workers'
import { bearer, type Who } from './tokens.ts'

type Options = { method?: string; body?: unknown; headers?: Record<string, string> }

export type Reply = { status: number; headers: Headers; body: any; text: string }

/** A request through the front door, as that person or app (`null`: the public). An object body is sent as JSON. */
export async function ask(who: Who | null, path: string, { method, body, headers = {} }: Options = {}): Promise<Reply> {
  const raw = body instanceof Uint8Array || typeof body === 'string'
  const sent = body === undefined ? undefined : raw ? (body as BodyInit) : JSON.stringify(body)
  const response = await exports.default.fetch(`https://api.test${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    ...(sent !== undefined && { body: sent }),
    headers: { ...(body !== undefined && !raw && { 'content-type': 'application/json' }), ...(await bearer(who)), ...headers },
    redirect: 'manual',
  })
  const bytes = await response.bytes()
  const text = new TextDecoder().decode(bytes)
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : bytes, text }
}
