import { createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { issueRequestedCopy } from '../../src/usecases/copies/issue.ts'
import worker from '../../src/worker.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask, type Reply } from '../support/api.ts'
import { withBatches } from '../support/database.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { quiet } from '../support/quiet.ts'
import { imported, importOf, mishaps } from '../support/signers.ts'
import type { Who } from '../support/tokens.ts'
import { faultsOf, filed, rowsWritten, step, uploaded } from '../support/walk.ts'

quiet('outbox.not-sent', 'register.closed', 'signing.credential')
afterEach(() => void vi.useRealTimers())

const owner = '001190000301'
const silent = doorWith({ OUTBOX_QUEUE: deadQueue })

async function resolved(to: Record<string, unknown> = { outcome: 'granted' }): Promise<string> {
  const { body } = await filed({ personalId: owner })
  await step('reception', body.code, { to: 'accepted' })
  await step('handler', body.code, { to: 'resolved', ...to })
  return body.code
}

let dossier = ''
beforeAll(async () => {
  dossier = await resolved()
})

const certify = async (
  change: Record<string, unknown> = {},
  { who = 'certifier', door = silent, key }: { who?: Who; door?: typeof ask; key?: string } = {},
): Promise<Reply> =>
  door(who, '/v1/copies', {
    body: { dossier, scan: await uploaded(who), paperSeen: true, ...change },
    ...(key && { headers: { 'idempotency-key': key } }),
  })
const certifier: Who = {
  kind: 'officer',
  unit: '00082-2025',
  roles: ['certifier'],
  sub: 'certifier.00082-2025',
  name: 'Vũ Thị Chứng Thực',
}
const numbersOf = ({ body }: Reply) => body.items.map(({ number }: { number: string }) => number)

describe('who may certify what', () => {
  test.each<[why: string, who: Who, change: () => Record<string, unknown>, answer: [number, string, ...string[]]]>([
    ['in their own matter', { ...certifier, personalId: owner }, () => ({}), [409, 'conflict-of-interest']],
    ['the seal before the certifier', 'seal', () => ({}), [403, 'not-allowed']],
    ['a handler', 'handler', () => ({}), [403, 'not-allowed']],
    ['another unit', 'certifier@HN-STC-2025', () => ({}), [404, 'no-such-dossier']],
    ['unseen paper', certifier, () => ({ paperSeen: false }), [422, 'invalid-request', '/paperSeen not-a-choice']],
    [
      'no original',
      certifier,
      () => ({ scan: `file_${crypto.randomUUID()}` }),
      [422, 'invalid-request', '/scan unknown-file'],
    ],
    ['too many', certifier, () => ({ copies: 21 }), [422, 'invalid-request', '/copies too-big']],
    ['without a certificate', { ...certifier, sub: 'new.00082-2025' }, () => ({}), [409, 'no-signing-certificate']],
  ])('%s: refused, and nothing is written', async (_why, who, change, [status, code, ...faults]) => {
    const body = { dossier, scan: await uploaded(who), paperSeen: true, ...change() }
    const before = await rowsWritten()
    const reply = await ask(who, '/v1/copies', { body })
    expect([reply.status, reply.body.code, ...faultsOf(reply)]).toEqual([status, code, ...faults])
    expect(await rowsWritten()).toEqual(before)
  })

  test('not in their own matter on the way to a decision, either', async () => {
    const { body } = await filed({ personalId: owner })
    await step('reception', body.code, { to: 'accepted' })
    const who = { ...certifier, personalId: owner }
    const paper = { scan: await uploaded(who), paperSeen: true }
    const reply = await step(who, body.code, { to: 'resolved', outcome: 'granted', paper })
    expect([reply.status, reply.body.code]).toEqual([409, 'conflict-of-interest'])
  })

  test('only a result that was granted', async () => {
    const refused = await resolved({ outcome: 'refused', reason: 'Không đủ điều kiện theo quy định.' })
    const { body } = await filed({ personalId: owner })
    for (const other of [refused, body.code]) {
      const reply = await certify({ dossier: other })
      expect([reply.status, reply.body.code]).toEqual([409, 'no-result-to-certify'])
    }
  })
})

test('copies that are ordered together share one number, and each is checked by its own address', async () => {
  const key = crypto.randomUUID()
  const scan = await uploaded('certifier')
  const first = await certify({ copies: 3, scan }, { key })
  const [base] = numbersOf(first)
  expect([first.status, numbersOf(first)]).toEqual([202, [base, `${base}.2`, `${base}.3`]])
  const again = await certify({ copies: 3, scan }, { key })
  expect([numbersOf(again), again.headers.get('idempotent-replayed')]).toEqual([numbersOf(first), 'true'])
  const other = await certify({ copies: 2, scan }, { key })
  expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused'])
  const taken = await certify({ scan })
  expect([taken.status, faultsOf(taken)]).toEqual([422, ['/scan unknown-file']])
  const next = await certify()
  expect(Number(numbersOf(next)[0].split('.')[2])).toBe(Number(base.split('.')[2]) + 1)

  const context = contextOf(env, { kind: 'public' })
  for (const { id } of first.body.items) expect(await issueRequestedCopy(context, id)).toBe('issued')
  const shown = await Promise.all(numbersOf(first).map((number: string) => ask(null, `/v1/verifications/${number}`)))
  expect(shown.map(({ body }) => [body.number, body.status])).toEqual(
    numbersOf(first).map((number: string) => [number, 'valid']),
  )
  expect(new Set(shown.map(({ body }) => body.sha256)).size).toBe(3)
})

test('two reach for one scan at once: one gets it, the other is told', async () => {
  const scan = await uploaded('certifier')
  let first: Reply | undefined
  const late = withBatches(env.DB, async (statements, run) => {
    first ??= await certify({ scan })
    return run(statements)
  })
  const second = await certify({ scan }, { door: doorWith({ DB: late, OUTBOX_QUEUE: deadQueue }) })
  expect([first?.status, second.status, second.body.code]).toEqual([202, 409, 'file-taken'])
})

describe('the book of a year', () => {
  const tick = () => worker.scheduled(createScheduledController(), { ...env, OUTBOX_QUEUE: deadQueue })
  const books = async () =>
    (await env.DB.prepare('SELECT * FROM register_closing ORDER BY register, year').all()).results

  test('is closed once, with its last number, and takes nothing any more; the next one begins at 01', async () => {
    const [last] = numbersOf(await certify())
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-31T23:59:59+07:00') })
    await tick()
    expect(await books()).toEqual([])
    // One who read the old year's date commits a moment after the book was closed.
    const late = withBatches(env.DB, async (statements, run) => {
      vi.setSystemTime(new Date('2027-01-01T00:00:20+07:00'))
      await tick()
      return run(statements)
    })
    const refused = await certify({}, { door: doorWith({ DB: late, OUTBOX_QUEUE: deadQueue }) })
    expect([refused.status, refused.body.code]).toEqual([412, 'changed-meanwhile'])
    await tick()
    expect(await books()).toEqual([
      {
        register: '00082-2025/SCTDT-BS',
        year: '2026',
        last: Number(last.split('.')[2]),
        closed_at: '2027-01-01T00:00:20.000+07:00',
      },
    ])
    expect(numbersOf(await certify())).toEqual(['00082-2025.2027.01'])
  })
})

test('a signing service or time-stamps that are away are told as that, and no fault', async () => {
  await mishaps()
  const services = JSON.stringify([
    {
      name: 'simulator',
      url: 'https://timestamp.test/down',
      tokenUrl: 'https://timestamp.test/down',
      clientId: 'a',
      clientSecret: 'b',
    },
  ])
  const away = doorWith({ SIGNING_SERVICES: services })
  const reply = await away('operator', '/v1/signing-credentials', { body: importOf('remote', 'service') })
  expect([reply.status, reply.body.code]).toEqual([503, 'signing-not-possible'])

  const stamps = JSON.stringify([{ url: 'https://timestamp.test/down' }])
  const { body } = await filed()
  await step('reception', body.code, { to: 'accepted' })
  const slip = await doorWith({ TIMESTAMP_AUTHORITIES: stamps })(
    'reception',
    `/v1/dossiers/${body.code}/slips/receipt`,
    {
      headers: { accept: 'application/pdf' },
    },
  )
  expect([slip.status, slip.body.code]).toEqual([503, 'signing-not-possible'])
  expect((await imported('remote', 'service')).status).toBe(201)
})
