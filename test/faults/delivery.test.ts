import { createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { fileKey } from '../../src/domain/file.ts'
import { relay } from '../../src/outbox/relay.ts'
import worker from '../../src/worker.ts'
import { ask, type Reply } from '../support/api.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { quiet } from '../support/quiet.ts'
import { app, eventually, filed, rowsWritten, step, submission, uploaded } from '../support/walk.ts'

quiet('outbox.not-sent', 'message.failed', 'message.dead', 'chore.failed', 'copy.failed')
afterEach(() => void vi.useRealTimers())

type Message = { id: string; type: string; subject: string; version: number }

const waiting = async () => {
  const { results } = await env.DB.prepare('SELECT id FROM outbox ORDER BY created_at, id').all<{ id: string }>()
  return results.map(({ id }) => id)
}
const idOf = (code: string) => env.DB.prepare('SELECT id FROM dossier WHERE code = ?').bind(code).first<string>('id')

/** A queue that notes what it was given, and then does as told. */
function noting(then: (sent: Message[]) => Promise<unknown> = () => Promise.resolve()) {
  const sent: Message[] = []
  const sendBatch = async (messages: Iterable<{ body: unknown }>) => {
    const bodies = [...messages].map(({ body }) => body as Message)
    sent.push(...bodies)
    await then(bodies)
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }
  }
  return { sent, queue: { ...deadQueue, sendBatch } }
}

const silent = doorWith({ OUTBOX_QUEUE: deadQueue })
const relayTo = (queue: Env['OUTBOX_QUEUE']) => relay({ DB: env.DB, OUTBOX_QUEUE: queue })

/** Hands messages to the Worker as the queue does, and tells what it did with each. */
async function delivered(
  queue: 'motcua-outbox' | 'motcua-dead',
  bodies: unknown[],
  attempts = 1,
  change: Partial<Env> = {},
) {
  const [acked, retried]: [string[], { id: string; delaySeconds: number | undefined }[]] = [[], []]
  const messages = bodies.map((body, at) => {
    const id = `message-${at}`
    const retry = (options?: QueueRetryOptions) => void retried.push({ id, delaySeconds: options?.delaySeconds })
    return { id, timestamp: new Date(), attempts, body, retry, ack: () => void acked.push(id) }
  })
  const all = () => {
    throw new Error('each message is answered by itself')
  }
  const metadata = { metrics: { backlogCount: 0, backlogBytes: 0 } }
  await worker.queue(
    { queue, messages, metadata, ackAll: all, retryAll: all },
    { ...env, OUTBOX_QUEUE: deadQueue, ...change },
  )
  return { acked, retried }
}

/** A copy that was ordered, and whose order never left the house. */
async function ordered(): Promise<{ id: string; message: Message }> {
  const { body } = await filed()
  await step('reception', body.code, { to: 'accepted' })
  const paper = { scan: await uploaded('certifier'), paperSeen: true }
  const reply: Reply = await silent('certifier', `/v1/dossiers/${body.code}/transitions`, {
    body: { to: 'resolved', outcome: 'granted', paper },
    headers: { 'if-match': '"2"' },
  })
  const id: string = reply.body.result.copy
  await env.DB.prepare('DELETE FROM outbox').run()
  return { id, message: { id: `${id}:1`, type: 'copy.requested', subject: id, version: 1 } }
}
const copyOf = async (id: string) => (await ask('certifier', `/v1/copies/${id}`)).body
const filesOf = async (id: string) => (await env.FILES.list({ prefix: `copies/${id}/` })).objects.length

