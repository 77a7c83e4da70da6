import { createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { Buffer } from 'node:buffer'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { verifyPdf } from '../../src/paper/verify.ts'
import { localTime } from '../../src/platform/time.ts'
import { warnOfEnds } from '../../src/usecases/signing/alerts.ts'
import { archiveDueCopy } from '../../src/usecases/copies/archive.ts'
import { issueRequestedCopy } from '../../src/usecases/copies/issue.ts'
import worker from '../../src/worker.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask } from '../support/api.ts'
import { withBatches } from '../support/database.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { quiet } from '../support/quiet.ts'
import { activated, imported, importOf, mishaps } from '../support/signers.ts'
import { eventually, faultsOf, filed, step, uploaded } from '../support/walk.ts'
import type { Who } from '../support/tokens.ts'

quiet(
  'list.not-renewed',
  'outbox.not-sent',
  'message.failed',
  'signing.stopped',
  'signing.passed-over',
  'signing.credential',
  'copy.failed',
  'register.closed',
)

const silent = doorWith({ OUTBOX_QUEUE: deadQueue })
const context = () => contextOf(env, { kind: 'public' })
const door = (change: Partial<Env>) => contextOf({ ...env, ...change }, { kind: 'public' })

let code = ''
beforeAll(async () => {
  code = (await filed()).body.code
  await step('reception', code, { to: 'accepted' })
  const paper = { scan: await uploaded('certifier'), paperSeen: true }
  await step('certifier', code, { to: 'resolved', outcome: 'granted', paper })
})

const certify = async (change: Record<string, unknown> = {}, who: Who = 'certifier', at = silent, key?: string) =>
  at(who, '/v1/copies', {
    body: { dossier: code, scan: await uploaded(who), paperSeen: true, ...change },
    ...(key && { headers: { 'idempotency-key': key } }),
  })

/** A copy that has its number, and whose order never left the house. */
async function ordered(): Promise<string> {
  const { body } = await certify()
  await env.DB.prepare('DELETE FROM outbox').run()
  return body.items[0].id
}
const copyOf = async (id: string) => (await ask('certifier', `/v1/copies/${id}`)).body
const filesOf = async (id: string) => (await env.FILES.list({ prefix: `copies/${id}/` })).objects.length
const alerts = async () => (await ask('operator', '/v1/signing-alerts')).body.items
/** As much as an hour of the clock: what waits is due, and goes to the queue. */
async function hourLater() {
  await env.DB.prepare("UPDATE copy_waiting SET retry_at = '2026-01-01T00:00:00.000+07:00'").run()
  await worker.scheduled(createScheduledController(), env)
}
/** Leaves the seal of the ward with this credential only. */
const only = (id: string) =>
  env.DB.prepare("UPDATE signer SET retired_at = 'x', retired_by = 'x' WHERE owner = 'unit:00082-2025' AND id <> ?")
    .bind(id)
    .run()

describe('operators import, activate and retire what is signed with', () => {
  test('a certificate with its key, at rest until it is activated, and never shown with the key', async () => {
    const { status, body, headers, text } = await imported('rsa')
    expect([status, body.status, body.algorithm, body.key]).toEqual([
      201,
      'imported',
      'rsa',
      { kind: 'sealed', service: null, credential: null },
    ])
    expect(text).not.toMatch(/PRIVATE|keyBox|chain/)
    expect((await ask('operator', headers.get('location') ?? '')).body).toEqual(body)
    const active = await activated(body.id)
    expect([active.status, active.body.status, active.body.activatedBy]).toEqual([
      200,
      'active',
      expect.stringMatching(/^officer:city:operator/),
    ])
    expect((await activated(body.id)).body).toEqual(active.body)
    const retired = await ask('operator', `/v1/signing-credentials/${body.id}/retirement`, { method: 'POST' })
    expect([retired.body.status, (await activated(body.id)).body.code]).toEqual([
      'retired',
      'signing-credential-retired',
    ])
    const listed = await ask('operator', '/v1/signing-credentials?owner=unit:00082-2025&limit=1')
    expect([listed.body.items.length, typeof listed.body.next]).toEqual([1, 'string'])
    const missing = await activated('signer_none')
    expect([missing.status, missing.body.code]).toEqual([404, 'no-such-signing-credential'])
  })

  test.each<[what: string, change: () => Record<string, unknown>, fault: string]>([
    ['no certificate', () => ({ certificate: 'MIIC' }), '/certificate not-a-certificate'],
    ['a chain of something else', () => ({ chain: ['AAAA'] }), '/chain/0 not-a-certificate'],
    ['another key', () => ({ key: importOf('rsa').key }), '/key/privateKey key-does-not-fit'],
    ['another key of the same kind', () => ({ key: importOf('remote').key }), '/key/privateKey key-does-not-fit'],
    ['an unknown service', () => ({ key: { service: 'moon', credential: 'x' } }), '/key/service unknown-service'],
    [
      'an unknown key there',
      () => ({ key: { service: 'simulator', credential: 'x' } }),
      '/key/credential unknown-credential',
    ],
    ['another key there', () => ({ key: importOf('remote', 'service').key }), '/key/credential key-does-not-fit'],
    ['an expired certificate', () => importOf('expired'), '/certificate certificate-expired'],
    ['a revoked certificate', () => importOf('revoked'), '/certificate certificate-revoked'],
    ['a stranger’s certificate', () => importOf('stranger'), '/certificate no-chain-to-a-trusted-root'],
    ['an owner that is none', () => ({ owner: 'me' }), '/owner not-valid'],
  ])('%s is refused', async (_what, change, fault) => {
    const reply = await ask('operator', '/v1/signing-credentials', { body: { ...importOf('good'), ...change() } })
    expect([reply.status, faultsOf(reply)]).toEqual([422, [fault]])
  })

  test('one that is not valid yet is kept, but does not sign; the same command twice makes one', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const body = importOf('early')
    const [first, again] = [
      await ask('operator', '/v1/signing-credentials', { body, headers }),
      await ask('operator', '/v1/signing-credentials', { body, headers }),
    ]
    expect([again.body.id, again.headers.get('idempotent-replayed')]).toEqual([first.body.id, 'true'])
    const reply = await activated(first.body.id)
    expect([reply.status, reply.body.code, reply.body.detail]).toEqual([
      409,
      'signing-credential-unusable',
      expect.stringContaining('certificate-not-yet-valid'),
    ])
  })
})

