import { env } from 'cloudflare:workers'
import { createScheduledController } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { messageWindow, signMessage } from '../../src/platform/signed-message.ts'
import worker from '../../src/worker.ts'
import { ask, type Reply } from '../support/api.ts'
import { app, eventually, filed, step } from '../support/walk.ts'
import type { Who } from '../support/tokens.ts'

const reception: Who = { kind: 'officer', unit: '00082-2025', roles: ['reception'], name: 'Trần Thị Tiếp' }
const handler: Who = { kind: 'officer', unit: '00082-2025', roles: ['handler'], name: 'Phạm Văn Xử' }
const supervisor: Who = { kind: 'officer', unit: '00082-2025', roles: ['supervisor'], name: 'Vũ Thị Sát' }
const elsewhere: Who = { kind: 'officer', unit: '00004-2025', roles: ['reception', 'supervisor'], name: 'Đỗ Văn Xa' }
const citizen: Who = { kind: 'citizen', personalId: '001190000001' }
const stranger: Who = { kind: 'citizen', personalId: '001190000002' }
const paymentKey = 'p'.repeat(43)

/** A dossier whose fee the catalogue knows (8,000 VND a copy), accepted at its unit. */
async function accepted(procedure = '2.000635'): Promise<string> {
  const { body } = await filed({ procedure })
  const reply = await step(reception, body.code, { to: 'accepted' })
  if (reply.status !== 200) throw new Error(reply.text)
  return body.code
}

async function asked(body: Record<string, unknown> = { copies: 2 }): Promise<string> {
  const code = await accepted()
  const reply = await step(handler, code, { to: 'awaiting-payment', ...body })
  if (reply.status !== 200) throw new Error(reply.text)
  return code
}

const pay = (
  who: Who | null,
  code: string,
  body: unknown = { method: 'online' },
  headers: Record<string, string> = {},
) => ask(who, `/v1/dossiers/${code}/payments`, { body, headers })

type Callback = { headers: Record<string, string>; body: string }

/** What the payer does at the simulator; answers the callbacks that it would send. */
async function play({ body }: Reply, scenario: string): Promise<Callback[]> {
  const form = new URLSearchParams({ scenario })
  const response = await fetch(body.redirectUrl, { method: 'POST', body: form })
  const shown: { callbacks: Callback[] } = await response.json()
  if (!shown.callbacks) throw new Error(`${scenario}: ${response.status}`)
  return shown.callbacks
}

const deliver = ({ headers, body }: Callback, provider = 'simulator') =>
  ask(null, `/v1/payments/callbacks/${provider}`, { body, headers })

async function deliverAll(callbacks: Callback[]) {
  for (const reply of await Promise.all(callbacks.map((one) => deliver(one)))) expect(reply.status).toBe(204)
}

const statusOf = async (code: string) => (await ask(app, `/v1/dossiers/${code}`)).body.status
const payment = async (reply: Reply, who: Who = app) => (await ask(who, `/v1/payments/${reply.body.id}`)).body
const typesOf = async (code: string): Promise<string[]> =>
  (await ask(app, `/v1/dossiers/${code}/events?limit=100`)).body.items.map(({ type }: { type: string }) => type)

/** The cron, after every payment has waited long enough to be asked about. */
async function cron() {
  await env.DB.prepare(
    "UPDATE payment SET attention_at = '2020-01-01T00:00:00.000+07:00' WHERE attention_at IS NOT NULL",
  ).run()
  await worker.scheduled(createScheduledController(), env)
}

describe('a fee quote', () => {
  test('says the sum and how it comes about, to anybody', async () => {
    const reply = await ask(null, '/v1/procedures/2.000815/fee-quote?pages=3&copies=2&channel=direct&on=2026-11-23')
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({ status: 'quoted', total: { amount: 10_000, currency: 'VND' } })
    expect(reply.body.lines[0].reason.en).toContain('2 copies × (2 pages × 2,000 VND + 1 page × 1,000 VND)')
  })

  test('is no number where the city’s People’s Council sets it', async () => {
    const { body } = await ask(null, '/v1/procedures/1.004873/fee-quote')
    expect(body).toMatchObject({ status: 'to-be-set', total: null })
  })

  test('knows what is free, and what online saves', async () => {
    expect((await ask(null, '/v1/procedures/1.001193/fee-quote')).body.status).toBe('free')
    const online = await ask(null, '/v1/procedures/1.001456/fee-quote?channel=online&circumstances=lost-or-damaged')
    expect(online.body.total.amount).toBe(320_000)
  })

  test('refuses a circumstance that the procedure does not know', async () => {
    const reply = await ask(null, '/v1/procedures/1.001456/fee-quote?circumstances=rich')
    expect(reply.status).toBe(422)
    expect(reply.body.errors).toMatchObject([{ pointer: '/query/circumstances', code: 'unknown-circumstance' }])
    expect((await ask(null, '/v1/procedures/9.999999/fee-quote')).body.code).toBe('no-such-procedure')
  })
})

