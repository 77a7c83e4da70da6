import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { demoUnits } from '../../src/local/settings.ts'
import { newTokenKey, publicKeys } from '../../src/platform/jwt.ts'
import { ask, type Reply } from '../support/api.ts'
import { registered } from '../support/apps.ts'
import { lodged } from '../support/before-reform.ts'
import { app, filed, step, uploaded } from '../support/walk.ts'

/** What callers seldom meet, and find described all the same. */

const said = ({ status, body }: Reply) => [status, body.code]

/** Destroys the dossier's key, as erasure does. */
const erase = (code: string) =>
  env.DB.prepare('DELETE FROM dossier_key WHERE dossier_id = (SELECT id FROM dossier WHERE code = ?)').bind(code).run()

async function seen(who: string, code: string): Promise<Record<string, string>> {
  const { headers } = await ask(who, `/v1/dossiers/${code}`)
  return { 'if-match': headers.get('etag') ?? '' }
}

test('a dossier that one has already is not sent again', async () => {
  const { body } = await filed()
  const { headers } = await ask(app, `/v1/dossiers/${body.code}`)
  const again = await ask(app, `/v1/dossiers/${body.code}`, { headers: { 'if-none-match': headers.get('etag') ?? '' } })
  expect([again.status, again.text]).toEqual([304, ''])
})

test('a name without end is told as far as there is room for it', async () => {
  const name = 'x'.repeat(6000)
  const reply = await ask('citizen', `/v1/mandates?${name}=1`)
  expect(said(reply)).toEqual([422, 'invalid-request'])
  expect(reply.body.errors).toMatchObject([{ pointer: `/query/${'x'.repeat(492)}…`, code: 'not-known' }])
  const body = { components: [], ['😀'.repeat(300)]: 1 }
  const inBody = await ask(app, '/v1/dossiers/X/supplements', { body, headers: { 'if-match': '"1"' } })
  expect([...said(inBody), inBody.body.errors.at(-1).code]).toEqual([422, 'invalid-request', 'not-known'])
})

test('a code that is longer than any has no page, and nothing is looked for', async () => {
  expect(said(await ask(null, `/problems/${'x'.repeat(65)}`))).toEqual([422, 'invalid-request'])
})

test('nobody supplements what nobody asked for', async () => {
  const { body } = await filed()
  const components = [{ component: 'residence', file: await uploaded(app) }]
  const headers = await seen('citizen', body.code)
  expect(said(await ask(app, `/v1/dossiers/${body.code}/supplements`, { body: { components }, headers }))).toEqual([
    409,
    'step-not-possible',
  ])
})

describe('once the personal data was erased, nothing personal can be added', () => {
  test('by a supplement', async () => {
    const { code } = (await filed()).body
    await step('reception', code, { to: 'awaiting-supplement', components: ['residence'], reason: 'Bản chụp bị mờ.' })
    await erase(code)
    const body = { components: [{ component: 'residence', file: await uploaded(app) }], note: 'Bản chụp lại.' }
    const headers = await seen('reception', code)
    expect(said(await ask(app, `/v1/dossiers/${code}/supplements`, { body, headers }))).toEqual([410, 'erased'])
  })

  test('by an apology', async () => {
    const { code } = (await filed()).body
    await step('reception', code, { to: 'accepted' })
    await erase(code)
    const due = await ask(
      null,
      '/v1/procedures/1.004873/due-date?receivedAt=2027-06-01T09:00:00%2B07:00&unit=00082-2025',
    )
    const body = { date: due.body.dueAt.slice(0, 10), cause: 'unit', reason: 'Cần thêm thời gian xác minh.' }
    const headers = await seen('handler', code)
    expect(said(await ask('handler', `/v1/dossiers/${code}/reappointments`, { body, headers }))).toEqual([
      410,
      'erased',
    ])
  })

  test('by the cause of its being late', async () => {
    const { code } = await lodged('00082-2025')
    await erase(code)
    const body = { cause: 'system', reason: 'Hệ thống của thành phố dừng cả ngày.' }
    const headers = await seen('handler', code)
    const path = `/v1/dossiers/${code}/late-cause-corrections`
    expect(said(await ask('handler', path, { body, headers }))).toEqual([410, 'erased'])
  })

  test('nor can a further copy of its result be certified', async () => {
    const { code } = (await filed()).body
    await step('reception', code, { to: 'accepted' })
    await step('handler', code, { to: 'resolved', outcome: 'granted' })
    await erase(code)
    const body = { dossier: code, scan: await uploaded('certifier'), paperSeen: true }
    expect(said(await ask('certifier', '/v1/copies', { body }))).toEqual([410, 'erased'])
  })

  test('by the reason of an assignment', async () => {
    const { code } = await lodged('00070-0')
    const { items } = (await ask('supervisor', '/v1/reassignments?limit=100')).body
    const { candidates } = items.find((one: { code: string }) => one.code === code)
    const headers = await seen('supervisor', code)
    await erase(code)
    const body = { unit: candidates[0].id, reason: 'Theo địa chỉ của người nộp.' }
    expect(said(await ask('supervisor', `/v1/dossiers/${code}/assignment`, { body, headers }))).toEqual([410, 'erased'])
  })
})

