import type { D1Migration } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { handle } from '../../src/consumers/handle.ts'
import { archiveDueCopy, orderArchives } from '../../src/usecases/copies/archive.ts'
import { contextOf } from '../../src/wiring.ts'
import { archiveCopy } from '../../src/paper/archive.ts'
import { sha256 } from '../../src/paper/bytes.ts'
import { detached, signedData } from '../../src/paper/cms.ts'
import { revocationOf } from '../../src/usecases/copies/issue.ts'
import { timestampsOf } from '../../src/usecases/signing/time-stamps.ts'
import { ask } from '../support/api.ts'
import { copyOf } from '../support/copies.ts'
import { pdf } from '../support/pdf.ts'
import { quiet } from '../support/quiet.ts'
import { sealed, withStore } from '../support/revisions.ts'
import { keyOf } from '../support/signers.ts'

quiet('archive.failed')

const context = contextOf(env, { kind: 'public' })
const orders = async () =>
  (await env.DB.prepare("SELECT subject, version FROM outbox WHERE type = 'copy.archive-due'").all()).results
const fileOf = async (id: string) => {
  const kept = await context.copies.find(id)
  if (kept?.copy.status !== 'valid') throw new Error('the copy is not valid')
  const { file, version } = kept.copy
  const bytes = await (await context.files.getBytes(file.key))?.arrayBuffer()
  if (!bytes || !file.provableUntil) throw new Error('the file is gone')
  return { ...file, version, until: new Date(file.provableUntil), bytes: new Uint8Array(bytes) }
}
const digestOf = (sha256: string) => ask(null, '/v1/verifications', { body: { sha256 } })

test('a copy whose time-stamp ends within a year is archived once: the old bytes stay a prefix, both digests are known', async () => {
  const { id, number } = await copyOf()
  const before = await fileOf(id)
  await orderArchives(context)
  expect(await orders()).toEqual([])
  const moved = { ...context, now: () => new Date(before.until.getTime() - 364 * 86_400_000) }
  await orderArchives(moved)
  await orderArchives(moved)
  expect(await orders()).toEqual([{ subject: id, version: before.version }])

  await Promise.all([1, 2].map(() => archiveDueCopy(context, id, before.version)))
  const acknowledged: string[] = []
  const body = { id: `${id}:${before.version}:archive`, type: 'copy.archive-due', subject: id, version: before.version }
  const message = { id: 'again', timestamp: new Date(), attempts: 1, body, retry: () => {} }
  const messages = [{ ...message, ack: () => void acknowledged.push(id) }]
  await handle({ messages }, context)
  expect(acknowledged).toEqual([id])
  const after = await fileOf(id)
  expect(after.version).toBe(before.version + 1)
  expect(after.key).not.toBe(before.key)
  expect(after.bytes.subarray(0, before.bytes.length)).toEqual(before.bytes)
  const { results } = await env.DB.prepare("SELECT type FROM journal WHERE subject = ? AND type = 'copy.archived'")
    .bind(id)
    .all()
  expect(results).toHaveLength(1)

  for (const sha256 of [before.sha256, after.sha256]) {
    expect((await digestOf(sha256)).body).toMatchObject({ sha256, registered: { number, sha256: after.sha256 } })
  }
  const plan = await env.DB.prepare(
    'EXPLAIN QUERY PLAN SELECT id FROM copy WHERE archive_at <= ? ORDER BY archive_at LIMIT 50',
  )
    .bind('2026')
    .all()
  expect(JSON.stringify(plan.results)).toContain('copy_to_archive')
})

test('what keeps a copy from being archived is an alert until it is archived; its hour comes again by itself', async () => {
  const { id } = await copyOf()
  const { version, key } = await fileOf(id)
  const alerts = async () =>
    (await ask('operator', '/v1/signing-alerts')).body.items.filter(({ who }: { who: string }) => who === 'archive')
  const without = { ...context, timestampAuthorities: [] }
  await archiveDueCopy(without, id, version)
  await archiveDueCopy(without, id, version)
  const since = expect.any(String)
  expect(await alerts()).toEqual([{ who: 'archive', reason: 'no-time-stamp', since, waiting: 1, until: null }])
  const bytes = await (await context.files.getBytes(key))?.arrayBuffer()
  await env.FILES.delete(key)
  await expect(archiveDueCopy(context, id, version)).rejects.toThrow('is gone')
  expect(await alerts()).toMatchObject([{ reason: 'fault', waiting: 1 }])
  await env.FILES.put(key, bytes ?? '', { customMetadata: { pages: '2' } })
  await archiveDueCopy(context, id, version)
  expect([(await fileOf(id)).version, await alerts()]).toEqual([version + 1, []])
})

