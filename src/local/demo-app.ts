import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { uuidv7 } from 'uuidv7'
import { z } from 'zod'
import { scopeNames } from '../domain/scope.ts'
import { hashOfSecret, newSecret } from '../platform/secrets.ts'
import { localTime } from '../platform/time.ts'

const DemoApp = z.object({ origin: z.url(), clientId: z.string(), clientSecret: z.string() })

/** The demo app's credentials, as set-up leaves them for whoever plays the app. `origin` is the service's. */
export type DemoApp = z.infer<typeof DemoApp>

export const demoAppFile = '.local/app.json'

/** The demo app of an earlier set-up, if there was one. */
export async function readDemoApp(file = demoAppFile): Promise<DemoApp | undefined> {
  try {
    return DemoApp.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** The demo app for the service at `origin`; its id and secret stay the same from one set-up to the next. */
export async function makeDemoApp(origin: string, file = demoAppFile): Promise<DemoApp> {
  const known = await readDemoApp(file)
  const app = {
    clientId: known?.clientId ?? `app_${uuidv7()}`,
    clientSecret: known?.clientSecret ?? newSecret(),
    origin,
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(app, null, 2)}\n`, { mode: 0o600 })
  return app
}

/** SQL texts that register the demo app; running them again changes nothing. */
export async function demoAppStatements({ clientId, clientSecret }: DemoApp): Promise<string[]> {
  const made = `'${localTime(new Date())}', 'setup'`
  const hash = await hashOfSecret(clientSecret)
  return [
    `INSERT INTO app (id, name, scopes, created_at, created_by)
      VALUES ('${clientId}', 'Ứng dụng Ví Dụ', '${JSON.stringify(scopeNames)}', ${made}) ON CONFLICT (id) DO NOTHING`,
    `INSERT INTO app_secret (id, app_id, hash, created_at, created_by)
      VALUES ('${clientId.replace('app_', 'secret_')}', '${clientId}', '${hash}', ${made}) ON CONFLICT (id) DO NOTHING`,
  ]
}
