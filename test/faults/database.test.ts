import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test } from 'vitest'
import type { Ask, Reply } from '../support/api.ts'
import { ask } from '../support/api.ts'
import { withBatches } from '../support/database.ts'
import { deadQueue, doorWith } from '../support/doors.ts'
import { quiet } from '../support/quiet.ts'
import type { Who } from '../support/tokens.ts'
import { app, eventually, filed, rowsWritten, step, submission, uploaded } from '../support/walk.ts'

quiet('request.failed', 'outbox.not-sent')
// No copy that is ordered here is ever made: its rows would come in between the counting.
const silent = doorWith({ OUTBOX_QUEUE: deadQueue })
afterEach(() => env.DB.exec('DELETE FROM outbox'))

const lost = () => new Error('D1_ERROR: Network connection lost')

/** Everything that a request may write, the outbox included. */
const everything = async () => ({
  ...(await rowsWritten()),
  outbox: await env.DB.prepare('SELECT count(*) AS rows FROM outbox').first('rows'),
})

/** The n-th statement of the first batch that changes something fails, after all before it were run. */
function failingAt(place: number): { door: Ask; reached: () => boolean } {
  let reached = false
  const broken = env.DB.prepare("SELECT json('{') WHERE 1")
  const db = withBatches(env.DB, (statements, run) => {
    if (reached || !changes(statements) || place > statements.length) return run(statements)
    reached = true
    return run([...statements.slice(0, place), broken, ...statements.slice(place)])
  })
  return { door: doorWith({ DB: db, OUTBOX_QUEUE: deadQueue }), reached: () => reached }
}

/** A batch of writes has more than the three questions that a calendar asks. */
const changes = (statements: D1PreparedStatement[]) =>
  statements.some((one) => /^\s*(insert|update|delete)/i.test(String(Reflect.get(one, 'statement') ?? 'insert')))

type Command = { what: string; prepare: () => Promise<(door: Ask, key: string) => Promise<Reply>>; done: number }

const move = async (who: Who, code: string, version: number, body: object) => (door: Ask, key: string) =>
  door(who, `/v1/dossiers/${code}/transitions`, {
    body,
    headers: { 'if-match': `"${version}"`, 'idempotency-key': key },
  })

async function accepted(): Promise<string> {
  const { body } = await filed()
  await step('reception', body.code, { to: 'accepted' })
  return body.code
}

const commands: Command[] = [
  {
    what: 'handing in a dossier with its file',
    done: 201,
    async prepare() {
      const body = await submission({ procedure: '1.001193' })
      return (door, key) => door(app, '/v1/dossiers', { body, headers: { 'idempotency-key': key } })
    },
  },
  {
    what: 'a step with words',
    done: 200,
    prepare: async () => move('reception', (await filed()).body.code, 1, { to: 'accepted', note: 'Đủ hồ sơ' }),
  },
  {
    what: 'a decision that orders a certified copy',
    done: 200,
    async prepare() {
      const paper = { scan: await uploaded('certifier'), paperSeen: true }
      return move('certifier', await accepted(), 2, { to: 'resolved', outcome: 'granted', paper })
    },
  },
]

describe('whichever statement fails, nothing is written, and the same request succeeds later', () => {
  test.each(commands)('$what', async ({ prepare, done }) => {
    const [send, key] = [await prepare(), crypto.randomUUID()]
    const before = await eventually(async () => {
      const rows = await everything()
      return rows.outbox === 0 ? rows : undefined
    })
    for (let place = 0; ; place++) {
      const { door, reached } = failingAt(place)
      const reply = await send(door, key)
      if (!reached()) {
        expect(place).toBeGreaterThan(4)
        expect([reply.status, reply.headers.get('idempotent-replayed')]).toEqual([done, null])
        break
      }
      expect([place, reply.status, reply.body.code]).toEqual([place, 500, 'internal'])
      expect(await everything()).toEqual(before)
    }
    const again = await send(silent, key)
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([done, 'true'])
  })
})

describe('the answer is lost after all was written', () => {
  const forgetful = () => {
    let lostOne = false
    const db = withBatches(env.DB, async (statements, run) => {
      const results = await run(statements)
      if (lostOne || !changes(statements)) return results
      lostOne = true
      throw lost()
    })
    return doorWith({ DB: db, OUTBOX_QUEUE: deadQueue })
  }

  test.each(commands)(
    '$what: sent again with its key, it was done once and is answered as done',
    async ({ prepare, done }) => {
      const [send, key] = [await prepare(), crypto.randomUUID()]
      const before = (await rowsWritten())?.['journal'] ?? 0
      expect((await send(forgetful(), key)).status).toBe(500)
      const after = await rowsWritten()
      expect(after?.['journal']).toBeGreaterThan(before)
      const again = await send(silent, key)
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([done, 'true'])
      expect(await rowsWritten()).toEqual(after)
    },
  )

  test('a step without a key is not done twice: its version is gone', async () => {
    const { code } = (await filed()).body
    const accept = (door: Ask) =>
      door('reception', `/v1/dossiers/${code}/transitions`, {
        body: { to: 'accepted' },
        headers: { 'if-match': '"1"' },
      })
    expect((await accept(forgetful())).status).toBe(500)
    const again = await accept(ask)
    expect([again.status, again.body.code]).toEqual([412, 'changed-meanwhile'])
    expect((await ask(app, `/v1/dossiers/${code}`)).body).toMatchObject({ status: 'accepted', version: 2 })
  })
})

test('two dossiers reach for one file at once: one gets it, the other is told', async () => {
  const body = await submission({ procedure: '1.001193' })
  const handIn = (door: Ask) => door(app, '/v1/dossiers', { body, headers: { 'idempotency-key': crypto.randomUUID() } })
  let first: Reply | undefined
  const late = withBatches(env.DB, async (statements, run) => {
    first ??= await handIn(ask)
    return run(statements)
  })
  const second = await handIn(doorWith({ DB: late }))
  expect([first?.status, second.status, second.body.code]).toEqual([201, 409, 'file-taken'])
})

test('a database that is away is told as our fault, without a word of what was asked', async () => {
  const away = new Proxy(env.DB, {
    get: () => () => {
      throw lost()
    },
  })
  const { status, body, text } = await doorWith({ DB: away })('citizen', '/v1/dossiers')
  expect([status, body.code]).toEqual([500, 'internal'])
  expect(text).not.toMatch(/D1_ERROR|connection|select/i)
})
