import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { signMessage } from '../../src/platform/signed-message.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask } from '../support/api.ts'
import { basic, enrolled, registered } from '../support/apps.ts'
import { asked as asks, askingApp, atPage, browser, locationOf, loggedIn, underConsent } from '../support/consents.ts'
import { lodged } from '../support/before-reform.ts'
import { type Operation, operations, resolved } from '../support/description.ts'
import { requestExamples } from '../support/request-examples.ts'
import { bearing, handedIn, type SandboxApp, sandboxApp } from '../support/sandbox.ts'
import { imported, importOf } from '../support/signers.ts'
import type { Who } from '../support/tokens.ts'
import { begun as begunUpload, pathOf, tus } from '../support/uploads.ts'
import { pdf } from '../support/pdf.ts'
import { app, eventually, filed, step, uploaded } from '../support/walk.ts'

/** What an example needs that is not in the reference: who sends it, ids of things that are there, and versions. */
type Setting = {
  who?: Who | null
  params?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  /** The same body with ids of things that are there, or the bytes where the body is a file. */
  body?: (example: any) => unknown
}

const ward = '00082-2025'
const paymentKey = 'p'.repeat(43)
const officer = (...roles: ('reception' | 'handler' | 'certifier' | 'supervisor')[]): Who => ({
  kind: 'officer',
  unit: ward,
  roles,
})
const everyone = officer('reception', 'handler', 'certifier')

/** A dossier that took these steps, and its ETag. */
async function dossierAfter(...steps: Record<string, unknown>[]): Promise<{ code: string; etag: string; last: any }> {
  const { body, headers } = await filed()
  let last = { body, etag: headers.get('etag') ?? '' }
  for (const move of steps) {
    const reply = await step('paper' in move ? 'certifier' : everyone, body.code, move)
    if (reply.status !== 200) throw new Error(`${JSON.stringify(move)}: ${reply.text}`)
    last = { body: reply.body, etag: reply.headers.get('etag') ?? '' }
  }
  return { code: body.code, etag: last.etag, last: last.body }
}

const moved = async (who: Who, ...steps: Record<string, unknown>[]): Promise<Setting> => {
  const { code, etag } = await dossierAfter(...steps)
  return { who, params: { code }, headers: { 'if-match': etag } }
}

const reason = 'Một lý do đủ dài để người nộp hiểu.'
const accepted = { to: 'accepted' }
const asked = { to: 'awaiting-payment', amount: 8000 }

const copyOf = async (): Promise<{ id: string; number: string; etag: string }> => {
  const paper = { scan: await uploaded('certifier'), paperSeen: true }
  const { last } = await dossierAfter(accepted, { to: 'resolved', outcome: 'granted', paper })
  const id: string = last.result.copy
  return eventually(async () => {
    const { body, headers } = await ask(everyone, `/v1/copies/${id}`)
    return body.status === 'valid' ? { id, number: body.number, etag: headers.get('etag') ?? '' } : undefined
  })
}

/** The states from which each move of the reference is made. */
const moves: Record<string, () => Promise<Setting>> = {
  accept: () => moved(everyone),
  'not-accept': () => moved(everyone),
  start: () => moved(everyone, accepted),
  'request-a-supplement': () => moved(everyone, accepted),
  'request-payment': () => moved(everyone, accepted),
  stop: () => moved(everyone, accepted),
  withdraw: () => moved(app, accepted),
  grant: () => moved(everyone, accepted),
  'grant-on-paper': async () => {
    const scan = await uploaded('certifier')
    return { ...(await moved('certifier', accepted)), body: (move) => ({ ...move, paper: { ...move.paper, scan } }) }
  },
  refuse: () => moved(everyone, accepted),
  'decide-at-once': async () => {
    const { body, headers } = await filed({ procedure: '1.001193' })
    return { who: everyone, params: { code: body.code }, headers: { 'if-match': headers.get('etag') ?? '' } }
  },
  recall: () =>
    moved(everyone, accepted, { to: 'resolved', outcome: 'refused', reason }, { to: 'returned', by: 'counter' }),
  return: () => moved(everyone, accepted, { to: 'resolved', outcome: 'refused', reason }),
}

let copy: { id: string; number: string; etag: string }
let client: Awaited<ReturnType<typeof registered>>
let box: Promise<SandboxApp>
beforeAll(async () => {
  box = sandboxApp()
  ;[copy, client] = await Promise.all([copyOf(), registered()])
  const letter = { id: `${copy.id}:1`, type: 'copy.requested', subject: copy.id, version: 1 }
  await contextOf(env, { kind: 'public' }).deadLetters.keep(letter, new Date())
})

