import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { handle } from '../../src/consumers/handle.ts'
import { mostTries } from '../../src/domain/scan.ts'
import { eicar, scannerFails, scannerSleeps } from '../../src/local/scanner-simulator.ts'
import { relay } from '../../src/outbox/relay.ts'
import { connect } from '../../src/store/database.ts'
import { brokenAt } from '../../src/store/journal.ts'
import { issueRequestedCopy } from '../../src/usecases/copies/issue.ts'
import { scanWhatIsDue } from '../../src/usecases/files/scan.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask, type Reply } from '../support/api.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { pdf } from '../support/pdf.ts'
import { quiet } from '../support/quiet.ts'
import type { Who } from '../support/tokens.ts'
import { begun } from '../support/uploads.ts'
import { eventually, faultsOf, filed, handIn, step, submission } from '../support/walk.ts'

quiet('copy.failed', 'scanner.away', 'file.quarantined', 'file.not-scanned', 'outbox.not-sent')
afterEach(() => void vi.useRealTimers())

const app: Who = { kind: 'app', id: 'app_test', scopes: ['dossiers:submit', 'dossiers:read', 'webhooks'] }
const scanner = (path = 'scanHandlerBody') =>
  JSON.stringify({ url: `https://scanner.test/${path}`, token: 'secret', timeout: 300 })
const SCANNER = scanner()
// Here alone somebody looks at files; what is ordered waits for the test.
const watched = doorWith({ SCANNER, OUTBOX_QUEUE: deadQueue })
const contextWith = (setting: string) => contextOf({ ...env, SCANNER: setting }, { kind: 'public' })
const holding = (words: string) => pdf(`${words} ${crypto.randomUUID()}`)

async function taken(bytes: Uint8Array, who: Who = app): Promise<string> {
  const reply = await watched(who, '/v1/files', { body: bytes, headers: { 'content-type': 'application/pdf' } })
  expect([reply.status, reply.body.scan]).toEqual([201, 'pending'])
  return reply.body.id
}

/** What was ordered for a file, wherever it is by now: its next look, and what its journal has to tell. */
async function looked(id: string, setting = SCANNER): Promise<void> {
  const tries = await env.DB.prepare('SELECT scan_tries FROM file WHERE id = ?').bind(id).first<number>('scan_tries')
  await brought([{ id: `${id}:scan:1`, type: 'file.scan-due', subject: id, version: (tries ?? 0) + 1 }], setting)
  await told(id, setting)
}

async function told(id: string, setting = SCANNER): Promise<void> {
  const sql =
    "SELECT subject || ':' || version AS id, type, subject, version FROM journal WHERE subject = ? ORDER BY version"
  const { results } = await env.DB.prepare(sql).bind(id).all()
  await brought(results, setting)
}

async function brought(results: Record<string, unknown>[], setting: string): Promise<void> {
  const answers: string[] = []
  const messages = results.map((body) => ({
    id: String(body['id']),
    timestamp: new Date(),
    attempts: 1,
    body,
    ack: () => void answers.push('ack'),
    retry: () => void answers.push('retry'),
  }))
  await handle({ messages }, contextWith(setting))
  expect(answers).toEqual(messages.map(() => 'ack'))
}
const known = async (id: string, who: Who = app) =>
  (await ask(who, `/v1/files/${id}`, { headers: { accept: 'application/json' } })).body
const scanOf = async (id: string) => (await known(id)).scan

/** A file in quarantine. */
async function infected(who: Who = app): Promise<string> {
  const id = await taken(holding(eicar), who)
  await looked(id)
  return id
}
const quarantined = async (query = '') => (await ask('operator', `/v1/quarantined-files?limit=100${query}`)).body.items
const reason = 'The maker of the scanner has withdrawn the signature.'
const release = (id: string, more: Record<string, string> = {}): Promise<Reply> =>
  ask('operator', `/v1/quarantined-files/${id}/release`, { body: { reason }, headers: more })

