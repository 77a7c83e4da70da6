import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { keepDeadLetters } from '../../src/consumers/dead-letter.ts'
import { giveBackFee } from '../../src/usecases/copies/give-back-fee.ts'
import { issueRequestedCopy } from '../../src/usecases/copies/issue.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask, type Reply } from '../support/api.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { deliverAll, play, reception, stranger, supervisor } from '../support/paying.ts'
import { quiet } from '../support/quiet.ts'
import type { Who } from '../support/tokens.ts'
import { faultsOf, uploaded } from '../support/walk.ts'

quiet('outbox.not-sent', 'copy.failed', 'payment.settled', 'message.dead')

const person = { type: 'citizen', fullName: 'Hoàng Thị Bản Chính', personalId: '001190000701' }
const owner: Who = { kind: 'citizen', personalId: person.personalId }
const context = contextOf(env, { kind: 'public' })
const silent = doorWith({ OUTBOX_QUEUE: deadQueue })

/** Two copies of three pages: 10,000 VND. */
async function certified(change: Record<string, unknown> = {}): Promise<string[]> {
  const body = {
    original: { paper: 'degree', pages: 3, owner: person },
    scan: await uploaded('certifier'),
    paperSeen: true,
    copies: 2,
    ...change,
  }
  const reply = await silent('certifier', '/v1/copies', { body })
  if (reply.status !== 202) throw new Error(reply.text)
  return reply.body.items.map(({ id }: { id: string }) => id)
}
const pay = (who: Who | null, id: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  silent(who, `/v1/copies/${id}/payments`, { body, headers })
const cash = { method: 'cash', amount: 10_000 }
const first = { 'if-match': '"1"' }
const copyOf = async (id: string) => (await ask(supervisor, `/v1/copies/${id}`)).body
const paymentsOf = async (id: string) => (await ask(supervisor, `/v1/copies/${id}/payments`)).body.items
const issue = (ids: string[], at = context) => Promise.all(ids.map((id) => issueRequestedCopy(at, id)))
const daysLater = (days: number) => ({ ...context, now: () => new Date(Date.now() + days * 86_400_000) })

describe('the fee of copies of an original', () => {
  test('is taken in cash at the counter: only then are all of them signed, and there is a receipt', async () => {
    const [one = '', two = ''] = await certified()
    expect(await issue([one, two])).toEqual(['waiting', 'waiting'])
    expect(await copyOf(one)).toMatchObject({ status: 'issuing', original: { paid: false, fee: { amount: 10_000 } } })
    expect((await ask('operator', '/v1/signing-alerts')).body.items).toEqual([])

    const less = await pay(reception, one, { ...cash, amount: 9000 }, first)
    expect([less.status, faultsOf(less)]).toEqual([422, ['/amount amount-differs']])
    const refused = await Promise.all([
      pay(reception, one, cash),
      pay(reception, one, cash, { 'if-match': '"9"' }),
      pay('certifier', one, cash, first),
      pay({ kind: 'officer', unit: '00004-2025', roles: ['reception'] }, one, cash, first),
      pay(null, one, cash, first),
    ])
    expect(refused.map(({ body }) => body.code)).toEqual([
      'if-match-needed',
      'changed-meanwhile',
      'not-allowed',
      'no-such-copy',
      'token-needed',
    ])
    const key = { ...first, 'idempotency-key': crypto.randomUUID() }
    const paid = await pay(reception, one, { ...cash, paperReceipt: 'AB/26P 0000007' }, key)
    expect([paid.status, paid.body.status, paid.body.dossier]).toEqual([201, 'paid', null])
    expect(paid.body.copies.map(({ id }: { id: string }) => id)).toEqual([one, two])
    const again = await pay(reception, one, { ...cash, paperReceipt: 'AB/26P 0000007' }, key)
    expect([again.body.id, again.headers.get('idempotent-replayed')]).toEqual([paid.body.id, 'true'])
    expect((await pay(reception, two, cash, { 'if-match': '"2"' })).body.code).toBe('not-awaiting-payment')

    expect(await issue([one, two])).toEqual(['issued', 'issued'])
    expect(await copyOf(two)).toMatchObject({ status: 'valid', original: { paid: true } })
    const { number } = await copyOf(one)
    const receipt = await ask(owner, `/v1/payments/${paid.body.id}/receipt`)
    expect(receipt.body).toMatchObject({
      number: paid.body.receipt,
      paperReceipt: 'AB/26P 0000007',
      payer: person.fullName,
      dossier: null,
      copy: number,
      procedure: { code: '2.000815' },
      total: { amount: 10_000 },
      fees: { amount: 10_000 },
    })
    expect((await ask(stranger, `/v1/payments/${paid.body.id}/receipt`)).body.code).toBe('no-such-payment')
  })

  test('is paid online by who owns them, once', async () => {
    const [one = '', two = ''] = await certified()
    expect((await pay(stranger, one, { method: 'online' })).body.code).toBe('no-such-copy')
    expect((await pay(owner, one, { method: 'online', provider: 'moon' })).body.code).toBe('no-such-provider')
    const [begun, other] = [await pay(owner, one, { method: 'online' }), await pay(owner, two, { method: 'online' })]
    expect([begun.status, begun.body.status, other.body.id]).toEqual([201, 'open', begun.body.id])
    await deliverAll(await play(begun, 'success'))
    expect((await ask(owner, `/v1/payments/${begun.body.id}`)).body).toMatchObject({ status: 'paid', method: 'online' })
    for (const outcome of await issue([one, two])) expect(['issued', 'already-done']).toContain(outcome)
    expect((await copyOf(one)).status).toBe('valid')
    expect((await ask(owner, `/v1/copies/${one}/payments`)).body.items).toHaveLength(1)
  })

  test('is waited for three days: then the number is void and costs nothing, and money that comes late is to be refunded', async () => {
    const [one = '', two = ''] = await certified()
    const begun = await pay(owner, one, { method: 'online' })
    const late = await play(begun, 'success')
    expect(await issue([one, two], daysLater(2.9))).toEqual(['waiting', 'waiting'])
    expect(await issue([one, two], daysLater(3.1))).toEqual(['failed', 'failed'])
    expect(await copyOf(one)).toMatchObject({ status: 'failed', reason: 'not-paid' })
    await giveBackFee(context, one)
    expect((await paymentsOf(one))[0]).toMatchObject({ status: 'cancelled' })
    await deliverAll(late)
    expect((await paymentsOf(one))[0]).toMatchObject({
      status: 'to-be-refunded',
      refund: { because: 'no-longer-asked', received: { amount: 10_000, currency: 'VND' } },
    })
    const serial = Number((await copyOf(one)).number.split('.')[2])
    const book = await ask('supervisor', `/v1/registers/copies?after=${serial - 1}&limit=1`)
    expect(book.body.items).toMatchObject([{ serial, isVoid: true, fee: null }])
  })

  test('that was paid is to be refunded when nothing came of any copy, and never when one was issued', async () => {
    const [one = '', two = ''] = await certified({
      scan: await uploaded('certifier', new TextEncoder().encode('%PDF-1.7\n1 0 obj')),
    })
    await pay(reception, one, cash, first)
    expect(await issueRequestedCopy(context, one)).toBe('failed')
    await giveBackFee(context, one)
    expect((await paymentsOf(one))[0]).toMatchObject({ status: 'paid' })
    expect(await issueRequestedCopy(context, two)).toBe('failed')
    await giveBackFee(context, two)
    await giveBackFee(context, one)
    const [owed] = await paymentsOf(one)
    expect(owed).toMatchObject({ status: 'to-be-refunded', refund: { because: 'not-issued' } })
    const listed = await ask(supervisor, '/v1/payments?status=to-be-refunded')
    expect(listed.body.items.map(({ id }: { id: string }) => id)).toContain(owed.id)
    const back = await ask(supervisor, `/v1/payments/${owed.id}/refund`, {
      body: { transfer: 'FT26327000123' },
      headers: { 'if-match': `"${owed.version}"` },
    })
    expect([back.status, back.body.status]).toEqual([200, 'refunded'])
    expect((await ask(supervisor, `/v1/payments/${owed.id}/receipt`)).status).toBe(200)
  })

  test('is asked no more when the unit gives the copies up', async () => {
    const [one = ''] = await certified({ copies: 1 })
    await pay(owner, one, { method: 'online' })
    const gone = await silent('certifier', `/v1/copies/${one}/revocation`, {
      body: { reason: 'never-signed' },
      headers: first,
    })
    expect(gone.body.status).toBe('failed')
    await giveBackFee(context, one)
    expect((await paymentsOf(one))[0].status).toBe('cancelled')
    expect((await pay(owner, one, { method: 'online' })).body.code).toBe('not-awaiting-payment')
  })

  test('that was paid is to be refunded, too, when the order that it gave died on its way', async () => {
    const [one = ''] = await certified({ copies: 1 })
    await pay(reception, one, { method: 'cash', amount: 5000 }, first)
    const body = { id: `${one}:2`, type: 'copy.paid', subject: one, version: 2 }
    const message = { id: 'dead', timestamp: new Date(), attempts: 9, body, ack: () => {}, retry: () => {} }
    await keepDeadLetters({ messages: [message] }, context)
    expect(await copyOf(one)).toMatchObject({ status: 'failed', reason: 'could-not-be-made' })
    await giveBackFee(context, one)
    expect((await paymentsOf(one))[0]).toMatchObject({ refund: { because: 'not-issued' } })
  })
})
