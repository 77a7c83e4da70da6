import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { handle } from '../../src/consumers/handle.ts'
import type { Receivers } from '../../src/platform/receivers.ts'
import { sendWhatIsDue } from '../../src/usecases/webhooks/send.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask } from '../support/api.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { quiet } from '../support/quiet.ts'
import { enrolled } from '../support/apps.ts'
import type { Who } from '../support/tokens.ts'
import { submission } from '../support/walk.ts'

quiet('message.failed', 'webhook.given-up', 'webhook.disabled', 'outbox.not-sent')

type Event = { id: string; type: string; subject: string; sequence: string }
type Answer = Awaited<ReturnType<Receivers['post']>>

const hour = 3_600_000
const good = { status: 200, retryAfter: null, beginning: 'ok' }
// Nothing leaves through the real queue: the test carries every message itself, when and how it likes.
const silent = doorWith({ OUTBOX_QUEUE: deadQueue })

/** Chance that is the same in every run. */
function dice(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
}

/** The service with a clock of the test, its queue carried by hand, and a receiver that does as it likes. */
function world(seed: number, answer: (event: Event, hours: number) => Answer) {
  const roll = dice(seed)
  const began = Date.now()
  let now = began
  const receivers: Receivers = {
    faultOf: () => null,
    post: async (_url, _headers, body) => answer(JSON.parse(body) as Event, (now - began) / hour),
  }
  const context = { ...contextOf(env, { kind: 'public' }), now: () => new Date(now), receivers }

  /** Carries what the outbox holds, in any order, some of it twice. */
  async function carry() {
    const { results } = await env.DB.prepare('DELETE FROM outbox RETURNING id, type, subject, version').all()
    const twice = results.filter(() => roll() < 0.3)
    const messages = [...results, ...twice]
      .map((body) => ({ body, place: roll() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ body }, at) => ({
        id: `m${at}`,
        timestamp: new Date(),
        attempts: 1,
        body,
        ack: () => {},
        retry: () => {},
      }))
    await handle({ messages }, context)
    return results.length
  }

  return {
    carry,
    pass: (hours: number) => void (now += hours * hour),
    /** Lets time pass from one thing that is due to the next, until nothing is. */
    untilQuiet: async () => {
      for (let rounds = 0; rounds < 400; rounds++) {
        while ((await carry()) > 0);
        const next = await env.DB.prepare('SELECT min(next_attempt_at) AS at FROM webhook_delivery').first<string>('at')
        if (next === null) return (now - began) / hour
        now = Math.max(now, Date.parse(next))
        await sendWhatIsDue(context)
      }
      throw new Error('it never comes to rest')
    },
  }
}

/** A receiver as the guide wants it: applies events of a subject by their sequence, keeps those that came too early, knows those it has. */
function follower() {
  const seen = new Set<string>()
  const states = new Map<string, Event[]>()
  const early = new Map<string, Event>()
  return {
    seen,
    take(event: Event) {
      seen.add(event.id)
      early.set(`${event.subject} ${Number(event.sequence)}`, event)
      const applied = states.get(event.subject) ?? []
      states.set(event.subject, applied)
      for (let next = early.get(`${event.subject} ${applied.length + 1}`); next;) {
        applied.push(next)
        next = early.get(`${event.subject} ${applied.length + 1}`)
      }
    },
    statusOf: (subject: string) => statuses[states.get(subject)?.at(-1)?.type ?? ''],
  }
}

const statuses: Record<string, string> = {
  'dossier.submitted': 'submitted',
  'dossier.accepted': 'accepted',
  'dossier.processing-started': 'processing',
  'dossier.withdrawn': 'withdrawn',
  'dossier.not-accepted': 'not-accepted',
}

const ways = [
  [],
  ['accepted'],
  ['accepted', 'processing'],
  ['not-accepted'],
  ['accepted', 'processing', 'withdrawn'],
  ['accepted', 'withdrawn'],
]
const reason = 'Một lý do đủ dài để người nộp hiểu.'
const movers: Record<string, string> = { accepted: 'reception', processing: 'handler', 'not-accepted': 'reception' }

let who: Who & { kind: 'app' }
beforeEach(async () => {
  who = { kind: 'app', id: `app_${crypto.randomUUID()}`, scopes: ['dossiers:submit', 'dossiers:read', 'webhooks'] }
  await enrolled(who)
  await env.DB.prepare('DELETE FROM outbox').run()
})

async function lived(moves: string[]): Promise<string> {
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const { body, status, text } = await silent(who, '/v1/dossiers', { body: await submission({ who }), headers })
  if (status !== 201) throw new Error(text)
  for (const [at, to] of moves.entries()) {
    const move = { to, ...(to !== 'accepted' && to !== 'processing' && { reason }) }
    const reply = await silent(movers[to] ?? who, `/v1/dossiers/${body.code}/transitions`, {
      body: move,
      headers: { 'if-match': `"${at + 1}"` },
    })
    if (reply.status !== 200) throw new Error(reply.text)
  }
  return body.code
}

