import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import { copyOf, issued } from '../support/copies.ts'
import type { Who } from '../support/tokens.ts'
import { app, eventually, faultsOf, filed, handIn, step, submission, uploaded } from '../support/walk.ts'

const personalId = '001190000401'
const hoa: Who = { kind: 'citizen', personalId }
const elsewhere = '00004-2025'
const handlerOf = (unit: string): Who => ({ kind: 'officer', unit, roles: ['handler'] })

let copy: { id: string; number: string; etag: string }
beforeAll(async () => {
  copy = await copyOf({ personalId })
})

/** A dossier for another ward, proved by that copy. */
const provedBy = async (id: string, change: Record<string, unknown> = {}) =>
  handIn(
    app,
    await submission({
      personalId,
      change: { place: { unit: elsewhere }, components: [{ component: 'earlier-certificate', copy: id }], ...change },
    }),
  )

describe('what a citizen has in their account is not asked for again', () => {
  test('the unit gets the copy verified, opens it through the dossier, and the owner sees that', async () => {
    const { status, body } = await provedBy(copy.id)
    expect(status).toBe(201)
    const { sha256 } = (await ask(hoa, `/v1/copies/${copy.id}`)).body
    const evidence = { number: copy.number, status: 'valid', indication: 'TOTAL-PASSED', sha256 }
    expect(body.components).toMatchObject([{ copy: copy.id, verified: evidence }])
    expect((await ask(handlerOf(elsewhere), `/v1/dossiers/${body.code}`)).body.components).toEqual(body.components)
    const file = await ask(handlerOf(elsewhere), `/v1/copies/${copy.id}/content`)
    expect([file.status, file.text.slice(0, 5)]).toEqual([200, '%PDF-'])
    expect((await ask(handlerOf('00008-2025'), `/v1/copies/${copy.id}/content`)).status).toBe(404)
    const { items } = (await ask(hoa, `/v1/copies/${copy.id}/openings`)).body
    expect(items).toMatchObject([{ as: 'officer', unit: { id: elsewhere }, dossier: body.code }])
  })

  test.each([
    ['another’s', async () => (await copyOf({ personalId: '001190000402' })).id, 'unknown-copy'],
    ['not there', async () => `copy_${crypto.randomUUID()}`, 'unknown-copy'],
    ['revoked', revoked, 'copy-revoked'],
    ['tampered with where it lies', tampered, 'copy-signature-not-valid'],
    ['of another paper', anotherPaper, 'copy-of-another-paper'],
    ['of another paper that was shown at a counter', () => shown('degree'), 'copy-of-another-paper'],
  ])('a copy that is %s proves nothing', async (_why, made, code) => {
    const reply = await provedBy(await made())
    expect([reply.status, faultsOf(reply)]).toEqual([422, [`/components/0/copy ${code}`]])
  })

  test('one of that very paper, shown at a counter, proves as much as one of the result', async () => {
    const { status, body } = await provedBy(await shown('marital-status-confirmation'))
    expect([status, body.components[0].verified.indication]).toEqual([201, 'TOTAL-PASSED'])
  })

  /** A copy of an original of that kind, of hers. */
  async function shown(paper: string) {
    const original = { paper, pages: 1, owner: { type: 'citizen', fullName: 'Lê Thị Hòa', personalId } }
    const body = { original, scan: await uploaded('certifier'), paperSeen: true }
    const [{ id, original: noted }] = (await ask('certifier', '/v1/copies', { body })).body.items
    const cash = { method: 'cash', amount: noted.fee.amount }
    await ask('reception', `/v1/copies/${id}/payments`, { body: cash, headers: { 'if-match': '"1"' } })
    return (await issued(id)).id
  }

  async function revoked() {
    const { id, etag } = await copyOf({ personalId })
    const headers = { 'if-match': etag }
    await ask('certifier', `/v1/copies/${id}/revocation`, { body: { reason: 'certified-wrongly' }, headers })
    return id
  }

  async function tampered() {
    const { id } = await copyOf({ personalId })
    const [file] = (await env.FILES.list({ prefix: `copies/${id}/` })).objects
    const bytes = new Uint8Array((await (await env.FILES.get(file?.key ?? ''))?.arrayBuffer()) ?? new ArrayBuffer())
    bytes[500] = (bytes[500] ?? 0) ^ 1
    await env.FILES.put(file?.key ?? '', bytes)
    return id
  }

  async function anotherPaper() {
    const { id } = await copyOf({ personalId, procedure: '1.004837' })
    return id
  }

  test('data stands in only where the catalogue names its source, and not from tomorrow', async () => {
    const said = async (source: string, at: string) =>
      faultsOf(await provedBy(copy.id, { components: [{ component: 'residence', data: { source, at } }] }))
    expect(await said('population-database', '2026-11-20T08:00:00+07:00')).toEqual([])
    expect(await said('my-notebook', '2026-11-20T08:00:00+07:00')).toEqual([
      '/components/0/data/source source-not-allowed',
    ])
    expect(await said('population-database', '2099-11-20T08:00:00+07:00')).toEqual([
      '/components/0/data/at in-the-future',
    ])
  })
})