describe('a certificate that is no longer good stops copies, and a new one lets them go on', () => {
  test.each(['expired', 'early', 'revoked'])('%s', async (kind) => {
    const id = await ordered()
    const [before, row] = [await imported('good'), importOf(kind)]
    await only(before.body.id)
    // It was good when it was activated.
    await env.DB.prepare("UPDATE signer SET certificate = ?, activated_at = 'x', activated_by = 'x' WHERE id = ?")
      .bind(
        Uint8Array.from(atob(row.certificate.replaceAll(/-----.*-----|\s/g, '')), (one) => one.charCodeAt(0)),
        before.body.id,
      )
      .run()
    expect(await issueRequestedCopy(context(), id)).toBe('waiting')
    expect(await issueRequestedCopy(context(), id)).toBe('waiting')
    const reason = kind === 'early' ? 'certificate-not-yet-valid' : `certificate-${kind}`
    expect(await alerts()).toEqual([
      { who: 'unit:00082-2025', reason, since: expect.any(String), waiting: 1, until: null },
    ])
    expect([(await copyOf(id)).status, await filesOf(id)]).toEqual(['issuing', 0])
    const refused = await certify()
    expect([refused.status, refused.body.code]).toEqual([409, 'no-signing-certificate'])

    const next = await imported('good')
    expect((await activated(next.body.id)).status).toBe(200)
    await worker.scheduled(createScheduledController(), env)
    await eventually(async () => ((await copyOf(id)).status === 'valid' ? true : undefined))
    expect([await alerts(), await filesOf(id)]).toEqual([[], 1])
  })
})

test('a signer whose last certificate is about to end is an alert, and no longer once the next one may sign', async () => {
  const { body } = await imported('good')
  await activated(body.id)
  await only(body.id)
  const until = new Date(Date.now() + 29 * 86_400_000).toISOString()
  const ends = localTime(new Date(until))
  await env.DB.prepare('UPDATE signer SET valid_to = ? WHERE id = ?').bind(ends, body.id).run()
  const since = localTime(new Date(Date.parse(until) - 30 * 86_400_000))
  const alert = { who: 'unit:00082-2025', reason: 'certificate-ends-soon', since, waiting: 0, until: ends }
  expect(await alerts()).toEqual([alert])
  const today = localTime(new Date()).slice(0, 10)
  const speak = vi.spyOn(console, 'log')
  for (const time of ['07:59:59', '08:00:30'])
    await warnOfEnds({ ...context(), now: () => new Date(`${today}T${time}+07:00`) })
  const told = speak.mock.calls.filter(([line]) => String(line).includes('certificate-ends'))
  expect(told).toEqual([[JSON.stringify({ event: 'signing.certificate-ends', owner: 'unit:00082-2025', until: ends })]])
  const next = await imported('good')
  await activated(next.body.id)
  expect(await alerts()).toEqual([])
})