describe('a file is taken first and looked at afterwards', () => {
  test('a clean one is clean, however it came; its first reply stays what it was', async () => {
    const key = { 'idempotency-key': crypto.randomUUID(), 'content-type': 'application/pdf' }
    const bytes = pdf()
    const first = await watched(app, '/v1/files', { body: bytes, headers: key })
    await looked(first.body.id)
    expect(await scanOf(first.body.id)).toBe('clean')
    const again = await watched(app, '/v1/files', { body: bytes, headers: key })
    expect([again.headers.get('idempotent-replayed'), again.body]).toEqual(['true', first.body])
    const piecewise = (await begun(bytes.length, { body: bytes, at: watched })).headers.get('file-id') ?? ''
    expect(await scanOf(piecewise)).toBe('pending')
    await looked(piecewise)
    expect(await scanOf(piecewise)).toBe('clean')
  })

  test('where nobody looks, its view says so', async () => {
    const { body } = await ask(app, '/v1/files', { body: pdf(), headers: { 'content-type': 'application/pdf' } })
    expect([body.scan, await scanOf(body.id)]).toEqual(['none', 'none'])
  })

  test('one that waits is used as any other', async () => {
    const id = await taken(pdf())
    expect((await ask(app, `/v1/files/${id}`)).status).toBe(200)
    const change = { components: [{ component: 'birth-notification', file: id }] }
    expect((await filed({ procedure: '1.001193', personalId: '001190000401', change })).status).toBe(201)
  })
})

describe('while the scanner gives no verdict', () => {
  test.each([
    ['answers with a fault', holding(scannerFails), 'scanHandlerBody'],
    ['does not answer', holding(scannerSleeps), 'scanHandlerBody'],
    ['answers nothing', pdf(), 'empty'],
  ])('because it %s, files are taken, and it is asked again later', async (_how, bytes, path) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const id = await taken(bytes)
    await looked(id, scanner(path))
    expect(await scanOf(id)).toBe('pending')
    expect((await filed({ personalId: '001190000402' })).status).toBe(201)
    // Not at once, and not twice for one order.
    const askedAt = () => env.DB.prepare('SELECT scan_at FROM file WHERE id = ?').bind(id).first<string>('scan_at')
    const first = await askedAt()
    await scanWhatIsDue(contextWith(SCANNER), 1000)
    expect(await askedAt()).toBe(first)
    vi.setSystemTime(Date.now() + 61_000)
    const counts = [await scanWhatIsDue(contextWith(SCANNER), 1000), await scanWhatIsDue(contextWith(SCANNER), 1000)]
    expect([counts[0], counts[1], Date.parse((await askedAt()) ?? '') > Date.now()]).toEqual([
      expect.any(Number),
      0,
      true,
    ])
    expect(counts[0]).toBeGreaterThan(0)
    if (path === 'empty') {
      await looked(id)
      expect(await scanOf(id)).toBe('clean')
    }
  })

  test('an order that comes twice is one look', async () => {
    const id = await taken(holding(scannerFails))
    const { scans } = contextWith(SCANNER)
    const claims = await Promise.all([1, 2].map(() => scans.claim(id, 1, new Date(Date.now() + 1000))))
    expect(claims.filter(Boolean)).toHaveLength(1)
  })

  test('one that never gets a verdict is given up, listed, and used as before', async () => {
    const id = await taken(holding(scannerFails))
    await env.DB.prepare('UPDATE file SET scan_tries = ? WHERE id = ?')
      .bind(mostTries - 1, id)
      .run()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
    await scanWhatIsDue(contextWith(SCANNER), 1000)
    await looked(id)
    expect(await scanOf(id)).toBe('failed')
    expect(await quarantined('&scan=failed')).toMatchObject([{ id, tries: mostTries, threat: null }])
    expect((await ask(app, `/v1/files/${id}`)).status).toBe(200)
  })

  test('where nobody looks any more, what waits goes on waiting', async () => {
    const id = await taken(pdf())
    await looked(id, 'null')
    expect([await scanOf(id), await scanWhatIsDue(contextWith('null'))]).toEqual(['pending', 0])
  })
})

