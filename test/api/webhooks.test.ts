import { env } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { beforeAll, describe, expect, test } from 'vitest'
import { localTime } from '../../src/platform/time.ts'
import { forgetDeliveries } from '../../src/usecases/webhooks/forget.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask, type Reply } from '../support/api.ts'
import { enrolled } from '../support/apps.ts'
import type { Who } from '../support/tokens.ts'
import { app as base, eventually, faultsOf, filed, step, uploaded } from '../support/walk.ts'

type Event = { id: string; type: string; subject: string; sequence: string; data: Record<string, unknown> }
type Message = { headers: Record<string, string>; body: string }

/** An app of its own for each test, so that none hears what another one does. */
const newApp = (): Who & { kind: 'app' } => ({
  kind: 'app',
  id: `app_${crypto.randomUUID()}`,
  scopes: ['dossiers:submit', 'dossiers:read', 'webhooks'],
})
const address = (name: string, answer = 200) => `https://${name}.receiver.test/${answer}`
const received = async (name: string): Promise<Message[]> =>
  (await fetch(`https://${name}.receiver.test/received`)).json()
const create = async (who: Who, body: Record<string, unknown>): Promise<Reply> => {
  if (typeof who === 'object' && who.kind === 'app') await enrolled(who)
  const reply = await ask(who, '/v1/webhooks', { body })
  expect(reply.status, reply.text).toBe(201)
  return reply
}
const feedOf = async (who: Who, query = ''): Promise<Event[]> =>
  (await ask(who, `/v1/events?limit=100${query}`)).body.items
const change = async (who: Who, id: string, body: Record<string, unknown>) => {
  const { headers, body: now } = await ask(who, `/v1/webhooks/${id}`)
  const { url, types, procedures } = now
  return ask(who, `/v1/webhooks/${id}`, {
    method: 'PUT',
    body: { url, types, procedures, active: true, ...body },
    headers: { 'if-match': headers.get('etag') ?? '' },
  })
}
const deliveries = async (who: Who, id: string, query = '') =>
  (await ask(who, `/v1/webhooks/${id}/deliveries${query}`)).body
/** A message is kept by the receiver before its sender has written down what came of it. */
const settled = (who: Who, id: string, count: number) =>
  eventually(async () => {
    const { items } = await deliveries(who, id)
    const done = items.filter((one: { attempts: unknown[] }) => one.attempts.length > 0)
    return done.length >= count ? items : undefined
  })