const lent = async () => {
  const until = new Date(Date.now() + 86_400_000).toISOString()
  const body = { ...exampleBody('shareCopy'), until }
  const reply = await ask('citizen', `/v1/copies/${copy.id}/shares`, { body })
  return { share: String(reply.body.id), token: String(reply.body.link).split('/').at(-1) ?? '' }
}

const inTime = (example: object) => ({ ...example, until: new Date(Date.now() + 86_400_000).toISOString() })
const ofMandate = async (): Promise<Setting> => {
  const { body } = await ask('company', '/v1/mandates', { body: inTime(exampleBody('giveMandate')) })
  return { who: 'company', params: { id: body.id } }
}

const ofConsent = async (): Promise<Setting> => {
  const { consent } = await underConsent(client.id, '001190000001', ['citizen:copies:read'])
  return { who: 'citizen', params: { id: consent } }
}
const atConsentPage = async (): Promise<Setting> => {
  const visit = browser()
  const { page, form } = await atPage(visit, (await asks(await askingApp())).url)
  const body = (example: object) => ({ ...example, form })
  return { params: { id: page.split('/').at(-1) ?? '' }, headers: { cookie: visit.cookieHeader() }, body }
}

const ofDossier = async (): Promise<Setting> => ({ who: 'citizen', params: { code: (await dossierAfter()).code } })
const anUpload = async () => ({
  id:
    pathOf(await begunUpload(2000))
      .split('/')
      .at(-1) ?? '',
})
const begun = async () => {
  const { code } = await dossierAfter(accepted, asked)
  const { body } = await ask('citizen', `/v1/dossiers/${code}/payments`, { body: { method: 'online' } })
  return { code, id: String(body.id) }
}
/** Copies of an original that are not paid yet; it is the citizen's own. */
async function shownAtACounter(): Promise<string> {
  const owner = { type: 'citizen', fullName: 'Nguyễn Thị Mẫu', personalId: '001190000001' }
  const original = { paper: 'degree', pages: 2, owner }
  const body = { original, scan: await uploaded('certifier'), paperSeen: true }
  return (await ask('certifier', '/v1/copies', { body })).body.items[0].id
}
/** The provider's word that the money came. */
async function told(payment: string, amount: number) {
  const message = JSON.stringify({ ...exampleBody('tellPayment'), payment, amount })
  const headers = await signMessage(paymentKey, `message_${payment}`, new Date(), message)
  return ask(null, '/v1/payment-callbacks/simulator', { body: message, headers })
}
const inCash = async () => {
  const { code, etag } = await dossierAfter(accepted, asked)
  const body = { method: 'cash', amount: 8000 }
  const reply = await ask(officer('reception'), `/v1/dossiers/${code}/payments`, {
    body,
    headers: { 'if-match': etag },
  })
  return { code, ...reply.body }
}
const listener: Who & { kind: 'app' } = {
  kind: 'app',
  id: 'app_listener',
  scopes: ['dossiers:submit', 'dossiers:read', 'webhooks'],
}
const ofWebhook = async (): Promise<Setting> => {
  // Each example gets one that nobody changed; an app may have ten only.
  const who: Who = await enrolled({ ...listener, id: `app_${crypto.randomUUID()}` })
  const { body } = await ask(who, '/v1/webhooks', { body: { url: 'https://examples.receiver.test/200' } })
  return { who, params: { id: body.id } }
}
const key = () => ({ 'idempotency-key': crypto.randomUUID() })
const outage = async (): Promise<string> => {
  const reply = await ask('operator', '/v1/outages', { body: exampleBody('writeOutage'), headers: key() })
  return String(reply.body.id)
}
const inSandbox = async (): Promise<Setting> => ({ who: null, headers: bearing((await box).token) })
const testPayment = async (): Promise<Setting> => {
  const { as } = await box
  const { body } = await handedIn(as, 'payment')
  const paying = await as(`/v1/dossiers/${body.code}/payments`, { body: { method: 'online' } })
  const reference = String(paying.body.redirectUrl).split('/').at(-1) ?? ''
  return { ...(await inSandbox()), params: { reference } }
}
const operator = { who: 'operator' }