describe('asking for money', () => {
  test('the tariff sets the amount, the clock stands still, and the applicant sees what for', async () => {
    const code = await asked({ copies: 2, note: 'Nộp tại quầy số 3 hoặc trực tuyến.' })
    const { body } = await ask(citizen, `/v1/dossiers/${code}`)
    expect(body).toMatchObject({ status: 'awaiting-payment', statusCode: 6, overdue: false })
    expect(body.paymentRequest).toMatchObject({ total: { amount: 16_000 }, note: 'Nộp tại quầy số 3 hoặc trực tuyến.' })
    expect(body.pauses.at(-1)).toMatchObject({ to: null, clock: 'RESUME' })
    const rows = await env.DB.prepare("SELECT record FROM journal WHERE type = 'dossier.payment-requested'").all()
    expect(JSON.stringify(rows.results)).not.toContain('quầy')
  })

  test('an amount is named where the catalogue knows none, and only there', async () => {
    const set = await accepted('1.004873')
    const unnamed = await step(handler, set, { to: 'awaiting-payment' })
    expect([unnamed.status, unnamed.body.errors[0].code]).toEqual([422, 'amount-needed'])
    const named = await step(handler, set, { to: 'awaiting-payment', amount: 15_000 })
    expect(named.body.paymentRequest.total.amount).toBe(15_000)
    const known = await accepted()
    const other = await step(handler, known, { to: 'awaiting-payment', amount: 9_000 })
    expect([other.status, other.body.errors[0].code]).toEqual([422, 'not-the-tariff'])
  })

  test('what is free is not asked for, and applicants ask themselves for nothing', async () => {
    const code = await accepted('1.001193')
    const free = await step(handler, code, { to: 'awaiting-payment' })
    expect([free.status, free.body.errors[0].code]).toEqual([422, 'nothing-to-pay'])
    expect((await step(app, code, { to: 'awaiting-payment' })).status).toBe(403)
  })

  test('a request made anew ends the payment of the one before; its money is to be refunded', async () => {
    const code = await asked({ copies: 1 })
    const begun = await pay(app, code)
    expect((await step(handler, code, { to: 'awaiting-payment', copies: 3 })).body.paymentRequest.total.amount).toBe(
      24_000,
    )
    expect((await payment(begun)).status).toBe('cancelled')
    await deliverAll(await play(begun, 'late'))
    expect(await payment(begun)).toMatchObject({ status: 'to-be-refunded', refund: { because: 'no-longer-asked' } })
    expect(await statusOf(code)).toBe('awaiting-payment')
  })
})

