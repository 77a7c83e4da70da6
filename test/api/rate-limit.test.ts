import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { rateLimits } from '../../src/routes/middleware/rate-limit.ts'
import { ask } from '../support/api.ts'
import { doorWith } from '../support/doors.ts'
import { app, submission } from '../support/walk.ts'

const full: RateLimit = { limit: async () => ({ success: false }) }
const down: RateLimit = { limit: () => Promise.reject(new Error('no counter')) }

/** Counts as the runtime does: so many for each key. */
const upTo = (quota: number): RateLimit => {
  const counts = new Map<string, number>()
  return {
    async limit({ key }) {
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return { success: count <= quota }
    },
  }
}

describe('who asks too often', () => {
  test('is told so, and when to come back', async () => {
    const reply = await doorWith({ LIMIT_READ: full })(app, '/v1/dossiers')
    expect([reply.status, reply.body.code]).toEqual([429, 'too-many-requests'])
    expect(reply.headers.get('retry-after')).toBe('10')
    expect(reply.headers.get('ratelimit')).toBe('"read";r=0;t=10')
    expect(reply.headers.get('ratelimit-policy')).toBe('"read";q=6000;w=10')
  })

  test('may hand in all the same: no other request eats the last day of a citizen', async () => {
    const busy = doorWith({ LIMIT_READ: full, LIMIT_CHANGE: full, LIMIT_PUBLIC: full })
    const handIn = { body: await submission(), headers: { 'idempotency-key': crypto.randomUUID() } }
    expect((await busy(app, '/v1/dossiers', handIn)).status).toBe(201)
    expect((await busy(app, '/v1/dossiers/X/transitions', { body: { to: 'accepted' } })).status).toBe(429)
    expect((await busy(null, '/v1/units')).status).toBe(429)
  })

  test('takes nothing from others', async () => {
    const door = doorWith({ LIMIT_READ: upTo(1), LIMIT_PUBLIC: upTo(1) })
    const from = (address: string) => ({ headers: { 'cf-connecting-ip': address } })
    expect((await door(app, '/v1/dossiers')).status).toBe(200)
    expect((await door(app, '/v1/dossiers')).status).toBe(429)
    expect((await door('citizen', '/v1/dossiers')).status).toBe(200)
    expect((await door(null, '/v1/units', from('192.0.2.1'))).status).toBe(200)
    expect((await door(null, '/v1/units', from('192.0.2.1'))).status).toBe(429)
    expect((await door(null, '/v1/units', from('192.0.2.2'))).status).toBe(200)
  })
})

test('a look-up secret is tried ten times in a while, however many try together', async () => {
  const door = doorWith({ LIMIT_SECRET: upTo(10) })
  const tries = Array.from({ length: 12 }, (_, at) =>
    door(null, '/v1/dossiers/LOCAL.00082-250101-0001/progress?secret=AAAA', {
      headers: { 'cf-connecting-ip': `192.0.2.${at}` },
    }),
  )
  const codes = (await Promise.all(tries)).map(({ status }) => status)
  expect(codes.filter((status) => status === 429)).toHaveLength(2)
})

test('every reply says what is allowed, and a counter that is down stops nobody', async () => {
  const policy = async (reply: Promise<{ headers: Headers }>) => (await reply).headers.get('ratelimit-policy')
  expect(await policy(ask(null, '/v1/units'))).toBe('"public";q=2000;w=10')
  expect(await policy(ask(app, '/v1/dossiers'))).toBe('"read";q=6000;w=10')
  expect(await policy(ask(null, '/health'))).toBe('"public";q=2000;w=10')
  expect((await doorWith({ LIMIT_READ: down })(app, '/v1/dossiers')).status).toBe(200)
})

test('the runtime really counts', async () => {
  const times = (count: number) =>
    Promise.all(Array.from({ length: count }, () => env.LIMIT_SECRET.limit({ key: 'somebody' })))
  // More than twice the quota, since the window may change meanwhile.
  const refused = (await times(2 * rateLimits.secret.quota + 1)).filter(({ success }) => !success)
  expect(refused.length).toBeGreaterThan(0)
  expect(await env.LIMIT_SECRET.limit({ key: 'somebody else' })).toEqual({ success: true })
})
