import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../src/domain/actor.ts'
import type { Scope } from '../../src/domain/scope.ts'
import { ask, type Reply } from '../support/api.ts'
import { type App, askToken, basic, enrolled, expectDenied, grant, registered, send } from '../support/apps.ts'
import type { Who } from '../support/tokens.ts'
import { eventually, filed, handIn, step, submission, uploaded } from '../support/walk.ts'

const id = `app_${crypto.randomUUID()}`
const [commune, city] = ['1.004873', '1.009397']
/** The same app with another token. */
const as = (...scopes: Scope[]) => ({ kind: 'app' as const, id, scopes })
const whole = as('dossiers:submit', 'dossiers:read', 'dossiers:take-over', 'webhooks')

/** The scope that a refusal asks for, in the problem and in the challenge alike. */
function wanted({ status, body, headers }: Reply): string {
  expect([status, body.code, headers.get('www-authenticate')]).toEqual([
    403,
    'not-allowed',
    `Bearer error="insufficient_scope", scope="${body.scope}", resource_metadata="https://api.test/.well-known/oauth-protected-resource", DPoP algs="ES256 RS256 EdDSA Ed25519"`,
  ])
  expect(body.detail).toContain(body.scope)
  return body.scope
}

/** One dossier that a commune decides and one that the city does, of the same app. */
let things: Record<'commune' | 'city', { code: string; file: string; payment: string }>
beforeAll(async () => {
  await enrolled(whole)
  const made = async (procedure: string) => {
    const [file, proof] = [await uploaded(whole), await componentOf(procedure)]
    const { components } = await submission({ procedure, who: whole })
    const rest = components.filter(({ component }) => component !== proof)
    const change = { components: [{ component: proof, file }, ...rest] }
    const { code, competentUnit } = (await filed({ procedure, who: whole, change })).body
    const officer = (role: Role): Who => ({ kind: 'officer', unit: competentUnit.id, roles: [role] })
    await step(officer('reception'), code, { to: 'accepted' })
    await step(officer('handler'), code, { to: 'awaiting-payment', amount: 8000 })
    const payment = await ask(whole, `/v1/dossiers/${code}/payments`, { body: { method: 'online' } })
    return { code, file, payment: payment.body.id }
  }
  things = { commune: await made(commune), city: await made(city) }
})
const componentOf = (procedure: string) =>
  env.DB.prepare(
    "SELECT body ->> '$.components[0].id' AS id FROM procedure_version WHERE code = ? ORDER BY version DESC",
  )
    .bind(procedure)
    .first<string>('id')

