import { env, exports } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import { advance, applicant, handedIn, type SandboxApp, sandboxApp, typesIn, uploadedBy } from '../support/sandbox.ts'
import { app, eventually, filed } from '../support/walk.ts'

let box: SandboxApp
beforeAll(async () => {
  box = await sandboxApp()
})

/** How many rows each table of the live database has, and what lies in the live bucket. */
async function live() {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'",
  ).all<{ name: string }>()
  const counts = await env.DB.batch<{ rows: number }>(
    results.map(({ name }) => env.DB.prepare(`SELECT count(*) AS rows FROM "${name}"`)),
  )
  const rows = results.map(({ name }, at) => [name, counts[at]?.results[0]?.rows])
  const { objects } = await env.FILES.list()
  return { tables: Object.fromEntries(rows), files: objects.map(({ key }) => key) }
}

test('a whole story leaves every live table and the live bucket as they were', async () => {
  const before = await live()
  const { body, headers } = await handedIn(box.as, 'grant')
  expect(headers.get('sandbox')).toBe('true')
  expect(body.code).toMatch(/^SANDBOX\./)
  expect(await typesIn(box.as, body.code)).toEqual([
    'dossier.submitted',
    'dossier.accepted',
    'dossier.processing-started',
    'dossier.resolved',
    'dossier.returned',
  ])
  const citizen = await box.tokenOf({ kind: 'citizen', personalId: applicant })
  const copy = await eventually(async () => {
    const { items } = (await box.as('/v1/copies', {}, citizen)).body
    return items[0]?.status === 'valid' ? items[0] : undefined
  })
  const file = await box.as(`/v1/copies/${copy.id}/content`, { headers: { accept: 'application/pdf' } }, citizen)
  expect(file.status).toBe(200)
  expect((await advance(box.as, 'P40D')).status).toBe(200)
  expect(await live()).toEqual(before)
  // Anybody follows the links that it prints; the live service knows nothing of any of it.
  const here = new URL(copy.verification).pathname
  expect((await ask(null, here, { headers: { accept: 'application/json' } })).body.status).toBe('valid')
  expect((await ask(null, new URL(body.receipt.progress).pathname)).status).toBe(200)
  expect(
    (await ask(null, `/v1/verifications/${copy.number}`, { headers: { accept: 'application/json' } })).status,
  ).toBe(404)
  expect((await ask(null, `/v1/dossiers/${body.code}/progress`)).status).toBe(404)
  const judged = async (path: string) =>
    (await ask(null, path, { body: file.body, headers: { 'content-type': 'application/pdf' } })).body
  expect((await judged('/v1/verifications')).indication).not.toBe('TOTAL-PASSED')
  expect((await judged(`/sandboxes/${box.id}/v1/verifications`)).indication).toBe('TOTAL-PASSED')
})

test('tokens are good on their own side only', async () => {
  const other = await sandboxApp()
  const liveCode = (await filed()).body.code
  const { body } = await handedIn(box.as)
  const citizen = await box.tokenOf({ kind: 'citizen', personalId: applicant })
  const officer = await box.tokenOf({ kind: 'officer', unit: '00082-2025', roles: ['reception', 'operator'] })
  const seen = async (as: SandboxApp['as'], path: string, token?: string) => (await as(path, {}, token)).status
  // With its own token at the plain address or at its own: the sandbox.
  expect(await seen(box.as, `/v1/dossiers/${body.code}`)).toBe(200)
  expect(await seen(box.as, `/sandboxes/${box.id}/v1/dossiers/${body.code}`)).toBe(200)
  expect(await seen(box.as, `/v1/dossiers/${body.code}`, citizen)).toBe(200)
  // The live dossier is not there for any of them, nor this one for those who are not of this sandbox.
  expect(await seen(box.as, `/v1/dossiers/${liveCode}`)).toBe(404)
  expect(await seen(box.as, `/v1/dossiers/${liveCode}`, officer)).toBe(404)
  expect((await box.as('/v1/apps', {}, officer)).body.items.map(({ id }: { id: string }) => id)).toEqual([box.id])
  expect(await seen(other.as, `/v1/dossiers/${body.code}`)).toBe(404)
  expect(await seen(other.as, `/sandboxes/${box.id}/v1/dossiers/${body.code}`)).toBe(401)
  expect(await seen(other.as, `/sandboxes/${other.id}/v1/dossiers/${liveCode}`, citizen)).toBe(401)
  for (const who of ['citizen', app, 'operator'])
    expect((await ask(who, `/sandboxes/${box.id}/v1/dossiers/${body.code}`)).status).toBe(401)
  expect((await ask('reception', `/v1/dossiers/${body.code}`)).status).toBe(404)
})

