import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { handle } from '../../src/consumers/handle.ts'
import { archiveDueCopy, orderArchives } from '../../src/usecases/copies/archive.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask } from '../support/api.ts'
import { copyOf } from '../support/copies.ts'

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
  const all = { ackAll: () => {}, retryAll: () => {}, metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }
  await handle({ queue: 'motcua-outbox', messages, ...all }, context)
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
