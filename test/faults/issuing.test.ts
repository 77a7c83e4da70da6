import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { sha256, toHex } from '../../src/platform/crypto.ts'
import worker from '../../src/worker.ts'
import { ask } from '../support/api.ts'
import { withBatches } from '../support/database.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { quiet } from '../support/quiet.ts'
import { filed, step, uploaded } from '../support/walk.ts'

quiet('outbox.not-sent', 'message.failed')

/** `npm run bench -- issue` asks for a thousand. */
const count = Number((env as unknown as { TEST_COPIES: string }).TEST_COPIES)
/** Of a few copies nearly every batch ends badly; of many, one in four. */
const rate = count > 100 ? 0.25 : 1
const silent = doorWith({ OUTBOX_QUEUE: deadQueue })

/** Chance that can be had again: mulberry32. */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

async function ordered(): Promise<string[]> {
  const { body } = await filed()
  await step('reception', body.code, { to: 'accepted' })
  await step('handler', body.code, { to: 'resolved', outcome: 'granted' })
  const order = async () => {
    const scan = await uploaded('certifier')
    const reply = await silent('certifier', '/v1/copies', { body: { dossier: body.code, scan, paperSeen: true } })
    return String(reply.body.items[0].id)
  }
  const ids: string[] = []
  while (ids.length < count) {
    const some = Math.min(10, count - ids.length)
    ids.push(...(await Promise.all(Array.from({ length: some }, order))))
  }
  await env.DB.prepare('DELETE FROM outbox').run()
  return ids
}

/** Hands one batch to a consumer that may be killed, or whose database or store may fail, before or after what it asked for. */
async function consumed(ids: string[], chance: () => number, seen: { killed: number; failed: number }) {
  let die: () => void = () => {}
  const killed = new Promise<void>((resolve) => (die = resolve))
  const mayhem = async <T>(run: () => Promise<T>): Promise<T> => {
    const luck = chance()
    if (luck < 0.08 * rate) {
      seen.failed += 1
      throw new Error('it never got there')
    }
    const result = await run()
    if (luck < 0.16 * rate) {
      seen.failed += 1
      throw new Error('its answer was lost')
    }
    if (luck > 0.22 * rate) return result
    seen.killed += 1
    die()
    // Whoever was killed does nothing any more.
    return new Promise<T>(() => {})
  }
  const db = withBatches(env.DB, (statements, run) => mayhem(() => run(statements)))
  const files = new Proxy(env.FILES, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      const call = (...said: unknown[]): Promise<unknown> => Reflect.apply(value, target, said)
      return name === 'put' ? (...said: unknown[]) => mayhem(() => call(...said)) : call
    },
  })
  const done = new Set<string>()
  const messages = ids.map((id, at) => ({
    id: `message-${at}`,
    timestamp: new Date(),
    attempts: 1,
    body: { id: `${id}:1`, type: 'copy.requested', subject: id, version: 1 },
    ack: () => void done.add(id),
    retry: () => {},
  }))
  const all = () => {
    throw new Error('each message is answered by itself')
  }
  const batch = {
    queue: 'motcua-outbox',
    messages,
    ackAll: all,
    retryAll: all,
    metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
  }
  await Promise.race([worker.queue(batch, { ...env, DB: db, FILES: files, OUTBOX_QUEUE: deadQueue }), killed])
  return done
}

test(
  `${count} copies, their consumers killed and their answers lost: none is lost, none doubled, no number is missing`,
  async () => {
    const ids = await ordered()
    const chance = chances(20_261_126)
    const seen = { killed: 0, failed: 0 }
    const open = new Set(ids)
    for (let round = 0; open.size > 0 && round < 100; round++) {
      const waiting = [...open]
      const batches = Array.from({ length: Math.ceil(waiting.length / 10) }, (_, at) =>
        waiting.slice(at * 10, at * 10 + 10),
      )
      for (let at = 0; at < batches.length; at += 2) {
        // Two consumers at once; each has its own messages twice, and a few of its neighbour's.
        const [one = [], two = []] = batches.slice(at, at + 2)
        const mixed = [
          [...one, ...two.filter(() => chance() < 0.3)],
          [...two, ...two.filter(() => chance() < 0.3), ...one.filter(() => chance() < 0.3)],
        ]
        const done = await Promise.all(mixed.map((batch) => consumed(batch, chance, seen)))
        for (const id of done.flatMap((some) => [...some])) open.delete(id)
      }
    }
    expect(open.size).toBe(0)
    expect(Math.min(seen.killed, seen.failed)).toBeGreaterThan((count * rate) / 20)

    const { results } = await env.DB.prepare('SELECT id, number, status, sha256 FROM copy').all<
      Record<string, string>
    >()
    expect(results.map(({ id, status }) => `${id} ${status}`).toSorted()).toEqual(
      ids.map((id) => `${id} valid`).toSorted(),
    )
    const serials = results.map(({ number = '' }) => Number(number.split('.')[2])).toSorted((a, b) => a - b)
    expect(serials).toEqual(Array.from({ length: count }, (_, at) => at + 1))

    const events = await env.DB.prepare(
      "SELECT type, count(*) AS n, count(DISTINCT subject) AS subjects FROM journal WHERE type LIKE 'copy.%' GROUP BY type ORDER BY type",
    ).all()
    expect(events.results).toEqual([
      { type: 'copy.issued', n: count, subjects: count },
      { type: 'copy.requested', n: count, subjects: count },
    ])

    const kept: string[] = []
    for (let cursor: string | undefined, more = true; more;) {
      const page: R2Objects = await env.FILES.list({ prefix: 'copies/', ...(cursor && { cursor }) })
      kept.push(...page.objects.map(({ key }) => key))
      more = page.truncated
      cursor = page.truncated ? page.cursor : undefined
    }
    expect(kept.toSorted()).toEqual(ids.map((id) => `copies/${id}/signed.pdf`).toSorted())
    for (const { id, sha256: registered } of results.filter((_, at) => at % Math.ceil(count / 30) === 0)) {
      const object = await env.FILES.get(`copies/${id}/signed.pdf`)
      expect(toHex(await sha256(new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer())))).toBe(registered)
    }
    const { body } = await ask(null, `/v1/verifications/${results[0]?.['number']}`)
    expect(body.status).toBe('valid')
  },
  600_000 + count * 2000,
)
