import { z } from 'zod'
import { type PaymentProvider, ProviderUnreachable } from './payment-provider.ts'
import { ok, refuse } from './result.ts'
import { signMessage, verifyMessage } from './signed-message.ts'

/** `keys`: shared with the provider, base64url, newest first: the first signs, all of them verify. */
export type ProviderAccount = { name: string; url: string; keys: string[] }

/** How a request reaches the provider. */
type Send = (url: string, request: RequestInit) => Promise<Response>

const timeout = 8_000

const Session = z.object({
  reference: z.string().min(1).max(100),
  redirectUrl: z.url({ protocol: /^https?$/ }).max(2000),
  expiresAt: z.iso.datetime({ offset: true }),
})
const Status = z.object({
  outcome: z.enum(['pending', 'succeeded', 'failed', 'expired', 'cancelled']),
  amount: z.int().min(0),
  currency: z.string().length(3),
})
const Callback = Status.extend({ payment: z.string().max(100) })

/**
 * A provider with a small JSON protocol: `POST /payments`, `GET /payments/{id}`, `POST /payments/{id}/cancel`, and callbacks.
 * Requests and callbacks are signed alike (Standard Webhooks 1.0: HMAC-SHA-256 over id, time and body; for GET over the path).
 */
export function httpPaymentProvider(
  account: ProviderAccount,
  now: () => Date = () => new Date(),
  send: Send = (url, request) => fetch(url, request),
): PaymentProvider {
  const [signing] = account.keys
  if (signing === undefined) throw new Error(`payment provider ${account.name} has no key`)

  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = await signMessage(signing, crypto.randomUUID(), now(), text ?? path)
    const response = await answered(send, `${account.url}${path}`, {
      method,
      headers: {
        ...headers,
        accept: 'application/json',
        ...(text !== undefined && { 'content-type': 'application/json' }),
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
      ...(text !== undefined && { body: text }),
    })
    if (response.status === 404) {
      await response.body?.cancel()
      return undefined
    }
    if (response.status !== 200 && response.status !== 201) {
      await response.body?.cancel()
      throw new ProviderUnreachable(`${account.name} answered ${response.status} to ${method} ${path}`)
    }
    return response.json().catch((cause: unknown) => {
      throw new ProviderUnreachable(`${account.name} answered no JSON to ${path}`, { cause })
    })
  }

  const read = <T>(schema: z.ZodType<T>, value: unknown): T => {
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    throw new ProviderUnreachable(`${account.name} answered in another form: ${parsed.error.message}`)
  }
  const status = (value: unknown) => (value === undefined ? undefined : read(Status, value))
  const at = (payment: string) => `/payments/${encodeURIComponent(payment)}`

  return {
    name: account.name,
    open: async (order) => read(Session, await call('POST', '/payments', { ...order, currency: 'VND' })),
    look: async (payment) => status(await call('GET', at(payment))),
    cancel: async (payment) => status(await call('POST', `${at(payment)}/cancel`, { payment })),
    async readCallback(header, body, at) {
      const proved = await verifyMessage(account.keys, header, body, at)
      if (!proved.ok) return proved
      const parsed = Callback.safeParse(jsonOf(body))
      return parsed.success ? ok(parsed.data) : refuse('unreadable-request')
    },
  }
}

const answered = (send: Send, url: string, request: RequestInit): Promise<Response> =>
  send(url, request).catch((cause: unknown) => {
    throw new ProviderUnreachable(`no answer from ${new URL(url).origin}`, { cause })
  })

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
