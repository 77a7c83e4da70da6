import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ask } from '../support/api.ts'
import type { Who } from '../support/tokens.ts'
import { app, faultsOf, filed, handIn, step, submission } from '../support/walk.ts'

afterEach(() => void vi.useRealTimers())

const owner: Who = { kind: 'citizen', personalId: '001190000001' }
const kiosk = { helper: { kind: 'kiosk', id: 'kiosk-cua-nam-01' }, identity: 'card-reader' }
const note = 'Bà cụ 92 tuổi, không đi lại được, nhờ cán bộ đến nhà.'
const atHome = { channel: 'at-home', receivingPoint: '00082-2025' }
const journalOf = async (code: string) => {
  const { results } = await env.DB.prepare(
    'SELECT record FROM journal JOIN dossier ON dossier.id = journal.subject WHERE code = ? ORDER BY journal.version',
  )
    .bind(code)
    .all<{ record: string }>()
  return results.map(({ record }) => record)
}

describe('somebody helps to hand in', () => {
  test('a kiosk: it and the way of proof are in the journal and on the dossier, which is the applicant’s', async () => {
    const reply = await handIn(app, await submission({ change: { channel: 'kiosk', assistance: kiosk } }))
    const shown = { ...kiosk, by: { kind: 'app', id: 'app_test' }, note: null }
    expect([reply.status, reply.body.channel, reply.body.assistance]).toEqual([201, 'kiosk', shown])
    const seen = await ask(owner, `/v1/dossiers/${reply.body.code}`)
    expect([seen.status, seen.body.applicant.personalId, seen.body.assistance]).toEqual([200, '001190000001', shown])
    const other: Who = { kind: 'app', id: 'app_other', scopes: ['dossiers:read'] }
    expect((await ask(other, `/v1/dossiers/${reply.body.code}`)).status).toBe(404)
    expect(JSON.parse((await journalOf(reply.body.code))[0] ?? '').event.assisted).toEqual(kiosk)
    await step('reception', reply.body.code, { to: 'accepted' })
    const slip = await ask('handler', `/v1/dossiers/${reply.body.code}/slips/receipt`)
    expect([slip.body.channel, slip.body.helper]).toEqual(['kiosk', kiosk.helper])
  })

  test('the applicant’s own account at a kiosk: nobody else handed it in', async () => {
    const body = await submission({ who: owner, change: { channel: 'kiosk', assistance: kiosk } })
    expect((await handIn(owner, body)).body.assistance).toMatchObject({ by: null, helper: kiosk.helper })
  })

  test('an officer at home: known from the token, and why is sealed; nothing of it is in journal or state', async () => {
    const body = await submission({ who: 'reception', change: { ...atHome, assistance: { identity: 'papers', note } } })
    const reply = await handIn('reception', body)
    expect(reply.body.assistance).toMatchObject({ by: { kind: 'officer' }, helper: null, identity: 'papers', note })
    expect((await ask(owner, `/v1/dossiers/${reply.body.code}`)).body.assistance.note).toBe(note)
    expect((await journalOf(reply.body.code)).join()).not.toContain('Bà cụ')
    const kept = await env.DB.prepare('SELECT state FROM dossier WHERE code = ?').bind(reply.body.code).first('state')
    expect(kept).not.toContain('Bà cụ')
  })

  test('an officer at the counter is who helped, without a word about it', async () => {
    const change = { channel: 'direct', receivingPoint: '00082-2025' }
    const { body } = await handIn('reception', await submission({ who: 'reception', change }))
    expect(body.assistance).toMatchObject({ by: { kind: 'officer' }, helper: null, identity: null, note: null })
  })

  test('online nobody helped', async () => {
    expect((await handIn(app, await submission())).body.assistance).toBeNull()
  })

  test('all that is wrong about it is told at once, with everything else; an id cannot be a person’s number', async () => {
    const wrong = await submission({
      change: { procedure: '9.999999', channel: 'kiosk', assistance: { identity: 'papers' } },
    })
    const faults = ['/assistance/helper helper-needed', '/assistance/identity identity-not-possible']
    const reply = await handIn(app, wrong)
    expect([reply.status, ...faultsOf(reply)]).toEqual([422, ...faults, '/procedure unknown-procedure'])
    const person = { ...kiosk, helper: { kind: 'kiosk', id: 'ba-001190012345' } }
    const named = await handIn(app, await submission({ change: { channel: 'kiosk', assistance: person } }))
    expect([named.status, faultsOf(named)[0]?.split(' ')[0]]).toEqual([422, '/assistance/helper/id'])
  })
})

