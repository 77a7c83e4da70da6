// A payment provider that does what it is told, behind the same port as a real one; who runs it keeps its orders and carries its words.
import { z } from 'zod'
import { type PaymentScenario, paymentScenarios } from '../domain/payment-scenario.ts'
import { signMessage, verifyMessage } from '../platform/signed-message.ts'
import { paymentPage } from './payment-page.ts'

const Order = z.object({
  payment: z.string().max(100),
  amount: z.int().positive(),
  currency: z.string(),
  description: z.string(),
  callbackUrl: z.url(),
  returnUrl: z.url().nullable(),
})
type Outcome = 'pending' | 'succeeded' | 'failed' | 'expired' | 'cancelled'
/** An order as it is kept, by its payment. */
export type Ordered = z.infer<typeof Order> & {
  reference: string
  expiresAt: Date
  outcome: Outcome
  received: number
}

/** A callback as it goes over the wire. */
export type Callback = { url: string; headers: Record<string, string>; body: string }

/** How often each scenario tells of its outcome. */
const times: Record<PaymentScenario, number> = {
  success: 1,
  failure: 1,
  duplicate: 3,
  silent: 0,
  timeout: 0,
  late: 1,
  'wrong-amount': 1,
}

const sessionMinutes = 15

export type SimulatorOptions = {
  /** Shared with the service, base64url. */
  key: string
  now: () => Date
  orders: { get(payment: string): Ordered | undefined; all(): Iterable<Ordered>; put(order: Ordered): void }
  /** Where a payer is sent. */
  pageOf: (reference: string) => string
}

type Answer = { status: number; body?: unknown }
/** What a payer gets to see and, after they have chosen, what the provider tells of it. */
export type Played = { order: Ordered; callbacks: Callback[] }

export type PaymentSimulator = ReturnType<typeof paymentSimulator>

export function paymentSimulator({ key, now, orders, pageOf }: SimulatorOptions) {
  const open = (body: string): Answer => {
    const order = Order.safeParse(jsonOf(body)).data
    if (!order) return { status: 422 }
    const known = orders.get(order.payment)
    if (known && known.amount !== order.amount) return { status: 409 }
    const expiresAt = new Date(now().getTime() + sessionMinutes * 60_000)
    const session = known ?? {
      ...order,
      reference: `sim-${crypto.randomUUID()}`,
      expiresAt,
      outcome: 'pending' as const,
      received: order.amount,
    }
    orders.put(session)
    const { reference } = session
    return {
      status: 201,
      body: { reference, redirectUrl: pageOf(reference), expiresAt: session.expiresAt.toISOString() },
    }
  }

  const statusOf = (order: Ordered | undefined): Answer => {
    if (!order) return { status: 404 }
    if (order.outcome === 'pending' && order.expiresAt <= now()) orders.put({ ...order, outcome: 'expired' })
    const { outcome, received } = orders.get(order.payment) ?? order
    return { status: 200, body: { outcome, amount: received, currency: 'VND' } }
  }

  const cancel = (order: Ordered | undefined): Answer => {
    if (order?.outcome === 'pending') orders.put({ ...order, outcome: 'cancelled' })
    return statusOf(order && (orders.get(order.payment) ?? order))
  }

  return {
    /** What the service asks: `/payments`, `/payments/{id}` and `/payments/{id}/cancel`, signed. */
    async answer(
      method: string,
      path: string,
      header: (name: string) => string | undefined,
      body: string,
    ): Promise<Answer> {
      const [, room = '', name = '', verb] = path.split('/')
      if (room !== 'payments') return { status: 404 }
      const signed = await verifyMessage([key], header, method === 'POST' ? body : path, now())
      if (!signed.ok) return { status: 401 }
      if (method === 'POST' && !name) return open(body)
      const order = orders.get(decodeURIComponent(name))
      return method === 'POST' && verb === 'cancel' ? cancel(order) : statusOf(order)
    },
    /** What the payer sees, as HTML; undefined for an unknown reference. */
    page(reference: string, action: string): string | undefined {
      const order = ordered(reference)
      return order && paymentPage(order, paymentScenarios, action)
    },
    /** What the payer does; `decided` where there is nothing left to do. */
    async play(reference: string, scenario: PaymentScenario): Promise<Played | 'unknown' | 'decided'> {
      const order = ordered(reference)
      if (!order) return 'unknown'
      if (order.outcome !== 'pending' && scenario !== 'late') return 'decided'
      const outcome = scenario === 'timeout' ? 'expired' : scenario === 'failure' ? 'failed' : 'succeeded'
      const played = {
        ...order,
        outcome,
        received: scenario === 'wrong-amount' ? order.amount - 1_000 : order.received,
      } as const
      orders.put(played)
      const told = await callbackOf(played, key, now())
      return { order: played, callbacks: Array.from({ length: times[scenario] }, () => told) }
    },
  }

  function ordered(reference: string): Ordered | undefined {
    return [...orders.all()].find((order) => order.reference === reference)
  }
}

async function callbackOf(order: Ordered, key: string, at: Date): Promise<Callback> {
  const { payment, outcome, received } = order
  const body = JSON.stringify({ payment, outcome, amount: received, currency: 'VND' })
  const signed = await signMessage(key, `evt_${crypto.randomUUID()}`, at, body)
  return { url: order.callbackUrl, headers: { ...signed, 'content-type': 'application/json' }, body }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
