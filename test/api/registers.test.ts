import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import { lodged } from '../support/before-reform.ts'
import type { Who } from '../support/tokens.ts'
import { filed, step } from '../support/walk.ts'

const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)
const register = (who: Who | null, query: Record<string, string> = {}, accept = 'application/json') =>
  ask(who, `/v1/registers/dossiers?${new URLSearchParams({ from: today, to: today, ...query }).toString()}`, {
    headers: { accept },
  })

const formula = '=HYPERLINK("http://evil.example","Nguyễn")'
const codes: string[] = []

beforeAll(async () => {
  const someone = (fullName: string, more = {}) => ({
    change: { applicant: { type: 'citizen', personalId: '001190000001', fullName, ...more } },
  })
  const plans = [
    someone('Nguyễn Thị Mẫu', { phone: '+84900000001' }),
    someone(formula, { address: 'Số 1, phố "Ví Dụ"' }),
    someone('Trần Văn Xóa'),
  ]
  for (const plan of plans) codes.push((await filed(plan)).body.code)
  await step('reception', codes[0] ?? '', { to: 'accepted' })
  await step('reception', codes[1] ?? '', {
    to: 'not-accepted',
    reason: 'Không thuộc thẩm quyền giải quyết của phường.',
  })
  await env.DB.prepare('DELETE FROM dossier_key WHERE dossier_id = (SELECT id FROM dossier WHERE code = ?)')
    .bind(codes[2] ?? '')
    .run()
})

describe('the register of dossiers', () => {
  test('lists what came in, in order, with who and when; an erased person leaves empty cells', async () => {
    const { status, body } = await register('supervisor')
    expect(status).toBe(200)
    expect(body.items.map((line: { code: string }) => line.code)).toEqual(codes)
    expect(body.items.map((line: { number: number }) => line.number)).toEqual([1, 2, 3])
    expect(body.items[0]).toMatchObject({
      name: 'Nguyễn Thị Mẫu',
      phone: '+84900000001',
      competentUnit: { id: '00082-2025' },
      note: null,
    })
    expect(body.items[0].dueAt).toMatch(/\+07:00$/)
    expect(body.items[1]).toMatchObject({ receivedAt: null, note: 'not-accepted' })
    expect(body.items[2]).toMatchObject({ name: null, address: null, phone: null })
  })

  test('comes in pages that follow each other and go on counting', async () => {
    const first = await register('supervisor', { limit: '2' })
    expect(first.body.items).toHaveLength(2)
    expect(first.headers.get('link')).toContain('rel="next"')
    const second = await register('supervisor', { limit: '2', after: first.body.next })
    expect(second.body).toMatchObject({ items: [{ number: 3, code: codes[2] }], next: null })
  })

  test('as CSV is one file that spreadsheets read and no cell of it runs', async () => {
    const { text, body, headers } = await register('supervisor', {}, 'text/csv')
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect([...body.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const lines = text.split('\r\n')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toContain('"STT","Mã hồ sơ"')
    expect(lines[1]).toContain(`"1","${codes[0]}"`)
    expect(lines[1]).toContain(`"'+84900000001"`)
    expect(lines[2]).toContain(`"'=HYPERLINK(""http://evil.example"",""Nguyễn"")","Số 1, phố ""Ví Dụ"""`)
    expect(lines[3]).toContain(`"${codes[2]}","1.004873","","",""`)
  })

  test('holds only the days that were asked for', async () => {
    const { body } = await register('supervisor', { from: '2026-01-01', to: '2026-01-31' })
    expect(body).toEqual({ items: [], next: null })
  })

  test('is for the supervisor of that very unit', async () => {
    const codeOf = async (who: Who | null, query = {}, accept?: string) =>
      (await register(who, query, accept)).body.code
    expect(await codeOf('handler')).toBe('not-allowed')
    expect(await codeOf('citizen')).toBe('not-allowed')
    expect(await codeOf(null)).toBe('token-needed')
    expect(await codeOf('supervisor', { unit: 'HN-STC-2025' })).toBe('not-allowed')
    expect(await codeOf('handler', {}, 'text/csv')).toBe('not-allowed')
    expect((await register('supervisor@HN-STC-2025')).body.items).toEqual([])
  })

  test('takes no span that runs backwards, or longer than a year', async () => {
    expect((await register('supervisor', { from: '2026-02-01', to: '2026-01-01' })).status).toBe(422)
    expect((await register('supervisor', { from: '2024-01-01', to: '2026-01-01' })).status).toBe(422)
  })

  test('takes over what a unit left behind that has ceased, and so do the slips', async () => {
    const { code } = await lodged('00082-0')
    const { body } = await register('supervisor')
    expect(body.items.at(-1)).toMatchObject({ number: 4, code, competentUnit: { id: '00082-2025' } })
    const slip = await ask('handler', `/v1/dossiers/${code}/slips/control-slip`)
    expect(slip.body.handOvers.at(-1)).toMatchObject({
      event: 'dossier.rerouted',
      gives: { unit: { id: '00082-0' } },
      takes: { unit: { id: '00082-2025' } },
    })
  })
})
