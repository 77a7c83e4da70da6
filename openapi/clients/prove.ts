// Judges the description with linters, holds it against the last release, and runs clients made from it: npm run clients.
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readDemoApp } from '../../src/local/demo-app.ts'
import { startServices } from '../../src/local/services.ts'
import { placesOf } from '../../src/local/settings.ts'
import { appToken, personToken } from '../../src/local/token.ts'
import { cases } from '../../src/local/walk-cases.ts'
import { clientOf } from '../../src/local/walk-client.ts'
import { demoFolder, tell } from '../../src/local/walk-story.ts'
import { breakingChanges, read } from './breaking.ts'

const here = import.meta.dirname
const root = join(here, '../..')
const described = join(here, '../openapi.json')
const workflows = join(here, '../arazzo.yaml')
const results: boolean[] = []

async function check(name: string, look: () => Promise<string[]>): Promise<void> {
  const faults = await look().catch((error: unknown) => [String(error)])
  results.push(faults.length === 0)
  console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'}  ${name}`)
  for (const fault of faults) console.log(`          ${fault}`)
}

/** What a command of this folder says when it fails. */
function faultsOf(command: string, args: string[], more: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const env = { ...process.env, NO_COLOR: '1', REDOCLY_TELEMETRY: 'off', ...more }
  const file = command === 'node' ? process.execPath : join(here, 'node_modules/.bin', command)
  const child = spawn(file, args, { cwd: here, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(String(data)))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code === 0 ? [] : said.join('').trim().split('\n').slice(-40)))
  })
}

rmSync(join(here, 'made'), { recursive: true, force: true })

await check('spectral: oas and OWASP, nothing found', () =>
  faultsOf('spectral', ['lint', described, '-r', 'spectral.yaml', '--fail-severity=hint']),
)
await check('redocly: recommended-strict, nothing found', () =>
  faultsOf('redocly', ['lint', described, '--config', 'redocly.yaml']),
)
await check('nothing breaks a client of the last release', async () =>
  breakingChanges(read(join(here, '../released.json')), read(described)),
)
await check('a broken client would be noticed', async () => {
  const broken = read(described)
  delete broken['paths']['/v1/units/{id}']
  delete broken['components'].schemas.Dossier.properties.version
  const [input] = Object.values<any>(broken['paths']['/v1/dossiers'].post.requestBody.content)
  const asked = broken['components'].schemas[input.schema.$ref.split('/').at(-1)]
  asked.properties.more = { type: 'string' }
  asked.required = [...(asked.required ?? []), 'more']
  broken['components'].schemas.Dossier.properties.more = { type: 'string' }
  const found = breakingChanges(read(described), broken)
  const places = ['/v1/units/{id}', 'properties › version', 'required']
  const unseen = places.filter((place) => !found.some((change) => change.includes(place)))
  const harmless = found.filter((change) => change.includes('Dossier › properties › more'))
  return [...unseen.map((place) => `not found: ${place}`), ...harmless]
})
await check('redocly: the workflows are well described', () =>
  faultsOf('redocly', ['lint', workflows, '--config', 'redocly.yaml']),
)
await check('openapi-typescript makes types', () =>
  faultsOf('openapi-typescript', [described, '-o', 'made/openapi-typescript.d.ts', '--default-non-nullable', 'false']),
)
await check('@hey-api/openapi-ts makes a client', () => faultsOf('openapi-ts', ['-f', 'openapi-ts.config.ts']))
await check('both compile strictly with the quickstart', () => faultsOf('tsc', ['-p', '.']))

const services = await startServices(placesOf(), () => undefined)
const { service, identity } = services.places
try {
  const [first] = cases
  if (!first) throw new Error('the walk has no story')
  mkdirSync(demoFolder, { recursive: true })
  // So that the citizen of the second workflow has a copy to fetch.
  await tell(first, clientOf(services.places))
  const app = await readDemoApp(join(root, '.local/app.json'))
  if (!app) throw new Error('set-up has left no app')
  const env = { API: service, CLIENT_ID: app.clientId, CLIENT_SECRET: app.clientSecret }
  for (const quickstart of ['openapi-fetch', 'hey-api'])
    await check(`the quickstart runs against the service: ${quickstart}`, () =>
      faultsOf('node', [`src/${quickstart}.ts`], env),
    )
  const inputs = {
    appToken: await appToken(app),
    citizenToken: await personToken(identity, 'citizen'),
    idempotencyKey: crypto.randomUUID(),
    // Somebody new: the same matter of the same person would be answered with the open dossier.
    personalId: `001190${String(Date.now()).slice(-6)}`,
  }
  const respect = (workflow: string, ...more: string[]) =>
    check(`the workflow runs against the service: ${workflow}`, () => {
      const given = ['-w', workflow, '-S', `motcua=${service}`, '-i', JSON.stringify(inputs)]
      return faultsOf('redocly', ['respect', workflows, ...given, ...more])
    })
  await respect('submit-and-follow')
  // The tool reads a PDF as an empty object and misses a string in it.
  await respect('retrieve-and-check', '--severity', 'SCHEMA_CHECK=warn')
} finally {
  await services.close()
}

const passed = results.filter(Boolean).length
console.log(`${passed} passed, ${results.length - passed} failed`)
process.exit(passed === results.length ? 0 : 1)