const listening = async () =>
  (await silent(who, '/v1/webhooks', { body: { url: 'https://chaos.receiver.test/200' } })).body.id as string

async function feed(after?: string): Promise<Event[]> {
  const { body } = await ask(who, `/v1/events?limit=5${after === undefined ? '' : `&after=${after}`}`)
  return body.next === null ? body.items : [...body.items, ...(await feed(body.next))]
}
const status = async (code: string): Promise<string> => (await ask(who, `/v1/dossiers/${code}`)).body.status

describe('a receiver that is down, slow, confused, and told in any order and twice', () => {
  test('knows in the end what we know, by messages alone, and lost nothing', async () => {
    const seed = 3
    await listening()
    const theirs = follower()
    const roll = dice(seed * 7919)
    const told = new Map<string, number>()
    const notBefore = new Map<string, number>()
    const { untilQuiet } = world(seed, (event, hours) => {
      expect(hours).toBeGreaterThanOrEqual(notBefore.get(event.id) ?? 0)
      told.set(event.id, (told.get(event.id) ?? 0) + 1)
      // Two days of trouble, a day without any answer, then it is mended.
      if (hours > 72) return (theirs.take(event), good)
      if (hours > 48) return { fault: 'not-reached' }
      const luck = roll()
      if (luck < 0.2) return { fault: 'not-reached' }
      if (luck < 0.4) return (theirs.take(event), { fault: 'timed-out' })
      if (luck < 0.55) return { status: 500, retryAfter: null, beginning: 'oh no' }
      if (luck < 0.65) return (theirs.take(event), { status: 500, retryAfter: null, beginning: 'done, and then oh no' })
      if (luck < 0.75) {
        notBefore.set(event.id, hours + 3)
        return { status: 429, retryAfter: '10800', beginning: '' }
      }
      if (luck < 0.85) {
        // The consumer itself ends in the middle of an attempt: that costs the receiver none of its ten.
        told.set(event.id, (told.get(event.id) ?? 1) - 1)
        throw new Error('the machine is gone')
      }
      return (theirs.take(event), good)
    })
    const codes: string[] = []
    for (const moves of ways) codes.push(await lived(moves))
    await untilQuiet()

    const ours = await feed()
    expect(ours).toHaveLength(ways.flat().length + ways.length)
    expect([...theirs.seen].toSorted()).toEqual(ours.map(({ id }) => id).toSorted())
    for (const code of codes) expect([code, theirs.statusOf(code)]).toEqual([code, await status(code)])
    expect(Math.max(...told.values())).toBeLessThanOrEqual(10)
    const { results } = await env.DB.prepare("SELECT status FROM webhook_delivery WHERE status <> 'delivered'").all()
    expect(results).toEqual([])
  })
})

test('after five days without success it is told nothing more and why; back again, it has everything from the feed', async () => {
  const id = await listening()
  const theirs = follower()
  const { untilQuiet, pass } = world(4, () => ({ status: 500, retryAfter: null, beginning: '' }))
  const first = await lived(['accepted'])
  const lasted = await untilQuiet()
  expect(lasted).toBeGreaterThanOrEqual(72)
  const given = await ask(who, `/v1/webhooks/${id}/deliveries?status=failed`)
  expect(given.body.items.map((one: { attempts: unknown[] }) => one.attempts.length)).toEqual([10, 10])
  expect((await ask(who, `/v1/webhooks/${id}`)).body).toMatchObject({
    status: 'active',
    failingSince: expect.any(String),
  })

  pass(48)
  const second = await lived([])
  await untilQuiet()
  expect((await ask(who, `/v1/webhooks/${id}`)).body).toMatchObject({ status: 'disabled', disabledBecause: 'failing' })
  const third = await lived(['not-accepted'])
  await untilQuiet()

  const all = await feed()
  expect(all.filter(({ type }) => type === 'webhook.disabled')).toMatchObject([
    { subject: id, data: { because: 'failing' } },
  ])
  for (const event of all) theirs.take(event)
  for (const code of [first, second, third]) expect(theirs.statusOf(code)).toBe(await status(code))
})

test('410 ends it at once, also for what was still to come', async () => {
  const id = await listening()
  let asked = 0
  const { untilQuiet } = world(5, () => {
    asked++
    return { status: 410, retryAfter: null, beginning: 'gone' }
  })
  await lived(['accepted', 'processing'])
  await untilQuiet()
  expect(asked).toBeLessThanOrEqual(3)
  expect((await ask(who, `/v1/webhooks/${id}`)).body).toMatchObject({ status: 'disabled', disabledBecause: 'gone' })
  const { items } = (await ask(who, `/v1/webhooks/${id}/deliveries`)).body
  expect(items.filter((one: { status: string }) => one.status === 'pending')).toEqual([])
})
