// A payment provider for one machine: a real server behind the same port as a real provider, that does what it is told.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { ProviderAccount } from '../platform/payment-provider-http.ts'
import { signMessage, verifyMessage } from '../platform/signed-message.ts'
import { paymentPage } from './payment-page.ts'

export type PaymentSimulator = { url: string; close(): Promise<void> }

/** `deliver`: callbacks go to their address, or are only shown in the reply, for a caller who takes them there. */
export type SimulatorOptions = {
  port: number
  key: string
  host?: string
  deliver?: 'send' | 'show'
  now?: () => Date
}

/** What the payer does, and how well the provider tells of it. */
export const scenarios = ['success', 'failure', 'duplicate', 'silent', 'timeout', 'late', 'wrong-amount'] as const
export type Scenario = (typeof scenarios)[number]

const Order = z.object({
  payment: z.string().max(100),
  amount: z.int().positive(),
  currency: z.string(),
  description: z.string(),
  callbackUrl: z.url(),
  returnUrl: z.url().nullable(),
})
type Outcome = 'pending' | 'succeeded' | 'failed' | 'expired' | 'cancelled'
type Ordered = z.infer<typeof Order> & { reference: string; expiresAt: Date; outcome: Outcome; received: number }

/** A callback as it goes over the wire. */
export type Callback = { url: string; headers: Record<string, string>; body: string }

type Answer = { status: number; body?: unknown; html?: string; location?: string }

const sessionMinutes = 15

/** Port 0 takes any free one. */
export async function startPaymentSimulator(options: SimulatorOptions): Promise<PaymentSimulator> {
  const { port, key, host = '127.0.0.1', deliver = 'send', now = () => new Date() } = options
  const orders = new Map<string, Ordered>()
  let origin = ''

  const open = (body: string): Answer => {
    const order = Order.safeParse(jsonOf(body)).data
    if (!order) return { status: 422 }
    const known = orders.get(order.payment)
    if (known && known.amount !== order.amount) return { status: 409 }
    const expiresAt = new Date(now().getTime() + sessionMinutes * 60_000)
    const fresh = {
      ...order,
      reference: `sim-${randomUUID()}`,
      expiresAt,
      outcome: 'pending' as const,
      received: order.amount,
    }
    const session = known ?? fresh
    orders.set(order.payment, session)
    const { reference } = session
    return {
      status: 201,
      body: { reference, redirectUrl: `${origin}/pay/${reference}`, expiresAt: session.expiresAt.toISOString() },
    }
  }

  const statusOf = (order: Ordered | undefined): Answer => {
    if (!order) return { status: 404 }
    if (order.outcome === 'pending' && order.expiresAt <= now()) order.outcome = 'expired'
    return { status: 200, body: { outcome: order.outcome, amount: order.received, currency: 'VND' } }
  }

  const cancel = (order: Ordered | undefined): Answer => {
    if (order?.outcome === 'pending') order.outcome = 'cancelled'
    return statusOf(order)
  }

  const play = async (order: Ordered, scenario: Scenario): Promise<Answer> => {
    if (order.outcome !== 'pending' && scenario !== 'late') return { status: 409, body: { outcome: order.outcome } }
    order.outcome = scenario === 'timeout' ? 'expired' : scenario === 'failure' ? 'failed' : 'succeeded'
    if (scenario === 'wrong-amount') order.received = order.amount - 1_000
    const told = await callbackOf(order, key, now())
    const callbacks = Array.from({ length: times[scenario] }, () => told)
    if (deliver === 'show') return { status: 200, body: { callbacks } }
    void Promise.all(callbacks.map(send))
    return order.returnUrl
      ? { status: 303, location: order.returnUrl }
      : { status: 200, body: { outcome: order.outcome } }
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const path = request.url ?? ''
    const [, room = '', name = '', verb] = path.split('/')
    const body = request.method === 'POST' ? await bodyOf(request) : ''
    if (room === 'pay') {
      const order = [...orders.values()].find(({ reference }) => reference === name)
      if (!order) return { status: 404 }
      if (request.method === 'GET') return { status: 200, html: paymentPage(order, scenarios) }
      const scenario = z.enum(scenarios).safeParse(new URLSearchParams(body).get('scenario')).data
      return scenario ? play(order, scenario) : { status: 422 }
    }
    if (room !== 'payments') return { status: 404 }
    const header = (one: string) => [request.headers[one]].flat()[0]
    const signed = await verifyMessage([key], header, request.method === 'POST' ? body : path, now())
    if (!signed.ok) return { status: 401 }
    if (request.method === 'POST' && !name) return open(body)
    const order = orders.get(decodeURIComponent(name))
    return request.method === 'POST' && verb === 'cancel' ? cancel(order) : statusOf(order)
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

/** How often each scenario tells of its outcome. */
const times: Record<Scenario, number> = {
  success: 1,
  failure: 1,
  duplicate: 3,
  silent: 0,
  timeout: 0,
  late: 1,
  'wrong-amount': 1,
}

async function callbackOf(order: Ordered, key: string, at: Date): Promise<Callback> {
  const { payment, outcome, received } = order
  const body = JSON.stringify({ payment, outcome, amount: received, currency: 'VND' })
  const signed = await signMessage(key, `evt_${randomUUID()}`, at, body)
  return { url: order.callbackUrl, headers: { ...signed, 'content-type': 'application/json' }, body }
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
