import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { writeDevVars } from '../../src/local/dev-vars.ts'
import { placesOf } from '../../src/local/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'motcua-vars-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('set-up makes secrets once, keeps them when ports change, and tells nobody else on the machine', async () => {
  const file = join(folder, 'vars')
  const first = await writeDevVars(placesOf({}), file)
  const text = readFileSync(file, 'utf8')
  const written = statSync(file).mtimeMs
  expect(await writeDevVars(placesOf({}), file)).toEqual(first)
  expect(statSync(file).mtimeMs).toBe(written)

  const moved = await writeDevVars(placesOf({ PORT: '9787', IDENTITY_PORT: '9788' }), file)
  expect(moved).toMatchObject({ PUBLIC_ORIGIN: 'http://127.0.0.1:9787', MASTER_KEYS: first.MASTER_KEYS })
  expect(JSON.parse(moved.ISSUERS)).toMatchObject([
    { issuer: 'http://127.0.0.1:9788/citizens', audience: 'http://127.0.0.1:9787' },
    { issuer: 'http://127.0.0.1:9788/officers' },
  ])
  expect([moved.INDEX_KEY, moved.TOKEN_KEYS]).toEqual([first.INDEX_KEY, first.TOKEN_KEYS])
  expect(text).toContain(first.INDEX_KEY)
  expect(statSync(file).mode & 0o077).toBe(0)
})

test.each(['0', '65536', 'abc', '8787.5'])('a port that is none (%s) is refused by its name', (port) => {
  expect(() => placesOf({ PORT: port })).toThrow(`PORT=${port} is not a port`)
})
