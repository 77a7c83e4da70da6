import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { connect } from '../../src/store/database.ts'
import { brokenAt } from '../../src/store/journal.ts'
import { countOutages } from '../../src/usecases/outages/count.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask, type Ask, type Reply } from '../support/api.ts'
import { lodged } from '../support/before-reform.ts'
import { copyOf } from '../support/copies.ts'
import { counted } from '../support/database.ts'
import { multiplied, numbered } from '../support/many-rows.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { quiet } from '../support/quiet.ts'
import { enrolled } from '../support/apps.ts'
import { partOf } from '../support/exhaustive.ts'
import type { Who } from '../support/tokens.ts'
import { app, filed, submission, uploaded } from '../support/walk.ts'

quiet('outbox.not-sent')

/** Few, but more than one page looks at. */
const [few, many] = [1000, partOf(20_000)]
const far = '00004-2025'
const supervisor: Who = { kind: 'officer', unit: '00082-2025', roles: ['supervisor'] }
const citizen: Who = { kind: 'citizen', personalId: '001190000001' }

/** What a verb may read and ask, among however many dossiers. Whoever raises a number says why in the commit. */
const budgets: Record<string, [rows: number, statements: number]> = {
  list: [350, 10],
  // No index holds both: a page ends after so many looks, along each way.
  'list of two': [1600, 10],
  // The level of each procedure comes on top.
  'narrowed list': [900, 10],
  dossier: [20, 8],
  explained: [160, 13],
  progress: [6, 2],
  events: [20, 6],
  slip: [30, 11],
  register: [270, 8],
  books: [120, 4],
  copies: [8, 3],
  verification: [6, 4],
  payments: [15, 6],
  refunds: [120, 3],
  reassignments: [270, 4],
  file: [190, 36],
  accept: [190, 24],
  refuse: [80, 24],
  'ask for more': [190, 24],
  supplement: [250, 40],
  'correct the cause': [60, 16],
  'file of a copy': [20, 8],
  shares: [20, 6],
  share: [20, 6],
  openings: [20, 6],
  lend: [60, 16],
  'look at a share': [40, 12],
  'open a share': [60, 20],
  'end a share': [60, 16],
}

type Spent = { statements: number; rowsRead: number }
const fresh = () => crypto.randomUUID()
const silent = doorWith({ OUTBOX_QUEUE: deadQueue })

/** A dossier that went all the way to a certified copy, whose rows are multiplied. */
let [code, dossier, copy, number, payment] = ['', '', '', '', '']
async function walked() {
  code = (await filed({ procedure: '2.000635' })).body.code
  let version = 0
  const move = async (who: Who, path: string, body: unknown): Promise<Reply> => {
    const reply = await silent(who, `/v1/dossiers/${code}/${path}`, { body, headers: { 'if-match': `"${++version}"` } })
    if (reply.status >= 300) throw new Error(reply.text)
    return reply
  }
  await move('reception', 'transitions', { to: 'accepted' })
  await move('handler', 'transitions', { to: 'awaiting-payment', copies: 2 })
  payment = (await move('reception', 'payments', { method: 'cash', amount: 16_000 })).body.id
  const paper = { scan: await uploaded('certifier'), paperSeen: true }
  await move('certifier', 'transitions', { to: 'resolved', outcome: 'granted', paper })
  dossier = (await env.DB.prepare('SELECT id FROM dossier').first<string>('id')) ?? ''
  copy = (await env.DB.prepare('SELECT id FROM copy').first<string>('id')) ?? ''
  number = (await env.DB.prepare('SELECT number FROM copy').first<string>('number')) ?? ''
  late.push((await lodged('00082-2025')).code, (await lodged('00082-2025')).code)
  lent = (await copyOf({ personalId: '001190000301' })).id
  const made = await silent(owner, `/v1/copies/${lent}/shares`, { body: loan() })
  if (made.status !== 201) throw new Error(made.text)
  share = made.body.id
  token = new URL(made.body.link).pathname.split('/').at(-1) ?? ''
  await silent(null, `/v1/shares/${token}/content`)
}

/** A copy that its owner lends; others lend theirs. */
const owner: Who = { kind: 'citizen', personalId: '001190000301' }
let [lent, share, token] = ['', '', '']
/** Dossiers that are late, one for each round. */
const late: string[] = []
const loan = () => ({
  recipient: 'Ngân hàng Ví Dụ',
  purpose: 'Mở tài khoản',
  until: new Date(Date.now() + 86_400_000).toISOString(),
  most: null,
})

const state = { state: "json_set(state, '$.id', id || '-' || n)" }

