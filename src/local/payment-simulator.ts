// The payment simulator as a real server for one machine.
import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'
import { paymentScenarios } from '../domain/payment-scenario.ts'
import type { ProviderAccount } from '../platform/payment-provider-http.ts'
import { type Callback, type Ordered, paymentSimulator } from '../sandbox/payment-simulator.ts'

export type PaymentServer = { url: string; close(): Promise<void> }

/** `deliver`: callbacks go to their address, or are only shown in the reply, for a caller who takes them there. */
export type ServerOptions = {
  port: number
  key: string
  host?: string
  deliver?: 'send' | 'show'
  now?: () => Date
}

type Answer = { status: number; body?: unknown; html?: string; location?: string }

/** Port 0 takes any free one. */
export async function startPaymentSimulator(options: ServerOptions): Promise<PaymentServer> {
  const { port, key, host = '127.0.0.1', deliver = 'send', now = () => new Date() } = options
  const kept = new Map<string, Ordered>()
  let origin = ''
  const simulator = paymentSimulator({
    key,
    now,
    orders: {
      get: (payment) => kept.get(payment),
      all: () => kept.values(),
      put: (order) => void kept.set(order.payment, order),
    },
    pageOf: (reference) => `${origin}/pay/${reference}`,
  })

  const payer = async (method: string | undefined, reference: string, body: string): Promise<Answer> => {
    if (method === 'GET') {
      const html = simulator.page(reference, `/pay/${reference}`)
      return html === undefined ? { status: 404 } : { status: 200, html }
    }
    const scenario = z.enum(paymentScenarios).safeParse(new URLSearchParams(body).get('scenario')).data
    if (!scenario) return { status: 422 }
    const played = await simulator.play(reference, scenario)
    if (typeof played === 'string') return { status: played === 'unknown' ? 404 : 409 }
    const { order, callbacks } = played
    if (deliver === 'show') return { status: 200, body: { callbacks } }
    void Promise.all(callbacks.map(send))
    return order.returnUrl
      ? { status: 303, location: order.returnUrl }
      : { status: 200, body: { outcome: order.outcome } }
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { method, url: path = '' } = request
    const [, room = '', name = ''] = path.split('/')
    const body = method === 'POST' ? await bodyOf(request) : ''
    if (room === 'pay') return payer(method, name, body)
    return simulator.answer(method ?? 'GET', path, (one) => [request.headers[one]].flat()[0], body)
  }

  const server = createServer((request, response) => {
    answer(request)
      .catch((): Answer => ({ status: 500 }))
      .then(({ status, body, html, location }) =>
        response
          .writeHead(status, {
            'content-type': html === undefined ? 'application/json' : 'text/html; charset=utf-8',
            ...(location !== undefined && { location }),
          })
          .end(html ?? JSON.stringify(body ?? {})),
      )
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the simulator has no port')
  origin = `http://${host}:${address.port}`
  server.unref()
  return {
    url: origin,
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  }
}

/** Tells it until it is taken, three times at most; a real provider would go on for days. */
async function send({ url, headers, body }: Callback): Promise<void> {
  for (const pause of [0, 500, 2_000]) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    const response = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.ok) return
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('an HTTP body comes in bytes')
    chunks.push(chunk)
    if (chunks.reduce((sum, one) => sum + one.length, 0) > 16_384) throw new RangeError('the body is too large')
  }
  return Buffer.concat(chunks).toString()
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const Accounts = z.array(z.object({ name: z.string(), url: z.string(), keys: z.array(z.string()).min(1) }))

/** The account of the simulator for `PAYMENT_PROVIDERS`; the key that is known already stays. */
export function localProvider(url: string, known: string, newKey: () => string): ProviderAccount {
  const [before] = Accounts.safeParse(jsonOf(known)).data ?? []
  return { name: 'simulator', url, keys: before?.keys ?? [newKey()] }
}

/** The key in what {@link localProvider} wrote. */
export function providerKey(vars: { PAYMENT_PROVIDERS: string }): string {
  const [key] = Accounts.parse(JSON.parse(vars.PAYMENT_PROVIDERS))[0]?.keys ?? []
  if (key === undefined) throw new Error('no payment provider is configured')
  return key
}