describe('an infected file', () => {
  test('is downloaded by nobody and taken by no dossier; what is known of it is told', async () => {
    const id = await infected()
    const reply = await ask(app, `/v1/files/${id}`)
    expect([reply.status, reply.body.code]).toEqual([403, 'file-quarantined'])
    expect(await known(id)).toMatchObject({ id, scan: 'infected', mediaType: 'application/pdf' })
    const body = await submission({
      procedure: '1.001193',
      personalId: '001190000403',
      change: { components: [{ component: 'birth-notification', file: id }] },
    })
    const refused = await handIn(app, body)
    expect([refused.status, faultsOf(refused)]).toEqual([422, ['/components/0/file file-quarantined']])
    expect((await quarantined()).find((one: { id: string }) => one.id === id)).toMatchObject({
      threat: 'Eicar-Test-Signature',
      inDossier: false,
      tries: 1,
    })
  })

  test('is certified by nobody', async () => {
    const { body } = await filed({ procedure: '2.000635', personalId: '001190000404' })
    await step('reception', body.code, { to: 'accepted' })
    const paper = { scan: await infected('certifier'), paperSeen: true }
    const refused = await step('certifier', body.code, { to: 'resolved', outcome: 'granted', paper })
    expect([refused.status, faultsOf(refused)]).toEqual([422, ['/paper/scan file-quarantined']])
  })

  test('that a copy was ordered of before the verdict came makes no copy: its number is void, and says why', async () => {
    const { body } = await filed({ procedure: '2.000635', personalId: '001190000407' })
    await step('reception', body.code, { to: 'accepted' })
    const scan = await taken(holding(eicar), 'certifier')
    const move = { to: 'resolved', outcome: 'granted', paper: { scan, paperSeen: true } }
    const path = `/v1/dossiers/${body.code}/transitions`
    // Nobody is to make it before the verdict is there.
    await env.DB.exec(
      "CREATE TRIGGER held BEFORE INSERT ON outbox WHEN NEW.type = 'copy.requested' BEGIN SELECT RAISE(IGNORE); END",
    )
    const { body: resolved } = await watched('certifier', path, { body: move, headers: { 'if-match': '"2"' } })
    await env.DB.exec('DROP TRIGGER held')
    await looked(scan)
    expect(await issueRequestedCopy(contextWith(SCANNER), resolved.result.copy)).toBe('failed')
    const copy = (await ask('certifier', `/v1/copies/${resolved.result.copy}`)).body
    expect(copy.status).toBe('failed')
    const { record } = (await env.DB.prepare("SELECT record FROM journal WHERE subject = ? AND type = 'copy.failed'")
      .bind(resolved.result.copy)
      .first<{ record: string }>()) ?? { record: '' }
    expect(record).toContain('original-infected')
    expect((await ask('certifier', `/v1/dossiers/${body.code}`)).body.quarantined).toEqual([scan])
  })

  test('is not taken either by who looked at it before the verdict came', async () => {
    const id = await infected()
    for (const [table, column] of [
      ['dossier_file', 'dossier_id'],
      ['copy_scan', 'copy_id'],
    ])
      await expect(
        env.DB.prepare(`INSERT INTO ${table} (file_id, ${column}) VALUES (?, 'x')`).bind(id).run(),
      ).rejects.toThrow('file is quarantined')
  })

  test('in a dossier stays in it: unit and app are told, nobody downloads it, and a false alarm ends all of that', async () => {
    const file = await taken(holding(eicar))
    const change = { components: [{ component: 'birth-notification', file }] }
    const { body: before } = await filed({ who: app, procedure: '1.001193', personalId: '001190000405', change })
    expect(before.quarantined).toEqual([])
    await looked(file)
    const officer = 'handler'
    const read = async () => (await ask(officer, `/v1/dossiers/${before.code}`)).body
    expect(await read()).toMatchObject({ quarantined: [file], version: 2, components: before.components })
    expect((await ask(officer, `/v1/files/${file}`)).body.code).toBe('file-quarantined')
    expect((await known(file, officer)).scan).toBe('infected')
    const journal = async () => (await ask(officer, `/v1/dossiers/${before.code}/events`)).body.items
    const about = { file, component: 'birth-notification' }
    expect((await journal()).at(-1)).toMatchObject({
      ...about,
      type: 'dossier.file-quarantined',
      actor: { kind: 'service' },
    })
    // The same again says nothing again.
    await told(file)
    expect((await read()).version).toBe(2)

    expect((await release(file)).status).toBe(200)
    await told(file)
    expect(await read()).toMatchObject({ quarantined: [], version: 3, status: 'submitted' })
    expect((await ask(officer, `/v1/files/${file}`)).status).toBe(200)
    const feed = async () => {
      const { items } = (await ask(app, '/v1/events?limit=100')).body
      return items.filter((one: { subject: string }) => one.subject === before.code)
    }
    const events = await feed()
    expect(events.map(({ type }: { type: string }) => type)).toEqual([
      'dossier.submitted',
      'dossier.file-quarantined',
      'dossier.file-released',
    ])
    expect(events[1].data).toMatchObject(about)
  })

  test('goes through the real queue, too', async () => {
    const file = await taken(holding(eicar))
    const change = { components: [{ component: 'birth-notification', file }] }
    const { body } = await filed({ who: app, procedure: '1.001193', personalId: '001190000406', change })
    // Only the look itself: what follows from it comes by the queue.
    await brought([{ id: 'x', type: 'file.scan-due', subject: file, version: 1 }], SCANNER)
    await relay(env)
    await eventually(async () => {
      const { quarantined: found } = (await ask('handler', `/v1/dossiers/${body.code}`)).body
      return found.includes(file) ? true : undefined
    })
  })
})