const settings: Record<string, (name: string) => Setting | Promise<Setting>> = {
  fileDossier: () => ({ who: app, headers: key() }),
  listDossiers: () => ({ who: 'citizen' }),
  readDossier: ofDossier,
  listDossierEvents: ofDossier,
  readProgress: async () => {
    const { last, code } = await dossierAfter()
    return { params: { code }, query: { secret: last.lookupSecret } }
  },
  moveDossier: (name) => moves[name]?.() ?? Promise.reject(new Error(`no state for ${name}`)),
  supplementDossier: async () => {
    const request = { to: 'awaiting-supplement', components: ['residence'], reason }
    const { code, etag } = await dossierAfter(accepted, request)
    return { who: app, params: { code }, headers: { 'if-match': etag } }
  },
  rateDossier: async () => ({
    ...(await moved(officer('handler'), accepted, { to: 'resolved', outcome: 'granted' })),
    who: 'citizen',
  }),
  reappointDossier: () => moved(officer('handler'), accepted),
  correctLateCause: async () => {
    const { code } = await lodged(ward)
    return { who: 'supervisor', params: { code }, headers: { 'if-match': '"2"' } }
  },
  readSlip: async () => ({
    who: 'citizen',
    params: { code: (await dossierAfter(accepted)).code },
    query: { sequence: '2' },
  }),
  readDossierRegister: () => ({ who: 'supervisor' }),
  readCopyRegister: () => ({ who: 'supervisor' }),
  listBooks: () => ({ who: 'supervisor' }),
  uploadFile: () => ({ who: app, body: () => pdf() }),
  downloadFile: async () => ({ who: app, params: { id: await uploaded(app) } }),
  createUpload: () => ({ who: app, headers: { ...tus, 'upload-length': '2000' }, body: () => pdf().subarray(0, 100) }),
  appendToUpload: async () => ({
    who: app,
    params: await anUpload(),
    headers: { ...tus, 'upload-offset': '0' },
    body: () => pdf().subarray(0, 100),
  }),
  readUpload: async () => ({
    who: app,
    params: await anUpload(),
  }),
  endUpload: async () => ({
    who: app,
    params: await anUpload(),
    headers: tus,
  }),
  listQuarantinedFiles: () => operator,
  releaseFile: async () => {
    const id = await uploaded(app)
    await env.DB.prepare("UPDATE file SET scan = 'infected' WHERE id = ?").bind(id).run()
    return { ...operator, params: { id } }
  },
  pay: async () => ({ who: 'citizen', params: { code: (await dossierAfter(accepted, asked)).code } }),
  listDossierPayments: async () => ({ who: 'citizen', params: { code: (await inCash()).code } }),
  payCopies: async () => ({ who: 'citizen', params: { id: await shownAtACounter() } }),
  listCopyPayments: async () => ({ who: 'citizen', params: { id: await shownAtACounter() } }),
  readPayment: async () => ({ who: 'citizen', params: { id: (await begun()).id } }),
  readReceipt: async () => ({ who: 'citizen', params: { id: (await inCash()).id } }),
  listRefunds: () => ({ who: 'supervisor' }),
  certifyCopies: async (name) => {
    if (name === 'original-at-a-counter') {
      const shown = await uploaded('certifier')
      return { who: 'certifier', body: (example) => ({ ...example, scan: shown }) }
    }
    const paper = { scan: await uploaded('certifier'), paperSeen: true }
    const { code } = await dossierAfter(accepted, { to: 'resolved', outcome: 'granted', paper })
    const scan = await uploaded('certifier')
    return { who: 'certifier', body: (example) => ({ ...example, dossier: code, scan }) }
  },
  listCopies: () => ({ who: 'citizen' }),
  readCopy: () => ({ who: 'citizen', params: { id: copy.id } }),
  downloadCopy: () => ({ who: 'citizen', params: { id: copy.id } }),
  listOpenings: () => ({ who: 'citizen', params: { id: copy.id } }),
  shareCopy: () => ({
    who: 'citizen',
    params: { id: copy.id },
    body: inTime,
  }),
  listShares: () => ({ who: 'citizen', params: { id: copy.id } }),
  readShare: async () => ({ who: 'citizen', params: { id: copy.id, share: (await lent()).share } }),
  revokeShare: async () => ({ who: 'citizen', params: { id: copy.id, share: (await lent()).share } }),
  readSharedCopy: async () => ({ params: { token: (await lent()).token } }),
  downloadSharedCopy: async () => ({ params: { token: (await lent()).token } }),
  giveMandate: () => ({ who: 'company', body: inTime }),
  listMandates: () => ({ who: 'company' }),
  listConsents: () => ({ who: 'citizen' }),
  readConsent: ofConsent,
  listConsentUses: ofConsent,
  endConsent: ofConsent,
  setConsentTerms: () => ({ ...operator, params: { id: client.id } }),
  readConsentTerms: () => ({ ...operator, params: { id: client.id } }),
  authorize: async () => ({ query: Object.fromEntries((await asks(await askingApp())).url.searchParams) }),
  finishLogin: async () => {
    const visit = browser()
    const login = locationOf(await visit((await asks(await askingApp())).url.href))
    const query = Object.fromEntries(new URL(loggedIn(login)).searchParams)
    return { query, headers: { cookie: visit.cookieHeader() } }
  },
  showConsentPage: async () => ({ ...(await atConsentPage()), body: () => undefined }),
  answerConsentPage: atConsentPage,
  pushAuthorizationRequest: async () => {
    const { id, clientSecret } = await askingApp()
    return { headers: basic(id, clientSecret), body: (example) => ({ ...example, client_id: id }) }
  },
  revokeToken: () => ({ headers: basic(client.id, client.clientSecret) }),
  readMandate: ofMandate,
  listMandateUses: ofMandate,
  endMandate: ofMandate,
  revokeCopy: async () => {
    const { id, etag } = await copyOf()
    return { who: officer('certifier'), params: { id }, headers: { 'if-match': etag } }
  },
  readVerification: () => ({ params: { number: copy.number } }),
  readStatusList: () => ({ params: { id: copy.number.split('.').slice(0, 2).join('.') } }),
  verify: () => ({ body: (example) => example ?? pdf() }),
  registerApp: () => operator,
  listApps: () => operator,
  changeApp: async () => ({ ...operator, params: { id: (await registered()).id }, headers: { 'if-match': '"2"' } }),
  readApp: () => ({ ...operator, params: { id: client.id } }),
  addAppSecret: () => ({ ...operator, params: { id: client.id } }),
  addAppKey: () => ({ ...operator, params: { id: client.id } }),
  revokeAppSecret: async () => {
    const { id, secrets } = await registered()
    return { ...operator, params: { id, credential: secrets[0]?.id ?? '' } }
  },
  revokeAppKey: async () => {
    const { id } = await registered()
    const { body } = await ask('operator', `/v1/apps/${id}/keys`, { body: exampleBody('addAppKey') })
    return { ...operator, params: { id, key: body.id } }
  },
  grantToken: () => ({ headers: basic(client.id, client.clientSecret) }),
  refundPayment: async () => {
    const { code, id } = await begun()
    await step(everyone, code, { ...asked, amount: 9000 })
    await told(id, 8000)
    const { headers } = await ask(officer('supervisor'), `/v1/payments/${id}`)
    return { who: officer('supervisor'), params: { id }, headers: { 'if-match': headers.get('etag') ?? '' } }
  },
  tellPayment: async () => {
    const { id } = await begun()
    const message = JSON.stringify({ ...exampleBody('tellPayment'), payment: id, amount: 8000 })
    const headers = await signMessage(paymentKey, `message_${id}`, new Date(), message)
    return { params: { provider: 'simulator' }, headers, body: () => message }
  },
  assignDossier: async () => {
    const { code } = await lodged('00070-0')
    const { headers } = await ask('supervisor', `/v1/dossiers/${code}`)
    return { who: 'supervisor', params: { code }, headers: { 'if-match': headers.get('etag') ?? '' } }
  },
  setOpeningHours: () => ({ ...operator, params: { id: '00008-2025' }, headers: { 'if-match': '"0"' } }),
  findCompetentUnit: () => ({ query: { place: '00082-2025' } }),
  acceptReform: () => ({ ...operator, headers: key() }),
  // The one that the example of acceptReform made.
  readReform: async () => ({ ...operator, params: { id: (await ask('operator', '/v1/reforms')).body.items[0].id } }),
  listReforms: () => operator,
  listReassignments: () => ({ who: 'supervisor' }),
  listSigningCredentials: () => operator,
  importSigningCredential: () => ({ ...operator, body: () => importOf('good') }),
  readSigningCredential: async () => ({ ...operator, params: { id: (await imported('rsa')).body.id } }),
  activateSigningCredential: async () => ({ ...operator, params: { id: (await imported('rsa')).body.id } }),
  retireSigningCredential: async () => ({ ...operator, params: { id: (await imported('rsa')).body.id } }),
  listSigningAlerts: () => operator,
  listEvents: () => ({ who: listener }),
  createWebhook: () => ({ who: listener, headers: key() }),
  listWebhooks: () => ({ who: listener }),
  readWebhook: ofWebhook,
  changeWebhook: async () => ({ ...(await ofWebhook()), headers: { 'if-match': '"1"' } }),
  deleteWebhook: ofWebhook,
  addWebhookSecret: ofWebhook,
  revokeWebhookSecret: async () => {
    const { who = null, params = {} } = await ofWebhook()
    const { body } = await ask(who, `/v1/webhooks/${params['id']}/secrets`, { method: 'POST' })
    return { who, params: { ...params, credential: body.id } }
  },
  listWebhookDeliveries: ofWebhook,
  retryWebhookDelivery: async () => {
    const { who = null, params = {} } = await ofWebhook()
    await filed({ who: who ?? app })
    return eventually(async () => {
      const { body } = await ask(who, `/v1/webhooks/${params['id']}/deliveries`)
      const event: string | undefined = body.items[0]?.event
      return event === undefined ? undefined : { who, params: { ...params, event } }
    })
  },
  replayWebhook: ofWebhook,
  pingWebhook: ofWebhook,
  writeOutage: () => ({ ...operator, headers: key() }),
  readOutage: async () => ({ params: { id: await outage() } }),
  correctOutage: async () => ({ ...operator, params: { id: await outage() }, headers: { 'if-match': '"1"' } }),
  readSandbox: inSandbox,
  readSandboxClock: inSandbox,
  moveSandboxClock: inSandbox,
  makeTestToken: inSandbox,
  resetSandbox: inSandbox,
  readTestPayment: testPayment,
  playTestPayment: testPayment,
  listDeadLetters: () => operator,
  replayDeadLetter: () => ({ ...operator, params: { id: `${copy.id}:1` } }),
}

