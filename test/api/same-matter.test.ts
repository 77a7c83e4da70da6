import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { ask } from '../support/api.ts'
import type { Who } from '../support/tokens.ts'
import { app, handIn, rowsWritten, step, submission } from '../support/walk.ts'

const other: Who = { kind: 'app', id: 'app_other', scopes: ['dossiers:submit', 'dossiers:read'] }
let persons = 0
const nextPerson = () => `0011900077${String(++persons).padStart(2, '0')}`
const matter = async (personalId = nextPerson()) =>
  submission({ procedure: '1.001193', personalId, change: { force: null } })
const reason = 'Người nộp cần thêm một hồ sơ riêng cho con thứ hai.'

describe('the same matter handed in again', () => {
  test('is answered with the open dossier, although its files are taken; nothing is written but the key', async () => {
    const body = await matter()
    const first = await handIn(app, body)
    expect([first.status, first.body.alreadyOpen]).toEqual([201, false])
    await step('reception', first.body.code, { to: 'accepted' })
    const before = await rowsWritten()
    const key = crypto.randomUUID()
    const again = await handIn(app, body, key)
    expect([again.status, again.body.alreadyOpen, again.body.code]).toEqual([200, true, first.body.code])
    expect(again.body).toMatchObject({ status: 'accepted', receipt: first.body.receipt })
    expect([again.headers.get('location'), again.headers.get('etag')]).toEqual([first.headers.get('location'), '"2"'])
    expect(await rowsWritten()).toEqual({ ...before, idempotency: (before?.['idempotency'] ?? 0) + 1 })
    const shuffled = Object.fromEntries(Object.entries(body).toReversed())
    expect((await handIn(app, { ...shuffled, returnBy: 'post' })).body.code).toBe(first.body.code)

    await step('handler', first.body.code, { to: 'resolved', outcome: 'refused', reason })
    const replay = await handIn(app, body, key)
    expect([replay.status, replay.text, replay.headers.get('idempotent-replayed')]).toEqual([200, again.text, 'true'])
  })

  test('is a new matter once the first was decided, withdrawn or not accepted', async () => {
    const personalId = nextPerson()
    const ends: [Who, object][][] = [
      [['citizen-of-it', { to: 'not-accepted', reason }]],
      [
        ['reception', { to: 'accepted' }],
        ['citizen-of-it', { to: 'withdrawn', reason }],
      ],
      [
        ['reception', { to: 'accepted' }],
        ['handler', { to: 'resolved', outcome: 'granted' }],
      ],
    ]
    const codes = new Set<string>()
    for (const moves of ends) {
      const { status, body } = await handIn(app, await matter(personalId))
      expect([status, body.alreadyOpen]).toEqual([201, false])
      codes.add(body.code)
      for (const [who, move] of moves)
        expect((await step(who === 'citizen-of-it' ? app : who, body.code, { ...move })).status).toBe(200)
    }
    expect(codes.size).toBe(ends.length)
    const { matters } = (await env.DB.prepare(
      `SELECT count(matter) AS matters FROM dossier WHERE code IN (${[...codes].map(() => '?').join()})`,
    )
      .bind(...codes)
      .first<{ matters: number }>()) ?? { matters: -1 }
    expect(matters).toBe(0)
  })

  test('ten at once, each with a key of its own: one dossier, and nine are led to it', async () => {
    const body = { ...(await matter()), procedure: '1.004873', ...(await simpleForm()) }
    const before = await rowsWritten()
    const replies = await Promise.all(Array.from({ length: 10 }, () => handIn(app, body)))
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      ...Array.from({ length: 9 }, () => 200),
      201,
    ])
    expect(new Set(replies.map((reply) => reply.body.code)).size).toBe(1)
    expect((await rowsWritten())?.['dossier']).toBe((before?.['dossier'] ?? 0) + 1)
  })

  test('in another place, with another form or for another procedure is another matter', async () => {
    const body = { ...(await matter()), procedure: '1.004873', ...(await simpleForm()) }
    const first = await handIn(app, body)
    const purposeText = 'Vay vốn ngân hàng'
    for (const change of [{ place: { unit: '00004-2025' } }, { form: { ...body.form, purposeText } }]) {
      const { status, body: made } = await handIn(app, { ...body, ...change })
      expect([status, made.code === first.body.code]).toEqual([201, false])
    }
  })
})

describe('who insists', () => {
  test('gets another dossier; the reason is shown to those who see it, and in no event', async () => {
    const personalId = nextPerson()
    const first = await handIn(app, await matter(personalId))
    const insisting = { ...(await matter(personalId)), force: { reason } }
    const second = await handIn(app, insisting)
    expect([second.status, second.body.code === first.body.code, second.body.insisted]).toEqual([201, false, reason])
    expect((await ask('reception', `/v1/dossiers/${second.body.code}`)).body.insisted).toBe(reason)
    const { record } = (await env.DB.prepare(
      'SELECT record FROM journal JOIN dossier ON id = subject WHERE code = ? AND journal.version = 1',
    )
      .bind(second.body.code)
      .first<{ record: string }>()) ?? { record: '' }
    expect(JSON.parse(record).event.insisted).toBe(true)
    expect(record).not.toContain('con thứ hai')

    await step(app, first.body.code, { to: 'not-accepted', reason })
    const third = await handIn(app, await matter(personalId))
    expect([third.status, third.body.code]).toEqual([200, second.body.code])
  })

  test('has to say why', async () => {
    const reply = await handIn(app, { ...(await matter()), force: { reason: 'vì' } })
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, '/force/reason'])
  })
})

describe('a dossier that the sender may not see', () => {
  test('is not told of: another app gets a dossier of its own, and its reply says nothing of the first', async () => {
    const personalId = nextPerson()
    const first = await handIn(app, await matter(personalId))
    const body = await submission({ procedure: '1.001193', personalId, who: other, change: { force: null } })
    const second = await handIn(other, body)
    expect([second.status, second.body.alreadyOpen]).toEqual([201, false])
    expect(second.text).not.toContain(first.body.code)
    expect((await handIn(other, body)).body.code).toBe(second.body.code)
  })

  test('is told of to its applicant, and to the officer at whose unit it lies', async () => {
    const personalId = nextPerson()
    const lan: Who = { kind: 'citizen', personalId }
    const { applicant, ...rest } = await matter(personalId)
    const first = await handIn(app, { ...rest, applicant })
    const own = await handIn(lan, { ...rest, applicant })
    expect([own.status, own.body.code]).toEqual([200, first.body.code])
    const atCounter = { ...rest, applicant, channel: 'direct', receivingPoint: '00082-2025' }
    expect((await handIn('reception', atCounter)).body.code).toBe(first.body.code)
    const elsewhere = { ...atCounter, receivingPoint: 'HN-STC-2025' }
    const stranger = await handIn('reception@HN-STC-2025', elsewhere)
    // Its files are the app's, so it goes no further; but of the dossier there is no word.
    expect([stranger.status, stranger.text.includes(first.body.code)]).toEqual([422, false])
    const thief = await handIn({ kind: 'citizen', personalId: '001085000002' }, { ...rest, applicant })
    expect([thief.status, thief.text.includes(first.body.code)]).toEqual([422, false])
  })
})

async function simpleForm() {
  const { form, components } = await submission({ procedure: '1.004873' })
  return { form, components }
}