/** As many dossiers at the same unit and from the same app, each somebody else's, with journal, copy and payment. */
async function grown(span: number[]) {
  await multiplied('dossier', 'id', dossier, { ...numbered('id', 'code'), ...state, matter: 'NULL' }, span)
  await multiplied('dossier_party', 'dossier_id', dossier, numbered('person', 'dossier_id'), span)
  const ofCopy = { ...numbered('id', 'number', 'owner', 'dossier_id'), ...state, sha256: 'NULL' }
  await multiplied('copy', 'id', copy, ofCopy, span)
  const ofOther = { copy_id: `'${copy}' || '-' || n` }
  await multiplied('copy_share', 'id', share, { ...numbered('id', 'token_hash'), ...ofOther }, span)
  await multiplied('copy_opening', 'copy_id', lent, { ...numbered('id'), ...ofOther }, span)
  await multiplied('payment_attempt', 'id', payment, { ...numbered('id', 'receipt', 'dossier_id'), ...state }, span)
  for (const subject of [dossier, copy, payment])
    await multiplied('journal', 'subject', subject, numbered('subject'), span)
}

const some = ['', 'status=resolved', 'status=stopped', 'procedure=2.000635', 'procedure=1.001193', 'unit=00082-2025']
some.push(`unit=${far}`, 'applicant=001190000001', 'applicant=001190000009')
const [long, ago] = ['2040-01-01T00:00:00%2B07:00', '2020-01-01T00:00:00%2B07:00']
some.push(`dueBefore=${long}`, `dueBefore=${ago}`, `updatedAfter=${long}`, `updatedAfter=${ago}`)
some.push(`dueBefore=${long}&status=resolved`, `dueBefore=${long}&status=stopped`)
/** Of each two filters, and of all: where the second leaves all, and where it leaves none. */
const pairs = [
  ...['status=resolved', 'status=stopped'].flatMap((one) => [`${one}&procedure=2.000635`, `${one}&procedure=1.001193`]),
  ...['00082-2025', far].flatMap((unit) => [`status=resolved&unit=${unit}`, `procedure=2.000635&unit=${unit}`]),
  ...['procedure=2.000635', 'procedure=1.001193', 'unit=00082-2025', `unit=${far}`].flatMap((one) => [
    `dueBefore=${long}&${one}`,
    `updatedAfter=${ago}&${one}`,
  ]),
  ...['resolved', 'stopped'].map((status) => `updatedAfter=${ago}&status=${status}`),
  ...[long, ago].map((time) => `updatedAfter=${ago}&dueBefore=${time}`),
  `applicant=001190000001&updatedAfter=${ago}`,
  `applicant=001190000009&status=resolved&dueBefore=${long}`,
  `status=stopped&procedure=1.001193&unit=${far}&dueBefore=${long}&updatedAfter=${ago}`,
]

/** With every filter and every two, where all match, and where nobody does; the second page of what goes by time. */
const lists = (['handler', app, citizen] as Who[]).flatMap((who) =>
  [...some, ...(who === citizen ? [] : pairs)].map((filter): [string, Who, string] => [
    `list by ${typeof who === 'string' ? who : who.kind} ${filter}`,
    who,
    `/v1/dossiers?${filter}`,
  ]),
)
const budgetOf = (what: string) =>
  budgets[
    what.startsWith('narrowed')
      ? 'narrowed list'
      : !what.startsWith('list')
        ? what
        : pairs.some((pair) => what.includes(pair))
          ? 'list of two'
          : 'list'
  ] ?? [0, 0]

async function spentOn(what: string, send: (door: Ask) => Promise<Reply>): Promise<[string, Spent]> {
  const { db, spent } = counted(env.DB)
  const reply = await send(doorWith({ DB: db, OUTBOX_QUEUE: deadQueue }))
  if (reply.status >= 300) throw new Error(`${what}: ${reply.status} ${reply.text}`)
  await env.DB.exec('DELETE FROM outbox')
  return [what, { ...spent }]
}

/** Tokens that read only some of the app’s dossiers: all that there are, or none of them. */
const narrowed = (['commune', 'city', '2.000635', '1.009397'] as const).map((of): [string, Who, string] => [
  'narrowed list',
  { kind: 'app', id: 'app_test', scopes: [`dossiers:read:${of}`] },
  '/v1/dossiers',
])

