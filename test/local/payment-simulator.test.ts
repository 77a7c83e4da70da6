import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type PaymentServer, startPaymentSimulator } from '../../src/local/payment-simulator.ts'
import { type PaymentProvider, ProviderUnreachable } from '../../src/platform/payment-provider.ts'
import { httpPaymentProvider } from '../../src/platform/payment-provider-http.ts'
import { signMessage, verifyMessage } from '../../src/platform/signed-message.ts'
import type { PaymentScenario } from '../../src/domain/payment-scenario.ts'

const key = 'k'.repeat(43)
const now = () => new Date('2026-11-23T02:00:00Z')
type Heard = { headers: Record<string, string | string[] | undefined>; body: string }

let simulator: PaymentServer
let provider: PaymentProvider
let till: Server
let callbackUrl = ''
let refusals = 0
const heard: Heard[] = []

beforeAll(async () => {
  simulator = await startPaymentSimulator({ port: 0, key, now })
  provider = httpPaymentProvider({ name: 'simulator', url: simulator.url, keys: [key] }, now)
  till = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      heard.push({ headers: request.headers, body })
      response.writeHead(refusals-- > 0 ? 503 : 204).end()
    })
  })
  await new Promise<void>((resolve) => till.listen(0, '127.0.0.1', resolve))
  const address = till.address()
  if (typeof address === 'object' && address) callbackUrl = `http://127.0.0.1:${address.port}/callback`
})
afterAll(async () => {
  till.close()
  await simulator.close()
})
beforeEach(() => {
  heard.length = 0
  refusals = 0
})

const order = (payment: string) => ({
  payment,
  amount: 16_000,
  description: 'LOCAL.00082-261123-0001',
  callbackUrl,
  returnUrl: null,
})

async function play(payment: string, scenario: PaymentScenario): Promise<Response> {
  const { redirectUrl } = await provider.open(order(payment))
  return fetch(redirectUrl, { method: 'POST', body: new URLSearchParams({ scenario }), redirect: 'manual' })
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function told(count: number): Promise<Heard[]> {
  for (let tries = 0; heard.length < count && tries < 100; tries++) await wait(50)
  await wait(100)
  return heard
}

const read = ({ headers, body }: Heard) => provider.readCallback((name) => [headers[name]].flat()[0], body, now())

test('the same payment opened twice is one session', async () => {
  const first = await provider.open(order('payment_a'))
  expect(await provider.open(order('payment_a'))).toEqual(first)
  expect(await provider.look('payment_a')).toEqual({ outcome: 'pending', amount: 16_000, currency: 'VND' })
  expect(await provider.look('payment_unknown')).toBeUndefined()
})

test.each<[PaymentScenario, number, string]>([
  ['success', 1, 'succeeded'],
  ['failure', 1, 'failed'],
  ['duplicate', 3, 'succeeded'],
  ['silent', 0, 'succeeded'],
  ['timeout', 0, 'expired'],
])('%s tells %i times; asked, it says %s', async (scenario, count, outcome) => {
  const payment = `payment_${scenario}`
  expect((await play(payment, scenario)).status).toBe(200)
  const callbacks = await told(count)
  expect(callbacks).toHaveLength(count)
  for (const callback of callbacks)
    expect(await read(callback)).toEqual({ ok: true, value: { payment, outcome, amount: 16_000, currency: 'VND' } })
  expect(await provider.look(payment)).toMatchObject({ outcome })
})

test('a callback that is not taken is told again', async () => {
  refusals = 1
  await play('payment_again', 'success')
  expect(await told(2)).toHaveLength(2)
})

test('a cancelled payment cannot be paid, but its money may come late', async () => {
  await provider.open(order('payment_late'))
  expect(await provider.cancel('payment_late')).toMatchObject({ outcome: 'cancelled' })
  expect((await play('payment_late', 'success')).status).toBe(409)
  await play('payment_late', 'late')
  expect(await provider.look('payment_late')).toMatchObject({ outcome: 'succeeded' })
})

test('a payer finds a page with everything that can happen, and is sent back', async () => {
  const { redirectUrl } = await provider.open({ ...order('payment_page'), returnUrl: 'https://app.example/back' })
  const page = await (await fetch(redirectUrl)).text()
  expect(page).toContain('16.000 đồng')
  expect(page).toContain('value="duplicate"')
  const paid = await fetch(redirectUrl, {
    method: 'POST',
    body: new URLSearchParams({ scenario: 'silent' }),
    redirect: 'manual',
  })
  expect([paid.status, paid.headers.get('location')]).toEqual([303, 'https://app.example/back'])
})

test('who has another key is neither served nor believed', async () => {
  const stranger = httpPaymentProvider({ name: 'simulator', url: simulator.url, keys: ['x'.repeat(43)] }, now)
  await expect(stranger.open(order('payment_b'))).rejects.toThrow(ProviderUnreachable)
  await play('payment_c', 'success')
  const [callback] = await told(1)
  const header = (name: string) => [callback?.headers[name]].flat()[0]
  expect(await stranger.readCallback(header, callback?.body ?? '', now())).toMatchObject({ refusal: 'signature-wrong' })
})

test('a provider that is not there, or answers something else, is unreachable', async () => {
  const nobody = httpPaymentProvider({ name: 'nobody', url: 'http://127.0.0.1:9', keys: [key] }, now)
  await expect(nobody.look('payment_a')).rejects.toThrow(ProviderUnreachable)
  const other = httpPaymentProvider({ name: 'other', url: callbackUrl, keys: [key] }, now)
  await expect(other.look('payment_a')).rejects.toThrow(ProviderUnreachable)
})

test('while a key is changed, both are believed; the message is, for five minutes', async () => {
  const [old, fresh] = ['o'.repeat(43), 'n'.repeat(43)]
  const signed = await signMessage(old, 'evt_1', now(), 'body')
  const header = (name: keyof typeof signed) => signed[name]
  const at = (seconds: number) => new Date(now().getTime() + seconds * 1000)
  expect(await verifyMessage([fresh, old], header, 'body', at(299))).toMatchObject({ ok: true })
  expect(await verifyMessage([fresh], header, 'body', now())).toMatchObject({ refusal: 'signature-wrong' })
  expect(await verifyMessage([old], header, 'Body', now())).toMatchObject({ refusal: 'signature-wrong' })
  for (const seconds of [-301, 301])
    expect(await verifyMessage([old], header, 'body', at(seconds))).toMatchObject({ refusal: 'message-out-of-time' })
})

test('a signature is the one of Standard Webhooks: its published example verifies', async () => {
  const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64').toString('base64url')
  const body = '{"test": 2432232314}'
  const signed = await signMessage(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', new Date(1_614_265_330_000), body)
  expect(signed['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})
