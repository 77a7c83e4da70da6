import { beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../src/domain/actor.ts'
import { consentScopes } from '../../src/domain/consent.ts'
import { mayUse, reachFor, type Verb } from '../../src/domain/permission.ts'
import { reaches } from '../../src/domain/scope.ts'
import { ask, type Reply } from '../support/api.ts'
import {
  actingUnder,
  askedOf,
  actorOf,
  cast,
  type Cast,
  ceased,
  person,
  seeded,
  type Seeded,
  whoOf,
  type World,
} from '../support/cast.ts'
import { underConsent } from '../support/consents.ts'
import { operations } from '../support/description.ts'
import { tus } from '../support/uploads.ts'

// What comes back from a list, from events and from a download is exactly what the caller may see: no leak, and no gap.

let world: World
beforeAll(async () => {
  world = await seeded()
})

/** As it should be, told apart from how the service finds it out. */
const isTheirs = (actor: Actor, one: Seeded): boolean => {
  if (actor.kind === 'app') return one.app === actor.id
  if (actor.kind === 'consented-app') return one.persons.some((id) => actor.persons.includes(id))
  if (actor.kind === 'citizen') return one.persons.some((id) => id === actor.personalId || id === actor.taxCode)
  return actor.kind === 'officer' && actor.unit !== ceased && one.units.includes(actor.unit)
}
function dossiersFor(actor: Actor, verb: Verb): Seeded[] {
  if (mayUse(actor, verb) !== 'yes') return []
  const reach = reachFor(actor, verb)
  return world.dossiers.filter((one) => isTheirs(actor, one) && (!reach || reaches(reach, one.procedure, one.level)))
}
function copiesFor(actor: Actor, verb: Verb): string[] {
  if (mayUse(actor, verb) !== 'yes') return []
  const isMine = (owner: string) =>
    actor.kind === 'consented-app'
      ? actor.persons.includes(owner)
      : actor.kind === 'citizen' && (owner === actor.personalId || owner === actor.taxCode)
  const isAtWork = (units: string[]) => actor.kind === 'officer' && units.includes(actor.unit)
  return world.copies.filter((one) => isMine(one.owner) || isAtWork([one.unit, ...one.through])).map(({ id }) => id)
}
const codes = (found: Seeded[]) => found.map(({ code }) => code)

type Item = Record<string, any>
type Looked = {
  verb: Verb
  headers?: Record<string, string>
  /** Query of a list, or the address of each thing. */
  path: string | ((thing: string) => string)
  /** Every thing there is, where each has an address of its own; missing for a list. */
  each?: () => string[]
  /** Which thing an item of the list is, or is about; null: none of this world. */
  idOf?: (item: Item) => string | null
  expected: (actor: Actor) => string[]
}

const ofEach = (verb: Verb, path: (code: string) => string): Looked => ({
  verb,
  path,
  each: () => codes(world.dossiers),
  expected: (actor) => codes(dossiersFor(actor, verb)),
})
const ofCopy = (verb: Verb, tail: string): Looked => ({
  verb,
  path: (id) => `/v1/copies/${id}${tail}`,
  each: () => world.copies.map(({ id }) => id),
  expected: (actor) => copiesFor(actor, verb),
})
const ofWebhook = (tail: string): Looked => ({
  verb: 'readWebhooks',
  path: (id) => `/v1/webhooks/${id}${tail}`,
  each: () => world.webhooks.map(({ id }) => id),
  expected: (actor) => webhooksFor(actor),
})
const webhooksFor = (actor: Actor) =>
  mayUse(actor, 'readWebhooks') === 'yes' && actor.kind === 'app'
    ? world.webhooks.filter(({ app }) => app === actor.id).map(({ id }) => id)
    : []
const mandatesFor = (actor: Actor) =>
  actor.kind === 'citizen' &&
  mayUse(actor, 'readMandates') === 'yes' &&
  [actor.taxCode, actor.personalId].some((id) => id === person.taxCode || id === person.secretary)
    ? Object.values(world.mandates)
    : []
const consentsFor = (actor: Actor) =>
  actor.kind === 'citizen' && mayUse(actor, 'readConsents') === 'yes'
    ? [...world.consents.values()]
        .filter(({ whose }) => whose === actor.taxCode || whose === actor.personalId)
        .map(({ id }) => id)
    : []
const ofConsent = (tail: string): Looked => ({
  verb: 'readConsents',
  path: (id) => `/v1/consents/${id}${tail}`,
  each: () => [...world.consents.values()].map(({ id }) => id),
  expected: consentsFor,
})
const ofMandate = (tail: string): Looked => ({
  verb: 'readMandates',
  path: (id) => `/v1/mandates/${id}${tail}`,
  each: () => Object.values(world.mandates),
  expected: mandatesFor,
})
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** Of the unit that keeps the book, and of nobody else. */
const ofOwnUnit = (actor: Actor, units: string[]) =>
  mayUse(actor, 'readRegister') === 'yes' && actor.kind === 'officer' ? units.filter((unit) => unit === actor.unit) : []

/** Every operation that shows something of somebody’s. What shows everybody the same, or operators all there is, is named below. */
const looked: Record<string, Looked> = {
  listDossiers: {
    verb: 'listDossiers',
    path: '/v1/dossiers?limit=100',
    idOf: ({ code }) => code,
    expected: (actor) => codes(dossiersFor(actor, 'listDossiers')),
  },
  readDossier: ofEach('readDossier', (code) => `/v1/dossiers/${code}`),
  listDossierEvents: ofEach('readEvents', (code) => `/v1/dossiers/${code}/events`),
  readSlip: ofEach('readSlip', (code) => `/v1/dossiers/${code}/slips/control-slip`),
  listDossierPayments: ofEach('readPayment', (code) => `/v1/dossiers/${code}/payments`),
  readPayment: {
    verb: 'readPayment',
    path: (id) => `/v1/payments/${id}`,
    each: () => [world.things.payment],
    expected: (actor) =>
      dossiersFor(actor, 'readPayment').some(({ code }) => code === world.things.dossier) ? [world.things.payment] : [],
  },
  downloadFile: {
    verb: 'downloadFile',
    path: (id) => `/v1/files/${id}`,
    each: () => world.dossiers.flatMap(({ file }) => file ?? []),
    expected: (actor) => dossiersFor(actor, 'downloadFile').flatMap(({ file }) => file ?? []),
  },
  readUpload: {
    verb: 'uploadFile',
    headers: tus,
    path: (id) => `/v1/uploads/${id}`,
    each: () => [world.upload],
    expected: (actor) =>
      actor.kind === 'app' && actor.id === 'app_test' && mayUse(actor, 'uploadFile') === 'yes' ? [world.upload] : [],
  },
  listCopies: {
    verb: 'listCopies',
    path: '/v1/copies?limit=100',
    idOf: ({ id }) => id,
    expected: (actor) => (actor.kind === 'officer' ? [] : copiesFor(actor, 'listCopies')),
  },
  readCopy: ofCopy('readCopy', ''),
  downloadCopy: ofCopy('downloadCopy', '/content'),
  listCopyPayments: {
    ...ofCopy('readCopy', '/payments'),
    expected: (actor) => {
      const keeps = world.copies.filter(({ unit }) => actor.kind !== 'officer' || actor.unit === unit)
      return keeps.map(({ id }) => id).filter((id) => copiesFor(actor, 'readCopy').includes(id))
    },
  },
  listShares: ofCopy('readShares', '/shares'),
  listOpenings: ofCopy('readOpenings', '/openings'),
  listConsents: { verb: 'readConsents', path: '/v1/consents?limit=100', idOf: ({ id }) => id, expected: consentsFor },
  readConsent: ofConsent(''),
  listConsentUses: ofConsent('/uses'),
  listMandates: { verb: 'readMandates', path: '/v1/mandates?limit=100', idOf: ({ id }) => id, expected: mandatesFor },
  readMandate: ofMandate(''),
  listMandateUses: ofMandate('/uses'),
  listEvents: {
    verb: 'readFeed',
    path: '/v1/events?limit=100',
    idOf: ({ data }) => data.dossier,
    expected: (actor) => codes(dossiersFor(actor, 'readFeed')),
  },
  listWebhooks: { verb: 'readWebhooks', path: '/v1/webhooks?limit=100', idOf: ({ id }) => id, expected: webhooksFor },
  readWebhook: ofWebhook(''),
  listWebhookDeliveries: ofWebhook('/deliveries'),
  readDossierRegister: {
    verb: 'readRegister',
    path: `/v1/registers/dossiers?from=${day(-1)}&to=${day(1)}&limit=100`,
    idOf: ({ code }) => code,
    expected: (actor) => codes(dossiersFor(actor, 'readRegister')),
  },
  readCopyRegister: {
    verb: 'readRegister',
    path: '/v1/registers/copies?limit=100',
    idOf: ({ copies: [copy] }) => copy.number,
    expected: (actor) =>
      world.copies.filter(({ unit }) => ofOwnUnit(actor, [unit]).length > 0).map(({ number }) => number),
  },
  listBooks: {
    verb: 'readRegister',
    path: '/v1/registers/copies/books?limit=100',
    idOf: ({ unit }) => unit.id,
    expected: (actor) =>
      ofOwnUnit(
        actor,
        world.copies.map(({ unit }) => unit),
      ),
  },
  // Nothing of this world waits there; what does is in the tests of reforms and payments.
  listReassignments: {
    verb: 'listReassignments',
    path: '/v1/reassignments',
    idOf: ({ code }) => code,
    expected: () => [],
  },
  listRefunds: {
    verb: 'refundPayment',
    path: '/v1/payments?status=to-be-refunded',
    idOf: ({ id }) => id,
    expected: () => [],
  },
}

/** The same for whoever gets any of it; who does is in the matrix of operations. */
const alike = new Set(
  `readHealth readReference readDescription readEventDescription readApiCatalog readSecurityContact listGuides readGuide listProblems
  readProblem listProcedures readProcedure foreseeDueDate listUnits readUnit readOpeningHours listServicePoints readServicePoint
  findCompetentUnit quoteFee readKeys readAuthorizationServer readProtectedResource readProgress readStatusList readVerification
  listOutages readOutage readSharedCopy downloadSharedCopy
  listReforms readReform listApps readApp listSigningCredentials readSigningCredential listSigningAlerts listDeadLetters listQuarantinedFiles checkFileHere readConsentTerms
  authorize finishLogin showConsentPage readSandbox readSandboxClock readTestPayment
  readReceipt readShare`.split(/\s+/),
)

const shows = operations.filter(({ method }) => method === 'GET').map(({ operationId }) => operationId)

test('every operation that shows something is looked at here, or shows the same to all who may', () => {
  expect(shows.filter((name) => !(name in looked) && !alike.has(name))).toEqual([])
  expect([...Object.keys(looked), ...alike].filter((name) => !shows.includes(name))).toEqual([])
})

/** A slip that is not written yet is no secret to whoever may read it. */
const isShown = ({ status, body }: Reply) => status < 300 || body.code === 'no-such-slip'

async function seenBy(one: Cast, { path, each, idOf, ...look }: Looked): Promise<string[]> {
  const headers = { ...look.headers, ...actingUnder(world, one) }
  const get = (at: string) => ask(whoOf(world, one), at, { headers })
  if (typeof path === 'string') {
    const { status, body } = await get(path)
    if (status !== 200) return []
    return [...new Set((body.items as Item[]).flatMap((item) => idOf?.(item) ?? []))]
  }
  const found = await Promise.all((each?.() ?? []).map(async (id) => (isShown(await get(path(id))) ? id : null)))
  return found.filter((id) => id !== null)
}

describe.each(Object.entries(looked))('%s', (_name, look) => {
  test('shows each of the cast exactly what they may see', async () => {
    const sorted = (ids: string[]) => [...new Set(ids)].toSorted((a, b) => (a < b ? -1 : 1))
    const asked = askedOf(look.verb)
    const seen = await Promise.all(asked.map(async (one) => [one.name, sorted(await seenBy(one, look))]))
    const table = asked.map((one) => [one.name, sorted(look.expected(actorOf(one)))])
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(table))
  })
})

test('the world is worth looking at: of each thing some of the cast see all, some a part and some nothing', () => {
  const partly = Object.entries(looked).filter(([, look]) => {
    const all = new Set(cast.flatMap((one) => look.expected(actorOf(one))))
    const sizes = cast.map((one) => look.expected(actorOf(one)).length)
    return all.size > 0 && !(sizes.includes(0) && sizes.some((size) => size > 0))
  })
  expect(partly.map(([name]) => name)).toEqual([])
})

test('a consent for certain dossiers and copies opens nothing of the others', async () => {
  const { app, copy, dossier, file } = world.things
  const who = await underConsent(app, person.taxCode, consentScopes, [crypto.randomUUID()])
  const things = [`dossiers/${dossier}`, `dossiers/${dossier}/events`, `files/${file}`, `copies/${copy}`]
  for (const path of [...things, `copies/${copy}/content`, `copies/${copy}/payments`])
    expect([path, (await ask(who, `/v1/${path}`)).status]).toEqual([path, 404])
  for (const path of ['dossiers', 'copies']) expect((await ask(who, `/v1/${path}`)).body.items).toEqual([])
})