describe('between the commit and the queue', () => {
  beforeAll(async () => {
    await eventually(async () => ((await waiting()).length === 0 ? true : undefined))
  })

  test('a queue that is down costs nobody anything: the event stays, and goes later', async () => {
    const body = await submission()
    await eventually(async () => ((await waiting()).length === 0 ? true : undefined))
    const reply = await silent(app, '/v1/dossiers', { body, headers: { 'idempotency-key': crypto.randomUUID() } })
    expect(reply.status).toBe(201)
    const event = `${await idOf(reply.body.code)}:1`
    expect(await waiting()).toEqual([event])
    const { sent, queue } = noting()
    expect(await relayTo(queue)).toBe(1)
    expect(sent).toEqual([{ id: event, type: 'dossier.submitted', subject: event.slice(0, -2), version: 1 }])
    expect(await waiting()).toEqual([])
    expect(await relayTo(queue)).toBe(0)
  })

  test('many senders at once send each event once, the oldest first', async () => {
    const body = await submission()
    for (let count = 0; count < 5; count++)
      await silent(app, '/v1/dossiers', { body, headers: { 'idempotency-key': crypto.randomUUID() } })
    const events = await waiting()
    expect(events).toHaveLength(5)
    const { sent, queue } = noting(() => new Promise((resolve) => setTimeout(resolve, 50)))
    const counts = await Promise.all([relayTo(queue), relayTo(queue), relayTo(queue)])
    expect(counts.toSorted((a, b) => a - b)).toEqual([0, 0, 5])
    expect(sent.map(({ id }) => id)).toEqual(events)
    expect(await waiting()).toEqual([])
  })

  test('a sender that dies halfway leaves its events to the next one, a minute later', async () => {
    const body = await submission()
    await silent(app, '/v1/dossiers', { body, headers: { 'idempotency-key': crypto.randomUUID() } })
    const { sent, queue } = noting()
    const dying = noting(() => new Promise(() => {}))
    void relayTo(dying.queue)
    await eventually(async () => (dying.sent.length > 0 ? true : undefined))
    expect(await relayTo(queue)).toBe(0)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    expect(await relayTo(queue)).toBe(1)
    expect(sent).toEqual(dying.sent)
  })

  test('the minute’s chores empty the outbox also when one of them fails', async () => {
    const body = await submission()
    await silent(app, '/v1/dossiers', { body, headers: { 'idempotency-key': crypto.randomUUID() } })
    const { sent, queue } = noting()
    const clockless = new Proxy(env.DB, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...said: unknown[]) => {
          if (/attention_at/.test(String(said[0]))) throw new Error('D1_ERROR: the clock is broken')
          return Reflect.apply(value, target, said)
        }
      },
    })
    await worker.scheduled(createScheduledController(), { ...env, DB: clockless, OUTBOX_QUEUE: queue })
    expect(sent).toHaveLength(1)
    expect(await waiting()).toEqual([])
  })

  // Last: the real queue that it uses sends on what it finds, also what another test still waits for.
  test('what was sent although the queue said no is sent again, and done once', async () => {
    const { id, message } = await ordered()
    const { id: event, type, subject, version } = message
    await env.DB.prepare('INSERT INTO outbox (id, type, subject, version, created_at) VALUES (?, ?, ?, ?, ?)')
      .bind(event, type, subject, version, '2026-01-01T00:00:00.000+07:00')
      .run()
    const { sent, queue } = noting(async (bodies) => {
      await env.OUTBOX_QUEUE.sendBatch(bodies.map((one) => ({ body: one })))
      throw new Error('the answer was lost')
    })
    expect(await relayTo(queue)).toBe(0)
    expect(await relayTo(env.OUTBOX_QUEUE)).toBe(1)
    expect(sent).toHaveLength(1)
    await eventually(async () => ((await copyOf(id)).status === 'valid' ? true : undefined))
    expect((await delivered('motcua-outbox', [message])).acked).toEqual(['message-0'])
    expect([await filesOf(id), (await copyOf(id)).status]).toEqual([1, 'valid'])
  })
})

describe('between the queue and the effect', () => {
  test('messages that come twice, late, in another order, or that nobody listens to, do what one of them does', async () => {
    const [one, two] = [await ordered(), await ordered()]
    const later = { ...one.message, id: `${one.id}:2`, type: 'copy.issued', version: 2 }
    const bodies = [later, two.message, one.message, two.message, { ...later, type: 'moon.rose' }, one.message]
    const { acked, retried } = await delivered('motcua-outbox', bodies)
    expect([acked.length, retried]).toEqual([6, []])
    for (const { id } of [one, two]) expect([(await copyOf(id)).status, await filesOf(id)]).toEqual(['valid', 1])
    const journal = await env.DB.prepare('SELECT count(*) AS events FROM journal WHERE subject = ?')
      .bind(one.id)
      .first('events')
    expect(journal).toBe(2)
  })

  test('one that fails is tried again later and later, and holds nobody up', async () => {
    const good = await ordered()
    const bad = { ...good.message, subject: `copy_${crypto.randomUUID()}` }
    for (const [attempts, delaySeconds] of [
      [1, 2],
      [2, 4],
      [5, 32],
      [20, 900],
    ] as const) {
      const result = await delivered('motcua-outbox', [bad, good.message], attempts)
      expect(result.acked).toEqual(['message-1'])
      expect(result.retried).toEqual([{ id: 'message-0', delaySeconds }])
    }
    expect((await copyOf(good.id)).status).toBe('valid')
  })
})