async function reads(): Promise<[string, Spent][]> {
  const gets: [string, Who | null, string][] = [
    ...lists,
    ...narrowed.map(([what, who, path], n): [string, Who, string] => [`${what}, ${n + 1}`, who, path]),
    ['dossier', 'handler', `/v1/dossiers/${code}`],
    ['explained', 'handler', `/v1/dossiers/${code}?explain=due`],
    ['progress', null, `/v1/dossiers/${code}/progress`],
    ['events', 'handler', `/v1/dossiers/${code}/events`],
    ['slip', 'handler', `/v1/dossiers/${code}/slips/receipt`],
    ['register', supervisor, '/v1/registers/dossiers?from=2026-01-01&to=2026-12-31'],
    ['books', supervisor, '/v1/registers/copies/books'],
    ['copies', citizen, '/v1/copies'],
    ['verification', null, `/v1/verifications/${number}`],
    ['payments', 'handler', `/v1/dossiers/${code}/payments`],
    ['refunds', supervisor, '/v1/payments?status=to-be-refunded'],
    ['reassignments', supervisor, '/v1/reassignments'],
    ['file of a copy', owner, `/v1/copies/${lent}/content`],
    ['shares', owner, `/v1/copies/${lent}/shares`],
    ['share', owner, `/v1/copies/${lent}/shares/${share}`],
    ['openings', owner, `/v1/copies/${lent}/openings`],
    ['look at a share', null, `/v1/shares/${token}`],
    ['open a share', null, `/v1/shares/${token}/content`],
  ]
  const spent: [string, Spent][] = []
  for (const [what, who, path] of gets) {
    const next: string[] = []
    const first = async (door: Ask) => {
      const reply = await door(who, path)
      if (/(dueBefore|updatedAfter)/.test(path) && reply.body.next) next.push(encodeURIComponent(reply.body.next))
      return reply
    }
    spent.push(await spentOn(what, first))
    for (const after of next)
      spent.push(await spentOn(`${what}, page 2`, (door) => door(who, `${path}&after=${after}`)))
  }
  return spent
}

async function writes(personalId: string): Promise<[string, Spent][]> {
  const change = { receivingPoint: far, channel: 'direct' }
  const body = await submission({ procedure: '1.004873', personalId, change })
  let [made, lend] = ['', '']
  const reason = 'Bản chụp bị mờ, không đọc được chữ.'
  const proof = [{ component: 'residence', file: await uploaded(app) }]
  const headers = (version: number) => ({ 'if-match': `"${version}"`, 'idempotency-key': fresh() })
  const move = (who: Who, version: number, body: unknown) => (door: Ask) =>
    door(who, `/v1/dossiers/${made}/transitions`, { body, headers: headers(version) })
  return [
    await spentOn('file', async (door) => {
      const reply = await door(app, '/v1/dossiers', { body, headers: { 'idempotency-key': fresh() } })
      made = reply.body.code
      return reply
    }),
    await spentOn('accept', move('reception', 1, { to: 'accepted' })),
    await spentOn('ask for more', move('handler', 2, { to: 'awaiting-supplement', components: ['residence'], reason })),
    await spentOn('supplement', async (door) =>
      door(app, `/v1/dossiers/${made}/supplements`, { body: { components: proof }, headers: headers(3) }),
    ),
    await spentOn('correct the cause', (door) =>
      door('handler', `/v1/dossiers/${late.pop()}/late-cause-corrections`, {
        body: { cause: 'system', reason },
        headers: headers(2),
      }),
    ),
    await spentOn('lend', async (door) => {
      const reply = await door(owner, `/v1/copies/${lent}/shares`, { body: loan() })
      lend = reply.body.id
      return reply
    }),
    await spentOn('end a share', (door) => door(owner, `/v1/copies/${lent}/shares/${lend}`, { method: 'DELETE' })),
    await spentOn(
      'refuse',
      move('handler', 4, { to: 'resolved', outcome: 'refused', reason: 'Không đủ điều kiện theo quy định.' }),
    ),
  ]
}

test(`a request reads as few rows and asks as few questions among ${many} dossiers as among ${few}, and few enough`, async () => {
  await walked()
  await grown([1, few])
  const before = new Map([...(await reads()), ...(await writes('001190000701'))])
  await grown([few + 1, many])
  const after = [...(await reads()), ...(await writes('001190000702'))]
  // One more level of an index's tree, or what the round before has written: an entry in a journal, a share that ended.
  const slack = 8
  const worse = after.filter(([what, { statements, rowsRead }]) => {
    const [rows, questions] = budgetOf(what)
    const was = before.get(what) ?? { statements: 0, rowsRead: 0 }
    return rowsRead > was.rowsRead + slack || statements > was.statements || rowsRead > rows || statements > questions
  })
  expect(worse.map(([what, now]) => [what, before.get(what), now])).toEqual([])
  const shown = await ask('handler', '/v1/dossiers?limit=100')
  expect([shown.body.items.length, shown.body.next !== null]).toEqual([100, true])
}, 240_000)

