import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import type { Who } from '../support/tokens.ts'
import { app, faultsOf, handIn, submission } from '../support/walk.ts'

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
