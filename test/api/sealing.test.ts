import { Buffer } from 'node:buffer'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { connect } from '../../src/store/database.ts'
import { brokenAt } from '../../src/store/journal.ts'
import { sha256, toHex } from '../../src/platform/crypto.ts'
import { ask, type Reply } from '../support/api.ts'
import { withBatches } from '../support/database.ts'
import { doorWith } from '../support/doors.ts'
import type { Who } from '../support/tokens.ts'
import { app, eventually, exampleOf, filed, handIn, step, uploaded } from '../support/walk.ts'

/** Said somewhere in the walk below, and nowhere else in the house. */
const said = {
  name: 'Đặng Kín Đáo',
  number: '001190777001',
  phone: '0900777001',
  email: 'kindao@example.vn',
  address: 'Ngõ Thầm Lặng số 77',
  stand: 'Lý Ẩn Danh',
  standNumber: '001085777002',
  form: 'Vì lẽ Riêng Tư của gia đình',
  asked: 'Xin gửi lại giấy của bà Kín Đáo, bản cũ bị ố.',
  note: 'Gửi lại rồi, cảm ơn cô Riêng Tư.',
  reason: 'Bà Kín Đáo chưa đủ giấy tờ chứng minh.',
  basis: 'Điều 17, theo đơn của Kín Đáo',
  key: 'don-cua-001190777001',
}
const lan: Who = { kind: 'citizen', personalId: said.number, name: said.name }
const words = Object.values(said)

const filing = async () => ({
  procedure: '1.004873',
  applicant: {
    type: 'citizen',
    personalId: said.number,
    fullName: said.name,
    phone: said.phone,
    email: said.email,
    address: said.address,
  },
  representative: { personalId: said.standNumber, fullName: said.stand, relation: `con của ${said.name}` },
  place: { unit: '00082-2025' },
  form: { ...(await exampleOf('1.004873')).form, purpose: 'other', purposeText: said.form, futureSpouse: undefined },
})

const must = (reply: Reply, status: number) => {
  if (reply.status !== status) throw new Error(`${reply.status} ${reply.text}`)
}

const idOf = async (code: string) =>
  (await env.DB.prepare('SELECT id FROM dossier WHERE code = ?').bind(code).first<string>('id')) ?? ''