test('a slip is not printed where its unit has no seal', async () => {
  const [unit = ''] = await unitsWithoutSeal()
  const { code } = (await filed({ change: { place: { unit } } })).body
  await step(`reception@${unit}`, code, { to: 'accepted' })
  const slip = await ask('citizen', `/v1/dossiers/${code}/slips/receipt`, { headers: { accept: 'application/pdf' } })
  expect(said(slip)).toEqual([409, 'no-signing-certificate'])
})

async function unitsWithoutSeal(): Promise<string[]> {
  const { body } = await ask(null, '/v1/units?level=commune&on=2026-11-26&limit=100')
  const known = new Set(Object.values(demoUnits) as string[])
  return body.items.map(({ id }: { id: string }) => id).filter((id: string) => id.endsWith('-2025') && !known.has(id))
}

test('a key id belongs to one key, and the key of a command is a text', async () => {
  const { keys } = publicKeys([await newTokenKey(), await newTokenKey()])
  const jwks = { keys: keys.map((key) => ({ ...key, kid: 'shared' })) }
  const { id } = await registered()
  const body = { name: 'Khác', scopes: ['dossiers:read'], jwks }
  expect(said(await ask('operator', '/v1/apps', { body }))).toEqual([409, 'key-id-in-use'])
  const odd = { method: 'POST', headers: { 'idempotency-key': '"' } }
  expect(said(await ask('operator', `/v1/apps/${id}/secrets`, odd))).toEqual([400, 'unreadable-request'])
})

/** A file whose only signature field has that name; nobody signed it. */
function pdfWithField(name: string): Uint8Array {
  const bodies = [
    '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>',
    '<</Type/Pages/Kids[]/Count 0>>',
    `<</FT/Sig/T(${name})/V 4 0 R>>`,
    '<</Type/Sig>>',
  ]
  let text = '%PDF-1.7\n'
  const offsets = bodies.map((body, index) => {
    const at = text.length
    text += `${index + 1} 0 obj\n${body}\nendobj\n`
    return `${String(at).padStart(10, '0')} 00000 n \n`
  })
  const start = text.length
  text += `xref\n0 5\n0000000000 65535 f \n${offsets.join('')}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`
  return new TextEncoder().encode(text)
}

test.each([20, 201, 5000])('a file that names a signature by %d letters is judged like any other', async (length) => {
  const headers = { 'content-type': 'application/pdf' }
  const { status, body } = await ask(null, '/v1/verifications', { body: pdfWithField('a'.repeat(length)), headers })
  expect([status, body.indication]).toEqual([200, 'TOTAL-FAILED'])
  expect(body.signatures[0].field).toBe('a'.repeat(Math.min(length, 200)))
})

describe('guides', () => {
  const page = async (path: string, wish = 'vi') => {
    const reply = await ask(null, path, { headers: { 'accept-language': wish } })
    return { ...reply, language: reply.headers.get('content-language') }
  }
  const linksOf = (text: string) => [...text.matchAll(/href="(\/[^"]*)"/g)].map(([, to = '']) => to)

  test('are pages in the language that one reads, with no script and nothing from elsewhere', async () => {
    const vi = await page('/docs/guides/quickstart')
    expect([vi.status, vi.language, vi.headers.get('vary')]).toEqual([200, 'vi', 'Accept-Language'])
    expect(vi.text).toMatch(/<html lang="vi">[\s\S]*<title>Bắt đầu/)
    expect(vi.headers.get('content-security-policy')).toContain("default-src 'none'")
    const en = await page('/docs/guides/quickstart', 'en')
    expect([en.language, en.text.includes('<h1>Quickstart')]).toEqual(['en', true])
    expect((await page('/docs/guides/quickstart?lang=vi', 'en')).language).toBe('vi')
  })

  test('are all listed, and every link in them leads somewhere', async () => {
    const { text: reference } = await ask(null, '/docs')
    expect(reference).toContain('href="/docs/guides"')
    const listed = await Promise.all(['vi', 'en'].map((lang) => page(`/docs/guides?lang=${lang}`)))
    const guides = listed.flatMap(({ text }) => linksOf(text)).filter((to) => to.startsWith('/docs/guides/'))
    expect(guides.length).toBeGreaterThan(5)
    const pages = await Promise.all(guides.map((to) => page(to)))
    const links = [...new Set([...listed, ...pages].flatMap(({ text }) => linksOf(text)))]
    const led = await Promise.all(links.map(async (to) => [to, (await page(to)).status]))
    expect(led.filter(([, status]) => status !== 200)).toEqual([])
  })

  test('that are not there, or not in that language, are not made up', async () => {
    expect(said(await ask(null, '/docs/guides/nothing'))).toEqual([404, 'no-such-address'])
    expect(said(await ask(null, '/docs/guides/..%2Fdocs.css%3F'))).toEqual([404, 'no-such-address'])
    expect(said(await ask(null, '/docs/guides?lang=fr'))).toEqual([422, 'invalid-request'])
    expect(said(await ask(null, '/docs/guides/quickstart?lang=fr'))).toEqual([422, 'invalid-request'])
    expect(said(await ask(null, '/verify?lang=fr'))).toEqual([422, 'invalid-request'])
  })
})