describe('a token of a narrower scope', () => {
  const readers: [Scope, ('commune' | 'city')[]][] = [
    ['dossiers:read', ['commune', 'city']],
    ['dossiers:read:commune', ['commune']],
    ['dossiers:read:city', ['city']],
    [`dossiers:read:${commune}`, ['commune']],
    ['dossiers:read:1.001193', []],
  ]
  test.each(readers)('%s reads exactly its dossiers, and all that is theirs', async (scope, seen) => {
    const who = as(scope)
    const { body: page } = await ask(who, '/v1/dossiers')
    expect(page.items.map(({ code }: { code: string }) => code).toSorted()).toEqual(
      seen.map((level) => things[level].code).toSorted(),
    )
    for (const level of ['commune', 'city'] as const) {
      const { code, file, payment } = things[level]
      const procedure = level === 'commune' ? commune : city
      const paths = [
        `/v1/dossiers/${code}`,
        `/v1/dossiers/${code}/events`,
        `/v1/dossiers/${code}/slips/receipt`,
        `/v1/dossiers/${code}/payments`,
        `/v1/payments/${payment}`,
        `/v1/files/${file}`,
      ]
      for (const path of paths) {
        const reply = await ask(who, path)
        if (seen.includes(level)) expect([path, reply.status]).toEqual([path, 200])
        else expect([path, wanted(reply)]).toEqual([path, `dossiers:read:${procedure}`])
      }
      const byProcedure = await ask(who, `/v1/dossiers?procedure=${procedure}`)
      expect(byProcedure.body.items.length).toBe(seen.includes(level) ? 1 : 0)
      const byPerson = await ask(who, `/v1/dossiers?applicant=001190000001&procedure=${procedure}`)
      expect(byPerson.body.items.length).toBe(seen.includes(level) ? 1 : 0)
    }
  })

  test('hands in, answers, pays and takes back within its scope, and is told which one it would need', async () => {
    const who = as('dossiers:submit:city')
    const body = await submission({ procedure: commune, who: whole })
    expect(wanted(await handIn(who, body))).toBe(`dossiers:submit:${commune}`)
    expect((await handIn(as('dossiers:submit:commune'), body)).status).toBe(201)
    const former = { system: 'hn-old', code: 'X', unit: '00082-0', receivedAt: '2025-06-02T09:00:00+07:00' }
    const takeOver = { ...body, takenOver: former }
    expect(wanted(await handIn(as('dossiers:submit', 'dossiers:take-over:city'), takeOver))).toBe(
      `dossiers:take-over:${commune}`,
    )
    expect(wanted(await handIn(as('dossiers:submit'), takeOver))).toBe('dossiers:take-over')
    const { code } = things.commune
    const headers = { 'if-match': '"1"' }
    const ways: [string, unknown][] = [
      ['supplements', { components: [{ component: 'residence', file: await uploaded(whole) }] }],
      ['transitions', { to: 'withdrawn', reason: 'Không còn nhu cầu nữa.' }],
      ['payments', { method: 'online' }],
    ]
    for (const [path, sent] of ways)
      expect(wanted(await ask(who, `/v1/dossiers/${code}/${path}`, { body: sent, headers }))).toBe(
        `dossiers:submit:${commune}`,
      )
    expect(wanted(await ask(as('webhooks'), `/v1/dossiers/${code}`))).toBe('dossiers:read')
    const stranger: Who = { kind: 'app', id: 'app_other', scopes: ['dossiers:read:city'] }
    expect((await ask(stranger, `/v1/dossiers/${code}`)).body.code).toBe('no-such-dossier')
    expect(wanted(await ask({ kind: 'citizen', personalId: '001190000001', scopes: ['copies'] }, '/v1/dossiers'))).toBe(
      'dossiers',
    )
  })

  test('hears in the feed of what it may read, and of nothing without leave to read', async () => {
    const heard = async (...scopes: Scope[]) => {
      const { body } = await ask(as('webhooks', ...scopes), '/v1/events?limit=100')
      return [...new Set(body.items.map(({ data }: { data: { procedure: string } }) => data.procedure))]
    }
    expect(await heard('dossiers:read')).toEqual([commune, city])
    expect(await heard('dossiers:read:commune')).toEqual([commune])
    expect(await heard(`dossiers:read:${city}`)).toEqual([city])
    expect(await heard('dossiers:read:1.001193')).toEqual([])
    expect(wanted(await ask(as('webhooks'), '/v1/events'))).toBe('dossiers:read')
    expect(wanted(await ask(as('dossiers:read'), '/v1/events'))).toBe('webhooks')
  })
})

describe('the token endpoint', () => {
  let app: App
  beforeAll(async () => {
    app = await registered({ scopes: ['dossiers:read', 'dossiers:submit:commune', `dossiers:submit:${city}`] })
  })
  const asked = (scope: string) => askToken({ ...grant, scope }, basic(app.id, app.clientSecret))

  test.each([
    ['dossiers:read:1.004873', 'dossiers:read:1.004873'],
    [`dossiers:submit:${commune} dossiers:read:commune`, `dossiers:submit:${commune} dossiers:read:commune`],
    [`dossiers:submit:${city}`, `dossiers:submit:${city}`],
    ['', `dossiers:submit:${city} dossiers:submit:commune dossiers:read`],
  ])('gives of what the app is registered for any part: %s', async (scope, given) => {
    const reply = await asked(scope)
    expect(await reply.json()).toMatchObject({ scope: given })
  })

  test.each([
    'dossiers:submit',
    'dossiers:submit:city',
    'dossiers:submit:1.012278',
    'dossiers:read:9.999999',
    'dossiers:read:district',
    'dossiers:take-over:commune',
    'webhooks',
    'dossiers:read dossiers:read:1.0048é',
  ])('and nothing wider, unknown or misspelt: %s', async (scope) => {
    await expectDenied(await asked(scope), 400, 'invalid_scope')
  })
})