function exampleBody(name: string): Record<string, unknown> {
  const operation = operations.find(({ operationId }) => operationId === name)
  const [first] = operation ? requestExamples(operation, 'application/json') : []
  return first?.[1] as Record<string, unknown>
}

const exampleOf = ({ schema }: Operation['parameters'][number]) => resolved(schema).example

/** The address with the parameters of the setting, or else those of the reference. */
function addressOf({ path, parameters }: Operation, { params = {}, query: given = {} }: Setting, all: boolean): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name)
    return encodeURIComponent(params[name] ?? (parameter ? String(exampleOf(parameter)) : ''))
  })
  const query = parameters
    .filter(
      (one) => one.in === 'query' && !(one.name in given) && (one.required || all) && exampleOf(one) !== undefined,
    )
    .map((one): [string, string] => [one.name, String(exampleOf(one))])
    .concat(Object.entries(given))
  return query.length > 0 ? `${filled}?${new URLSearchParams(query).toString()}` : filled
}

async function send(operation: Operation, setting: Setting, type: string | undefined, example: unknown, all = false) {
  const body = setting.body ? setting.body(example) : example
  const isForm = type === 'application/x-www-form-urlencoded'
  const sent = isForm ? new URLSearchParams(body as Record<string, string>).toString() : body
  return ask(setting.who ?? null, addressOf(operation, setting, all), {
    method: operation.method,
    headers: { ...(type && { 'content-type': type }), ...setting.headers },
    ...(sent !== undefined && { body: sent }),
  })
}