test('a copy from before ends were noted is looked into once, and archived when its time comes', async () => {
  const { id } = await copyOf()
  const before = await fileOf(id)
  const archiveAt = () => env.DB.prepare('SELECT archive_at FROM copy WHERE id = ?').bind(id).first('archive_at')
  const planned = await archiveAt()
  await env.DB.prepare(
    "UPDATE copy SET archive_at = NULL, state = json_remove(state, '$.file.provableUntil') WHERE id = ?",
  )
    .bind(id)
    .run()
  const { TEST_MIGRATIONS: all } = env as unknown as { TEST_MIGRATIONS: D1Migration[] }
  const found = all.flatMap(({ queries }) => queries).find((query) => /UPDATE copy SET archive_at/.test(query)) ?? ''
  await env.DB.prepare(found).run()
  const soon = { ...context, now: () => new Date(Date.now() + 60_000) }
  await orderArchives(soon)
  expect(await orders()).toContainEqual({ subject: id, version: before.version })
  await archiveDueCopy(soon, id, before.version)
  expect([await archiveAt(), (await context.copies.find(id))?.copy.version]).toEqual([planned, before.version])
  // One that is so old that its time has come.
  await env.DB.prepare(
    "UPDATE copy SET state = json_set(state, '$.issuedAt', '1990-01-01T00:00:00.000+07:00') WHERE id = ?",
  )
    .bind(id)
    .run()
  const early = contextOf({ ...env, ARCHIVE_BEFORE_DAYS: '3660' }, { kind: 'public' })
  await archiveDueCopy(early, id, before.version)
  expect((await fileOf(id)).version).toBe(before.version + 1)
})

const asPdf = { 'content-type': 'application/pdf' }
const judged = async (body: Uint8Array) => (await ask(null, '/v1/verifications', { body, headers: asPdf })).body
const stamps = async () => {
  const timestamps = await timestampsOf(context)
  if (!timestamps) throw new Error('no time-stamp authority')
  return timestamps.stamp
}

test('a copy that somebody else archived is still known by what was signed; if they changed a byte of it, it is not', async () => {
  const { id, number } = await copyOf()
  const { bytes, sha256: signed } = await fileOf(id)
  const theirs = await archiveCopy(bytes, await stamps(), await revocationOf(context, []))
  expect(await judged(theirs.bytes)).toMatchObject({
    indication: 'TOTAL-PASSED',
    sha256: theirs.sha256,
    wholeDocumentCovered: true,
    signatures: [{ kind: 'certifier' }, { kind: 'seal' }, { kind: 'timestamp', indication: 'TOTAL-PASSED' }],
    requiredSigners: [
      { kind: 'certifier', signed: true },
      { kind: 'seal', signed: true },
    ],
    registered: { number, sha256: signed },
  })
  const changed = theirs.bytes.with(theirs.bytes.length - 9, 0x20)
  for (const file of [changed, theirs.bytes.with(700, 0x20), new Uint8Array([...bytes, 0x0a])])
    expect(await judged(file)).toMatchObject({ indication: 'TOTAL-FAILED', requiredSigners: [], registered: null })
})

test('an archived file of another issuer under a known root is judged; it is nobody’s seal and stands in no register', async () => {
  const { signer, chain } = keyOf('good')
  const cms = async (content: Uint8Array) => signedData(detached(await sha256(content)), signer)
  const signed = await sealed(pdf(), { subFilter: 'ETSI.CAdES.detached', cms })
  const { certificates, crls } = await revocationOf(context, [signer])
  const stored = await withStore(signed, { Certs: [...certificates, ...chain], CRLs: crls })
  const stamp = { subFilter: 'ETSI.RFC3161', type: 'DocTimeStamp', cms: await stamps() }
  const archived = await sealed(stored, stamp)
  expect(await judged(archived)).toMatchObject({
    indication: 'TOTAL-PASSED',
    wholeDocumentCovered: true,
    signatures: [
      { kind: 'signature', signer: 'Ủy ban nhân dân phường Cửa Nam', signedAt: expect.any(String), reasons: [] },
      { kind: 'timestamp', reasons: [] },
    ],
    requiredSigners: [],
    registered: null,
  })
  expect(await judged(await sealed(stored, { ...stamp, cms: () => stamp.cms(new Uint8Array(9)) }))).toMatchObject({
    indication: 'TOTAL-FAILED',
    signatures: [
      { indication: 'TOTAL-PASSED' },
      { reasons: [{ code: 'timestamp-imprint', subIndication: 'HASH_FAILURE' }] },
    ],
  })
})