describe('an in-day procedure is received and decided in one session', () => {
  const ward = '00082-2025'
  const both: Who = { kind: 'officer', unit: ward, roles: ['reception', 'handler'] }
  const inDay = '1.001193'
  const reason = 'Kết quả đã trả có sai sót, cần thu hồi để sửa.'
  const grant = { to: 'resolved', outcome: 'granted' }

  test('by one request: both steps are journalled at the same moment, and a receipt is there for who asks', async () => {
    // After 15:00: it would have been due the next working day.
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-01T15:30:00+07:00') })
    const { code } = (await filed({ procedure: inDay })).body
    const headers = { 'if-match': '"1"', 'idempotency-key': crypto.randomUUID() }
    const decide = () => ask(both, `/v1/dossiers/${code}/transitions`, { body: grant, headers })
    const reply = await decide()
    expect([reply.status, reply.body.status, reply.body.version]).toEqual([200, 'resolved', 3])
    expect(reply.body).toMatchObject({ dueAt: '2026-12-02T17:00:00+07:00', overdue: false })
    expect(reply.body.receivedAt).toBe(reply.body.result.resolvedAt)
    const again = await decide()
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([reply.text, 'true'])
    const events = (await journalOf(code)).map((record) => JSON.parse(record).event.type)
    expect(events).toEqual(['dossier.submitted', 'dossier.accepted', 'dossier.resolved'])
    expect((await ask(both, `/v1/dossiers/${code}/slips/receipt`)).body).toMatchObject({ sequence: 2, onRequest: true })
  })

  test('its result is given out, and recalled to be given out again', async () => {
    const { code } = (await filed({ procedure: inDay })).body
    const ways = [grant, { to: 'returned', by: 'counter' }, { to: 'resolved', outcome: 'recalled', reason }]
    for (const move of ways) expect((await step(both, code, move)).status).toBe(200)
    const { body } = await step(both, code, { to: 'returned', by: 'account' })
    expect([body.status, body.version, body.result.outcome]).toEqual(['returned', 6, 'granted'])
  })

  test('all or nothing: what the decision lacks leaves it unreceived', async () => {
    const { code } = (await filed({ procedure: inDay })).body
    const paper = { scan: 'file_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e', paperSeen: true }
    const certifier: Who = { kind: 'officer', unit: ward, roles: ['reception', 'certifier'] }
    expect((await step(certifier, code, { ...grant, paper })).status).toBe(422)
    expect((await ask(both, `/v1/dossiers/${code}`)).body).toMatchObject({ status: 'submitted', version: 1 })
  })

  test.each<[string, Who, string, number]>([
    ['who only receives', 'reception', inDay, 409],
    ['who only decides', 'handler', inDay, 409],
    ['who does both, of a procedure that takes days', both, '1.004873', 409],
  ])('not by %s', async (_who, who, procedure, status) => {
    const { code } = (await filed({ procedure })).body
    const reply = await step(who, code, grant)
    expect([reply.status, (await journalOf(code)).length]).toEqual([status, 1])
  })
})

test('a procedure tells its steps, and whether one session is enough', async () => {
  const { body } = await ask(null, '/v1/procedures/1.001193')
  expect(body.inOneSession).toBe(true)
  expect(body.steps[0]).toEqual({
    from: 'submitted',
    to: 'accepted',
    by: ['reception'],
    needs: [],
    event: 'dossier.accepted',
    clock: 'start',
    slip: { form: 'receipt', onRequest: true },
    through: 'transitions',
  })
  expect((await ask(null, '/v1/procedures/1.004873')).body.inOneSession).toBe(false)
})