describe('paying online', () => {
  test('success: the dossier goes on, the receipt has its number, and the wait is not counted', async () => {
    const code = await asked()
    const before = (await ask(app, `/v1/dossiers/${code}`)).body
    const begun = await pay(citizen, code, { method: 'online', returnUrl: 'https://app.example/back' })
    expect(begun.status).toBe(201)
    expect(begun.headers.get('location')).toBe(`/v1/payments/${begun.body.id}`)
    expect(begun.body).toMatchObject({ status: 'open', total: { amount: 16_000 }, method: 'online', receipt: null })
    expect((await ask(app, `/v1/payments/${begun.body.id}/receipt`)).body.code).toBe('not-paid')
    await deliverAll(await play(begun, 'success'))
    expect(await payment(begun)).toMatchObject({ status: 'paid', redirectUrl: null })
    const after = (await ask(citizen, `/v1/dossiers/${code}`)).body
    expect(after).toMatchObject({ status: 'processing', paymentRequest: null })
    expect(after.pauses.at(-1).to).not.toBeNull()
    expect(after.dueAt >= before.dueAt).toBe(true)
    const receipt = await ask(citizen, `/v1/payments/${begun.body.id}/receipt`)
    expect(receipt.body).toMatchObject({
      number: expect.stringMatching(/^BL\.00082-2025\.\d{4}\.\d{4}$/),
      payer: 'Nguyễn Thị Mẫu',
      dossier: code,
      fees: { amount: 16_000 },
      charges: { amount: 0 },
      total: { amount: 16_000 },
    })
    expect((await typesOf(code)).slice(-2)).toEqual(['dossier.payment-requested', 'dossier.paid'])
  })

  test('duplicate callbacks, two of them at once, count once', async () => {
    const code = await asked()
    const begun = await pay(app, code)
    const callbacks = await play(begun, 'duplicate')
    expect(callbacks).toHaveLength(3)
    await deliverAll(callbacks)
    await deliverAll(callbacks)
    expect((await typesOf(code)).filter((type) => type === 'dossier.paid')).toHaveLength(1)
    const rows = await env.DB.prepare('SELECT type FROM journal WHERE subject = ?').bind(begun.body.id).all()
    expect(rows.results.map(({ type }) => type)).toEqual(['payment.started', 'payment.opened', 'payment.paid'])
  })

  test('failure: nothing changes for the dossier, and one can try again', async () => {
    const code = await asked()
    const first = await pay(app, code)
    await deliverAll(await play(first, 'failure'))
    expect((await payment(first)).status).toBe('failed')
    expect(await statusOf(code)).toBe('awaiting-payment')
    const second = await pay(app, code)
    expect(second.body.id).not.toBe(first.body.id)
    await deliverAll(await play(second, 'success'))
    expect(await statusOf(code)).toBe('processing')
    const all = await ask(reception, `/v1/dossiers/${code}/payments`)
    expect(all.body.items.map(({ status }: { status: string }) => status)).toEqual(['paid', 'failed'])
  })

  test('while an attempt is going on, it is answered instead of a second one; also when two begin at once', async () => {
    const code = await asked()
    const replies = await Promise.all([pay(app, code), pay(citizen, code), pay(app, code)])
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1)
    expect(new Set(replies.map(({ body }) => body.redirectUrl)).size).toBe(1)
  })

  test('the same key gives the same payment, another body under it is refused', async () => {
    const code = await asked()
    const key = { 'idempotency-key': crypto.randomUUID() }
    const first = await pay(app, code, { method: 'online' }, key)
    const again = await pay(app, code, { method: 'online' }, key)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const other = await pay(app, code, { method: 'online', returnUrl: 'https://other.example/' }, key)
    expect(other.body.code).toBe('idempotency-key-reused')
  })

  test('a callback that never came: the cron asks the provider', async () => {
    const code = await asked()
    const begun = await pay(app, code)
    expect(await play(begun, 'silent')).toEqual([])
    await cron()
    expect((await payment(begun)).status).toBe('paid')
    expect(await statusOf(code)).toBe('processing')
  })

  test('time runs out; the money that comes late all the same counts, once', async () => {
    const code = await asked()
    const begun = await pay(app, code)
    await play(begun, 'timeout')
    await cron()
    expect((await payment(begun)).status).toBe('expired')
    const late = await play(begun, 'late')
    await deliverAll([...late, ...late])
    expect((await payment(begun)).status).toBe('paid')
    expect(await statusOf(code)).toBe('processing')
  })

  test('money that comes late, when a second attempt has begun, ends that attempt', async () => {
    const code = await asked()
    const first = await pay(app, code)
    await play(first, 'timeout')
    await cron()
    const second = await pay(app, code)
    await deliverAll(await play(first, 'late'))
    expect((await payment(first)).status).toBe('paid')
    expect((await payment(second)).status).toBe('cancelled')
    await deliverAll(await play(second, 'late'))
    expect(await payment(second)).toMatchObject({ status: 'to-be-refunded', refund: { because: 'paid-already' } })
  })

  test('another amount than was asked for does not pay; it is to be refunded', async () => {
    const code = await asked()
    const begun = await pay(app, code)
    await deliverAll(await play(begun, 'wrong-amount'))
    expect((await payment(begun)).refund).toMatchObject({ because: 'amount-differs', received: { amount: 15_000 } })
    expect(await statusOf(code)).toBe('awaiting-payment')
  })

  test('a provider that is down is told as such, and the same request goes on later', async () => {
    const code = await asked()
    const key = { 'idempotency-key': crypto.randomUUID() }
    const down = await pay(app, code, { method: 'online', provider: 'down' }, key)
    expect([down.status, down.body.code]).toEqual([503, 'provider-unreachable'])
    expect((await pay(app, code, { method: 'online', provider: 'down' }, key)).status).toBe(503)
    expect((await pay(app, code, { method: 'online', provider: 'nobody' })).body.code).toBe('no-such-provider')
    await cron()
    expect(await statusOf(code)).toBe('awaiting-payment')
    const other = await pay(app, code, { method: 'online', provider: 'simulator' })
    expect(other.body.status).toBe('open')
    const all = (await ask(app, `/v1/dossiers/${code}/payments`)).body.items
    expect(all.map(({ status }: { status: string }) => status)).toEqual(['open', 'cancelled'])
  })
})