test('an outage is written into a thousand open dossiers by one run, beside the many that are done, with few questions', async () => {
  const open = (await filed({ personalId: '001190000801' })).body.code
  await silent('reception', `/v1/dossiers/${open}/transitions`, {
    body: { to: 'accepted' },
    headers: { 'if-match': '"1"' },
  })
  const id = (await env.DB.prepare('SELECT id FROM dossier WHERE code = ?').bind(open).first<string>('id')) ?? ''
  const other = (column: string) => `${column} || '-' || CAST(n AS INTEGER)`
  const change = {
    id: other('id'),
    code: other('code'),
    state: `json_set(state, '$.id', ${other('id')})`,
    matter: 'NULL',
  }
  await multiplied('dossier', 'id', id, change, [1, 999])
  await multiplied('journal', 'subject', id, { subject: other('subject') }, [1, 999])
  const { db, spent } = counted(env.DB)
  const context = contextOf(env, { kind: 'public' }, db)
  const run = async () => {
    const before = { ...spent }
    const done = await countOutages(context)
    return { done, questions: spent.statements - before.statements, rows: spent.rowsRead - before.rowsRead }
  }
  await run()
  expect(await run()).toEqual({ done: 0, questions: 1, rows: expect.toSatisfy((rows: number) => rows < 10) })
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const reason = { vi: 'Mất điện trung tâm dữ liệu', en: 'Power cut in the data centre' }
  const body = { kind: 'recorded', from: day(1), to: day(15), reason }
  await silent('operator', '/v1/outages', { body, headers: { 'idempotency-key': fresh() } })
  const undecided = "SELECT count(*) FROM dossier WHERE status IN ('accepted', 'processing', 'awaiting-supplement')"
  const all = await env.DB.prepare(undecided).first('count(*)')
  const { done, questions, rows } = await run()
  await env.DB.exec('DELETE FROM outbox')
  expect([done, questions < 100, rows < 25_000]).toEqual([all, true, true])
  const redated = await env.DB.prepare(
    "SELECT count(DISTINCT subject) AS dossiers, count(*) AS events FROM journal WHERE type = 'dossier.redated' AND subject GLOB ?",
  )
    .bind(`${id}*`)
    .first()
  expect(redated).toEqual({ dossiers: 1000, events: 1000 })
  expect(await brokenAt(connect(env.DB), id)).toBeNull()
  const one = await context.dossiers.byId(`${id}-77`)
  expect(one?.unwritten).toEqual([])
  const row = await env.DB.prepare('SELECT due_at, version, state FROM dossier WHERE id = ?')
    .bind(`${id}-77`)
    .first<any>()
  expect([row.due_at, row.version, row.state]).toEqual([one?.dossier.clock.dueAt, 3, JSON.stringify(one?.dossier)])
}, 120_000)

/** What may be read and asked of the feed and of webhooks, among however many events and deliveries. */
const hookBudgets: Record<string, [rows: number, statements: number]> = {
  feed: [90, 2],
  'the end of the feed': [5, 2],
  'a feed of other levels': [800, 3],
  webhooks: [10, 3],
  webhook: [10, 3],
  deliveries: [70, 4],
  'failed deliveries': [10, 4],
  'an event': [20, 2],
  forgetting: [10, 2],
  'scans that are due': [5, 1],
  'a list of quarantined files': [5, 1],
  'uploads that ended': [5, 1],
}

