import { scopeNames } from '../../src/domain/scope.ts'
import { ask } from '../support/api.ts'
import { copyOf } from '../support/copies.ts'
import { operations } from '../support/description.ts'
import { pdf } from '../support/pdf.ts'
import { type PngHeader, pngOf, someRows } from '../support/pictures.ts'
import { requestExamples } from '../support/request-examples.ts'
import { tokenOf, type Who } from '../support/tokens.ts'
import { filed, step, uploaded } from '../support/walk.ts'
import type { World } from './asked.ts'

const ward = '00082-2025'
/** In no example, so that whoever shows it has it from the dossier. */
const owner = '001190000777'
const picture: PngHeader = { width: 8, height: 8, depth: 8, type: 2 }
const everywhere: Who & { kind: 'app' } = { kind: 'app', id: 'app_test', scopes: [...scopeNames] }
const citizen: Who = { kind: 'citizen', personalId: owner }
const people: Record<string, Who> = {
  'its app': everywhere,
  'another app': { kind: 'app', id: 'app_other', scopes: [...scopeNames] },
  'an app for one procedure': { kind: 'app', id: 'app_test', scopes: ['dossiers:read:1.004873'] },
  'its citizen': citizen,
  'another citizen': { kind: 'citizen', personalId: '001085000002' },
  'a company': 'company',
  'an official': { kind: 'officer', unit: ward, roles: ['reception', 'handler', 'certifier', 'supervisor'] },
  'an official elsewhere': {
    kind: 'officer',
    unit: '00004-2025',
    roles: ['reception', 'handler', 'certifier', 'seal'],
  },
  operator: 'operator',
}

/** Every text of a reply that may be an id, a code or a number to send back. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length <= 100 ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

const exampleOf = (name: string): Record<string, unknown> => {
  const operation = operations.find(({ operationId }) => operationId === name)
  const [first] = operation ? requestExamples(operation, 'application/json') : []
  return { ...(first?.[1] as Record<string, unknown>) }
}

/** A city in which something of each kind is there, and everybody who may ask for it. */
export async function aWorld(): Promise<World> {
  const until = new Date(Date.now() + 86_400_000).toISOString()
  const key = () => ({ 'idempotency-key': crypto.randomUUID() })
  const copy = await copyOf({ personalId: owner })
  const paid = (await filed({ personalId: owner })).body
  for (const move of [{ to: 'accepted' }, { to: 'awaiting-payment', amount: 8000 }])
    await step({ kind: 'officer', unit: ward, roles: ['reception', 'handler'] }, paid.code, move)
  const waiting = (await filed({ personalId: owner })).body
  const asks = { to: 'awaiting-supplement', components: ['residence'], reason: 'Bản chụp bị mờ, không đọc được.' }
  await step('reception', waiting.code, asks)
  const replies = [
    { body: [copy, paid, waiting, (await filed({ procedure: '2.000635', personalId: owner })).body] },
    { body: [await uploaded(everywhere), await uploaded('certifier')] },
    await ask(citizen, `/v1/dossiers/${paid.code}/payments`, { body: { method: 'online' } }),
    await ask(citizen, `/v1/copies/${copy.id}/shares`, { body: { ...exampleOf('shareCopy'), until } }),
    await ask('company', '/v1/mandates', { body: { ...exampleOf('giveMandate'), until } }),
    await ask(everywhere, '/v1/webhooks', { body: { url: 'https://fuzz.receiver.test/200' } }),
    await ask('operator', '/v1/apps', { body: { name: 'Ứng dụng Ví Dụ', scopes: ['dossiers:read'] }, headers: key() }),
    await ask('operator', '/v1/outages', { body: exampleOf('writeOutage'), headers: key() }),
    await ask('operator', '/v1/signing-credentials'),
    await ask(everywhere, '/v1/events'),
  ]
  const exp = Math.floor(Date.now() / 1000) + 3600
  const tokens = await Promise.all(
    Object.entries(people).map(async ([name, who]) => [name, await tokenOf(who, { claims: { exp } })]),
  )
  const all = replies.flatMap(({ body }) => textsIn(body))
  // Given out once, to whoever asked for them.
  const isSecret = (name: string) => /secret$/i.test(name)
  const shown = replies.flatMap(({ body }) => Object.entries(Object(body)).filter(([name]) => isSecret(name)))
  return {
    tokens: { nobody: '', ...Object.fromEntries(tokens) },
    known: [...new Set(all)].toSorted(),
    files: [pdf('fuzz'), pngOf(picture, someRows(picture))],
    personal: [owner],
    secrets: shown.map(([, secret]) => String(secret)),
  }
}
