// Makes this machine ready to run the service, without network or account: npm run setup. What is there is kept, what is missing is made.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalogue } from '../imports/catalogue.ts'
import { localDate } from '../platform/time.ts'
import { catalogueStatements, datasets, readFiles } from './catalogue.ts'
import { demoAppFile, demoAppStatements, makeDemoApp } from './demo-app.ts'
import { devVarsFile, type DevVars, writeDevVars } from './dev-vars.ts'
import { localIssuers } from './identity-provider.ts'
import { openPki, type Pki } from './pki.ts'
import { demoUnits, type Places, placesOf } from './settings.ts'
import { signingStatements } from './signing.ts'
import { stateFolder } from './wrangler.ts'

const root = join(import.meta.dirname, '../..')
const doneFile = '.local/setup'

export type Ready = { pki: Pki; vars: DevVars; /** What was done, a phrase each. */ report: string[] }

/** Settings, keys, certificates, database, catalogue and the demo app. Quick when nothing changed since it ran today. */
export async function setUp(places: Places = placesOf()): Promise<Ready> {
  const database = join(stateFolder, 'v3/d1')
  if (!existsSync(devVarsFile) && existsSync(database))
    throw new Error(
      `${devVarsFile} is gone, and with it the keys that open what the local database holds. Bring it back, or begin anew: rm -rf .wrangler .local`,
    )
  const vars = await writeDevVars(places)
  const pki = await openPki('.local/pki', { crlUrl: `${places.timestamp}/crl` })
  const app = await makeDemoApp(places.service)
  const wanted = fingerprint({ vars, app, root: Buffer.from(pki.root).toString('base64') })
  const isDone = existsSync(database) && existsSync(doneFile) && readFileSync(doneFile, 'utf8') === wanted
  if (isDone) return { pki, vars, report: ['everything is ready since the last time'] }

  // Loaded only now: wrangler is large.
  const { migrate, withDatabase } = await import('./database.ts')
  const report = await withDatabase(async (db) => {
    const migrations = await migrate(db)
    const catalogue = await importCatalogue(db)
    const texts = [...(await demoAppStatements(app)), ...(await signing(db, pki, vars, places))]
    await db.batch(texts.map((sql) => db.prepare(sql)))
    return [
      `database: ${migrations.length > 0 ? `${migrations.length} migrations applied` : 'up to date'}`,
      ...catalogue,
      `certificates for officers and seals of ${Object.keys(demoUnits).length} units, from a development PKI in ${pki.folder}`,
      `demo app: ${demoAppFile}`,
    ]
  })
  writeFileSync(doneFile, wanted)
  return { pki, vars, report }
}

/** Of everything that the database is made from; the day is in it because revocation lists age. */
function fingerprint(made: Record<string, unknown>): string {
  const hash = createHash('sha256').update(JSON.stringify([localDate(new Date()), made]))
  for (const folder of ['migrations', 'data', 'src/imports', 'src/local']) {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
    for (const path of paths.toSorted()) hash.update(path).update(readFileSync(path))
  }
  return hash.digest('hex')
}

async function importCatalogue(db: D1Database): Promise<string[]> {
  const { rows, findings } = readCatalogue(readFiles())
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length > 0)
    throw new Error(`data/ has ${errors.length} errors; "npm run import -- all --dry-run" lists them`)
  const statements = await catalogueStatements(rows, datasets, localDate(new Date()))
  await db.batch(statements.map(({ sql, params }) => db.prepare(sql).bind(...params)))
  const procedures = new Set(rows.procedures.map(({ code }) => code)).size
  return [
    `catalogue: ${procedures} procedures, ${rows.units.units.length} units, ${rows.calendar.years.length} years of the calendar`,
    `${findings.length} doubts about its data: "npm run import -- all --dry-run" lists them`,
  ]
}

async function signing(db: D1Database, pki: Pki, vars: DevVars, places: Places): Promise<string[]> {
  const ids = Object.values(demoUnits)
  const { results } = await db
    .prepare('SELECT id, name_vi AS name FROM unit WHERE id IN (SELECT value FROM json_each(?))')
    .bind(JSON.stringify(ids))
    .all<{ id: string; name: string }>()
  if (results.length !== ids.length) throw new Error('the catalogue lacks a unit of the demo')
  const [id, key] = vars.MASTER_KEYS.split(',')[0]?.split(':') ?? []
  const officers = localIssuers(places.identity, places.service).find(({ kind }) => kind === 'officer')
  if (!id || !key || !officers) throw new Error(`${devVarsFile} has no master key`)
  return signingStatements(pki, results, {
    masterKeys: [[id, key]],
    officerIssuer: officers.key,
    crlUrl: `${places.timestamp}/crl`,
    sealService: 'simulator',
  })
}

if (import.meta.main) {
  const began = performance.now()
  try {
    const { report } = await setUp()
    for (const line of report) console.log(`✓ ${line}`)
    console.log(`Ready after ${((performance.now() - began) / 1000).toFixed(1)} s. Next: npm start`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