test(`the feed, webhooks and deliveries read as little among ${many} events as among ${few}`, async () => {
  const hooked = await enrolled({
    kind: 'app' as const,
    id: 'app_hooked',
    scopes: ['dossiers:submit' as const, 'dossiers:read' as const, 'webhooks' as const],
  })
  const body = await submission({ procedure: '2.000635', personalId: '001190000901', who: hooked })
  const handed = await silent(hooked, '/v1/dossiers', { body, headers: { 'idempotency-key': fresh() } })
  expect(handed.status).toBe(201)
  const id =
    (await env.DB.prepare('SELECT id FROM dossier WHERE code = ?').bind(handed.body.code).first<string>('id')) ?? ''
  const file = await uploaded(hooked)
  const made = await silent(hooked, '/v1/webhooks', { body: { url: 'https://rows.receiver.test/200' } })
  const webhook: string = made.body.id
  const measured = async () => {
    const end = await env.DB.prepare('SELECT max(position) AS last FROM feed').first<number>('last')
    const gets: [string, string][] = [
      ['feed', '/v1/events'],
      ['the end of the feed', `/v1/events?after=event_${end}`],
      ['webhooks', '/v1/webhooks'],
      ['webhook', `/v1/webhooks/${webhook}`],
      ['deliveries', `/v1/webhooks/${webhook}/deliveries`],
      ['failed deliveries', `/v1/webhooks/${webhook}/deliveries?status=failed`],
    ]
    const spent: [string, Spent][] = []
    for (const [what, path] of gets) spent.push(await spentOn(what, (door) => door(hooked, path)))
    const narrow: Who = { ...hooked, scopes: ['webhooks', 'dossiers:read:city'] }
    spent.push(await spentOn('a feed of other levels', (door) => door(narrow, '/v1/events')))
    const { db, spent: ofEvent } = counted(env.DB)
    const at = new Date()
    await contextOf(env, { kind: 'public' }, db).deliveries.fanOut(id, 1, at, at)
    await env.DB.exec('DELETE FROM outbox')
    const spentBy = async (work: (context: ReturnType<typeof contextOf>) => Promise<unknown>): Promise<Spent> => {
      const { db: watched, spent: ofWork } = counted(env.DB)
      await work(contextOf(env, { kind: 'public' }, watched))
      return ofWork
    }
    return new Map([
      ...spent,
      ['an event', ofEvent] as const,
      ['forgetting', await spentBy(({ deliveries }) => deliveries.forget(new Date(0), 100))] as const,
      ['scans that are due', await spentBy(({ scans }) => scans.enqueueDue(at, at, 100))] as const,
      ['a list of quarantined files', await spentBy(({ scans }) => scans.list('infected', undefined, 20))] as const,
      ['uploads that ended', await spentBy(({ uploads }) => uploads.ended(at, 50))] as const,
    ])
  }
  const grow = async (span: number[]) => {
    await multiplied('feed', 'subject', id, { position: 'NULL', ...numbered('subject') }, span)
    await multiplied('journal', 'subject', id, numbered('subject'), span)
    await multiplied('file', 'id', file, numbered('id'), span)
    await env.DB.prepare(
      `INSERT OR IGNORE INTO webhook_delivery SELECT ?1, position, 'delivered', 1, 1, NULL, at, at FROM feed WHERE owner = 'app:app_hooked' AND subject <> ?2`,
    )
      .bind(webhook, id)
      .run()
  }
  await grow([1, few])
  const before = await measured()
  await grow([few + 1, many])
  const after = await measured()
  const worse = Object.entries(hookBudgets).filter(([what, [rows, questions]]) => {
    const [was, now] = [before.get(what), after.get(what)]
    return !was || !now || now.rowsRead > was.rowsRead + 5 || now.rowsRead > rows || now.statements > questions
  })
  expect(worse.map(([what]) => [what, before.get(what), after.get(what)])).toEqual([])
}, 120_000)

/** Where somebody asks from: the middle of the city, its rim where communes are wide, and beyond its border. */
const [middle, rim, beyond] = ['21.0245,105.8412', '20.72,105.60', '21.45,105.9']

/** What a question about service points may read and ask, among however many of them; each stripe looked at counts as a row. */
const pointBudgets: [query: string, rows: number, statements: number][] = [
  [`near=${middle}`, 400, 10],
  [`near=${rim}`, 600, 10],
  [`near=${beyond}`, 900, 10],
  [`near=${middle}&kind=office`, 600, 12],
  [`near=${middle}&unit=${far}`, 700, 5],
  ['limit=20', 160, 4],
  ['kind=office', 5, 3],
]

test('a place reads what is near it and not the table: 20,000 service points all over the city cost little more than 126', async () => {
  const measured = async () => {
    const spent: [string, Spent][] = []
    for (const [query] of pointBudgets)
      spent.push(await spentOn(query, (door) => door(null, `/v1/service-points?${query}`)))
    return new Map(spent)
  }
  const before = await measured()
  const spread = {
    id: "unit_id || '.' || CAST(n AS INTEGER)",
    lat: '20.6 + ((rowid * 7919 + n * 104729) % 20000) / 25000.0',
    lon: '105.3 + ((rowid * 15485863 + n * 7907) % 19997) / 26663.0',
  }
  await multiplied('service_point', 'kind', 'commune-point-inside-boundary', spread, [2, 159])
  const after = await measured()
  const worse = pointBudgets.filter(([query, rows, questions]) =>
    [before, after].some((spent) => {
      const { rowsRead, statements } = spent.get(query) ?? { rowsRead: Infinity, statements: Infinity }
      return rowsRead > rows || statements > questions
    }),
  )
  expect(worse.map(([query]) => [query, before.get(query), after.get(query)])).toEqual([])
}, 120_000)