describe('an operator', () => {
  test('releases a false alarm with a reason, once, under their name; the reason is sealed', async () => {
    const id = await infected()
    const key = { 'idempotency-key': crypto.randomUUID() }
    const [first, again] = [await release(id, key), await release(id, key)]
    expect([first.status, first.body.scan]).toEqual([200, 'released'])
    expect([again.status, again.headers.get('idempotent-replayed'), again.body]).toEqual([200, 'true', first.body])
    expect((await release(id)).body.code).toBe('not-quarantined')
    expect((await ask(app, `/v1/files/${id}`)).status).toBe(200)
    expect((await quarantined('&scan=released')).map((one: { id: string }) => one.id)).toContain(id)
    const { results } = await env.DB.prepare('SELECT type, record FROM journal WHERE subject = ? ORDER BY version')
      .bind(id)
      .all<{ type: string; record: string }>()
    expect(results.map(({ type }) => type)).toEqual(['file.quarantined', 'file.released'])
    expect(results[1]?.record).toContain('"kind":"officer"')
    expect(results[1]?.record).not.toContain('withdrawn')
    expect(await brokenAt(connect(env.DB), id)).toBeNull()
    const sealed = await contextWith(SCANNER).vault.open(id)
    expect(sealed.get(2)).toEqual({ reason })
  })

  test('two at once: one releases it, the other finds it done', async () => {
    const id = await infected()
    const replies = await Promise.all([release(id), release(id)])
    expect(Math.min(...replies.map(({ status }) => status))).toBe(200)
    for (const { status, body } of replies)
      expect(status === 200 || ['changed-meanwhile', 'not-quarantined'].includes(body.code)).toBe(true)
    expect((await release(`file_${crypto.randomUUID()}`)).body.code).toBe('no-such-file')
    // As if somebody else were writing it right now.
    const third = await infected()
    await env.DB.prepare("INSERT INTO dossier_key VALUES (?, 'test', x'00')").bind(third).run()
    expect((await release(third)).body.code).toBe('changed-meanwhile')
  })

  test('pages through the list', async () => {
    const ids = [await infected(), await infected()].toReversed()
    const first = (await ask('operator', '/v1/quarantined-files?limit=1')).body
    const next = (await ask('operator', `/v1/quarantined-files?limit=1&after=${first.next}`)).body
    expect([first.items[0].id, next.items[0].id]).toEqual(ids)
  })
})