describe('keys at a signing service', () => {
  test.each([[['down']], [['late']], [['refused', 'refused']]])(
    'are passed over for the owner’s next one when it is %s',
    async (next) => {
      const [here, there] = [await imported('good'), await imported('remote', 'service')]
      for (const { body } of [here, there]) await activated(body.id)
      await env.DB.prepare(
        "UPDATE signer SET retired_at = 'x', retired_by = 'x' WHERE owner = 'unit:00082-2025' AND id NOT IN (?, ?)",
      )
        .bind(here.body.id, there.body.id)
        .run()
      const id = await ordered()
      await mishaps(...next)
      expect(await issueRequestedCopy(context(), id)).toBe('issued')
      expect([(await copyOf(id)).status, await alerts()]).toEqual(['valid', []])
      await only(there.body.id)
    },
  )

  test.each(['remote', 'remoteRsa'])('sign a copy that passes: %s', async (name) => {
    const { body } = await imported(name, 'service')
    expect(body.key).toEqual({ kind: 'service', service: 'simulator', credential: name })
    await activated(body.id)
    await only(body.id)
    const id = await ordered()
    expect(await issueRequestedCopy(context(), id)).toBe('issued')
    const file = (await ask('certifier', `/v1/copies/${id}/content`)).body
    const judged = await ask(null, '/v1/verifications', { body: file, headers: { 'content-type': 'application/pdf' } })
    expect(judged.body).toMatchObject({ indication: 'TOTAL-PASSED', registered: { status: 'valid' } })
  })

  test.each<[mishap: string, ends: string]>([
    ['expired', 'issued'],
    ['unauthorized', 'issued'],
    ['down', 'signing-service-away'],
    ['late', 'signing-service-away'],
    ['twice', 'signing-service-away'],
    ['other', 'signature-wrong'],
  ])('%s: one number, one file, and it goes on by itself', async (mishap, ends) => {
    const id = await ordered()
    const { number } = await copyOf(id)
    await mishaps(mishap)
    if (ends === 'signing-service-away') await expect(issueRequestedCopy(context(), id)).rejects.toThrow(ends)
    else expect(await issueRequestedCopy(context(), id, 9)).toBe(ends === 'issued' ? 'issued' : 'waiting')
    if (ends !== 'issued') expect([(await copyOf(id)).status, await filesOf(id)]).toEqual(['issuing', 0])
    const outcomes = await Promise.all([issueRequestedCopy(context(), id), issueRequestedCopy(context(), id)])
    expect(outcomes).toContain(ends === 'issued' ? 'already-done' : 'issued')
    expect(await copyOf(id)).toMatchObject({ status: 'valid', number })
    expect(await filesOf(id)).toBe(1)
  })

  test('a service that refuses makes the copy wait, however long; operators see for what', async () => {
    const { body } = await imported('remote', 'service')
    await activated(body.id)
    await only(body.id)
    const id = await ordered()
    await mishaps('refused', 'refused')
    expect(await issueRequestedCopy(context(), id)).toBe('waiting')
    expect(await alerts()).toMatchObject([{ who: 'unit:00082-2025', reason: 'signing-service-refuses', waiting: 1 }])
    await hourLater()
    await eventually(async () => ((await copyOf(id)).status === 'valid' ? true : undefined))
    expect(await alerts()).toEqual([])
  })
})

test('a copy that nobody can sign any more is given up by its unit: the number is void, and nothing comes of a late attempt', async () => {
  const id = await ordered()
  const { number } = await copyOf(id)
  const away = door({ TIMESTAMP_AUTHORITIES: JSON.stringify([{ url: 'https://timestamp.test/down' }]) })
  expect(await issueRequestedCopy(away, id, 9)).toBe('waiting')
  const giveUp = () =>
    ask('supervisor', `/v1/copies/${id}/revocation`, {
      body: { reason: 'never-signed' },
      headers: { 'if-match': '"1"' },
    })
  // The consumer is about to write while the supervisor decides.
  let given: number | undefined
  const late = withBatches(env.DB, async (statements, run) => {
    given ??= (await giveUp()).status
    return run(statements)
  })
  expect(await issueRequestedCopy(door({ DB: late }), id)).toBe('already-done')
  expect([given, await filesOf(id), await alerts()]).toEqual([200, 0, []])
  expect(await copyOf(id)).toMatchObject({ status: 'failed', number, reason: 'never-signed', sha256: null })
  expect(await issueRequestedCopy(context(), id)).toBe('already-done')
  const again = await giveUp()
  expect([again.status, again.body.code]).toEqual([412, 'changed-meanwhile'])
})

