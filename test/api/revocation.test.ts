import { expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import { eventually, filed, step, uploaded } from '../support/walk.ts'

/** A copy that the queue has issued, with its signed bytes. */
async function issuedCopy() {
  const { body: dossier } = await filed({ procedure: '1.004873' })
  await step('reception', dossier.code, { to: 'accepted' })
  const paper = { scan: await uploaded('certifier'), paperSeen: true }
  const resolved = await step('certifier', dossier.code, { to: 'resolved', outcome: 'granted', paper })
  const id: string = resolved.body.result.copy
  return eventually(async () => {
    const { body, headers } = await ask('certifier', `/v1/copies/${id}`)
    return body.status === 'valid' ? { ...body, etag: headers.get('etag') ?? '' } : undefined
  })
}

const revoke = (who: string, id: string, etag: string, reason = 'certified-wrongly') =>
  ask(who, `/v1/copies/${id}/revocation`, { body: { reason }, headers: { 'if-match': etag } })

test('a revoked copy fails every check from then on, although its signatures are sound, and everybody is told why', async () => {
  const copy = await issuedCopy()
  const { body: file } = await ask('citizen', `/v1/copies/${copy.id}/content`)

  const revoked = await revoke('certifier', copy.id, copy.etag)
  expect([revoked.status, revoked.body.status, revoked.body.reason]).toEqual([200, 'revoked', 'certified-wrongly'])

  const told = await ask(null, `/v1/verifications/${copy.number}`)
  expect(told.body).toMatchObject({ status: 'revoked', revoked: { reason: 'certified-wrongly' } })
  const headers = { 'content-type': 'application/pdf', 'content-length': String(file.length) }
  const judged = await ask(null, '/v1/verifications', { body: file, headers })
  const byDigest = await ask(null, '/v1/verifications', { body: { sha256: copy.sha256 } })
  for (const { body } of [judged, byDigest])
    expect(body).toMatchObject({
      indication: 'TOTAL-FAILED',
      subIndication: 'REVOKED',
      reasons: [{ code: 'copy-revoked', subIndication: 'REVOKED' }],
      registered: { status: 'revoked', revoked: { reason: 'certified-wrongly' } },
    })
  expect(judged.body.signatures).toMatchObject([{ indication: 'TOTAL-PASSED' }, { indication: 'TOTAL-PASSED' }])
})

test('only the unit that issued it revokes a copy, once, and from the version it has seen', async () => {
  const copy = await issuedCopy()
  expect((await revoke('certifier@HN-STC-2025', copy.id, copy.etag)).status).toBe(404)
  expect((await revoke('citizen', copy.id, copy.etag)).status).toBe(403)
  expect((await revoke('handler', copy.id, copy.etag)).status).toBe(403)
  expect((await revoke('certifier', copy.id, '"1"')).body.code).toBe('changed-meanwhile')
  expect((await revoke('certifier', copy.id, copy.etag, 'because')).body.code).toBe('invalid-request')
  const both = await Promise.all([1, 2].map(() => revoke('certifier', copy.id, copy.etag)))
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
  const again = await revoke('certifier', copy.id, '"3"')
  expect([again.status, again.body.code]).toEqual([409, 'copy-not-valid'])
})
