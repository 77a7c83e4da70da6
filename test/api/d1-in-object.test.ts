import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { isDuplicate } from '../../src/store/database.ts'
import { d1InObject } from '../../src/store/d1-in-object.ts'

const made = `CREATE TABLE parity (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, part REAL, bytes BLOB, CHECK (length(word) < 9)) STRICT`

/** Does the same on D1 and on the database of an object, and answers what each said. */
async function both<T>(work: (db: D1Database) => Promise<T>): Promise<[onD1: T, inObject: T]> {
  const attempt = async (db: D1Database) => {
    await db.batch([db.prepare('DROP TABLE IF EXISTS parity'), db.prepare(made)])
    const said = await work(db).catch((error: unknown) => String(error) as T)
    await db.prepare('DROP TABLE parity').run()
    return said
  }
  const stub = env.SANDBOX.get(env.SANDBOX.newUniqueId())
  return [await attempt(env.DB), await runInDurableObject(stub, (_, { storage }) => attempt(d1InObject(storage)))]
}

const insert = 'INSERT INTO parity (id, word, part, bytes) VALUES (?, ?, ?, ?)'

test.each<[what: string, work: (db: D1Database) => Promise<unknown>]>([
  [
    'types, nulls and blobs come back alike',
    async (db) => {
      await db.batch([
        db.prepare(insert).bind(1, 'số', 1.5, new Uint8Array([0, 255])),
        db.prepare(insert).bind(2, 'b', null, new Uint8Array([7]).buffer),
        db.prepare(insert).bind(3, 'c', 2, null),
      ])
      const all = 'SELECT *, id AS id, typeof(part) AS kind, true AS yes FROM parity ORDER BY id'
      return [
        (await db.prepare(all).all()).results,
        await db.prepare(all).raw(),
        await db.prepare(all).raw({ columnNames: true }),
        await db.prepare(all).first(),
        await db.prepare(all).first('word'),
        await db.prepare('SELECT * FROM parity WHERE id = 9').first(),
        await db.prepare('SELECT * FROM parity WHERE id = 9').raw({ columnNames: true }),
      ]
    },
  ],
  [
    'what changed is told alike',
    async (db) => {
      const { meta: first } = await db.prepare(insert).bind(5, 'a', null, null).run()
      const { meta: second } = await db.prepare("UPDATE parity SET word = word || 'x'").run()
      const { meta: third } = await db.prepare('SELECT * FROM parity').all()
      const { results } = await db.prepare('DELETE FROM parity RETURNING id').all()
      return [
        [first, second, third].map(({ changes, last_row_id: last, changed_db: did }) => ({ changes, last, did })),
        results,
      ]
    },
  ],
  [
    'numbered and repeated parameters',
    async (db) => (await db.prepare('SELECT ?2 AS b, ?1 AS a, ?2 AS c').bind('x', 3).all()).results,
  ],
  [
    'many values as one JSON text',
    async (db) =>
      (
        await db
          .prepare('SELECT sum(value) AS sum FROM json_each(?)')
          .bind(JSON.stringify([1, 2, 3]))
          .all()
      ).results,
  ],
  [
    'sessions read what was written',
    async (db) => {
      const session = db.withSession('first-primary')
      await session.prepare(insert).bind(1, 'a', null, null).run()
      return [(await session.batch([db.prepare('SELECT id FROM parity')])).map(({ results }) => results)]
    },
  ],
  [
    'a batch is all or nothing',
    async (db) => {
      const failed = await db
        .batch([db.prepare(insert).bind(1, 'a', null, null), db.prepare(insert).bind(2, 'a', null, null)])
        .catch((error: unknown) => [String(error), isDuplicate(error, 'parity', 'word')])
      return [failed, (await db.prepare('SELECT count(*) AS n FROM parity').all()).results]
    },
  ],
  ['a broken rule', (db) => db.prepare(insert).bind(1, 'much too long', null, null).run()],
  ['a value of the wrong type', (db) => db.prepare(insert).bind(1, 'a', 'text', null).run()],
  ['bad SQL', (db) => db.prepare('SELEKT 1').all()],
  ['a table that is not there', (db) => db.prepare('SELECT * FROM nowhere').all()],
  ['too few parameters', (db) => db.prepare(insert).bind(1).run()],
])('%s', async (_what, work) => {
  const [onD1, inObject] = await both(work)
  expect(inObject).toEqual(onD1)
})

test('what D1 takes for no value is none here', async () => {
  const [onD1, inObject] = await both(async (db) => db.prepare('SELECT ?').bind(undefined).all())
  for (const said of [onD1, inObject])
    expect(JSON.stringify(said)).toContain("D1_TYPE_ERROR: Type 'undefined' not supported")
})
