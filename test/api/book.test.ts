import { createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { issueRequestedCopy } from '../../src/usecases/copies/issue.ts'
import { supersedeOlder } from '../../src/usecases/copies/supersede.ts'
import { bookSheet } from '../../src/usecases/registers/book-sheet.ts'
import { voidCopy } from '../../src/usecases/copies/void.ts'
import worker from '../../src/worker.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask, type Reply } from '../support/api.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { attachedTo } from '../support/pdf.ts'
import { quiet } from '../support/quiet.ts'
import type { Who } from '../support/tokens.ts'
import { filed, step, uploaded } from '../support/walk.ts'

quiet('outbox.not-sent', 'register.closed', 'copy.failed', 'message.failed')
afterEach(() => void vi.useRealTimers())

const silent = doorWith({ OUTBOX_QUEUE: deadQueue })
const year = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 4)
const register = '00082-2025/SCTDT-BS'
const read = (who: Who | null, query: Record<string, string> = {}, accept = 'application/json') =>
  ask(who, `/v1/registers/copies?${new URLSearchParams(query).toString()}`, { headers: { accept } })

const context = contextOf(env, { kind: 'public' })
const owner = '001190000401'
const number = (serial: string) => `00082-2025.${year}.${serial}`
let dossier = ''
const [heir, other, landOnly] = ['00070-2025', '00235-2025', '00199-2025'].map((unit): Who => ({
  kind: 'officer',
  unit,
  roles: ['supervisor'],
})) as [Who, Who, Who]

async function certified(change: Record<string, unknown> = {}): Promise<string[]> {
  const { body } = await silent('certifier', '/v1/copies', {
    body: { dossier, scan: await uploaded('certifier'), paperSeen: true, ...change },
  })
  return body.items.map(({ id }: { id: string }) => id)
}

async function revoked(id: string): Promise<Reply> {
  const { headers } = await ask('supervisor', `/v1/copies/${id}`)
  const match = { 'if-match': headers.get('etag') ?? '' }
  return ask('supervisor', `/v1/copies/${id}/revocation`, { body: { reason: 'certified-wrongly' }, headers: match })
}

/** Numbers 01 (two copies, the first superseded), 02 (void), 03 (revoked), 04 (takes the place of 01), 05 (on its way). */
beforeAll(async () => {
  const { body } = await filed({ personalId: owner, change: { applicant: someone } })
  dossier = body.code
  await step('reception', dossier, { to: 'accepted' })
  await step('handler', dossier, { to: 'resolved', outcome: 'granted' })
  const [first = '', second = ''] = await certified({ copies: 2 })
  const [third = ''] = await certified()
  // At once: the next request would hand the queue what waits.
  await voidCopy(context, third, 'could-not-be-made')
  const [fourth = ''] = await certified()
  for (const id of [first, second, fourth]) await issueRequestedCopy(context, id)
  await revoked(fourth)
  const [fifth = ''] = await certified({ supersedes: first })
  await issueRequestedCopy(context, fifth)
  await supersedeOlder(context, fifth)
  await certified()
})
const someone = { type: 'citizen', personalId: owner, fullName: 'Nguyễn Thị Mẫu' }

const lines = ({ body }: Reply) =>
  body.items.map((line: { serial: number; isVoid: boolean; copies: { status: string }[] }) => [
    line.serial,
    line.isVoid,
    line.copies.map(({ status }) => status).join(' '),
  ])

test('every number of the year is there once, also those that are void, with what became of its copies', async () => {
  const reply = await read('supervisor')
  expect(reply.body).toMatchObject({ register, year, unit: { id: '00082-2025' }, last: 5, closedAt: null, next: null })
  expect(lines(reply)).toEqual([
    [1, false, 'superseded valid'],
    [2, true, 'failed'],
    [3, false, 'revoked'],
    [4, false, 'valid'],
    [5, false, expect.stringMatching(/^(issuing|valid)$/)],
  ])
  const [first, second, third] = reply.body.items
  expect(first).toMatchObject({ owner: 'Nguyễn Thị Mẫu', certifier: { name: 'Vũ Thị Chứng Thực' } })
  expect(first.copies).toMatchObject([{ number: number('01'), by: number('04') }, { number: number('01.2') }])
  expect(second.copies).toMatchObject([{ reason: 'could-not-be-made' }])
  expect(third.copies).toMatchObject([{ reason: 'certified-wrongly' }])
})

test('pages follow each other', async () => {
  const first = await read('supervisor', { limit: '3', year, register })
  expect([lines(first).length, first.body.next]).toEqual([3, '3'])
  expect(first.headers.get('link')).toContain('after=3')
  const second = await read('supervisor', { limit: '3', after: first.body.next })
  expect([second.body.items[0].serial, lines(second).length, second.body.next]).toEqual([4, 2, null])
  expect(lines(await read('supervisor', { after: '7' }))).toEqual([])
})