describe('from a step of a dossier to a receiver that is a stranger', () => {
  const who = newApp()
  const name = 'whole'
  let code: string
  let webhook: { id: string; secret: string; secrets: { id: string; publicKey: string }[] }
  let messages: Message[]

  beforeAll(async () => {
    webhook = (await create(who, { url: address(name) })).body
    code = (await filed({ who })).body.code
    await step('reception', code, { to: 'accepted' })
    const paper = { scan: await uploaded('certifier'), paperSeen: true }
    await step('certifier', code, { to: 'resolved', outcome: 'granted', paper })
    messages = await eventually(async () => {
      const all = await received(name)
      return all.length >= 5 ? all : undefined
    })
    await settled(who, webhook.id, 5)
  })

  test('each event comes once, signed so that a library of others believes it, with the id it has in the feed', async () => {
    const feed = await feedOf(who)
    expect(feed.map(({ type }) => type)).toEqual([
      'dossier.submitted',
      'dossier.accepted',
      'dossier.resolved',
      'copy.requested',
      'copy.issued',
    ])
    const verified = messages.map(({ headers, body }) => new Webhook(webhook.secret).verify(body, headers) as Event)
    const byId = (a: Event, b: Event) => a.id.localeCompare(b.id)
    expect(verified.toSorted(byId)).toEqual(feed.toSorted(byId))
    expect(messages.map(({ headers }) => headers['webhook-id'])).toEqual(verified.map(({ id }) => id))
    expect(messages[0]?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
    const dossier = feed.filter(({ subject }) => subject === code)
    expect(dossier.map(({ sequence }) => Number(sequence))).toEqual([1, 2, 3])
  })

  test('the public key proves the same, and says nothing that the secret would open', async () => {
    const { publicKey } = webhook.secrets[0] ?? { publicKey: '' }
    const raw = Uint8Array.from(atob(publicKey.replace('whpk_', '')), (letter) => letter.charCodeAt(0))
    const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify'])
    for (const { headers, body } of messages) {
      const signature = /v1a,(\S+)/.exec(headers['webhook-signature'] ?? '')?.[1] ?? ''
      const bytes = Uint8Array.from(atob(signature), (letter) => letter.charCodeAt(0))
      const signed = new TextEncoder().encode(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
      expect(await crypto.subtle.verify('Ed25519', key, bytes, signed)).toBe(true)
    }
  })

  test('nothing about a person is in a message, and neither secret nor reply lies open', async () => {
    const said = JSON.stringify(messages) + JSON.stringify(await feedOf(who))
    for (const word of ['Nguyễn Thị Mẫu', '001190000001', '0900000001', 'Lê Thị Tiếp Nhận', 'Lê Văn Thử'])
      expect(said).not.toContain(word)
    const tables = ['webhook', 'webhook_secret', 'webhook_attempt', 'webhook_delivery', 'journal', 'outbox', 'feed']
    for (const table of tables) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all()
      const text = JSON.stringify(results)
      expect(text).not.toContain(webhook.secret.slice(6, 30))
      expect(text).not.toContain('here answers')
    }
  })

  test('its owner sees each attempt and how the reply began; nobody else sees that it exists', async () => {
    const { items, next } = await deliveries(who, webhook.id, '?limit=2&status=delivered')
    expect(items[0]).toMatchObject({ type: 'copy.issued', status: 'delivered', nextAttemptAt: null })
    expect(items[0].attempts).toEqual([
      {
        number: 1,
        at: expect.any(String),
        status: 200,
        fault: null,
        milliseconds: expect.any(Number),
        reply: expect.any(String),
      },
    ])
    expect(items[0].attempts[0].reply).toMatch(/^here answers whole.receiver.test/)
    expect((await deliveries(who, webhook.id, `?after=${next}`)).items).toHaveLength(3)
    const other = newApp()
    expect((await ask(other, `/v1/webhooks/${webhook.id}`)).body.code).toBe('no-such-webhook')
    expect((await ask(other, '/v1/webhooks')).body.items).toEqual([])
    expect(await feedOf(other)).toEqual([])
  })

  test('one event is sent again by its id, everything by a time; a stranger’s event is not', async () => {
    const before = (await received(name)).length
    const [first] = await feedOf(who)
    const reply = await ask(who, `/v1/webhooks/${webhook.id}/deliveries/${first?.id}/retry`, { method: 'POST' })
    expect([reply.status, reply.body.status]).toEqual([200, 'pending'])
    const again = await eventually(async () => (await received(name))[before])
    expect(again.headers['webhook-id']).toBe(first?.id)
    const path = `/v1/webhooks/${webhook.id}/replay`
    const { status, body } = await ask(who, path, { body: { from: '2020-01-01T00:00:00+07:00' } })
    expect([status, body]).toEqual([202, { events: 5 }])
    await eventually(async () => ((await received(name)).length >= before + 6 ? true : undefined))
    expect((await ask(who, path, { body: { from: '2100-01-01T00:00:00+07:00' } })).body).toEqual({ events: 0 })
    const none = await ask(who, `/v1/webhooks/${webhook.id}/deliveries/event_999999999/retry`, { method: 'POST' })
    expect(none.body.code).toBe('no-such-delivery')
  })

  test('a ping is signed and answered at once, and is no event', async () => {
    const reply = await ask(who, `/v1/webhooks/${webhook.id}/ping`, { method: 'POST' })
    expect(reply.body).toMatchObject({ status: 200, fault: null })
    const message = (await received(name)).at(-1)
    expect(new Webhook(webhook.secret).verify(message?.body ?? '', message?.headers ?? {})).toMatchObject({
      type: 'webhook.ping',
      subject: webhook.id,
    })
    expect(await feedOf(who)).toHaveLength(5)
  })
})

describe('its owner keeps a webhook', () => {
  test('filters by type and by procedure; what nobody wants is not sent', async () => {
    const who = newApp()
    const { body } = await create(who, { url: address('filters'), types: ['dossier.accepted'] })
    await create(who, { url: address('procedures'), procedures: ['1.001193'] })
    const { code } = (await filed({ who })).body
    await step('reception', code, { to: 'accepted' })
    await settled(who, body.id, 1)
    expect((await received('filters')).map((one) => JSON.parse(one.body).type)).toEqual(['dossier.accepted'])
    expect(await received('procedures')).toEqual([])
  })

  test('secrets change over without a gap: both sign, then only the new one; the last one stays', async () => {
    const who = newApp()
    const { id, secret, secrets } = (await create(who, { url: address('rotation') })).body
    const key = { 'idempotency-key': crypto.randomUUID() }
    const path = `/v1/webhooks/${id}/secrets`
    expect((await ask(who, path, { method: 'POST', headers: { 'idempotency-key': '"' } })).status).toBe(400)
    const added = await ask(who, path, { method: 'POST', headers: key })
    const again = await ask(who, path, { method: 'POST', headers: key })
    expect([added.status, again.body.secret, again.body.id]).toEqual([201, null, added.body.id])
    const believes = async (mine: string) => {
      await ask(who, `/v1/webhooks/${id}/ping`, { method: 'POST' })
      const message = (await received('rotation')).at(-1)
      try {
        return Boolean(new Webhook(mine).verify(message?.body ?? '', message?.headers ?? {}))
      } catch {
        return false
      }
    }
    expect([await believes(secret), await believes(added.body.secret)]).toEqual([true, true])
    const revoke = (one: string) => ask(who, `${path}/${one}`, { method: 'DELETE' })
    expect((await revoke(secrets[0].id)).status).toBe(204)
    expect([await believes(secret), await believes(added.body.secret)]).toEqual([false, true])
    expect((await revoke(secrets[0].id)).body.code).toBe('no-such-credential')
    expect((await revoke(added.body.id)).body.code).toBe('last-credential')
    const three = await Promise.all([1, 2, 3].map(() => ask(who, path, { method: 'POST' })))
    expect(three.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409])
  })

  test('a change names the version it has seen; a rested one is told nothing and takes no retries; a deleted one is gone', async () => {
    const who = newApp()
    const made = await create(who, { url: address('changes') })
    const { id } = made.body
    const path = `/v1/webhooks/${id}`
    const body = { url: address('changes', 204), types: null, procedures: null, active: false }
    expect((await ask(who, path, { method: 'PUT', body })).status).toBe(428)
    expect((await ask(who, path, { method: 'PUT', body, headers: { 'if-match': '"9"' } })).status).toBe(412)
    const rested = await ask(who, path, { method: 'PUT', body, headers: { 'if-match': '"1"' } })
    expect(rested.body).toMatchObject({ status: 'disabled', disabledBecause: 'owner', url: body.url })
    expect((await ask(who, path, { headers: { 'if-none-match': rested.headers.get('etag') ?? '' } })).status).toBe(304)
    await filed({ who })
    const replay = { body: { from: '2020-01-01T00:00:00+07:00' } }
    expect((await ask(who, `${path}/replay`, replay)).body.code).toBe('webhook-disabled')
    expect((await change(who, id, { active: true })).body).toMatchObject({ status: 'active', disabledBecause: null })
    expect((await ask(who, `${path}/replay`, replay)).body).toEqual({ events: 1 })
    const [sent] = await settled(who, id, 1)
    await change(who, id, { active: false })
    const retry = await ask(who, `${path}/deliveries/${sent.event}/retry`, { method: 'POST' })
    expect(retry.body.code).toBe('webhook-disabled')
    expect((await ask(who, path, { method: 'DELETE' })).status).toBe(204)
    expect((await ask(who, path)).body.code).toBe('no-such-webhook')
    const left = await env.DB.prepare('SELECT count(*) AS n FROM webhook_secret WHERE webhook_id = ?')
      .bind(id)
      .first('n')
    expect(left).toBe(0)
  })

  test('the same command makes one webhook and shows its secret once; an app has ten at most', async () => {
    const who = newApp()
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const body = { url: address('many') }
    const [first, again] = [
      await ask(who, '/v1/webhooks', { body, headers }),
      await ask(who, '/v1/webhooks', { body, headers }),
    ]
    expect([again.body.id, again.body.secret, again.headers.get('idempotent-replayed')]).toEqual([
      first.body.id,
      null,
      'true',
    ])
    for (let count = 1; count < 10; count++) await create(who, body)
    expect((await ask(who, '/v1/webhooks', { body })).body.code).toBe('too-many-webhooks')
    const page = (await ask(who, '/v1/webhooks?limit=4')).body
    const rest = (await ask(who, `/v1/webhooks?limit=100&after=${page.next}`)).body
    expect([page.items.length, rest.items.length, rest.next]).toEqual([4, 6, null])
  })

  test.each([
    ['http://good.receiver.test/200', 'not-https'],
    ['https://user:secret@good.receiver.test/', 'has-credentials'],
    ['https://good.receiver.test:22/', 'port-not-allowed'],
    ['https://127.0.0.1/', 'address-not-public'],
    ['https://[::ffff:10.0.0.1]/', 'address-not-public'],
    ['https://0x7f.1/', 'address-not-public'],
    ['https://localhost/', 'address-not-public'],
    ['ftp://good.receiver.test/', 'wrong-format'],
  ])('no message ever goes to %s: %s', async (url, code) => {
    expect(faultsOf(await ask(newApp(), '/v1/webhooks', { body: { url } }))).toEqual([`/url ${code}`])
  })

  test('names that lead inside or nowhere are not spoken to, redirects are not followed', async () => {
    const who = newApp()
    const tried = async (url: string) => {
      const { id } = (await create(who, { url })).body
      return (await ask(who, `/v1/webhooks/${id}/ping`, { method: 'POST' })).body
    }
    expect(await tried(address('inside'))).toMatchObject({ status: null, fault: 'address-not-public', reply: null })
    expect(await tried(address('nowhere'))).toMatchObject({ status: null, fault: 'not-resolved' })
    expect(await tried(address('moved', 307))).toMatchObject({ status: 307, fault: null })
    expect([await received('inside'), await received('elsewhere')]).toEqual([[], []])
  })
})