describe('what is said about people lies sealed and nowhere else', () => {
  const queued: unknown[] = []
  const logged: string[] = []
  let code: string

  beforeAll(async () => {
    const spy = vi.spyOn(console, 'log').mockImplementation((...line) => void logged.push(line.map(String).join(' ')))
    const queue: typeof env.OUTBOX_QUEUE = {
      send: (body) => env.OUTBOX_QUEUE.send(body),
      metrics: () => env.OUTBOX_QUEUE.metrics(),
      sendBatch(messages) {
        const list = [...messages]
        queued.push(...list)
        return env.OUTBOX_QUEUE.sendBatch(list)
      },
    }
    const door = doorWith({ OUTBOX_QUEUE: queue })
    const move = (who: Who, version: number, body: object): Promise<Reply> =>
      door(who, `/v1/dossiers/${code}/transitions`, {
        body,
        headers: { 'if-match': `"${version}"`, 'idempotency-key': `${said.key}-${version}` },
      })
    const body = await filing()
    const key = { 'idempotency-key': said.key }
    await door(lan, '/v1/dossiers', { body: { ...body, form: { purposeText: said.form } }, headers: key })
    await door(lan, '/v1/dossiers', {
      body: `{"applicant": "${said.name}`,
      headers: { ...key, 'content-type': 'application/json' },
    })
    const broken = withBatches(env.DB, () => Promise.reject(new Error('D1_ERROR: Network connection lost')))
    const faulty = doorWith({ DB: broken })
    must(await faulty(lan, '/v1/dossiers', { body, headers: key }), 500)
    code = (await door(lan, '/v1/dossiers', { body, headers: key })).body.code
    await door(lan, '/v1/dossiers', { body: { ...body, returnBy: 'post' }, headers: key })
    const steps: [Who, object][] = [
      ['reception', { to: 'accepted', note: said.asked }],
      ['handler', { to: 'awaiting-supplement', components: ['residence'], reason: said.asked }],
    ]
    for (const [at, [who, one]] of steps.entries()) must(await move(who, at + 1, one), 200)
    const supplement = {
      components: [{ component: 'residence', data: { source: 'population-database', at: '2026-11-23T08:00:00Z' } }],
      form: body.form,
      note: said.note,
    }
    const answered = await door(lan, `/v1/dossiers/${code}/supplements`, {
      body: supplement,
      headers: { 'if-match': '"3"', 'idempotency-key': `${said.key}-s` },
    })
    must(answered, 200)
    const paper = { scan: await uploaded('certifier'), paperSeen: true }
    const resolved = await move('certifier', 4, { to: 'resolved', outcome: 'granted', paper, note: said.reason })
    await eventually(async () =>
      (await ask(lan, `/v1/copies/${resolved.body.result.copy}`)).body.status === 'valid' ? true : undefined,
    )
    must(await move('reception', 5, { to: 'returned', by: 'account' }), 200)
    must(await move('reception', 6, { to: 'resolved', outcome: 'recalled', reason: said.reason }), 200)

    const refused = (await door(app, '/v1/dossiers', { body, headers: { 'idempotency-key': `${said.key}-2` } })).body
      .code
    await step('reception', refused, { to: 'not-accepted', reason: said.reason, legalBasis: said.basis })
    const taken = (await door(app, '/v1/dossiers', { body, headers: { 'idempotency-key': `${said.key}-3` } })).body.code
    await step('reception', taken, { to: 'accepted' })
    await step('handler', taken, { to: 'stopped', reason: said.reason, legalBasis: said.basis })
    await step('handler', taken, { to: 'processing', note: said.note })
    await step(app, taken, { to: 'withdrawn', reason: said.reason })
    await door(lan, `/v1/dossiers?applicant=${said.number}`)
    spy.mockRestore()
  }, 60_000)

  /** Every text and every blob of a row, read as what it may hold: bytes, and text in the usual disguises. */
  const readable = (value: unknown): string => {
    if (Array.isArray(value)) return Buffer.from(value).toString('utf8')
    return typeof value === 'string'
      ? `${value} ${decodeURIComponent(value.replaceAll(/%(?![0-9a-f]{2})/gi, '%25'))}`
      : String(value)
  }
  const disguised = words.flatMap((word) => [
    word,
    JSON.stringify(word).slice(1, -1),
    Buffer.from(word).toString('base64').replace(/=+$/, '').slice(0, -1),
    Buffer.from(word).toString('hex'),
  ])
  const foundIn = (text: string) => disguised.filter((word) => text.toLowerCase().includes(word.toLowerCase()))

  test('in no row of any table', async () => {
    const { results: tables } = await env.DB.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    ).all<{ name: string }>()
    expect(tables.length).toBeGreaterThan(20)
    // The search itself finds what it looks for, as text and as bytes.
    for (const planted of [said.name, [...Buffer.from(said.number)]]) expect(foundIn(readable(planted))).not.toEqual([])
    for (const { name } of tables) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${name}`).all()
      for (const row of results)
        expect([name, foundIn(Object.values(row).map(readable).join('\n'))]).toEqual([name, []])
    }
  })

  test('in no message, no line of the log, no public answer, and no name of a stored object', async () => {
    expect(queued.length).toBeGreaterThan(5)
    expect(logged.filter((line) => line.includes('request.served')).length).toBeGreaterThan(10)
    expect(logged.filter((line) => line.includes('request.failed'))).toHaveLength(1)
    expect(foundIn(JSON.stringify(queued))).toEqual([])
    expect(foundIn(logged.join('\n'))).toEqual([])
    const { body } = await ask(lan, `/v1/dossiers/${code}`)
    const open = await ask(null, `/v1/dossiers/${code}/progress?secret=${body.lookupSecret}`)
    const journal = await ask('handler', `/v1/dossiers/${code}/events`)
    expect([open.status, journal.body.items.length]).toEqual([200, 7])
    expect(foundIn(open.text + journal.text)).toEqual([])
    const { objects } = await env.FILES.list()
    expect(foundIn(JSON.stringify(objects))).toEqual([])
  })

  test('and comes back whole for who may read it', async () => {
    const { body } = await ask(lan, `/v1/dossiers/${code}`)
    const { applicant, representative, form } = await filing()
    expect(body).toMatchObject({ applicant, representative, form: JSON.parse(JSON.stringify(form)) })
  })
})

describe('erasing is destroying one key', () => {
  const key = crypto.randomUUID()
  let [code, id]: string[] = []
  beforeAll(async () => {
    const first = await handIn(lan, await filing(), key)
    code = first.body.code
    id = await idOf(code ?? '')
    await step('reception', code ?? '', { to: 'accepted', note: said.note })
    await env.DB.prepare('DELETE FROM dossier_key WHERE dossier_id = ?').bind(id).run()
  })

  test('then the register, the journal and its chain stay, and nothing of the person can be read', async () => {
    const reply = await ask(lan, `/v1/dossiers/${code}`)
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({ code, status: 'accepted', applicant: null, representative: null, form: null })
    const journal = await ask('handler', `/v1/dossiers/${code}/events`)
    expect(journal.body.items).toHaveLength(2)
    expect(await brokenAt(connect(env.DB), id ?? '')).toBeNull()
    const list = await ask(lan, '/v1/dossiers')
    expect(list.body.items.map((one: { code: string }) => one.code)).toContain(code)
    expect((await ask(null, `/v1/dossiers/${code}/progress`)).status).toBe(200)
    const again = await handIn(lan, await filing(), key)
    expect([again.status, again.body.applicant]).toEqual([201, null])
    for (const { text } of [reply, journal, list, again])
      expect(words.filter((word) => text.includes(word))).toEqual([])
  })

  test('and it can still be moved, but nothing can be said in it any more', async () => {
    const paper = { scan: await uploaded('certifier'), paperSeen: true }
    for (const [who, body] of [
      ['handler', { to: 'awaiting-supplement', components: ['residence'], reason: said.asked }],
      ['handler', { to: 'resolved', outcome: 'refused', reason: said.reason }],
      ['certifier', { to: 'resolved', outcome: 'granted', paper }],
    ] as const) {
      const reply = await step(who, code ?? '', body)
      expect([reply.status, reply.body.code]).toEqual([410, 'erased'])
    }
    expect((await step('handler', code ?? '', { to: 'processing' })).status).toBe(200)
    expect((await step('handler', code ?? '', { to: 'resolved', outcome: 'granted' })).body.applicant).toBeNull()
    expect((await step('reception', code ?? '', { to: 'returned', by: 'counter' })).status).toBe(200)
    expect(await brokenAt(connect(env.DB), id ?? '')).toBeNull()
  })
})

describe('keys', () => {
  const fresh = `new:${'n'.repeat(43)}`

  test('of the house turn: the newest seals, and those before it still open', async () => {
    const before = (await filed({ personalId: said.number })).body
    const turned = doorWith({ MASTER_KEYS: `${fresh},${env.MASTER_KEYS}` })
    expect((await turned(lan, `/v1/dossiers/${before.code}`)).body.applicant).toEqual(before.applicant)
    const after = (
      await turned(lan, '/v1/dossiers', { body: await filing(), headers: { 'idempotency-key': crypto.randomUUID() } })
    ).body
    const { results } = await env.DB.prepare(
      'SELECT code, master FROM dossier_key JOIN dossier ON id = dossier_id WHERE code IN (?, ?) ORDER BY code',
    )
      .bind(before.code, after.code)
      .all()
    expect(results).toEqual([
      { code: before.code, master: 'test' },
      { code: after.code, master: 'new' },
    ])
    const without = doorWith({ MASTER_KEYS: fresh })
    expect((await without(lan, `/v1/dossiers/${after.code}`)).body.applicant.fullName).toBe(said.name)
    expect((await without(lan, `/v1/dossiers/${before.code}`)).status).toBe(500)
  })

  test('of one dossier open no other: a sealed part that was moved, or changed, opens nothing', async () => {
    const [one, other] = [await filed({ personalId: said.number }), await filed({ personalId: '001190777009' })]
    const ids = [await idOf(one.body.code), await idOf(other.body.code)]
    const box = await env.DB.prepare('SELECT box FROM dossier_sealed WHERE dossier_id = ? AND version = 1')
      .bind(ids[0])
      .first<number[]>('box')
    const put = (bytes: number[]) =>
      env.DB.prepare('UPDATE dossier_sealed SET box = ? WHERE dossier_id = ? AND version = 1').bind(bytes, ids[1]).run()
    await put(box ?? [])
    expect((await ask('handler', `/v1/dossiers/${other.body.code}`)).status).toBe(500)
    const key = await env.DB.prepare('SELECT wrapped FROM dossier_key WHERE dossier_id = ?')
      .bind(ids[0])
      .first<number[]>('wrapped')
    await env.DB.prepare('UPDATE dossier_key SET wrapped = ? WHERE dossier_id = ?').bind(key, ids[1]).run()
    const stolen = await ask('handler', `/v1/dossiers/${other.body.code}`)
    expect([stolen.status, stolen.text.includes('Nguyễn Thị Mẫu')]).toEqual([500, false])
  })

  test('the journal holds the digest of every sealed part', async () => {
    const { body } = await filed({ personalId: said.number })
    await step('reception', body.code, { to: 'accepted', note: said.note })
    const id = await idOf(body.code)
    const { results } = await env.DB.prepare(
      "SELECT box, record ->> 'sealed' AS digest FROM dossier_sealed JOIN journal ON subject = dossier_id AND journal.version = dossier_sealed.version WHERE subject = ?",
    )
      .bind(id)
      .all<{ box: number[]; digest: string }>()
    expect(results).toHaveLength(2)
    for (const { box, digest } of results) expect(toHex(await sha256(Uint8Array.from(box)))).toBe(digest)
  })
})
