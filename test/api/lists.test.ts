import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { ask, type Reply } from '../support/api.ts'
import { counted } from '../support/database.ts'
import { doorWith } from '../support/doors.ts'
import type { Who } from '../support/tokens.ts'
import { filed, handIn, step, submission } from '../support/walk.ts'

const codes = ({ body }: Reply): string[] => body.items.map(({ code }: { code: string }) => code)
const list = (who: Who | null, query: Record<string, string> = {}) =>
  ask(who, `/v1/dossiers?${new URLSearchParams(query).toString()}`)

/** Every page, by following the links. */
async function pages(
  who: Who,
  path: string,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Reply[]> {
  const replies = [await ask(who, path)]
  for (let link = next(replies); link; link = next(replies)) {
    await between()
    replies.push(await ask(who, link))
  }
  return replies
}
const next = (replies: Reply[]) =>
  /^<https:\/\/api\.test(.+)>; rel="next"$/.exec(replies.at(-1)?.headers.get('link') ?? '')?.[1]

describe('pages', () => {
  const lister: Who = { kind: 'app', id: 'app_lister', scopes: ['dossiers:submit', 'dossiers:read'] }
  const filedAt = async () => (await filed({ who: lister })).body.code

  test('newest first, each once, none left out, however many come in between', async () => {
    const made: string[] = []
    for (let count = 0; count < 7; count++) made.push(await filedAt())
    const replies = await pages(lister, '/v1/dossiers?limit=3', filedAt)
    expect(replies.map(codes).flat()).toEqual(made.toReversed())
    expect(replies.map(({ body }) => [body.items.length, body.next === null])).toEqual([
      [3, false],
      [3, false],
      [1, true],
    ])
    expect(replies[0]?.body.next).toBeTypeOf('string')
    expect(replies.at(-1)?.headers.get('link')).toBeNull()
    for (const reply of replies) expect(Object.keys(reply.body).toSorted()).toEqual(['items', 'next'])
  })

  test('of one to a hundred, twenty unless told', async () => {
    expect((await list(lister, { limit: '100' })).status).toBe(200)
    for (const query of [{ limit: '0' }, { limit: '101' }, { limit: 'x' }, { colour: 'red' }, { status: 'lost' }]) {
      const reply = await list(lister, query)
      const [name = ''] = Object.keys(query)
      expect([query, reply.status, reply.body.errors?.[0]?.pointer]).toEqual([query, 422, `/query/${name}`])
    }
    expect((await list(lister, { after: '00000000-0000-7000-8000-000000000000' })).body).toEqual({
      items: [],
      next: null,
    })
  })
})

describe('everybody lists what they may see, and can narrow it', () => {
  const other: Who = { kind: 'app', id: 'app_narrow', scopes: ['dossiers:submit', 'dossiers:read'] }
  const company = { applicant: { type: 'organisation', taxCode: '0100000017', name: 'Công ty Ví Dụ' } }
  let [mine, sent, started, elsewhere]: string[] = []
  let between = ''
  beforeAll(async () => {
    mine = (await filed({ who: other, personalId: '001190000401' })).body.code
    sent = (await filed({ who: other, personalId: '001190000402', change: { receivingPoint: 'HN-STC-2025' } })).body
      .code
    await new Promise((resolve) => setTimeout(resolve, 5))
    between = new Date().toISOString()
    started = (await filed({ who: other, procedure: '1.001193', personalId: '001190000402' })).body.code
    await step('reception', started ?? '', { to: 'accepted' })
    const place = { place: { unit: '00004-2025' } }
    elsewhere = (await handIn(other, await submission({ change: { ...place, ...company } }))).body.code
  })

  test('an app what it handed in, a person their own, a unit what it decides or received', async () => {
    expect(codes(await list(other))).toEqual([elsewhere, started, sent, mine])
    expect(codes(await list({ kind: 'citizen', personalId: '001190000402' }))).toEqual([started, sent])
    expect(codes(await list({ kind: 'citizen', taxCode: '0100000017' }))).toEqual([elsewhere])
    expect(codes(await list('handler@00004-2025'))).toEqual([elsewhere])
    expect(codes(await list('reception@HN-STC-2025'))).toEqual([sent])
    const ward = codes(await list('handler', { limit: '100' }))
    expect(ward).toEqual(expect.arrayContaining([mine, sent, started]))
    expect(ward).not.toContain(elsewhere)
    expect((await list('operator')).status).toBe(403)
    expect((await list(null)).status).toBe(401)
  })

  test('by status, procedure, unit, dates and applicant', async () => {
    const narrow = async (query: Record<string, string>) => codes(await list(other, query))
    expect(await narrow({ status: 'accepted' })).toEqual([started])
    expect(await narrow({ procedure: '1.001193' })).toEqual([started])
    expect(await narrow({ unit: '00004-2025' })).toEqual([elsewhere])
    expect(await narrow({ unit: '00082-2025', status: 'submitted' })).toEqual([sent, mine])
    expect(await narrow({ updatedAfter: between })).toEqual([started, elsewhere])
    expect(await narrow({ applicant: '001190000402' })).toEqual([started, sent])
    expect(await narrow({ applicant: '0100000017' })).toEqual([elsewhere])
    const { dueAt } = (await ask(other, `/v1/dossiers/${started}`)).body
    const later = new Date(Date.parse(dueAt) + 1).toISOString()
    expect(await narrow({ dueBefore: dueAt })).toEqual([])
    expect(await narrow({ dueBefore: new Date(dueAt).toISOString() })).toEqual([])
    expect(await narrow({ dueBefore: later })).toEqual([started])
    expect(codes(await list('handler', { applicant: '001190000402' }))).toEqual([started, sent])
    expect(codes(await list({ kind: 'citizen', personalId: '001190000401' }, { applicant: '001190000402' }))).toEqual(
      [],
    )
  })

  test('by whatever together, page by page: all that is so, once, by time where time is asked about', async () => {
    const all = (await list(other, { limit: '100' })).body.items
    const choices: Record<string, (string | undefined)[]> = {
      status: [undefined, 'accepted'],
      procedure: [undefined, '1.004873'],
      unit: [undefined, '00082-2025', '00004-2025'],
      dueBefore: [undefined, '2040-01-01T00:00:00+07:00'],
      updatedAfter: [undefined, between],
    }
    const queries = Object.entries(choices).reduce<Record<string, string>[]>(
      (made, [name, values]) =>
        made.flatMap((query) => values.map((value) => (value === undefined ? query : { ...query, [name]: value }))),
      [{}],
    )
    const changed = new Map(
      (
        await env.DB.prepare("SELECT code, updated_at FROM dossier WHERE submitter = 'app:app_narrow'").all<{
          code: string
          updated_at: string
        }>()
      ).results.map(({ code, updated_at }) => [code, Date.parse(updated_at)]),
    )
    for (const query of queries) {
      const shown = (await pages(other, `/v1/dossiers?${new URLSearchParams({ ...query, limit: '1' }).toString()}`))
        .map(codes)
        .flat()
      const fits = all.filter(
        (one: any) =>
          (!query.status || one.status === query.status) &&
          (!query.procedure || one.procedure.code === query.procedure) &&
          (!query.unit || one.competentUnit.id === query.unit) &&
          (!query.dueBefore || (one.dueAt && Date.parse(one.dueAt) < Date.parse(query.dueBefore))) &&
          (!query.updatedAfter || (changed.get(one.code) ?? 0) > Date.parse(query.updatedAfter)),
      )
      const inOrder = query.updatedAfter
        ? fits.toSorted((a: any, b: any) => (changed.get(a.code) ?? 0) - (changed.get(b.code) ?? 0))
        : fits
      expect([query, shown]).toEqual([query, inOrder.map(({ code }: { code: string }) => code)])
    }
    expect(queries).toHaveLength(48)
  })

  test('what is due first comes first, whatever else is asked', async () => {
    const due: Who = { kind: 'app', id: 'app_due', scopes: ['dossiers:submit', 'dossiers:read'] }
    const days = ['05', '03', '04', '03']
    const made: string[] = []
    for (const day of days) {
      const { code } = (await filed({ who: due })).body
      made.push(code)
      const time = `2027-01-${day}T17:00:00+07:00`
      await env.DB.prepare('UPDATE dossier SET due_at = ? WHERE code = ?').bind(time, code).run()
    }
    const [fifth, third, fourth, again] = made
    for (const more of ['', '&status=submitted', '&procedure=1.004873&status=submitted', '&applicant=001190000001'])
      for (const limit of [1, 2, 100]) {
        const path = `/v1/dossiers?dueBefore=2027-01-05T09:59:59Z&limit=${limit}${more}`
        expect([more, limit, (await pages(due, path)).map(codes).flat()]).toEqual([more, limit, [third, again, fourth]])
      }
    expect(codes(await list(due, { dueBefore: '2027-01-05T17:00:01+07:00' })).at(-1)).toBe(fifth)
  })

  test('a line tells nothing about a person', async () => {
    const { body, text } = await list(other)
    expect(text).not.toMatch(/Mẫu|0011900004|Công ty/)
    expect(body.items[1]).toMatchObject({
      code: started,
      status: 'accepted',
      competentUnit: { name: { vi: 'Phường Cửa Nam' } },
    })
  })
})

describe('what a request reads does not grow with the number of dossiers', () => {
  const busy: Who = { kind: 'app', id: 'app_busy', scopes: ['dossiers:submit', 'dossiers:read'] }
  const citizen: Who = { kind: 'citizen', personalId: '001190000501' }
  let [code, id] = ['', '']

  /** Older dossiers of the same unit and app, of other people, all done. */
  async function padded(from: number, to: number) {
    const copied = async (table: string, key: string, changes: Record<string, string>) => {
      const { results } = await env.DB.prepare(`SELECT name FROM pragma_table_info('${table}')`).all<{ name: string }>()
      const names = results.map(({ name }) => name)
      await env.DB.prepare(
        `INSERT INTO ${table} (${names.join()}) WITH RECURSIVE n(i) AS (VALUES (?2) UNION ALL SELECT i + 1 FROM n WHERE i < ?3)
          SELECT ${names.map((name) => changes[name] ?? name).join()} FROM ${table}, n WHERE ${key} = ?1`,
      )
        .bind(id, from, to)
        .run()
    }
    const made = "printf('00000000-0000-7000-8000-%012d', i)"
    const done = {
      status: "'returned'",
      updated_at: "'2026-01-05T09:00:00.000+07:00'",
      due_at: "'2026-01-05T17:00:00+07:00'",
    }
    await copied('dossier', 'id', {
      ...done,
      id: made,
      code: "code || '-' || i",
      state: `json_set(state, '$.id', ${made})`,
    })
    await copied('journal', 'subject', { subject: made })
    await copied('dossier_party', 'dossier_id', { person: "'somebody ' || i", dossier_id: made })
  }

  const soon = '2026-11-23T00:00:00%2B07:00'
  const asked: [what: string, who: Who | null, path: () => string][] = [
    ['an app’s list', busy, () => '/v1/dossiers'],
    ['an app’s open ones', busy, () => '/v1/dossiers?status=submitted'],
    ['an app’s changes', busy, () => `/v1/dossiers?updatedAfter=${soon}`],
    ['a person’s list', citizen, () => '/v1/dossiers'],
    ['a person’s copies', citizen, () => '/v1/copies'],
    ['a unit’s list', 'handler', () => '/v1/dossiers'],
    ['a unit’s open ones', 'handler', () => '/v1/dossiers?status=submitted'],
    ['a unit’s overdue ones', 'handler', () => `/v1/dossiers?status=processing&dueBefore=${soon}`],
    ['a point’s open ones', 'reception@HN-STC-2025', () => '/v1/dossiers?status=submitted'],
    ['a person’s dossiers at a unit', 'handler', () => '/v1/dossiers?applicant=001190000501'],
    ['a dossier', 'handler', () => `/v1/dossiers/${code}`],
    ['its journal', busy, () => `/v1/dossiers/${code}/events`],
    ['its progress', null, () => `/v1/dossiers/${code}/progress`],
    ['dead letters', 'operator', () => '/v1/dead-letters'],
  ]

  async function costs(): Promise<Record<string, { rowsRead: number; statements: number }>> {
    const { db, spent } = counted(env.DB)
    const door = doorWith({ DB: db })
    const told: Awaited<ReturnType<typeof costs>> = {}
    const measured = async (what: string, request: () => Promise<Reply>) => {
      const before = { ...spent }
      const reply = await request()
      expect([what, reply.status]).toEqual([what, expect.toBeOneOf([200, 201])])
      told[what] = { rowsRead: spent.rowsRead - before.rowsRead, statements: spent.statements - before.statements }
      return reply
    }
    for (const [what, who, path] of asked) await measured(what, () => door(who, path()))
    const body = await submission({ who: busy, personalId: '001190000502' })
    const key = crypto.randomUUID()
    const hand = () => door(busy, '/v1/dossiers', { body, headers: { 'idempotency-key': key } })
    const made = await measured('handing in', hand)
    await measured('handing in again', hand)
    const headers = { 'if-match': '"1"' }
    await measured('a step', () =>
      door('reception', `/v1/dossiers/${made.body.code}/transitions`, { body: { to: 'accepted' }, headers }),
    )
    return told
  }

  test('a hundred or five thousand', { timeout: 60_000 }, async () => {
    const change = { receivingPoint: 'HN-STC-2025' }
    code = (await filed({ who: busy, personalId: '001190000501', change })).body.code
    id = (await env.DB.prepare('SELECT id FROM dossier WHERE code = ?').bind(code).first('id')) ?? ''
    await padded(1, 100)
    const few = await costs()
    await padded(101, 5000)
    const many = await costs()
    for (const [what, { rowsRead, statements }] of Object.entries(many)) {
      const before = few[what] ?? { rowsRead: 0, statements: 0 }
      // A page that is longer by one row, and what the first round itself has added.
      expect([what, rowsRead - before.rowsRead <= 12, rowsRead]).toEqual([what, true, rowsRead])
      expect([what, statements]).toEqual([what, before.statements])
    }
    // The one that is not done lies behind five thousand that are: no page looks that far, and all together find it.
    const walked = await pages(busy, `/v1/dossiers?status=submitted&updatedAfter=2020-01-01T00:00:00Z&limit=100`)
    expect(walked.map(codes).flat()).toContain(code)
    expect(walked.length).toBeGreaterThan(10)
    const most = (of: 'rowsRead' | 'statements') => Math.max(...Object.values(many).map((cost) => cost[of]))
    expect([most('rowsRead') < 250, most('statements') <= 30]).toEqual([true, true])
  })
})
