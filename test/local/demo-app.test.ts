import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { demoAppStatements, makeDemoApp, readDemoApp } from '../../src/local/demo-app.ts'
import { isSecretOf } from '../../src/platform/secrets.ts'

test('set-up registers the demo app once, however often it runs, and keeps the secret out of the database', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'demo-app-'))
  const file = join(folder, 'local', 'app.json')
  const db = new DatabaseSync(':memory:')
  db.exec(readFileSync(join(import.meta.dirname, '../../migrations/0002_identity.sql'), 'utf8'))
  try {
    expect(await readDemoApp(file)).toBeUndefined()
    const app = await makeDemoApp('http://127.0.0.1:8787', file)
    const again = await makeDemoApp('http://127.0.0.1:9000', file)
    expect(again).toEqual({ ...app, origin: 'http://127.0.0.1:9000' })
    expect(await readDemoApp(file)).toEqual(again)
    for (const sql of [...(await demoAppStatements(app)), ...(await demoAppStatements(again))]) db.exec(sql)
    const secrets = db.prepare('SELECT app_id, hash FROM app_secret').all()
    expect(secrets).toHaveLength(1)
    expect(secrets[0]?.['app_id']).toBe(app.clientId)
    expect(await isSecretOf(app.clientSecret, String(secrets[0]?.['hash']))).toBe(true)
  } finally {
    db.close()
    await rm(folder, { recursive: true })
  }
})