test('the live database takes nothing from a sandbox app, whoever tries', async () => {
  const own = `app:${box.id}`
  const write = (sql: string, ...values: unknown[]) =>
    env.DB.prepare(sql)
      .bind(...values)
      .run()
  const refused = 'a sandbox app owns nothing here'
  await expect(
    write(
      "INSERT INTO file (id, owner, sha256, size, media_type, created_at) VALUES ('file_x', ?, '', 1, 'application/pdf', '')",
      own,
    ),
  ).rejects.toThrow(refused)
  await expect(
    write(
      "INSERT INTO webhook (id, owner, version, url, status, created_at) VALUES ('w', ?, 1, 'https://x.test', 'active', '')",
      own,
    ),
  ).rejects.toThrow(refused)
  await expect(
    write(
      "INSERT INTO dossier (id, code, version, status, procedure_code, competent_unit, receiving_point, submitter, updated_at, state) VALUES ('d', 'D', 1, 'submitted', '1', 'u', 'online', ?, '', '{}')",
      own,
    ),
  ).rejects.toThrow(refused)
  await expect(write("UPDATE app SET kind = 'live' WHERE id = ?", box.id)).rejects.toThrow('an app keeps its kind')
})

test('a sandbox that was never opened knows nobody', async () => {
  const reply = await exports.default.fetch(`https://api.test/sandboxes/app_${crypto.randomUUID()}/v1/units`)
  expect(reply.headers.get('content-type')).toContain('application/problem+json')
  expect(await reply.json()).toMatchObject({ status: 404, code: 'no-such-sandbox' })
})

