import { beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../src/domain/actor.ts'
import { mayUse, permissions, reachFor, type Verb } from '../../src/domain/permission.ts'
import { reaches } from '../../src/domain/scope.ts'
import { moversTo, type Status } from '../../src/domain/transitions.ts'
import { examples } from '../../src/routes/dossiers/examples.ts'
import { example as reform } from '../../src/routes/reforms/example.ts'
import { ask, type Reply } from '../support/api.ts'
import {
  actingUnder,
  askedOf,
  actorOf,
  ceased,
  type Cast,
  commune,
  seeded,
  seesThing,
  type Thing,
  ward,
  whoOf,
  type World,
} from '../support/cast.ts'
import { operations } from '../support/description.ts'
import { requestExamples } from '../support/request-examples.ts'
import { tus } from '../support/uploads.ts'

/** One request that would change nothing: whoever may make it is stopped by its version, its content, or the state of things. */
type Asking = {
  verb: Verb | 'anybody'
  path?: (path: string) => string
  body?: unknown
  headers?: Record<string, string>
  /** For those who may not see the thing, it is not there. */
  of?: Thing
  /** What an officer of the receiving point is told, where it is not what the competent unit is. */
  atPoint?: Outcome
  /** Of which procedure the dossier is that it would make. */
  procedure?: string
  /** On top of the table. */
  also?: (actor: Actor) => boolean
}

let world: World
let things: Record<string, string>
beforeAll(async () => {
  world = await seeded()
  things = { ...world.things, number: 'X-1.2026.01', list: 'X-1.2026' }
})

const at = (from: string, thing: string) => (path: string) => path.replace(from, things[thing] ?? '')
const stale = { 'if-match': '"999999"' }
const dossier = { path: at('{code}', 'dossier'), of: 'dossier' as const }
const copy = { path: at('{id}', 'copy'), of: 'copy' as const }
const aShare = {
  path: (path: string) => copy.path(path).replace('{share}', `share_${crypto.randomUUID()}`),
  of: 'copy' as const,
}
const aMandate = { path: (path: string) => path.replace('{id}', `mandate_${crypto.randomUUID()}`) }
const aConsent = { path: (path: string) => path.replace('{id}', `consent_${crypto.randomUUID()}`) }
const payment = { path: at('{id}', 'payment'), of: 'payment' as const }
const webhook = { path: at('{id}', 'webhook'), of: 'webhook' as const }
const anUpload = {
  path: (path: string) => path.replace('{id}', `upload_${crypto.randomUUID()}`),
  headers: { ...tus, 'content-type': 'application/offset+octet-stream' },
}
const anApp = { path: at('{id}', 'app') }
const query = (text: string) => (path: string) => `${path}?${text}`
const key = { 'idempotency-key': 'once' }
const unknown = { ...examples.submission, procedure: '9.999999' }
const former = { system: 'hn-old', code: 'X', unit: '00082-0', receivedAt: '2025-06-02T09:00:00+07:00' }

const backwards = {
  kind: 'recorded',
  from: '2026-11-02T09:00:00+07:00',
  to: '2026-11-01T09:00:00+07:00',
  reason: { vi: 'Lỗi', en: 'Fault' },
}

/** A unit that has ceased has no book of this year. */
const isAtWork = (actor: Actor) => actor.kind !== 'officer' || actor.unit !== ceased

const movers = (to: Status) => (actor: Actor) =>
  (actor.kind === 'officer' ? actor.roles : ['applicant' as const]).some((name) => moversTo(to).has(name))

const askings: Record<string, Asking | Asking[]> = {
  fileDossier: [
    { verb: 'fileDossier', body: unknown, headers: key, procedure: unknown.procedure },
    { verb: 'takeOverDossier', body: { ...unknown, takenOver: former }, headers: key, procedure: unknown.procedure },
  ],
  listDossiers: { verb: 'listDossiers' },
  readDossier: { verb: 'readDossier', ...dossier },
  listDossierEvents: { verb: 'readEvents', ...dossier },
  readProgress: { verb: 'readProgress', path: at('{code}', 'dossier') },
  moveDossier: Object.values(examples.transitions).map(({ value }): Asking => ({
    verb: 'moveDossier',
    ...dossier,
    body: value,
    headers: stale,
    also: movers(value.to),
  })),
  supplementDossier: { verb: 'supplementDossier', ...dossier, headers: stale },
  rateDossier: { verb: 'rateDossier', ...dossier, headers: stale },
  reappointDossier: { verb: 'reappointDossier', ...dossier, headers: stale, atPoint: 'not-allowed' },
  correctLateCause: { verb: 'correctLateCause', ...dossier, headers: stale, atPoint: 'not-allowed' },
  readSlip: { verb: 'readSlip', ...dossier, path: (path) => dossier.path(path).replace('{form}', 'apology') },
  readDossierRegister: { verb: 'readRegister', path: query('from=2026-11-01&to=2026-11-02') },
  readCopyRegister: { verb: 'readRegister', also: isAtWork },
  listBooks: { verb: 'readRegister' },
  assignDossier: { verb: 'assignDossier', ...dossier, headers: stale },
  uploadFile: { verb: 'uploadFile', body: 'no PDF', headers: { 'content-type': 'application/pdf' } },
  downloadFile: { verb: 'downloadFile', path: at('{id}', 'file'), of: 'file' },
  createUpload: { verb: 'uploadFile', headers: { ...anUpload.headers, 'upload-length': '0' }, body: 'x' },
  appendToUpload: {
    verb: 'uploadFile',
    ...anUpload,
    headers: { ...anUpload.headers, 'upload-offset': '0' },
    body: 'x',
  },
  readUpload: { verb: 'uploadFile', ...anUpload },
  endUpload: { verb: 'uploadFile', ...anUpload },
  listQuarantinedFiles: { verb: 'readQuarantine' },
  releaseFile: { verb: 'releaseFile', path: at('{id}', 'file') },
  quoteFee: { verb: 'quoteFee', path: (path) => path.replace('{code}', '1.001193') },
  pay: [
    { verb: 'startPayment', ...dossier, body: { method: 'online', provider: 'none' } },
    { verb: 'takeCash', ...dossier, body: { method: 'cash', amount: 1 }, headers: stale },
  ],
  payCopies: [
    { verb: 'payCopies', ...copy, body: { method: 'online', provider: 'none' } },
    { verb: 'takeCash', ...copy, body: { method: 'cash', amount: 1 }, headers: stale, atPoint: 'not there' },
  ],
  listCopyPayments: { verb: 'readCopy', ...copy, atPoint: 'not there' },
  tellPayment: { verb: 'tellPayment', path: (path) => path.replace('{provider}', 'none') },
  listDossierPayments: { verb: 'readPayment', ...dossier },
  readPayment: { verb: 'readPayment', ...payment },
  readReceipt: { verb: 'readPayment', ...payment },
  listRefunds: { verb: 'refundPayment', path: query('status=to-be-refunded') },
  refundPayment: { verb: 'refundPayment', ...payment, headers: stale, atPoint: 'not there' },
  certifyCopies: {
    verb: 'certifyCopy',
    of: 'dossier',
    atPoint: 'not-allowed',
    // Read when it is asked: the dossier is made first.
    get body() {
      return { dossier: things['dossier'], scan: `file_${crypto.randomUUID()}`, paperSeen: true }
    },
  },
  listCopies: { verb: 'listCopies' },
  readCopy: { verb: 'readCopy', ...copy },
  downloadCopy: { verb: 'downloadCopy', ...copy },
  listOpenings: { verb: 'readOpenings', ...copy },
  shareCopy: {
    verb: 'shareCopy',
    ...copy,
    body: { recipient: 'A', purpose: 'B', until: '2020-01-01T00:00:00+07:00' },
  },
  listShares: { verb: 'readShares', ...copy },
  readShare: { verb: 'readShares', ...aShare },
  revokeShare: { verb: 'revokeShare', ...aShare },
  readSharedCopy: { verb: 'openShare', path: (path) => path.replace('{token}', 'A'.repeat(43)) },
  downloadSharedCopy: { verb: 'openShare', path: (path) => path.replace('{token}', 'A'.repeat(43)) },
  giveMandate: {
    verb: 'giveMandate',
    body: {
      representative: { personalId: '001190000001', fullName: 'A' },
      extent: ['read-copies'],
      until: '2020-01-01T00:00:00Z',
    },
    // Nobody hands on what their own token does not reach.
    also: (actor) => actor.kind === 'citizen' && actor.taxCode !== null && actor.scopes.includes('copies'),
  },
  listConsents: { verb: 'readConsents' },
  readConsent: { verb: 'readConsents', ...aConsent },
  listConsentUses: { verb: 'readConsents', ...aConsent },
  endConsent: { verb: 'endConsent', ...aConsent },
  readConsentTerms: { verb: 'readApps', ...anApp },
  setConsentTerms: { verb: 'manageApps', path: (path) => path.replace('{id}', `app_${crypto.randomUUID()}`) },
  listMandates: { verb: 'readMandates' },
  readMandate: { verb: 'readMandates', ...aMandate },
  listMandateUses: { verb: 'readMandates', ...aMandate },
  endMandate: { verb: 'endMandate', ...aMandate },
  revokeCopy: { verb: 'revokeCopy', ...copy, headers: stale, atPoint: 'not there' },
  readVerification: { verb: 'verifyCopy', path: at('{number}', 'number') },
  readStatusList: { verb: 'readStatusList', path: at('{id}', 'list') },
  verify: { verb: 'verifyCopy', body: { sha256: '0'.repeat(64) } },
  registerApp: { verb: 'manageApps' },
  listApps: { verb: 'readApps' },
  readApp: { verb: 'readApps', ...anApp },
  changeApp: { verb: 'manageApps', ...anApp, headers: stale },
  addAppSecret: { verb: 'manageApps', path: (path) => path.replace('{id}', `app_${crypto.randomUUID()}`) },
  addAppKey: { verb: 'manageApps', path: (path) => path.replace('{id}', `app_${crypto.randomUUID()}`) },
  revokeAppSecret: {
    verb: 'manageApps',
    path: (path) => anApp.path(path).replace('{credential}', `secret_${crypto.randomUUID()}`),
  },
  revokeAppKey: { verb: 'manageApps', path: (path) => anApp.path(path).replace('{key}', `key_${crypto.randomUUID()}`) },
  listEvents: { verb: 'readFeed' },
  createWebhook: { verb: 'manageWebhooks', body: { url: 'https://x' } },
  listWebhooks: { verb: 'readWebhooks' },
  readWebhook: { verb: 'readWebhooks', ...webhook },
  changeWebhook: { verb: 'manageWebhooks', ...webhook, headers: stale },
  deleteWebhook: { verb: 'manageWebhooks', ...webhook, headers: stale },
  addWebhookSecret: { verb: 'manageWebhooks', ...webhook },
  revokeWebhookSecret: {
    verb: 'manageWebhooks',
    ...webhook,
    path: (path) => webhook.path(path).replace('{credential}', `whsec_${crypto.randomUUID()}`),
  },
  listWebhookDeliveries: { verb: 'readWebhooks', ...webhook },
  retryWebhookDelivery: {
    verb: 'manageWebhooks',
    ...webhook,
    path: (path) => webhook.path(path).replace('{event}', 'event_0'),
  },
  replayWebhook: { verb: 'manageWebhooks', ...webhook, body: { from: '2100-01-01T00:00:00+07:00' } },
  pingWebhook: { verb: 'manageWebhooks', ...webhook },
  acceptReform: { verb: 'acceptReform', path: query('dryRun=true'), body: reform },
  listReforms: { verb: 'readReforms' },
  readReform: { verb: 'readReforms', path: (path) => path.replace('{id}', crypto.randomUUID()) },
  listReassignments: { verb: 'listReassignments' },
  listSigningCredentials: { verb: 'manageSigners' },
  readSigningCredential: { verb: 'manageSigners', path: (path) => path.replace('{id}', 'none') },
  importSigningCredential: { verb: 'manageSigners' },
  activateSigningCredential: { verb: 'manageSigners', path: (path) => path.replace('{id}', 'none') },
  retireSigningCredential: { verb: 'manageSigners', path: (path) => path.replace('{id}', 'none') },
  listSigningAlerts: { verb: 'manageSigners' },
  writeOutage: { verb: 'writeOutages', body: backwards, headers: key },
  correctOutage: { verb: 'writeOutages', path: (path) => path.replace('{id}', crypto.randomUUID()), headers: stale },
  listOutages: { verb: 'readOutages' },
  readOutage: { verb: 'readOutages', path: (path) => path.replace('{id}', crypto.randomUUID()) },
  readSandbox: { verb: 'useSandbox' },
  resetSandbox: { verb: 'useSandbox' },
  readSandboxClock: { verb: 'useSandbox' },
  moveSandboxClock: { verb: 'useSandbox' },
  makeTestToken: { verb: 'useSandbox' },
  readTestPayment: { verb: 'anybody', path: (path) => path.replace('{reference}', `sim-${crypto.randomUUID()}`) },
  playTestPayment: {
    verb: 'anybody',
    path: (path) => path.replace('{reference}', `sim-${crypto.randomUUID()}`),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'scenario=success',
  },
  listDeadLetters: { verb: 'readDeadLetters' },
  replayDeadLetter: { verb: 'replayDeadLetter', path: (path) => path.replace('{id}', 'none:1') },
  grantToken: { verb: 'anybody', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'x=y' },
  revokeToken: { verb: 'anybody', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'x=y' },
  pushAuthorizationRequest: {
    verb: 'anybody',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'x=y',
  },
  authorize: { verb: 'anybody' },
  finishLogin: { verb: 'anybody' },
  showConsentPage: { verb: 'anybody', path: (path) => path.replace('{id}', 'A'.repeat(43)) },
  answerConsentPage: { verb: 'anybody', path: (path) => path.replace('{id}', 'A'.repeat(43)), body: 'x=y' },
  readProblem: { verb: 'anybody', path: (path) => path.replace('{code}', 'internal') },
  readProcedure: { verb: 'anybody', path: (path) => path.replace('{code}', '1.001193') },
  foreseeDueDate: { verb: 'anybody', path: (path) => path.replace('{code}', '1.001193') },
  setOpeningHours: { verb: 'setOpeningHours', path: (path) => path.replace('{id}', ward), headers: stale },
  readOpeningHours: { verb: 'anybody', path: (path) => path.replace('{id}', ward) },
  readServicePoint: { verb: 'anybody', path: (path) => path.replace('{id}', `${ward}.1`) },
  readUnit: { verb: 'anybody', path: (path) => path.replace('{id}', ward) },
  findCompetentUnit: { verb: 'anybody', path: query('procedure=1.001193') },
  ...Object.fromEntries(
    `readHealth readReference readDescription readEventDescription listProblems listProcedures listServicePoints listUnits readKeys readAuthorizationServer
     readProtectedResource readApiCatalog readSecurityContact listGuides readGuide checkFileHere`
      .split(/\s+/)
      .map((name): [string, Asking] => [name, { verb: 'anybody' }]),
  ),
}

type Outcome = 'token-needed' | 'not-allowed' | 'not there' | 'let in'

/** What the table says, and for an app how far its token reaches. */
function expected(asking: Asking, one: Cast): Outcome {
  if (asking.verb === 'anybody') return 'let in'
  const actor = actorOf(one)
  const answer = mayUse(actor, asking.verb)
  if (answer !== 'yes') return answer
  if (asking.also && !asking.also(actor)) return 'not-allowed'
  if (asking.of && !seesThing(one, asking.of)) return 'not there'
  const reach = reachFor(actor, asking.verb)
  const isReached = (procedure: string) =>
    !reach || reaches(reach, procedure, procedure === commune ? 'commune' : undefined)
  if (asking.procedure && !isReached(asking.procedure)) return 'not-allowed'
  if (asking.of && !isReached(commune)) return 'not-allowed'
  return (one.relation === 'point' && asking.atPoint) || 'let in'
}

const unseen = new Set(['no-such-dossier', 'no-such-copy', 'no-such-file', 'no-such-payment', 'no-such-webhook'])

function outcomeOf({ status, body }: Reply): Outcome {
  if (body.code === 'token-needed' || body.code === 'not-allowed') return body.code
  return status === 404 && unseen.has(body.code) ? 'not there' : 'let in'
}

const cases = operations.flatMap((operation) => {
  const found = askings[operation.operationId]
  if (!found) throw new Error(`the matrix does not know ${operation.operationId}`)
  return [found].flat().map((asking, index) => ({ name: `${operation.operationId} ${index + 1}`, operation, asking }))
})

test.each(cases)('$name: let in is exactly who the table names', async ({ operation, asking }) => {
  const type = Object.keys(operation.requestBody?.content ?? {})[0]
  const body = asking.body ?? (type ? requestExamples(operation, type)[0]?.[1] : undefined)
  const path = asking.path?.(operation.path) ?? operation.path
  const request = { method: operation.method, headers: asking.headers ?? {}, ...(body !== undefined && { body }) }
  const asked = askedOf(asking.verb)
  const outcomes = asked.map(async (one) => {
    const headers = { ...request.headers, ...actingUnder(world, one) }
    return [one.name, outcomeOf(await ask(whoOf(world, one), path, { ...request, headers }))]
  })
  const table = asked.map((one) => [one.name, expected(asking, one)])
  expect(Object.fromEntries(await Promise.all(outcomes))).toEqual(Object.fromEntries(table))
})

test('every verb of the table is asked for somewhere', () => {
  const asked = new Set(cases.map(({ asking }) => asking.verb))
  expect(Object.keys(permissions).filter((verb) => !asked.has(verb as Verb))).toEqual([])
})
