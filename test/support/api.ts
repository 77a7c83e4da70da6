import { exports } from 'cloudflare:workers'
import { broken, operationAt, replyName } from './description.ts'
import { bearer, type Who } from './tokens.ts'

type Options = { method?: string; body?: unknown; headers?: Record<string, string> }

export type Reply = { status: number; headers: Headers; body: any; text: string }

export type Ask = (who: Who | null, path: string, options?: Options) => Promise<Reply>

/**
 * Sends requests to that door, as a person or app (`null`: the public). An object body goes as JSON. Every reply is held against
 * the description of the API: status, headers, type, and a body without any field that its schema does not name.
 */
export const askAt =
  (door: (request: Request) => Promise<Response>): Ask =>
  async (who, path, { method, body, headers = {} } = {}) => {
    const raw = body instanceof Uint8Array || typeof body === 'string'
    const sent = raw ? body : JSON.stringify(body)
    const request = new Request(`https://api.test${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      ...(body !== undefined && { body: sent }),
      headers: {
        ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
        ...(body instanceof Uint8Array && { 'content-length': String(body.length) }),
        ...(await bearer(who)),
        ...headers,
      },
      redirect: 'manual',
    })
    return held(request, await door(request))
  }

/** The reply as it came, after it was held against the description: status, headers, type, and nothing that its schema does not name. */
export async function held({ method, url }: { method: string; url: string }, response: Response): Promise<Reply> {
  const bytes = await response.bytes()
  const text = new TextDecoder().decode(bytes)
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  const content = isJson && text ? JSON.parse(text) : bytes
  const reply = { status: response.status, headers: response.headers, body: content, text }
  // A sandbox answers at an address of its own as the service does.
  const pathname = new URL(url).pathname.replace(/^\/sandboxes\/app_[0-9a-f-]{36}/, '')
  const faults = broken(method, pathname, reply)
  const operation = operationAt(method, pathname)
  if (operation) console.log(`test.replied ${replyName(operation, reply)}`)
  if (faults.length > 0) throw new Error(`Not as described:\n${faults.join('\n')}\n${text.slice(0, 2000)}`)
  return reply
}

/** A request through the front door. */
export const ask: Ask = askAt((request) => exports.default.fetch(request))