test('as CSV it is one file, with its remarks and how it ends', async () => {
  const { text, headers } = await read('supervisor', {}, 'text/csv')
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
  const records = text.trimEnd().split('\r\n')
  expect(records).toHaveLength(7)
  expect(records[1]).toMatch(/^"01",".{10}","Nguyễn Thị Mẫu",.*"2","","Bản 1: Được thay thế ngày .{10} bởi số .*\.04"$/)
  expect(records[2]).toMatch(/"Số bị hủy ngày .{10}: không tạo được bản sao"$/)
  expect(records[3]).toMatch(/"Đã thu hồi ngày .{10}: chứng thực sai"$/)
  expect(records[6]).toContain('Sổ chưa khóa; số cuối đến nay: 05.')
})

test('as PDF it bears the seal of the unit, and verification passes it', async () => {
  const { status, body, headers } = await read('supervisor', {}, 'application/pdf')
  expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf'])
  const verdict = await ask(null, '/v1/verifications', { body, headers: { 'content-type': 'application/pdf' } })
  expect(verdict.body).toMatchObject({ indication: 'TOTAL-PASSED', wholeDocumentCovered: true })
  expect(verdict.body.signatures).toMatchObject([{ signer: 'Ủy ban nhân dân phường Cửa Nam' }])
  const data = await attachedTo(body, `so-chung-thuc-ban-sao-${year}-1.json`)
  expect(data).toEqual((await read('supervisor')).body)
})

test('is for the supervisor of that very unit', async () => {
  const codes = await Promise.all(
    [read('certifier'), read('citizen'), read(null), read('supervisor', { register: '00004-2025/SCTDT-BS' })].map(
      async (reply) => (await reply).body.code,
    ),
  )
  expect(codes).toEqual(['not-allowed', 'not-allowed', 'token-needed', 'not-allowed'])
  const elsewhere: Who = { kind: 'officer', unit: '00004-2025', roles: ['supervisor'] }
  expect((await read(elsewhere)).body).toMatchObject({ items: [], last: 0 })
  expect((await read('supervisor', { year: '1999' })).status).toBe(422)
})

test('is not printed without a seal, nor where a letter cannot be; the other forms still say it', async () => {
  const elsewhere: Who = { kind: 'officer', unit: 'HN-SXD-2025', roles: ['supervisor'] }
  const unsealed = await read(elsewhere, {}, 'application/pdf')
  expect([unsealed.status, unsealed.body.code]).toEqual([409, 'no-signing-certificate'])
  const applicant = { ...someone, personalId: '001190000402', fullName: '中' }
  const { body } = await filed({ personalId: '001190000402', change: { applicant } })
  await step('reception', body.code, { to: 'accepted' })
  await step('handler', body.code, { to: 'resolved', outcome: 'granted' })
  await certified({ dossier: body.code })
  const unprintable = await read('supervisor', {}, 'application/pdf')
  expect([unprintable.status, unprintable.body.code]).toEqual([406, 'not-printable'])
  expect((await read('supervisor', {}, 'text/csv')).text).toContain('中')
})

test('names nobody any more whose data was erased', async () => {
  const erased = env.DB.prepare('DELETE FROM dossier_key WHERE dossier_id = (SELECT id FROM dossier WHERE code = ?)')
  await erased.bind(dossier).run()
  expect((await read('supervisor')).body.items[0]).toMatchObject({ owner: null, title: expect.any(String) })
})