describe('officers follow the scenario', () => {
  test.each([
    ['accept', 'processing', ['accepted', 'processing-started']],
    ['refuse', 'not-accepted', ['not-accepted']],
    ['reject', 'returned', ['accepted', 'processing-started', 'resolved', 'returned']],
  ])('%s: %s', async (scenario, status, steps) => {
    const { body } = await handedIn(box.as, scenario)
    expect((await box.as(`/v1/dossiers/${body.code}`)).body.status).toBe(status)
    expect(await typesIn(box.as, body.code)).toEqual(['dossier.submitted', ...steps.map((step) => `dossier.${step}`)])
  })

  test('supplement: asks once, and goes on when it has come, as a new scenario says', async () => {
    const { body } = await handedIn(box.as, 'supplement')
    const asked = await box.as(`/v1/dossiers/${body.code}`)
    expect(asked.body.status).toBe('awaiting-supplement')
    const [component] = asked.body.supplementRequest.components
    const reply = await box.as(`/v1/dossiers/${body.code}/supplements`, {
      body: { components: [{ component, file: await uploadedBy(box.as) }] },
      headers: { 'if-match': asked.headers.get('etag') ?? '', 'sandbox-scenario': 'reject' },
    })
    expect(reply.status).toBe(200)
    expect((await box.as(`/v1/dossiers/${body.code}`)).body.result).toMatchObject({ outcome: 'refused' })
  })

  test('payment: asks for money, and grants when the simulator has told of it', async () => {
    const { body } = await handedIn(box.as, 'payment')
    const paying = await box.as(`/v1/dossiers/${body.code}/payments`, { body: { method: 'online' } })
    expect(paying.status).toBe(201)
    const { pathname } = new URL(paying.body.redirectUrl)
    const page = await ask(null, pathname)
    expect(page.text).toContain('<form method="post"')
    const play = (scenario: string) =>
      ask(null, pathname, {
        body: new URLSearchParams({ scenario }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
    expect((await play('nonsense')).status).toBe(422)
    expect((await play('success')).body).toEqual({ outcome: 'succeeded' })
    expect((await play('success')).body.code).toBe('order-decided')
    expect((await box.as(`/v1/dossiers/${body.code}`)).body).toMatchObject({ status: 'returned' })
    const elsewhere = pathname.slice(0, -36) + crypto.randomUUID()
    expect((await ask(null, elsewhere)).body.code).toBe('no-such-order')
    const sent = async (type: string, body: string) =>
      (await ask(null, elsewhere, { body, headers: { 'content-type': type } })).body.code
    expect(await sent('application/x-www-form-urlencoded', 'scenario=success')).toBe('no-such-order')
    expect(await sent('application/json', '{}')).toBe('wrong-media-type')
    expect(await sent('application/json', JSON.stringify('x'.repeat(1024 * 1024)))).toBe('too-large')
    expect(await sent('multipart/form-data; boundary=x', 'nothing')).toBe('unreadable-request')
  })

  test('payment: leads the payer back to where the app said', async () => {
    const { body } = await handedIn(box.as, 'payment')
    const returnUrl = 'https://app.example/back'
    const paying = await box.as(`/v1/dossiers/${body.code}/payments`, { body: { method: 'online', returnUrl } })
    const reply = await ask(null, new URL(paying.body.redirectUrl).pathname, {
      body: 'scenario=failure',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([reply.status, reply.headers.get('location')]).toEqual([303, returnUrl])
    const person = { kind: 'officer', unit: '99999-2025', roles: ['handler'], name: 'Nguyễn Văn Mẫu' }
    expect((await box.as('/v1/sandbox/tokens', { body: person })).body.code).toBe('no-such-unit')
  })

  test('late: apologises when it is warned, is late, and grants on the second date', async () => {
    const { body } = await handedIn(box.as, 'late')
    const { dueAt: first } = (await box.as(`/v1/dossiers/${body.code}`)).body
    expect((await box.as('/v1/sandbox/clock', { body: { now: first } })).body.now).toContain(first.slice(0, 16))
    const warned = (await box.as(`/v1/dossiers/${body.code}`)).body
    expect(warned.status).toBe('processing')
    expect(Date.parse(warned.dueAt)).toBeGreaterThan(Date.parse(first))
    await advance(box.as, 'P21D')
    expect(await typesIn(box.as, body.code)).toEqual([
      'dossier.submitted',
      'dossier.accepted',
      'dossier.processing-started',
      'dossier.due-soon',
      'dossier.rescheduled',
      'dossier.overdue',
      'dossier.resolved',
      'dossier.returned',
    ])
    const { items } = (await box.as(`/v1/dossiers/${body.code}/events?limit=100`)).body
    const granted = items.find(({ type }: { type: string }) => type === 'dossier.resolved')
    expect(granted.time.slice(0, 16)).toBe(warned.dueAt.slice(0, 16))
  })

  test('an unknown one is refused, and so is any on the live service', async () => {
    const unknown = await handedIn(box.as, 'nonsense')
    expect([unknown.status, unknown.body.code]).toEqual([422, 'unknown-scenario'])
    const onLive = await ask(app, '/v1/dossiers', { body: {}, headers: { 'sandbox-scenario': 'grant' } })
    expect([onLive.status, onLive.body.code]).toEqual([403, 'sandbox-only'])
  })
})

describe('the clock', () => {
  test('goes forwards only, and not too far; only an app moves it, and only in a sandbox', async () => {
    const { body } = await box.as('/v1/sandbox/clock')
    const at = Date.parse(body.now)
    const tried = async (move: unknown) => (await box.as('/v1/sandbox/clock', { body: move })).body.code
    expect(await tried({ now: new Date(at - 60_000).toISOString() })).toBe('clock-goes-forwards')
    expect(await tried({ advance: 'P400D' })).toBe('clock-too-far')
    for (const wrong of ['10 days', 'P', 'PT', 'P1M', '-P1D'])
      expect(await tried({ advance: wrong })).toBe('invalid-request')
    const citizen = await box.tokenOf({ kind: 'citizen', personalId: applicant })
    expect((await box.as('/v1/sandbox/clock', {}, citizen)).status).toBe(403)
    expect((await ask(app, '/v1/sandbox/clock')).body.code).toBe('sandbox-only')
    expect((await ask(null, '/v1/sandbox/clock')).status).toBe(401)
  })

  test('brings what is due: a webhook that failed is tried again, and is signed by the real time', async () => {
    const name = crypto.randomUUID()
    await box.as('/v1/webhooks', { body: { url: `https://${name}.receiver.test/500` } })
    await handedIn(box.as, 'accept')
    const received = async () => {
      const reply = await fetch(`https://${name}.receiver.test/received`)
      return reply.json<{ headers: Record<string, string>; body: string }[]>()
    }
    const first = await eventually(async () => {
      const all = await received()
      return all.length >= 3 ? all : undefined
    })
    await advance(box.as, 'P1D')
    const all = await received()
    expect(all.length).toBeGreaterThan(first.length + 6)
    const timestamps = all.map(({ headers }) => Number(headers['webhook-timestamp']))
    expect(Math.max(...timestamps) - Date.now() / 1000).toBeLessThan(5)
    expect(JSON.parse(all[0]?.body ?? '').source).toContain(`/sandboxes/${box.id}`)
  })
})

test('begun anew it is empty, at the real time, and its test people are strangers', async () => {
  const own = await sandboxApp()
  const citizen = await own.tokenOf({ kind: 'citizen', personalId: applicant })
  await handedIn(own.as)
  await uploadedBy(own.as)
  await advance(own.as, 'P3D')
  expect((await env.SANDBOX_FILES.list({ prefix: own.id })).objects).not.toEqual([])
  expect((await own.as('/v1/sandbox', { method: 'DELETE' })).status).toBe(204)
  expect((await env.SANDBOX_FILES.list({ prefix: own.id })).objects).toEqual([])
  expect((await own.as('/v1/dossiers')).body.items).toEqual([])
  const { now, realNow } = (await own.as('/v1/sandbox/clock')).body
  expect(Date.parse(now) - Date.parse(realNow)).toBeLessThan(1000)
  expect((await own.as('/v1/dossiers', {}, citizen)).status).toBe(401)
  expect((await handedIn(own.as)).body.code).toMatch(/^SANDBOX\.LOCAL\.00082-\d{6}-0001$/)
})
