import { createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { issueRequestedCopy } from '../../src/usecases/copies/issue.ts'
import { supersedeOlder } from '../../src/usecases/copies/supersede.ts'
import { voidCopy } from '../../src/usecases/copies/void.ts'
import worker from '../../src/worker.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask, type Reply } from '../support/api.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
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
  expect(records[1]).toMatch(/^"01",".{10}","Nguyễn Thị Mẫu",.*"2","Bản 1: Được thay thế ngày .{10} bởi số .*\.04"$/)
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

test('ends with its closing entry once the year is over', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(`${Number(year) + 1}-01-01T00:00:20+07:00`) })
  await worker.scheduled(createScheduledController(), { ...env, OUTBOX_QUEUE: deadQueue })
  const { body } = await read('supervisor', { year })
  expect(body).toMatchObject({ last: 6, closedAt: `${Number(year) + 1}-01-01T00:00:20.000+07:00` })
  const { text } = await read('supervisor', { year }, 'text/csv')
  expect(text).toContain(`Khóa sổ hết ngày 31/12/${year}, ghi lúc 01/01/${Number(year) + 1}; số cuối: 06.`)
  expect((await read('supervisor')).body).toMatchObject({ year: String(Number(year) + 1), last: 0, items: [] })
})
