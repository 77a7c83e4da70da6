import { createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { sha256, toHex } from '../../src/platform/crypto.ts'
import { issueRequestedCopy } from '../../src/usecases/copies/issue.ts'
import { supersedeOlder } from '../../src/usecases/copies/supersede.ts'
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
const context = contextOf(env, { kind: 'public' })
/** Issued, by us or by the queue that was handed them with another request. */
const settled = async (reply: Reply): Promise<string[]> => {
  const ids: string[] = reply.body.items.map(({ id }: { id: string }) => id)
  const [{ original }] = reply.body.items
  if (original) {
    const body = { method: 'cash', amount: original.fee.amount }
    const paid = await ask('reception', `/v1/copies/${ids[0]}/payments`, { body, headers: { 'if-match': '"1"' } })
    expect(paid.status).toBe(201)
  }
  for (const id of ids) expect(['issued', 'already-done']).toContain(await issueRequestedCopy(context, id))
  return ids
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

describe('an original shown at a counter', () => {
  const person = { type: 'citizen', fullName: 'Hoàng Thị Bản Chính', personalId: '001190000302' }
  const shown = (change: Record<string, unknown> = {}) => ({ paper: 'degree', pages: 3, owner: person, ...change })
  const certifyShown = async (
    change: Record<string, unknown> = {},
    { who = 'certifier', door = silent, key }: { who?: Who; door?: typeof ask; key?: string } = {},
  ): Promise<Reply> =>
    door(who, '/v1/copies', {
      body: { original: shown(), scan: await uploaded(who), paperSeen: true, ...change },
      ...(key && { headers: { 'idempotency-key': key } }),
    })
  test('is certified under one number, costs what the catalogue says, and lies in the account of its owner', async () => {
    const key = crypto.randomUUID()
    const scan = await uploaded('certifier')
    const reply = await certifyShown({ copies: 2, scan }, { key })
    const [base] = numbersOf(reply)
    expect([reply.status, numbersOf(reply)]).toEqual([202, [base, `${base}.2`]])
    const [first = '', second = ''] = await settled(reply)
    const me: Who = { kind: 'citizen', personalId: person.personalId }
    const mine = await ask(me, '/v1/copies')
    expect(mine.body.items.map(({ id }: { id: string }) => id)).toEqual([second, first])
    expect(mine.body.items[0]).toMatchObject({
      status: 'valid',
      title: 'Bằng tốt nghiệp',
      procedure: null,
      original: { paper: 'degree', pages: 3, fee: { amount: 10_000, currency: 'VND' } },
    })
    const file = await ask(me, `/v1/copies/${first}/content`)
    const judged = await ask(null, '/v1/verifications', {
      body: file.body,
      headers: { 'content-type': 'application/pdf' },
    })
    expect(judged.body).toMatchObject({ indication: 'TOTAL-PASSED', registered: { number: base } })
    const again = await certifyShown({ copies: 2, scan }, { key })
    expect([numbersOf(again), again.headers.get('idempotent-replayed')]).toEqual([numbersOf(reply), 'true'])

    const facts = await ask(me, `/v1/copies/${second}/content`, { headers: { accept: 'application/dc+sd-jwt' } })
    const disclosed = facts.text.split('~').slice(1, -1)
    const claims = disclosed.map((one) => JSON.parse(Buffer.from(one, 'base64url').toString('utf8')) as string[])
    expect(claims.map(([, name, value]) => [name, value])).toEqual(
      expect.arrayContaining([
        ['ownerName', person.fullName],
        ['ownerPersonalId', person.personalId],
        ['title', 'Bằng tốt nghiệp'],
      ]),
    )
    // The unit sees the scan that it certified; nobody else does, and nothing else can be made of it.
    const colleague: Who = { kind: 'officer', unit: '00082-2025', roles: ['supervisor'] }
    const elsewhere: Who = { kind: 'officer', unit: '00004-2025', roles: ['supervisor'] }
    const seen = await Promise.all([colleague, elsewhere, me].map((who) => ask(who, `/v1/files/${scan}`)))
    expect(seen.map(({ status }) => status)).toEqual([200, 404, 404])
    expect(faultsOf(await certify({ scan }))).toEqual(['/scan unknown-file'])
    expect(faultsOf(await certifyShown({ scan }))).toEqual(['/scan unknown-file'])
  })

  test('stands in the book with its owner and fee, as JSON, CSV and PDF', async () => {
    const reply = await certifyShown({
      original: shown({
        pages: 1000,
        owner: { type: 'organisation', name: 'Công ty Bản Chính', taxCode: '0101234567' },
      }),
    })
    const serial = Number(numbersOf(reply)[0].split('.')[2])
    const book = (accept: string) =>
      ask('supervisor', `/v1/registers/copies?after=${serial - 1}`, { headers: { accept } })
    const { body } = await book('application/json')
    expect(body.items[0]).toMatchObject({
      serial,
      owner: 'Công ty Bản Chính',
      title: 'Bằng tốt nghiệp',
      fee: { amount: 200_000, currency: 'VND' },
    })
    const records = (await book('text/csv')).text.split('\r\n')
    expect(records[0]).toContain('"Phí chứng thực (đồng)","Ghi chú"')
    expect(records[serial]).toMatch(/"Công ty Bản Chính","Bằng tốt nghiệp",.*,"1","200000","/)
    expect((await book('application/pdf')).status).toBe(200)
  })

  test('of somebody whose number is not known is handed out by the unit, and lies in nobody’s account', async () => {
    const reply = await certifyShown({ original: shown({ owner: { type: 'citizen', fullName: 'Người Không Số' } }) })
    const [id = ''] = await settled(reply)
    expect((await ask('certifier', `/v1/copies/${id}/content`)).status).toBe(200)
    const facts = await ask('certifier', `/v1/copies/${id}/content`, { headers: { accept: 'application/dc+sd-jwt' } })
    expect(facts.text.split('~')).toHaveLength(4)
    const other = await certifyShown({
      original: shown({ owner: { type: 'citizen', fullName: 'Người Khác' } }),
      supersedes: id,
    })
    expect(faultsOf(other)).toEqual(['/supersedes unknown-copy'])
  })

  test('takes the place of an older copy of the same owner and unit, and of no other', async () => {
    const [older = ''] = await settled(await certifyShown())
    const [newer = ''] = await settled(await certifyShown({ supersedes: older }))
    await supersedeOlder(context, newer)
    expect((await ask('certifier', `/v1/copies/${older}`)).body).toMatchObject({ status: 'superseded' })
    const [ofResult = ''] = await settled(await certify())
    for (const id of [older, ofResult, `copy_${crypto.randomUUID()}`]) {
      const refused = await certifyShown({ supersedes: id })
      expect([refused.status, faultsOf(refused)]).toEqual([422, ['/supersedes unknown-copy']])
    }
  })

  test('keeps its owner sealed, chained into the journal, and erasable', async () => {
    const secret = { type: 'citizen', fullName: 'Đào Thị Giữ Kín', personalId: '001190000303' }
    const reply = await certifyShown({ original: shown({ owner: secret }), copies: 2 }, { key: secret.personalId })
    const [first = '', second = ''] = await settled(reply)
    const tables = await env.DB.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    ).all<{ name: string }>()
    for (const { name } of tables.results) {
      const text = JSON.stringify((await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results)
      for (const word of [secret.fullName, secret.personalId])
        expect([name, text.includes(word)]).toEqual([name, false])
    }
    const box = await env.DB.prepare('SELECT box FROM dossier_sealed WHERE dossier_id = ?')
      .bind(first)
      .first<number[]>('box')
    const digest = toHex(await sha256(Uint8Array.from(box ?? [])))
    const record = async (id: string) =>
      (await env.DB.prepare('SELECT record FROM journal WHERE subject = ? AND version = 1')
        .bind(id)
        .first<string>('record')) ?? ''
    expect([(await record(first)).includes(digest), (await record(second)).includes('"sealed"')]).toEqual([true, false])
    await env.DB.prepare('DELETE FROM dossier_key WHERE dossier_id = ?').bind(first).run()
    const serial = Number(numbersOf(reply)[0].split('.')[2])
    const { body } = await ask('supervisor', `/v1/registers/copies?after=${serial - 1}`)
    expect(body.items[0]).toMatchObject({ owner: null, title: 'Bằng tốt nghiệp' })
  })

  test.each<[why: string, who: Who, change: Record<string, unknown>, answer: [number, string, ...string[]]]>([
    ['in their own matter', { ...certifier, personalId: person.personalId }, {}, [409, 'conflict-of-interest']],
    ['the seal before the certifier', 'seal', {}, [403, 'not-allowed']],
    ['a handler', 'handler', {}, [403, 'not-allowed']],
    ['a citizen', 'citizen', {}, [403, 'not-allowed']],
    ['a department', 'certifier@HN-STC-2025', {}, [409, 'unit-cannot-certify']],
    ['a unit that has ceased', { ...certifier, unit: '00088-0' }, {}, [409, 'unit-cannot-certify']],
    ['a unit that there is not', { ...certifier, unit: '99999-2025' }, {}, [403, 'not-allowed']],
    ['unseen paper', certifier, { paperSeen: false }, [422, 'invalid-request', '/paperSeen not-a-choice']],
    ['no original', certifier, { scan: undefined }, [422, 'invalid-request', '/scan missing']],
    [
      'neither dossier nor original',
      certifier,
      { original: undefined },
      [422, 'invalid-request', '/original not-valid'],
    ],
    ['both', certifier, { dossier: 'LOCAL.00082-261123-0001' }, [422, 'invalid-request', '/original not-valid']],
    ['without a certificate', { ...certifier, sub: 'new.00082-2025' }, {}, [409, 'no-signing-certificate']],
    [
      'all faults at once',
      certifier,
      {
        original: shown({ paper: 'toy-money' }),
        scan: `file_${crypto.randomUUID()}`,
        supersedes: `copy_${crypto.randomUUID()}`,
      },
      [422, 'invalid-request', '/original/paper unknown-paper', '/scan unknown-file', '/supersedes unknown-copy'],
    ],
    [
      'no pages, and a number that is none',
      certifier,
      { original: shown({ pages: 0, owner: { ...person, personalId: '123' } }) },
      [422, 'invalid-request', '/original/owner/personalId wrong-format', '/original/pages too-small'],
    ],
  ])('%s: refused, and nothing is written', async (_why, who, change, [status, code, ...faults]) => {
    const scan = who === 'citizen' ? `file_${crypto.randomUUID()}` : await uploaded(who)
    const body = { original: shown(), scan, paperSeen: true, ...change }
    const before = await rowsWritten()
    const reply = await ask(who, '/v1/copies', { body })
    expect([reply.status, reply.body.code, ...faultsOf(reply)]).toEqual([status, code, ...faults])
    expect(await rowsWritten()).toEqual(before)
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

  await settled(first)
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

test('the same of an original at a counter, whichever of them comes second', async () => {
  const owner = { type: 'citizen', fullName: 'Hoàng Thị Bản Chính' }
  const of = (scan: string) => [
    { dossier, scan },
    { original: { paper: 'other', pages: 1, owner }, dossier: undefined, scan },
  ]
  for (const [one = 0, two = 0] of [
    [0, 1],
    [1, 0],
    [1, 1],
  ]) {
    const bodies = of(await uploaded('certifier'))
    let first: Reply | undefined
    const late = withBatches(env.DB, async (statements, run) => {
      first ??= await certify(bodies[one])
      return run(statements)
    })
    const second = await certify(bodies[two], { door: doorWith({ DB: late, OUTBOX_QUEUE: deadQueue }) })
    expect([one, two, first?.status, second.status, second.body.code]).toEqual([one, two, 202, 409, 'file-taken'])
  }
})

describe('the book of a year', () => {
  const tick = () => worker.scheduled(createScheduledController(), { ...env, OUTBOX_QUEUE: deadQueue })
  const books = async () =>
    (await env.DB.prepare('SELECT * FROM register_closing ORDER BY register, year').all()).results

  test('is closed once, with its last number, and takes nothing any more; the next one begins at 01', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-31T16:59:59.999Z') })
    const [last] = numbersOf(await certify())
    expect(last).toMatch(/^00082-2025\.2026\./)
    await tick()
    expect(await books()).toEqual([])
    // One who read the old year's date commits a moment after the book was closed.
    const late = withBatches(env.DB, async (statements, run) => {
      // Midnight in Hanoi, to the millisecond; it is still the old year in Greenwich.
      vi.setSystemTime(new Date('2026-12-31T17:00:00.000Z'))
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
        closed_at: '2027-01-01T00:00:00.000+07:00',
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