describe('a reform takes the unit away', () => {
  const books = (who: Who, query = '') => ask(who, `/v1/registers/copies/books${query}`)
  const on = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)
  const at = (milliseconds: number) =>
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(`${on}T00:00:00+07:00`) + milliseconds })

  beforeAll(async () => {
    const name = { vi: 'Sắp xếp ví dụ', en: 'An example' }
    const kinds: [string, string][] = [
      ['00070-2025', 'partial'],
      ['00235-2025', 'remainder'],
      ['00199-2025', 'partial-area-only'],
    ]
    const successors = kinds.map(([unit, kind], index) => ({ unit, kind, clause: index + 1 }))
    const body = { name, ground: name, on, creates: [], dissolves: [{ unit: '00082-2025', successors }] }
    const reply = await ask('operator', '/v1/reforms', { body, headers: { 'idempotency-key': crypto.randomUUID() } })
    if (reply.status !== 201) throw new Error(reply.text)
  })

  test('until the last millisecond its books are its own, and nobody else’s', async () => {
    at(-1)
    expect((await books('supervisor')).body.items).toMatchObject([{ register, year, last: 6 }])
    expect((await read('supervisor', { register, year })).status).toBe(200)
    for (const who of [heir, other, landOnly]) {
      expect((await books(who)).body).toEqual({ items: [], next: null })
      expect((await read(who, { register, year })).body.code).toBe('not-allowed')
    }
  })

  test('from that instant each successor of its people keeps them; its own officers see nothing', async () => {
    at(0)
    for (const who of [heir, other]) {
      const { items } = (await books(who)).body
      expect(items).toMatchObject([{ register, year, unit: { id: '00082-2025' }, last: 6 }])
      const { body } = await read(who, { register, year })
      expect([body.unit.id, body.items.length]).toEqual(['00082-2025', 6])
    }
    expect((await books(landOnly)).body.items).toEqual([])
    for (const who of ['supervisor', landOnly] as const)
      expect((await read(who, { register, year })).body.code).toBe('not-allowed')
    expect((await books('supervisor')).body.items).toEqual([])
    expect((await read('supervisor')).body.code).toBe('not-allowed')
  })

  test('they come in pages, the newest year first', async () => {
    await env.DB.prepare(`INSERT INTO register_serial VALUES ('00070-2025/SCTDT-BS', ?, 1), (?, '2025', 1)`)
      .bind(year, register)
      .run()
    const first = await books(heir, '?limit=1')
    expect(first.body.items).toMatchObject([{ register: '00070-2025/SCTDT-BS', year, unit: { id: '00070-2025' } }])
    expect(first.headers.get('link')).toContain('rel="next"')
    const rest = await books(heir, `?${new URLSearchParams({ after: first.body.next }).toString()}`)
    expect(rest.body.items.map((one: { year: string }) => one.year)).toEqual([year, '2025'])
    expect(rest.body.next).toBeNull()
  })

  test('printed, they bear the seal of who keeps them, and say so', async () => {
    expect((await read(heir, { register, year }, 'application/pdf')).body.code).toBe('no-signing-certificate')
    await env.DB.exec(`UPDATE signer SET owner = 'unit:00070-2025' WHERE owner = 'unit:00082-2025'`)
    // Number 6 is for somebody whose name no letter of the font can write: the volume behind it is empty, and sealed all the same.
    const { status, body } = await read(heir, { register, year, after: '6' }, 'application/pdf')
    expect(status).toBe(200)
    const verdict = await ask(null, '/v1/verifications', { body, headers: { 'content-type': 'application/pdf' } })
    expect(verdict.body.indication).toBe('TOTAL-PASSED')
    const book = await contextOf(env, { kind: 'public' }).books.find('00082-2025', year)
    const sheet = await bookSheet(context, { unit: '00082-2025', keeper: '00070-2025', book, items: [], next: null })
    expect(sheet.notes).toContain(
      'Sổ của Ủy ban nhân dân phường Cửa Nam (00082-2025), do Ủy ban nhân dân phường Hoàn Kiếm (00070-2025) lưu giữ.',
    )
  })

  test('what it certified is read and revoked by who keeps its books, and by nobody else', async () => {
    const { items } = (await read(heir, { register, year })).body
    const valid = items.flatMap(({ copies }: { copies: { number: string; status: string }[] }) =>
      copies.filter(({ status }) => status === 'valid').map((one) => one.number),
    )[0]
    const id = await env.DB.prepare('SELECT id FROM copy WHERE number = ?').bind(valid).first<string>('id')
    expect((await ask('supervisor', `/v1/copies/${id}`)).status).toBe(404)
    expect((await ask(landOnly, `/v1/copies/${id}`)).status).toBe(404)
    const seen = await ask(other, `/v1/copies/${id}`)
    const headers = { 'if-match': seen.headers.get('etag') ?? '' }
    const body = { reason: 'certified-wrongly' }
    expect((await ask('supervisor', `/v1/copies/${id}/revocation`, { body, headers })).status).toBe(404)
    expect((await ask(other, `/v1/copies/${id}/revocation`, { body, headers })).body.status).toBe('revoked')
  })
})

test('whoever keeps it, it ends with its closing entry once the year is over', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(`${Number(year) + 1}-01-01T00:00:20+07:00`) })
  await worker.scheduled(createScheduledController(), { ...env, OUTBOX_QUEUE: deadQueue })
  const { body } = await read(heir, { register, year })
  expect(body).toMatchObject({ last: 6, closedAt: `${Number(year) + 1}-01-01T00:00:20.000+07:00` })
  const { text } = await read(heir, { register, year }, 'text/csv')
  expect(text).toContain(`Khóa sổ hết ngày 31/12/${year}, ghi lúc 01/01/${Number(year) + 1}; số cuối: 06.`)
  expect((await read(heir)).body).toMatchObject({ year: String(Number(year) + 1), last: 0, items: [] })
})
