import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { ask, type Reply } from '../support/api.ts'
import { attachedTo } from '../support/pdf.ts'
import { app, filed, step } from '../support/walk.ts'
import type { Who } from '../support/tokens.ts'

const slip = (who: Who | null, code: string, form: string, accept = 'application/json', query = '') =>
  ask(who, `/v1/dossiers/${code}/slips/${form}${query}`, { headers: { accept } })

const reason = 'Bản chụp giấy tờ bị mờ, đề nghị nộp lại bản rõ nét.'
let code: string
let secret: string

beforeAll(async () => {
  const { body } = await filed({ procedure: '1.004873' })
  code = body.code
  secret = body.lookupSecret
  const steps: [Who, Record<string, unknown>][] = [
    ['reception', { to: 'accepted' }],
    ['handler', { to: 'processing' }],
    ['handler', { to: 'stopped', reason, legalBasis: 'Nghị định 118/2025/NĐ-CP, Điều 19' }],
    ['handler', { to: 'processing' }],
  ]
  for (const [who, move] of steps) {
    const reply = await step(who, code, move)
    if (reply.status !== 200) throw new Error(reply.text)
  }
})

describe('the receipt', () => {
  test('says whose dossier it is, what was handed in, and when the result will be there', async () => {
    const { status, body, headers } = await slip('citizen', code, 'receipt')
    expect(status).toBe(200)
    expect(headers.get('vary')).toContain('Accept')
    expect(body).toMatchObject({
      form: 'receipt',
      formNumber: '01',
      code,
      sequence: 2,
      unit: { id: '00082-2025' },
      signer: 'Lê Thị Tiếp Nhận',
      owner: { name: 'Nguyễn Thị Mẫu', identifier: '001190000001', phone: '0900000001' },
      submitter: 'Nguyễn Thị Mẫu',
      timeLimit: { unit: 'WORKING_DAY', value: 3 },
      returnBy: 'account',
      progress: `https://api.test/v1/dossiers/${code}/progress?secret=${secret}`,
    })
    expect(body.dueAt).toMatch(/T17:00:00\+07:00$/)
  })

  test('as a PDF bears the seal of the unit, and verification passes it', async () => {
    const { status, body, headers } = await slip(app, code, 'receipt', 'application/pdf')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/pdf')
    expect(headers.get('content-disposition')).toBe(`inline; filename="receipt-${code}-2.pdf"`)
    const verdict = await ask(null, '/v1/verifications', { body, headers: { 'content-type': 'application/pdf' } })
    expect(verdict.body).toMatchObject({ indication: 'TOTAL-PASSED', wholeDocumentCovered: true })
    expect(verdict.body.signatures).toMatchObject([{ signer: 'Ủy ban nhân dân phường Cửa Nam' }])
  })

  test('as a PDF carries the same data as the JSON', async () => {
    const { body: print } = await slip(app, code, 'receipt', 'application/pdf')
    expect(await attachedTo(print, `receipt-${code}-2.json`)).toEqual((await slip(app, code, 'receipt')).body)
  })

  test('as a page for people is in the words of the form', async () => {
    const { text, headers } = await slip('citizen', code, 'receipt', 'text/html,application/xhtml+xml,*/*;q=0.8')
    expect(headers.get('content-type')).toContain('text/html')
    for (const words of [
      'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
      'GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ',
      'Ủy ban nhân dân phường Cửa Nam',
      `Mã hồ sơ: ${code}`,
      '03 ngày làm việc',
      'Nguyễn Thị Mẫu',
    ])
      expect(text).toContain(words)
  })

  test('that one has already is not sent again', async () => {
    const first = await slip('citizen', code, 'receipt')
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
    expect((await ask('citizen', `/v1/dossiers/${code}/slips/receipt`, { headers })).status).toBe(304)
    const other = await ask('citizen', `/v1/dossiers/${code}/slips/receipt`, {
      headers: { ...headers, accept: 'text/html' },
    })
    expect(other.status).toBe(200)
  })
})