describe('what the queue gives up on', () => {
  const letters = async (query = '') => (await ask('operator', `/v1/dead-letters${query}`)).body
  const replay = (id: string) =>
    ask('operator', `/v1/dead-letters/${encodeURIComponent(id)}/replay`, { method: 'POST' })

  test('is kept and shown; a copy that was given up is void in the register, with its number, and stays so', async () => {
    const { id, message } = await ordered()
    const { number } = await copyOf(id)
    const original = await env.DB.prepare("SELECT state ->> 'original' AS name FROM copy WHERE id = ?")
      .bind(id)
      .first('name')
    await env.FILES.delete(fileKey(String(original)))
    expect((await delivered('motcua-outbox', [message], 8)).retried).toHaveLength(1)
    expect((await delivered('motcua-dead', [message, message])).acked).toEqual(['message-0', 'message-1'])
    const { items } = await letters()
    expect(items[0]).toEqual({
      id: message.id,
      type: 'copy.requested',
      diedAt: expect.stringMatching(/\+07:00$/),
      replayedAt: null,
    })
    expect(await copyOf(id)).toMatchObject({ status: 'failed', number, reason: 'could-not-be-made' })
    const told = env.DB.prepare("SELECT count(*) AS n FROM journal WHERE subject = ? AND type = 'copy.failed'")
    expect(await told.bind(id).first('n')).toBe(1)

    const refused = await replay(message.id)
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      409,
      'nothing-to-replay',
      expect.stringContaining('/v1/copies'),
    ])
    const { body: dossier } = await ask('certifier', '/v1/dossiers?limit=1')
    const again = { dossier: dossier.items[0].code, scan: await uploaded('certifier'), paperSeen: true }
    const anew = await silent('certifier', '/v1/copies', { body: again })
    const next = Number(number.split('.')[2]) + 1
    expect([anew.status, anew.body.items[0].number]).toEqual([202, expect.stringMatching(new RegExp(`\\.0*${next}$`))])
    await env.DB.prepare('DELETE FROM outbox').run()
  })

  test('is replayed when there is something to do still, and its effect happens once', async () => {
    const { id, message } = await ordered()
    await delivered('motcua-outbox', [message])
    await delivered('motcua-dead', [message])
    const before = await rowsWritten()
    const replayed = await replay(message.id)
    expect([replayed.status, replayed.body.replayedAt]).toEqual([200, expect.stringMatching(/\+07:00$/)])
    await eventually(async () => ((await waiting()).length === 0 ? true : undefined))
    await delivered('motcua-outbox', [message])
    expect([(await copyOf(id)).status, await filesOf(id), await rowsWritten()]).toEqual(['valid', 1, before])

    await delivered('motcua-dead', [message])
    expect((await letters()).items[0]).toMatchObject({ id: message.id, replayedAt: null })
  })

  test.each([
    ['nothing', null],
    ['text', 'copy.requested'],
    ['a number that JSON has no word for', 12n],
    [
      'a circle',
      (() => {
        const circle: unknown[] = []
        circle.push(circle)
        return circle
      })(),
    ],
    ['an id that no address can hold', { id: 'a b/c?', type: 'copy.requested', subject: 'x', version: 1 }],
    ['an id without end', { id: 'x'.repeat(5000), type: 'copy.requested', subject: 'x', version: 1 }],
    ['half a message', { id: 'x:1', type: 'copy.requested' }],
    ['a person', { name: 'Nguyễn Thị Mẫu' }],
  ])('is kept even when it cannot be read: %s', async (_what, body) => {
    const tried = await delivered('motcua-outbox', [body])
    expect(tried.retried).toHaveLength(1)
    await env.DB.exec("DELETE FROM dead_letter WHERE type = 'unreadable'")
    expect((await delivered('motcua-dead', [body])).acked).toEqual(['message-0'])
    const { items } = await letters()
    const kept = items.find((one: { type: string }) => one.type === 'unreadable')
    expect(kept).toEqual({
      id: 'unreadable:message-0',
      type: 'unreadable',
      diedAt: expect.any(String),
      replayedAt: null,
    })
    const reply = await replay(kept.id)
    expect([reply.status, reply.body.code]).toEqual([409, 'nothing-to-replay'])
  })

  test('is listed page by page, the last that died first', async () => {
    const id = (at: number) => `copy_${crypto.randomUUID()}:${at}`
    const made = [3, 1, 2].map((at) => ({ id: id(at), type: 'copy.requested', subject: 'copy_x', version: 1 }))
    for (const message of made) {
      await delivered('motcua-dead', [message])
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
    const first = await letters('?limit=2')
    const rest = await letters(`?limit=2&after=${encodeURIComponent(first.next)}`)
    const seen = [...first.items, ...rest.items].map((one: { id: string }) => one.id)
    expect(seen.slice(0, 3)).toEqual(made.map((one) => one.id).toReversed())
  })

  test('is for operators only, and what there is not cannot be replayed', async () => {
    for (const [who, status] of [
      ['supervisor', 403],
      ['citizen', 403],
      [app, 403],
      [null, 401],
    ] as const)
      expect([who, (await ask(who, '/v1/dead-letters')).status]).toEqual([who, status])
    const reply = await replay('copy_none:1')
    expect([reply.status, reply.body.code]).toEqual([404, 'no-such-dead-letter'])
  })

  test('waits in the queue while it cannot be kept', async () => {
    const { message } = await ordered()
    const away = new Proxy(env.DB, {
      get: () => () => {
        throw new Error('D1_ERROR: away')
      },
    })
    const { retried } = await delivered('motcua-dead', [message], 3, { DB: away })
    expect(retried).toEqual([{ id: 'message-0', delaySeconds: 60 }])
  })
})