describe('time-stamps', () => {
  const at = (...urls: string[]) => ({ TIMESTAMP_AUTHORITIES: JSON.stringify(urls.map((url) => ({ url }))) })
  const good = 'https://timestamp.test/first'

  test('the next authority is asked when one is away; with none left the copy waits after the quick tries', async () => {
    const id = await ordered()
    const away = door(at('https://timestamp.test/down', 'https://timestamp.test/stranger'))
    await expect(issueRequestedCopy(away, id, 3)).rejects.toThrow('no-time-stamp')
    expect(await issueRequestedCopy(away, id, 4)).toBe('waiting')
    expect(await alerts()).toMatchObject([{ who: 'time-stamps', reason: 'no-time-stamp', waiting: 1 }])
    expect(await issueRequestedCopy(door(at('https://timestamp.test/down', good)), id)).toBe('issued')
    expect(await alerts()).toEqual([])
  })

  test('of an authority of which no list tells: its responder is asked once, and what it says is in each copy and its archive', async () => {
    const { root, intermediate, crl } = JSON.parse((env as unknown as { TEST_LISTLESS: string }).TEST_LISTLESS)
    const rows = [
      ['root', root],
      ['intermediate', intermediate],
      ['crl', crl],
    ]
    const trusting = env.DB.prepare("INSERT INTO trust_material (kind, name, der) VALUES (?, 'listless', ?)")
    await env.DB.batch(rows.map(([kind, der]) => trusting.bind(kind, Buffer.from(der, 'base64'))))
    const listless = door(at('https://timestamp.test/listless'))
    const asked = async () => Number(await (await fetch('https://timestamp.test/ocsp-asked')).text())
    const passes = async (id: string, kinds: string[]) => {
      const file = (await ask('certifier', `/v1/copies/${id}/content`)).body
      // Only what lies in the file and the roots.
      const { roots } = await context().signing.trust()
      const soon = new Date(Date.now() + 60_000)
      const verdict = await verifyPdf(new Uint8Array(file), { roots, crls: [], at: soon })
      expect([verdict.indication, verdict.signatures.map(({ kind }) => kind)]).toEqual(['TOTAL-PASSED', kinds])
    }
    const copies = [await ordered(), await ordered()]
    for (const id of copies) {
      expect(await issueRequestedCopy(listless, id)).toBe('issued')
      await passes(id, ['signature', 'signature'])
    }
    expect(await asked()).toBe(1)
    const [id = ''] = copies
    await archiveDueCopy(listless, id, (await context().copies.find(id))?.copy.version ?? 0)
    await passes(id, ['signature', 'signature', 'timestamp'])
    await env.DB.prepare("UPDATE ocsp_answer SET renew_at = '2026-01-01T00:00:00.000+07:00'").run()
    const [archivedToo = ''] = copies.slice(1)
    await archiveDueCopy(listless, archivedToo, (await context().copies.find(archivedToo))?.copy.version ?? 0)
    await passes(archivedToo, ['signature', 'signature', 'timestamp'])
    expect(await asked()).toBe(2)
    await env.DB.prepare("DELETE FROM trust_material WHERE name = 'listless'").run()
  })
})

describe('revocation lists', () => {
  const tick = () => worker.scheduled(createScheduledController(), env)
  const list = () =>
    env.DB.prepare(
      "SELECT hex(der) AS der, renew_at FROM trust_material WHERE kind = 'crl' AND name = 'development-issuing'",
    ).first<{
      der: string
      renew_at: string | null
    }>()
  const publish = (url: string) =>
    env.DB.prepare(
      "UPDATE trust_material SET url = ?, renew_at = NULL WHERE name = 'development-issuing' AND kind = 'crl'",
    )
      .bind(url)
      .run()

  test('are fetched where they are published, once an hour; only a list of the authority itself takes the place of the last', async () => {
    const before = await list()
    await publish('https://timestamp.test/crl/issuing.crl')
    await tick()
    const renewed = await list()
    expect(renewed?.der).not.toBe(before?.der)
    await tick()
    expect(await list()).toEqual(renewed)
    for (const bad of ['strange-crl/issuing.crl', 'down', 'second']) {
      await publish(`https://timestamp.test/${bad}`)
      await tick()
      const kept = await list()
      expect([bad, kept?.der === renewed?.der, (kept?.renew_at ?? '') < (renewed?.renew_at ?? '')]).toEqual([
        bad,
        true,
        true,
      ])
    }
    await publish('https://timestamp.test/crl/issuing.crl')
  })

  test('that have run out keep copies waiting, and a fresh one lets them go on', async () => {
    const id = await ordered()
    const now = new Date(Date.now() + 9 * 86_400_000)
    const later = { ...context(), now: () => now }
    expect(await issueRequestedCopy(later, id)).toBe('waiting')
    expect(await alerts()).toMatchObject([{ reason: 'revocation-unknown', waiting: 1 }])
    await hourLater()
    await eventually(async () => ((await copyOf(id)).status === 'valid' ? true : undefined))
  })
})
