import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ask } from '../support/api.ts'
import type { Who } from '../support/tokens.ts'
import { app, filed, handIn, step, submission } from '../support/walk.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T09:00:00+07:00') }))
afterEach(() => void vi.useRealTimers())
const at = (time: string) => vi.setSystemTime(new Date(time))

const lan: Who = { kind: 'citizen', personalId: '001190000661' }

async function decided(personalId = '001190000661', outcome: object = { outcome: 'granted' }): Promise<string> {
  const { body } = await filed({ personalId })
  await step('reception', body.code, { to: 'accepted' })
  expect((await step('handler', body.code, { to: 'resolved', ...outcome })).status).toBe(200)
  return body.code
}

async function rate(who: Who, code: string, rating: object) {
  const { headers } = await ask(lan, `/v1/dossiers/${code}`)
  const match = { 'if-match': headers.get('etag') ?? '"1"' }
  return ask(who, `/v1/dossiers/${code}/rating`, { method: 'PUT', body: rating, headers: match })
}

describe('a rating', () => {
  test('is the applicant’s, is shown to those who see the dossier, and its words are in no event', async () => {
    const code = await decided()
    const reply = await rate(lan, code, { score: 4, comment: 'Cán bộ tận tình' })
    const rating = { score: 4, comment: 'Cán bộ tận tình', ratedAt: '2026-11-23T09:00:00.000+07:00' }
    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"4"'])
    for (const who of [app, 'handler', lan])
      expect((await ask(who, `/v1/dossiers/${code}`)).body.rating).toEqual({
        ...rating,
        changeableUntil: '2026-12-23',
      })
    const { items } = (await ask(lan, `/v1/dossiers/${code}/events`)).body
    expect(items.at(-1)).toMatchObject({ type: 'dossier.rated', sequence: 4 })
    const { results } = await env.DB.prepare("SELECT record FROM journal WHERE type = 'dossier.rated'").all()
    expect(JSON.stringify(results)).not.toContain('tận tình')
  })

  test('can be changed for thirty days, and takes its words with it; then it stays', async () => {
    const code = await decided()
    await rate(lan, code, { score: 2, comment: 'Chậm' })
    at('2026-12-23T09:00:00+07:00')
    expect((await rate(lan, code, { score: 5 })).body.rating).toMatchObject({ score: 5, comment: null })
    at('2026-12-24T09:00:00+07:00')
    const late = await rate(lan, code, { score: 1 })
    expect([late.status, late.body.code]).toEqual([409, 'rating-closed'])
  })

  test('waits for the result, is made of one to five, and only for what was seen last', async () => {
    const { body } = await filed({ personalId: '001190000661' })
    expect((await rate(lan, body.code, { score: 5 })).body.code).toBe('no-result-yet')
    const code = await decided()
    expect((await rate(lan, code, { score: 6 })).status).toBe(422)
    const stale = { method: 'PUT', body: { score: 5 }, headers: { 'if-match': '"1"' } }
    expect((await ask(lan, `/v1/dossiers/${code}/rating`, stale)).body.code).toBe('changed-meanwhile')
    const bare = { method: 'PUT', body: { score: 5 } }
    expect((await ask(lan, `/v1/dossiers/${code}/rating`, bare)).body.code).toBe('if-match-needed')
    expect((await rate(app, code, { score: 5 })).body.code).toBe('not-allowed')
    expect((await rate('citizen2', code, { score: 5 })).body.code).toBe('no-such-dossier')
  })

  test('cannot be given once the person was erased', async () => {
    const code = await decided()
    await env.DB.prepare('DELETE FROM dossier_key WHERE dossier_id = (SELECT id FROM dossier WHERE code = ?)')
      .bind(code)
      .run()
    expect((await rate(lan, code, { score: 5 })).body.code).toBe('erased')
  })
})

describe('a result that ends', () => {
  const personalId = '001190000662'

  test('says until when; who applies too early is warned in the 201, and told so again by the same key', async () => {
    const code = await decided(personalId)
    expect((await ask(app, `/v1/dossiers/${code}`)).body.result.validUntil).toBe('2027-05-23')
    const [body, key] = [await submission({ personalId }), crypto.randomUUID()]
    const early = await handIn(app, body, key)
    // Three working days before Friday 21 May: the 23rd, when the old one ends, is a Sunday.
    const warning = { code: 'result-still-valid', validUntil: '2027-05-23', sensibleFrom: '2027-05-18' }
    expect([early.status, early.body.warnings]).toEqual([201, [warning]])
    at('2026-11-25T09:00:00+07:00')
    expect((await handIn(app, body, key)).text).toBe(early.text)
  })

  test('is nobody’s warning but its own: not another app’s, not who only represented, not after a refusal', async () => {
    const other: Who = { kind: 'app', id: 'app_other', scopes: ['dossiers:submit', 'dossiers:read'] }
    await decided(personalId)
    const strange = await handIn(other, await submission({ personalId, who: other }))
    expect(strange.body.warnings).toEqual([])
    const representative = { personalId: '001190000663', fullName: 'Lê Thị Thay' }
    const { body } = await filed({ personalId, change: { representative } })
    await step('reception', body.code, { to: 'accepted' })
    await step('handler', body.code, { to: 'resolved', outcome: 'granted' })
    expect((await filed({ personalId: '001190000663' })).body.warnings).toEqual([])
    await decided('001190000664', { outcome: 'refused', reason: 'Không đủ điều kiện theo quy định.' })
    expect((await filed({ personalId: '001190000664' })).body.warnings).toEqual([])
  })
})