describe('a newer result takes the place of the older copy', () => {
  const grant = async (supersedes: string, owner = personalId) => {
    const { body } = await filed({ personalId: owner, change: { form: (await submission()).form } })
    await step('reception', body.code, { to: 'accepted' })
    const paper = { scan: await uploaded('certifier'), paperSeen: true, supersedes }
    return step('certifier', body.code, { to: 'resolved', outcome: 'granted', paper })
  }

  test('once it is there: anybody who checks the old number is told the new one', async () => {
    const older = await copyOf({ personalId })
    const { body: file } = await ask(hoa, `/v1/copies/${older.id}/content`)
    const { status, body } = await grant(older.id)
    expect(status).toBe(200)
    const newer = await issued(body.result.copy)
    const said = await eventually(async () => {
      const reply = await ask(null, `/v1/verifications/${older.number}`)
      return reply.body.status === 'superseded' ? reply : undefined
    })
    expect(said.body).toMatchObject({ supersededBy: newer.number, revoked: null })
    expect(said.text).not.toContain(personalId)
    const asPdf = { 'content-type': 'application/pdf' }
    const digest = { sha256: Buffer.from(await crypto.subtle.digest('SHA-256', file)).toString('hex') }
    for (const [sent, type] of [
      [file, asPdf],
      [digest, {}],
    ] as const) {
      const { body: judged } = await ask(null, '/v1/verifications', { body: sent, headers: type })
      expect(judged).toMatchObject({
        indication: 'TOTAL-PASSED',
        registered: { number: older.number, status: 'superseded', supersededBy: newer.number },
      })
    }
    const page = await ask(null, `/v1/verifications/${older.number}`, { headers: { accept: 'text/html' } })
    expect(page.text).toContain(newer.number)
    expect((await ask(hoa, `/v1/copies/${older.id}`)).body).toMatchObject({ supersededBy: newer.number })
    expect(faultsOf(await provedBy(older.id))).toEqual(['/components/0/copy copy-superseded'])
    // It can take the place of a valid one only, so nothing is superseded twice.
    expect(faultsOf(await grant(older.id))).toEqual(['/paper/supersedes unknown-copy'])
  })

  test('never that of another person', async () => {
    const reply = await grant(copy.id, '001190000403')
    expect([reply.status, faultsOf(reply)]).toEqual([422, ['/paper/supersedes unknown-copy']])
    expect((await ask(hoa, `/v1/copies/${copy.id}`)).body.status).toBe('valid')
  })
})

describe('one procedure, two results', () => {
  const granted = async (procedure: string) => {
    const { body } = await filed({ personalId, procedure })
    await step('reception', body.code, { to: 'accepted' })
    const scan = await uploaded('certifier')
    const move = { to: 'resolved', outcome: 'granted', paper: { scan, paperSeen: true } }
    return { scan, reply: await step('certifier', body.code, move), code: body.code }
  }

  test('with a paper result its certified copy is made, unless the version of the procedure says one result', async () => {
    const two = await granted('1.004837')
    expect(two.reply.body.result).toMatchObject({ copy: expect.stringMatching(/^copy_/) })
    await env.DB.exec(
      `UPDATE procedure_version SET body = json_set(body, '$.twoResults', json('false')) WHERE code = '1.004837'`,
    )
    const one = await granted('1.004837')
    expect([one.reply.status, one.reply.body.result]).toMatchObject([200, { outcome: 'granted', copy: null }])
    expect(one.reply.body.result.title).toBe(two.reply.body.result.title)
    // The scan belongs to the dossier all the same, and to no second one.
    expect((await ask(handlerOf('00082-2025'), `/v1/files/${one.scan}`)).status).toBe(200)
    const next = await filed({ personalId, procedure: '1.004837', change: { channel: 'postal' } })
    await step('reception', next.body.code, { to: 'accepted' })
    const again = { to: 'resolved', outcome: 'granted', paper: { scan: one.scan, paperSeen: true } }
    expect(faultsOf(await step('certifier', next.body.code, again))).toEqual(['/paper/scan unknown-file'])
  })
})