test('the feed skips nothing while many write and one reads along', async () => {
  const who = newApp()
  let writing = true
  const reading = (async () => {
    const seen: Event[] = []
    for (let last = false; !last;) {
      last = !writing
      const query = seen.length > 0 ? `?after=${seen.at(-1)?.id}` : ''
      seen.push(...(await ask(who, `/v1/events${query}`)).body.items)
    }
    return seen
  })()
  await Promise.all([1, 2, 3, 4, 5, 6].map(() => filed({ who })))
  writing = false
  const seen = await reading
  expect(seen.map(({ id }) => id)).toEqual((await feedOf(who)).map(({ id }) => id))
  expect(seen).toHaveLength(6)
})

test('what ended long ago is forgotten with its attempts; what waits is not, and the feed has it all', async () => {
  const who = newApp()
  const context = contextOf(env, { kind: 'public' })
  const { id } = (await create(who, { url: address('forgotten') })).body
  const { code } = (await filed({ who })).body
  await step('reception', code, { to: 'accepted' })
  const events: { event: string; status: string }[] = await settled(who, id, 2)
  expect(events.map(({ status }) => status)).toEqual(['delivered', 'delivered'])
  const [later, earlier] = events.map(({ event }) => Number(event.replace('event_', '')))
  const ended = (at: number | undefined) =>
    env.DB.prepare('SELECT ended_at FROM webhook_delivery WHERE webhook_id = ? AND position = ?')
      .bind(id, at)
      .first('ended_at')
  expect(await ended(later)).toMatch(/\+07:00$/)
  expect(await forgetDeliveries(context)).toBe(0)
  const age = (days: number, at: number | undefined) =>
    env.DB.prepare('UPDATE webhook_delivery SET ended_at = ? WHERE webhook_id = ? AND position = ?')
      .bind(localTime(new Date(Date.now() - days * 86_400_000)), id, at)
      .run()
  await age(31, earlier)
  await age(29, later)
  expect(await forgetDeliveries(context)).toBe(1)
  expect((await deliveries(who, id)).items.map(({ event }: { event: string }) => event)).toEqual([`event_${later}`])
  const left = await env.DB.prepare('SELECT count(*) AS n FROM webhook_attempt WHERE webhook_id = ?')
    .bind(id)
    .first('n')
  expect([left, (await feedOf(who)).length]).toEqual([1, 2])
  // Told again it is there again, and waits: nothing that waits is old.
  await ask(who, `/v1/webhooks/${id}/replay`, { body: { from: '2026-01-01T00:00:00+07:00' } })
  expect([await ended(earlier), await ended(later)]).toEqual([null, null])
})

test('who has no webhooks scope is told nothing', async () => {
  for (const path of ['/v1/events', '/v1/webhooks']) expect((await ask(base, path)).body.code).toBe('not-allowed')
})