describe('the other forms', () => {
  test('a stop notice names its ground, and stays although the dossier goes on', async () => {
    const { body } = await slip('handler', code, 'stop-notice')
    expect(body).toMatchObject({
      sequence: 4,
      stage: 'processing',
      reason,
      legalBasis: 'Nghị định 118/2025/NĐ-CP, Điều 19',
    })
  })

  test('a control slip shows each hand-over: who gave, who took, and until when', async () => {
    const { body } = await slip('handler', code, 'control-slip')
    expect(body.handOvers.map((row: { takes: unknown }) => row.takes)).toMatchObject([
      { kind: 'online' },
      { kind: 'unit', unit: { id: '00082-2025' }, officer: 'Lê Thị Tiếp Nhận' },
      { kind: 'unit', officer: 'Phạm Văn Thụ Lý' },
    ])
    expect(body.handOvers[1]).toMatchObject({ gives: { kind: 'online' }, planned: null })
    expect(body.handOvers[2]).toMatchObject({ planned: body.originalDueAt, actual: null, result: null })
    expect(
      (await slip('handler', code, 'control-slip', 'application/json', '?sequence=2')).body.handOvers,
    ).toHaveLength(2)
  })

  test('a request for more lists everything at once; left unanswered or not, the newest one comes first', async () => {
    const { body } = await filed({ procedure: '1.001193' })
    const components = ['birth-notification']
    expect((await step('reception', body.code, { to: 'awaiting-supplement', components, reason })).status).toBe(200)
    const asked = await slip('citizen', body.code, 'supplement-request')
    expect(asked.body).toMatchObject({ reason, components: [{ component: 'birth-notification' }] })
    expect(asked.body.components[0].name.vi).not.toBe('birth-notification')
  })

  test('a refusal gives reason and legal basis, at reception as in the end', async () => {
    const [first, second] = [await filed(), await filed()]
    const legalBasis = 'Luật Hộ tịch 60/2014/QH13, Điều 5'
    await step('reception', first.body.code, { to: 'not-accepted', reason, legalBasis })
    expect((await slip('citizen', first.body.code, 'refusal')).body).toMatchObject({
      stage: 'reception',
      reason,
      legalBasis,
    })
    for (const move of [{ to: 'accepted' }, { to: 'processing' }])
      await step(move.to === 'accepted' ? 'reception' : 'handler', second.body.code, move)
    await step('handler', second.body.code, { to: 'resolved', outcome: 'refused', reason, legalBasis })
    expect((await slip('citizen', second.body.code, 'refusal')).body).toMatchObject({
      stage: 'handling',
      reason,
      legalBasis,
    })
  })

  test('an apology tells cause, reason and the new date', async () => {
    const date = await workingDayInDays(30)
    const { headers } = await ask('handler', `/v1/dossiers/${code}`)
    const body = { date, cause: 'other-agency', reason: 'Cần chờ kết quả xác minh của cơ quan công an.' }
    const match = { 'if-match': headers.get('etag') ?? '' }
    const told = await ask('handler', `/v1/dossiers/${code}/reappointments`, { body, headers: match })
    expect(told.status).toBe(200)
    const { body: said } = await slip(app, code, 'apology')
    expect(said).toMatchObject({
      cause: 'other-agency',
      reason: body.reason,
      originalDueAt: told.body.originalDueAt,
      newDueAt: told.body.dueAt,
    })
    const print = await slip(app, code, 'apology', 'application/pdf')
    expect(print.status).toBe(200)
    // The paper names its addressee and no more; nor do the data within.
    const { type, name } = said.owner
    expect(await attachedTo(print.body, `apology-${code}-${said.sequence}.json`)).toEqual({
      ...said,
      owner: { type, name },
    })
  })
})

describe('there is no slip', () => {
  const codeOf = (reply: Reply) => [reply.status, reply.body.code]

  test('that the history does not give', async () => {
    expect(codeOf(await slip('citizen', code, 'refusal'))).toEqual([404, 'no-such-slip'])
    expect(codeOf(await slip('citizen', code, 'receipt', 'application/json', '?sequence=3'))).toEqual([
      404,
      'no-such-slip',
    ])
  })

  test('of what the applicant took back: that is no refusal', async () => {
    const { body } = await filed()
    await step('citizen', body.code, { to: 'not-accepted', reason: 'Tôi muốn nộp lại sau khi bổ sung giấy tờ.' })
    expect(codeOf(await slip('citizen', body.code, 'refusal'))).toEqual([404, 'no-such-slip'])
  })

  test('for those who may not see the dossier, nor an unknown form', async () => {
    expect(codeOf(await slip('citizen2', code, 'receipt'))).toEqual([404, 'no-such-dossier'])
    expect(codeOf(await slip('handler@HN-STC-2025', code, 'receipt'))).toEqual([404, 'no-such-dossier'])
    expect(codeOf(await slip(null, code, 'receipt'))).toEqual([401, 'token-needed'])
    expect((await slip('citizen', code, 'register')).status).toBe(422)
  })

  test('as a PDF where a letter cannot be printed; the page still says it', async () => {
    const { body } = await filed()
    await step('reception', body.code, { to: 'not-accepted', reason: `${reason} 中` })
    expect(codeOf(await slip('citizen', body.code, 'refusal', 'application/pdf'))).toEqual([406, 'not-printable'])
    expect((await slip('citizen', body.code, 'refusal', 'text/html')).text).toContain('中')
  })

  test('without its person once the data was erased; the hand-overs alone remain', async () => {
    const { body } = await filed()
    await step('reception', body.code, { to: 'accepted' })
    await env.DB.prepare('DELETE FROM dossier_key WHERE dossier_id = (SELECT id FROM dossier WHERE code = ?)')
      .bind(body.code)
      .run()
    expect(codeOf(await slip('handler', body.code, 'receipt'))).toEqual([410, 'erased'])
    expect((await slip('handler', body.code, 'control-slip')).body).toMatchObject({ owner: null, sequence: 2 })
  })
})

/** The first working day so many days on, as the public calendar of due dates tells it. */
async function workingDayInDays(days: number): Promise<string> {
  const receivedAt = new Date(Date.now() + days * 86_400_000).toISOString()
  const query = new URLSearchParams({ receivedAt, unit: '00082-2025' })
  const { body } = await ask(null, `/v1/procedures/1.004873/due-date?${query.toString()}`)
  return body.dueAt.slice(0, 10)
}