describe('a withdrawal', () => {
  test('ends the payment that is going on, also at the provider', async () => {
    const code = await asked()
    const begun = await pay(app, code)
    expect((await step(citizen, code, { to: 'withdrawn', reason: 'Tôi không cần nữa, xin rút.' })).status).toBe(200)
    expect((await payment(begun)).status).toBe('cancelled')
    await eventually(async () => {
      const response = await fetch(begun.body.redirectUrl)
      return (await response.text()).includes('cancelled') ? true : undefined
    })
  })

  test('races with the money: either it pays, or it is to be refunded; it is never lost', async () => {
    const code = await asked()
    const begun = await pay(app, code)
    const callbacks = await play(begun, 'duplicate')
    const [withdrawal] = await Promise.all([
      step(citizen, code, { to: 'withdrawn', reason: 'Tôi không cần nữa, xin rút.' }),
      deliverAll(callbacks),
    ])
    const { status } = await payment(begun)
    const dossier = await statusOf(code)
    if (withdrawal.status === 200 && dossier === 'withdrawn') expect(['to-be-refunded', 'paid']).toContain(status)
    else expect([dossier, status]).toEqual(['processing', 'paid'])
  })

  test('money that comes after it is listed for its unit, and refunded once', async () => {
    const code = await asked()
    const begun = await pay(app, code)
    await step(citizen, code, { to: 'withdrawn', reason: 'Tôi không cần nữa, xin rút.' })
    await deliverAll(await play(begun, 'late'))
    expect((await payment(begun)).refund.because).toBe('withdrawn')
    expect(await statusOf(code)).toBe('withdrawn')
    const open = await ask(supervisor, '/v1/payments?status=to-be-refunded')
    expect(open.body.items.map(({ id }: { id: string }) => id)).toContain(begun.body.id)
    expect((await ask(elsewhere, '/v1/payments?status=to-be-refunded')).body.items).toEqual([])
    const refund = (who: Who, version = 4) =>
      ask(who, `/v1/payments/${begun.body.id}/refund`, {
        body: { transfer: 'FT26327000123' },
        headers: { 'if-match': `"${version}"` },
      })
    expect((await refund(elsewhere)).status).toBe(404)
    expect((await refund(handler)).status).toBe(403)
    expect((await refund(supervisor, 1)).status).toBe(412)
    expect((await refund(supervisor)).body).toMatchObject({ status: 'refunded', refund: { because: 'withdrawn' } })
    expect((await refund(supervisor, 5)).body.code).toBe('nothing-to-refund')
  })
})

