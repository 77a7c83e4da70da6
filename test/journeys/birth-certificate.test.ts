import { expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import { app, eventually, filed, step, uploaded } from '../support/walk.ts'

test('a family’s birth certificate: handed in by an app, handled by the ward, certified, fetched by the citizen, checked by anybody', async () => {
  const { body: dossier, headers } = await filed({ procedure: '1.001193' })
  expect(headers.get('location')).toBe(`/v1/dossiers/${dossier.code}`)
  expect(headers.get('etag')).toBe('"1"')
  expect(dossier).toMatchObject({ status: 'submitted', statusCode: 1, version: 1, competentUnit: { id: '00082-2025' } })

  const accepted = await step('reception', dossier.code, { to: 'accepted' })
  expect([accepted.status, accepted.body.status]).toEqual([200, 'accepted'])
  expect(accepted.body.dueAt).toMatch(/\+07:00$/)
  expect(accepted.body.competentReceivedAt).toBe(accepted.body.receivedAt)
  expect((await step('handler', dossier.code, { to: 'processing' })).status).toBe(200)

  const explained = await ask('citizen', `/v1/dossiers/${dossier.code}?explain=due`)
  expect(explained.body.dueExplanation.at(-1).to).toBe(explained.body.dueAt)

  const asked = await step('handler', dossier.code, {
    to: 'awaiting-supplement',
    components: ['birth-notification'],
    reason: 'Bản chụp giấy chứng sinh bị mờ, không đọc được.',
  })
  expect([asked.status, asked.body.supplementRequest?.components]).toEqual([200, ['birth-notification']])
  const answer = { components: [{ component: 'birth-notification', file: await uploaded(app) }] }
  const back = await ask(app, `/v1/dossiers/${dossier.code}/supplements`, {
    body: answer,
    headers: { 'if-match': '"4"' },
  })
  expect([back.status, back.body.status]).toEqual([200, 'processing'])

  const scan = await uploaded('certifier')
  const resolved = await step('certifier', dossier.code, {
    to: 'resolved',
    outcome: 'granted',
    paper: { scan, paperSeen: true },
  })
  expect([resolved.status, resolved.body.status]).toEqual([200, 'resolved'])
  const id = resolved.body.result.copy

  const copy = await eventually(async () => {
    const { body } = await ask('citizen', `/v1/copies/${id}`)
    return body.status === 'issuing' ? undefined : body
  })
  expect(copy).toMatchObject({ status: 'valid', title: 'Giấy khai sinh' })
  expect((await step('reception', dossier.code, { to: 'returned', by: 'account' })).body.status).toBe('returned')

  const content = await ask('citizen', `/v1/copies/${id}/content`)
  expect(content.headers.get('content-type')).toBe('application/pdf')
  expect((await ask('citizen2', `/v1/copies/${id}/content`)).status).toBe(404)
  expect((await ask(app, `/v1/copies/${id}/content`)).status).toBe(403)
  expect((await ask(null, `/v1/copies/${id}/content`)).status).toBe(401)

  const check = (bytes: Uint8Array) =>
    ask(null, '/v1/verifications', {
      body: bytes,
      headers: { 'content-type': 'application/pdf', 'content-length': String(bytes.length) },
    })
  const verdict = await check(content.body)
  expect(verdict.body).toMatchObject({
    indication: 'TOTAL-PASSED',
    wholeDocumentCovered: true,
    registered: { number: copy.number, status: 'valid' },
  })
  const forged = content.body.slice()
  forged[forged.length >> 1] ^= 1
  expect((await check(forged)).body.indication).toBe('TOTAL-FAILED')
  expect((await ask(null, `/v1/verifications/${copy.number}`)).body).toMatchObject({
    status: 'valid',
    sha256: copy.sha256,
  })

  const { body: events } = await ask(app, `/v1/dossiers/${dossier.code}/events`)
  expect(events.items.map((event: { type: string }) => event.type)).toEqual([
    'dossier.submitted',
    'dossier.accepted',
    'dossier.processing-started',
    'dossier.supplement-requested',
    'dossier.supplemented',
    'dossier.resolved',
    'dossier.returned',
  ])
})
