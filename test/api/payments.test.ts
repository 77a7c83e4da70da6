import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import {
  accepted,
  asked,
  citizen,
  cron,
  deliverAll,
  handler,
  pay,
  payment,
  play,
  reception,
  statusOf,
  typesOf,
} from '../support/paying.ts'
import { app, step } from '../support/walk.ts'

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
