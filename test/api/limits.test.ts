import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import { app, faultsOf, filed, handIn, step, submission, uploaded } from '../support/walk.ts'

const reason = 'Giấy tờ chứng minh nơi cư trú bị mờ, không đọc được.'
const answer = {
  components: [{ component: 'residence', data: { source: 'population-database', at: '2026-11-24T08:55:00+07:00' } }],
}

/** The dossier as if it had so many events already. */
async function aged(code: string, version: number): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO journal SELECT subject, ?2, type, at, record, previous_hash, hash FROM journal
        WHERE subject = (SELECT id FROM dossier WHERE code = ?1) ORDER BY version DESC LIMIT 1`,
    ).bind(code, version),
    env.DB.prepare(`UPDATE dossier SET version = ?2, state = json_set(state, '$.version', ?2) WHERE code = ?1`).bind(
      code,
      version,
    ),
  ])
}

/** The example with a text that makes the form exactly so many bytes. */
async function ofSize(bytes: number) {
  const body = await submission({ procedure: '1.004222' })
  const padding = bytes - new TextEncoder().encode(JSON.stringify({ ...body.form, padding: '' })).length
  return { ...body, form: { ...body.form, padding: 'x'.repeat(padding) } }
}

describe('a form', () => {
  test('of 256 KB is read and judged by its schema; of one byte more it is too large, before anything else', async () => {
    expect((await handIn(app, await ofSize(256 * 1024))).body.code).not.toBe('form-too-large')
    const over = await handIn(app, await ofSize(256 * 1024 + 1))
    expect([over.status, over.body.code]).toEqual([413, 'form-too-large'])
  })

  test('that comes with a supplement has the same limit', async () => {
    const { body } = await filed()
    await step('reception', body.code, { to: 'awaiting-supplement', components: ['residence'], reason })
    const supplement = { ...answer, form: { padding: 'x'.repeat(256 * 1024) } }
    const headers = { 'if-match': '"2"' }
    const over = await ask(app, `/v1/dossiers/${body.code}/supplements`, { body: supplement, headers })
    expect([over.status, over.body.code]).toEqual([413, 'form-too-large'])
  })
})

test('fifty components are looked at one by one; fifty-one are too many', async () => {
  const proofs = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ component: `c-${at}`, presented: true }))
  const fifty = await handIn(app, await submission({ change: { components: proofs(50) } }))
  expect([fifty.status, faultsOf(fifty).filter((one) => one.endsWith('unknown-component')).length]).toEqual([422, 50])
  const over = await handIn(app, await submission({ change: { components: proofs(51) } }))
  expect([over.status, faultsOf(over)]).toEqual([422, ['/components too-many']])
})

/** A version that takes as much as any dossier may carry, whatever the form says. */
async function roomy(procedure: string): Promise<void> {
  const name = { vi: 'Giấy tờ ví dụ', en: 'A paper' }
  const components = Array.from({ length: 50 }, (_, at) => ({
    id: `paper-${at}`,
    name,
    required: true,
    presented: false,
  }))
  await env.DB.prepare(
    `UPDATE procedure_version SET body = json_set(body, '$.components', json(?2), '$.formSchema', json('{}')) WHERE code = ?1`,
  )
    .bind(procedure, JSON.stringify(components))
    .run()
}

test('a dossier with fifty files and a form of 256 KB is taken, read, printed and supplemented as any other', async () => {
  const procedure = '1.010833'
  await roomy(procedure)
  const padding = 'x'.repeat(256 * 1024 - JSON.stringify({ padding: '' }).length)
  const { status, body } = await handIn(app, await submission({ procedure, change: { form: { padding } } }))
  expect([status, body.components.length, body.form.padding.length]).toEqual([201, 50, padding.length])
  await step('reception', body.code, { to: 'accepted' })
  const slip = await ask('handler', `/v1/dossiers/${body.code}/slips/receipt`)
  expect(slip.body.components).toHaveLength(50)
  const printed = await ask('handler', `/v1/dossiers/${body.code}/slips/receipt`, {
    headers: { accept: 'application/pdf' },
  })
  expect([printed.status, printed.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  const all = Array.from({ length: 50 }, (_, at) => `paper-${at}`)
  const asked = await step('reception', body.code, { to: 'awaiting-supplement', components: all, reason })
  expect([asked.status, asked.body.supplementRequest.components.length]).toEqual([200, 50])
  const components = await Promise.all(all.map(async (component) => ({ component, file: await uploaded(app) })))
  const headers = { 'if-match': asked.headers.get('etag') ?? '' }
  const supplement = { body: { components, form: { padding } }, headers }
  const added = await ask(app, `/v1/dossiers/${body.code}/supplements`, supplement)
  expect([added.status, added.body.status]).toEqual([200, 'accepted'])
  const extra = { body: { components: [...components, ...components.slice(0, 1)] }, headers }
  const over = await ask(app, `/v1/dossiers/${body.code}/supplements`, extra)
  expect([over.status, faultsOf(over)]).toEqual([422, ['/components too-many']])
})

describe('two hundred events', () => {
  test('the last ten are for what ends a dossier: it is decided and returned, but not kept going', async () => {
    const { body } = await filed()
    await step('reception', body.code, { to: 'accepted' })
    await aged(body.code, 189)
    const legalBasis = 'Nghị định 118/2025/NĐ-CP, Điều 19'
    expect((await step('handler', body.code, { to: 'stopped', reason, legalBasis })).body.version).toBe(190)
    expect((await step('handler', body.code, { to: 'processing' })).status).toBe(200)
    const over = await step('handler', body.code, { to: 'stopped', reason, legalBasis })
    expect([over.status, over.body.code]).toEqual([422, 'too-many-events'])
    expect((await step('handler', body.code, { to: 'resolved', outcome: 'granted' })).status).toBe(200)
    await aged(body.code, 199)
    expect((await step('reception', body.code, { to: 'returned', by: 'counter' })).body.version).toBe(200)
    const recall = await step('reception', body.code, { to: 'resolved', outcome: 'recalled', reason })
    expect([recall.status, recall.body.code]).toEqual([422, 'too-many-events'])
  })
})

test('what is missing is named once: the same component again needs a reason, another one does not', async () => {
  const { body } = await filed()
  const asks = { to: 'awaiting-supplement', components: ['residence'], reason }
  const supply = async (version: number) =>
    ask(app, `/v1/dossiers/${body.code}/supplements`, { body: answer, headers: { 'if-match': `"${version}"` } })
  expect((await step('reception', body.code, asks)).status).toBe(200)
  expect((await supply(2)).status).toBe(200)
  const again = await step('reception', body.code, asks)
  expect([again.status, again.body.code]).toEqual([409, 'already-asked'])
  expect(again.body.detail).toContain('residence')
  const why = 'Bản nộp lại là của người khác, không phải của chủ hồ sơ.'
  const second = await step('reception', body.code, { ...asks, whyAgain: why })
  expect([second.status, second.body.supplementRequest.whyAgain]).toEqual([200, why])
})