describe('cash at the counter', () => {
  const cash = async (
    who: Who,
    code: string,
    body: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) => {
    const etag = (await ask(who, `/v1/dossiers/${code}`)).headers.get('etag') ?? '"1"'
    return pay(who, code, { method: 'cash', amount: 16_000, ...body }, { 'if-match': etag, ...headers })
  }

  test('pays at once, with the number of the receipt and of the paper one', async () => {
    const code = await asked()
    const reply = await cash(reception, code, { paperReceipt: 'AB/26P 0001234' })
    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject({ status: 'paid', method: 'cash', paperReceipt: 'AB/26P 0001234' })
    expect(reply.body.receipt).toMatch(/^BL\.00082-2025\./)
    expect(await statusOf(code)).toBe('processing')
    expect((await cash(reception, code)).body.code).toBe('not-awaiting-payment')
  })

  test('ends an online attempt, whose money is then to be refunded', async () => {
    const code = await asked()
    const begun = await pay(app, code)
    expect((await cash(reception, code)).status).toBe(201)
    await deliverAll(await play(begun, 'late'))
    expect((await payment(begun)).refund.because).toBe('paid-already')
  })

  test('is taken by reception only, all of it, and with If-Match', async () => {
    const code = await asked()
    expect((await cash(handler, code)).status).toBe(403)
    expect((await cash(app, code)).status).toBe(403)
    expect((await cash(elsewhere, code)).status).toBe(404)
    expect((await cash(reception, code, { amount: 1_000 })).body.errors[0].code).toBe('amount-differs')
    expect((await pay(reception, code, { method: 'cash', amount: 16_000 })).status).toBe(428)
    expect((await cash(reception, code, {}, { 'if-match': '"1"' })).status).toBe(412)
    expect((await pay(reception, code)).status).toBe(403)
  })

  test('two counters at once: one takes it, and receipts have no gap and no repeat', async () => {
    const codes = [await asked(), await asked(), await asked()]
    const replies = await Promise.all(codes.flatMap((code) => [cash(reception, code), cash(reception, code)]))
    expect(replies.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(3)
    const { results } = await env.DB.prepare(
      'SELECT receipt FROM payment WHERE receipt IS NOT NULL ORDER BY receipt',
    ).all()
    const numbers = results.map(({ receipt }) => Number(String(receipt).split('.').at(-1)))
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  })
})

describe('a callback is believed', () => {
  const success = async (begun: Reply) => {
    const [callback] = await play(begun, 'success')
    if (!callback) throw new Error('no callback')
    return callback
  }

  test('only with its signature, over its very bytes', async () => {
    const code = await asked()
    const callback = await success(await pay(app, code))
    const more = { ...callback, body: callback.body.replace('16000', '16001') }
    expect((await deliver(more)).body.code).toBe('signature-wrong')
    expect((await deliver({ ...callback, headers: { 'content-type': 'application/json' } })).body.code).toBe(
      'signature-wrong',
    )
    expect(await statusOf(code)).toBe('awaiting-payment')
    expect((await deliver(callback)).status).toBe(204)
  })

  test('only within its time', async () => {
    const code = await asked()
    const { body } = await success(await pay(app, code))
    for (const shift of [-messageWindow - 60, messageWindow + 60]) {
      const at = new Date(Date.now() + shift * 1000)
      const signed = await signMessage(paymentKey, 'evt_old', at, body)
      const reply = await deliver({ body, headers: { ...signed, 'content-type': 'application/json' } })
      expect(reply.body.code).toBe('message-out-of-time')
    }
    expect(await statusOf(code)).toBe('awaiting-payment')
  })

  test('only from the provider through which it runs, about a payment that there is', async () => {
    const code = await asked()
    const callback = await success(await pay(app, code))
    expect((await deliver(callback, 'down')).body.code).toBe('no-such-payment')
    expect((await deliver(callback, 'nobody')).body.code).toBe('no-such-provider')
    const body = JSON.stringify({ payment: 'payment_x', outcome: 'succeeded', amount: 1, currency: 'VND' })
    const signed = await signMessage(paymentKey, 'evt_1', new Date(), body)
    expect((await deliver({ body, headers: signed })).body.code).toBe('no-such-payment')
    const garbage = await signMessage(paymentKey, 'evt_2', new Date(), 'no json')
    expect((await deliver({ body: 'no json', headers: garbage })).status).toBe(400)
  })
})

describe('who sees a payment', () => {
  test('those who see its dossier, each what concerns them; for others it does not exist', async () => {
    const code = await asked()
    const begun = await pay(app, code)
    expect((await payment(begun, citizen)).redirectUrl).toBe(begun.body.redirectUrl)
    expect((await payment(begun, handler)).redirectUrl).toBeNull()
    for (const who of [stranger, elsewhere]) {
      expect((await ask(who, `/v1/payments/${begun.body.id}`)).body.code).toBe('no-such-payment')
      expect((await ask(who, `/v1/payments/${begun.body.id}/receipt`)).body.code).toBe('no-such-payment')
      expect((await ask(who, `/v1/dossiers/${code}/payments`)).body.code).toBe('no-such-dossier')
    }
    expect((await ask(null, `/v1/payments/${begun.body.id}`)).status).toBe(401)
    expect((await pay(stranger, code)).status).toBe(404)
    expect((await pay(null, code)).status).toBe(401)
    const read = await ask(app, `/v1/payments/${begun.body.id}`)
    const etag = read.headers.get('etag') ?? ''
    expect((await ask(app, `/v1/payments/${begun.body.id}`, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  test('the journal of payments names no person', async () => {
    await asked().then((code) => pay(citizen, code))
    const { results } = await env.DB.prepare("SELECT record FROM journal WHERE type LIKE 'payment.%'").all()
    expect(JSON.stringify(results)).not.toMatch(/001190000001|Nguyễn Thị Mẫu/)
  })
})