const withBody = operations
  .filter(({ requestBody }) => requestBody !== undefined)
  .flatMap((operation) =>
    Object.keys(operation.requestBody?.content ?? {}).flatMap((type) => {
      const examples = requestExamples(operation, type)
      const bodies = examples.length > 0 ? examples : [['', undefined] as [string, unknown]]
      return bodies.map(([name, body]) => ({
        title: [operation.operationId, type, name].join(' '),
        operation,
        type,
        name,
        body,
      }))
    }),
  )
  // A PDF stands for the images too: which of them it is, the service looks at itself.
  .filter(({ type }) => !type.startsWith('image/'))
const withoutBody = operations.filter(({ requestBody }) => requestBody === undefined)

/** 303: a browser is sent on. */
const isGood = (status: number) => status < 300 || status === 303

describe('what the reference shows works when it is sent as it stands', () => {
  test.each(withBody)('$title', async ({ operation, type, name, body }) => {
    const setting = await (settings[operation.operationId]?.(name) ?? {})
    const reply = await send(operation, setting, type, body)
    expect(isGood(reply.status), reply.text).toBe(true)
  })

  test.each(withoutBody)('$operationId', async (operation) => {
    const setting = await (settings[operation.operationId]?.('') ?? {})
    const reply = await send(operation, setting, undefined, undefined)
    expect(isGood(reply.status), reply.text).toBe(true)
    const hasMore = operation.parameters.some((one) => one.in === 'query' && exampleOf(one) !== undefined)
    if (!hasMore) return
    const filtered = await send(operation, setting, undefined, undefined, true)
    expect(isGood(filtered.status), filtered.text).toBe(true)
  })
})
