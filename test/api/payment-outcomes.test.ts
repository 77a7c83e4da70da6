import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { messageWindow, signMessage } from '../../src/platform/signed-message.ts'
import { ask, type Reply } from '../support/api.ts'
import {
  asked,
  citizen,
  deliver,
  deliverAll,
  elsewhere,
  handler,
  pay,
  payment,
  play,
  reception,
  statusOf,
  stranger,
  supervisor,
} from '../support/paying.ts'
import type { Who } from '../support/tokens.ts'
import { app, eventually, step } from '../support/walk.ts'

const paymentKey = 'p'.repeat(43)

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
      'SELECT receipt FROM payment_attempt WHERE receipt IS NOT NULL ORDER BY receipt',
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

test('what a unit owed that has ceased is listed for its heir, and refunded once', async () => {
  const code = await asked()
  const begun = await pay(app, code)
  await step(citizen, code, { to: 'withdrawn', reason: 'Tôi không cần nữa, xin rút.' })
  await deliverAll(await play(begun, 'late'))
  const heir: Who = { kind: 'officer', unit: '00070-2025', roles: ['supervisor'] }
  const owed = async (who: Who) =>
    (await ask(who, '/v1/payments?status=to-be-refunded')).body.items.map(({ id }: { id: string }) => id)
  const refund = (who: Who) =>
    ask(who, `/v1/payments/${begun.body.id}/refund`, { body: { transfer: 'FT1' }, headers: { 'if-match': '"4"' } })
  expect([await owed(heir), (await refund(heir)).status]).toEqual([[], 404])
  const name = { vi: 'Sắp xếp ví dụ', en: 'An example' }
  const on = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)
  const dissolves = [{ unit: '00082-2025', successors: [{ unit: '00070-2025', kind: 'full', clause: 1 }] }]
  const body = { name, ground: name, on, creates: [], dissolves }
  const reform = await ask('operator', '/v1/reforms', { body, headers: { 'idempotency-key': crypto.randomUUID() } })
  expect(reform.status).toBe(201)
  expect(await owed(heir)).toContain(begun.body.id)
  expect([await owed(supervisor), (await refund(supervisor)).status]).toEqual([[], 404])
  expect((await refund(heir)).body.status).toBe('refunded')
  expect(await owed(heir)).not.toContain(begun.body.id)
})