describe('an operator changes an app', () => {
  test('by the version seen; what it may not read any more its webhooks do not tell, also what waited', async () => {
    const app = await registered({ scopes: ['dossiers:submit', 'dossiers:read', 'webhooks'] })
    const who: Who = { kind: 'app', id: app.id, scopes: ['dossiers:submit', 'dossiers:read', 'webhooks'] }
    const hook = (await ask(who, '/v1/webhooks', { body: { url: 'https://scopes.receiver.test/500' } })).body.id
    const change = (scopes: string[], etag: string) =>
      ask('operator', `/v1/apps/${app.id}`, {
        method: 'PUT',
        body: { name: 'Tên khác', scopes, dpop: 'optional' },
        headers: { 'if-match': etag },
      })
    const sent = async (count: number) =>
      eventually(async () => {
        const { items } = (await ask(who, `/v1/webhooks/${hook}/deliveries`)).body
        return items.length >= count && items[0].attempts.length > 0 ? items : undefined
      })
    await filed({ who })
    const [first] = await sent(1)
    const etag = (await ask('operator', `/v1/apps/${app.id}`)).headers.get('etag') ?? ''
    const narrowed = await change(['dossiers:read:city', 'dossiers:submit', 'webhooks'], etag)
    expect([narrowed.status, narrowed.body.name, narrowed.body.scopes]).toEqual([
      200,
      'Tên khác',
      ['dossiers:submit', 'dossiers:read:city', 'webhooks'],
    ])
    expect((await change(['webhooks'], etag)).body.code).toBe('changed-meanwhile')
    expect((await sent(1))[0].status).toBe('cancelled')
    const retry = await ask(who, `/v1/webhooks/${hook}/deliveries/${first.event}/retry`, { method: 'POST' })
    expect([retry.status, retry.body.code]).toEqual([403, 'not-allowed'])
    const replay = await ask(who, `/v1/webhooks/${hook}/replay`, { body: { from: '2026-01-01T00:00:00+07:00' } })
    expect(replay.body.events).toBe(0)
    await filed({ who, procedure: city })
    expect((await sent(2)).length).toBe(2)
    const wide = await change(['dossiers:read:commune', 'webhooks'], narrowed.headers.get('etag') ?? '')
    expect(wide.status).toBe(200)
    const again = await ask(who, `/v1/webhooks/${hook}/replay`, { body: { from: '2026-01-01T00:00:00+07:00' } })
    expect(again.body.events).toBe(1)
  })

  test('or is told every fault: a scope of nobody, a procedure that is not there, no version', async () => {
    const app = await registered()
    const put = (body: unknown, headers: Record<string, string> = { 'if-match': '"2"' }) =>
      ask('operator', `/v1/apps/${app.id}`, { method: 'PUT', body, headers })
    const good = { name: 'A', scopes: ['webhooks'], dpop: 'optional' }
    expect((await put({ ...good, scopes: ['dossiers:read:district'] })).body.errors[0].pointer).toBe('/scopes/0')
    expect((await put({ ...good, scopes: ['webhooks', 'dossiers:read:9.999999'] })).body.errors).toMatchObject([
      { pointer: '/scopes/1', code: 'unknown-procedure' },
    ])
    expect((await put(good, {})).status).toBe(428)
    expect((await put(good)).status).toBe(200)
    const gone = await ask('operator', `/v1/apps/app_${crypto.randomUUID()}`, {
      method: 'PUT',
      body: good,
      headers: { 'if-match': '"1"' },
    })
    expect(gone.body.code).toBe('no-such-app')
    const faulty = await send('operator', '/v1/apps', {
      method: 'POST',
      body: {
        name: 'A',
        scopes: ['dossiers:read:9.999999'],
        jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }] },
      },
    })
    expect((await faulty.json<{ errors: { pointer: string }[] }>()).errors.map(({ pointer }) => pointer)).toEqual([
      '/scopes/0',
      '/jwks/keys/0',
    ])
  })
})
