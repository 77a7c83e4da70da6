import { describe, expect, test } from 'vitest'
import { roles } from '../../src/domain/actor.ts'
import { scopeNames } from '../../src/domain/scope.ts'
import { ask, type Ask } from '../support/api.ts'
import { type Operation, operations, resolved } from '../support/description.ts'
import { signMessage } from '../../src/platform/signed-message.ts'
import { doorWith } from '../support/doors.ts'
import { requestExamples } from '../support/request-examples.ts'
import { tokenOf, type Who } from '../support/tokens.ts'

/** What every operation answers at the gate, before it is reached: each of them is asked, as the description shows it. */

const paymentKey = 'p'.repeat(43)
const full: RateLimit = { limit: async () => ({ success: false }) }
const broken = () => {
  throw new Error('the disk of node 7 is full')
}
const busy = doorWith({
  LIMIT_SUBMIT: full,
  LIMIT_CHANGE: full,
  LIMIT_READ: full,
  LIMIT_PUBLIC: full,
  LIMIT_SECRET: full,
})
const dead = {
  DB: {
    prepare: broken,
    batch: broken,
    withSession: () => ({ prepare: broken, batch: broken, getBookmark: () => null }),
  } as never,
}
/** A box of which nothing works; the live service has none, and refuses before anything can break. */
const deadBox = {
  isOpen: true,
  app: 'app_test',
  reachedAt: () => 'https://api.test',
  signing: (store: unknown) => store,
  payments: { page: broken, play: broken },
  ...Object.fromEntries(['now', 'moveTo', 'reset', 'tokenFor', 'root'].map((name) => [name, broken])),
} as never
const deadHouse = doorWith(dead)
const deadSandbox = doorWith({ ...dead, BOX: deadBox })

// A payment provider proves itself by a signature over bytes, which is looked at before anything else: see below.
const ours = operations.filter(({ path, operationId }) => path.startsWith('/v1/') && operationId !== 'tellPayment')
const titled = ours.map((operation): [string, Operation] => [operation.operationId, operation])

/** Somebody whom the operation is for. */
function entitled({ operationId, security = [] }: Operation): Who | null {
  const ways = security.flatMap((one) => Object.keys(one))
  // Officials take cash for what they have seen the version of; online pays the citizen.
  const isPaid = ['pay', 'payCopies'].includes(operationId)
  if (security.some((one) => Object.keys(one).length === 0)) return null
  if (ways.includes('officer') && !isPaid) return { kind: 'officer', unit: '00082-2025', roles: [...roles] }
  if (ways.includes('app') && !isPaid) return { kind: 'app', id: 'app_test', scopes: [...scopeNames] }
  return { kind: 'citizen', personalId: '001190000001', taxCode: '0100000000' }
}

const exampleOf = (schema: Record<string, any>) => String(resolved(schema).example ?? 'x')

const addressOf = ({ path, parameters }: Operation) => {
  const filled = parameters
    .filter((one) => one.in === 'path')
    .reduce((made, { name, schema }) => made.replace(`{${name}}`, encodeURIComponent(exampleOf(schema))), path)
  const query = parameters.filter((one) => one.in === 'query' && one.required)
  const wanted = new URLSearchParams(query.map(({ name, schema }) => [name, exampleOf(schema)])).toString()
  return wanted === '' ? filled : `${filled}?${wanted}`
}

/** A body as the description shows it; a file is any. */
function written(type: string, example: unknown) {
  if (type.endsWith('json')) return JSON.stringify(example)
  if (type.endsWith('form-urlencoded')) return new URLSearchParams(example as Record<string, string>).toString()
  return new Uint8Array([37, 80, 68, 70])
}

const commands = new Set(['idempotency-key', 'if-match'])

type Spoiled = { headers?: Record<string, string>; body?: unknown; omit?: string; path?: string }

async function send(door: Ask, operation: Operation, who: Who | null, spoiled: Spoiled = {}) {
  const types = Object.keys(operation.requestBody?.content ?? {})
  const type = types.find((one) => one.endsWith('/json')) ?? types[0]
  const [, example] = (type && requestExamples(operation, type)[0]) || []
  const body = spoiled.body ?? (type && written(type, example))
  const given = operation.parameters.filter(
    (one) => one.in === 'header' && (one.required || commands.has(one.name)) && one.name !== spoiled.omit,
  )
  const headers = {
    ...(type && { 'content-type': type }),
    ...Object.fromEntries(given.map(({ name, schema }) => [name, exampleOf(schema)])),
    ...spoiled.headers,
  }
  const sent = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return door(who, spoiled.path ?? addressOf(operation), {
    method: operation.method,
    headers,
    ...(type && { body: sent }),
  })
}

describe.each(titled)('%s', (_name, operation) => {
  const who = entitled(operation)

  test('asks whoever asks too often to wait', async () => {
    const reply = await send(busy, operation, who)
    expect([reply.status, reply.body.code]).toEqual([429, 'too-many-requests'])
  })

  test('takes no token that is not good, and none whose issuer cannot be asked', async () => {
    const bad = await send(ask, operation, null, { headers: { authorization: 'Bearer a.b.c' } })
    expect([bad.status, bad.body.code]).toEqual([401, 'token-invalid'])
    const token = await tokenOf('citizen', { claims: { iss: 'https://down.test' } })
    const down = await send(ask, operation, null, { headers: { authorization: `Bearer ${token}` } })
    expect([down.status, down.body.code]).toEqual([503, 'issuer-unreachable'])
  })

  test('acts under no mandate that is not valid', async () => {
    const reply = await send(ask, operation, 'citizen', { headers: { mandate: 'mandate_none' } })
    expect([reply.status, reply.body.code]).toEqual([403, 'mandate-not-valid'])
  })

  test('says that a fault is a fault, and nothing of what it was', async () => {
    const isOfSandbox = operation.path.startsWith('/v1/sandbox')
    const reply = await send(isOfSandbox ? deadSandbox : deadHouse, operation, who)
    expect(reply.text).not.toContain('node 7')
    expect([reply.status, reply.body.code]).toEqual([500, 'internal'])
  })
})

const that = (has: (operation: Operation) => boolean) => titled.filter(([, operation]) => has(operation))

test.each(that(({ responses }) => '428' in responses))(
  '%s needs to know which version was seen',
  async (_name, operation) => {
    const spoiled = { omit: 'if-match', headers: { 'idempotency-key': 'k' } }
    // What is not there has no version.
    expect([404, 428]).toContain((await send(ask, operation, entitled(operation), spoiled)).status)
  },
)

const takesJson = ({ requestBody }: Operation) =>
  Object.keys(requestBody?.content ?? {}).some((type) => type.endsWith('/json'))

test.each(that(takesJson))(
  '%s reads no body without end, of another type, or that is not JSON',
  async (_name, operation) => {
    const said = async (spoiled: Spoiled) => {
      const { status, body } = await send(ask, operation, entitled(operation), spoiled)
      return [status, body.code]
    }
    expect(await said({ body: JSON.stringify('x'.repeat(1024 * 1024)) })).toEqual([413, 'too-large'])
    expect(await said({ headers: { 'content-type': 'text/plain' } })).toEqual([415, 'wrong-media-type'])
    expect(await said({ body: '{"to":' })).toEqual([400, 'unreadable-request'])
    expect(await said({ body: '[]' })).toEqual([422, 'invalid-request'])
  },
)

const takesInput = ({ parameters }: Operation) => parameters.some((one) => one.in === 'path' || one.in === 'query')

test.each(that(takesInput))('%s finds odd addresses not valid', async (_name, operation) => {
  const odd = operation.path.replaceAll(/\{\w+\}/g, '%00')
  const reply = await send(ask, operation, entitled(operation), { path: `${odd}?nobody=asked` })
  expect([reply.status, reply.body.code]).toEqual([422, 'invalid-request'])
})

const house = operations.filter(({ path }) => !path.startsWith('/v1/'))
test.each(house.map((operation): [string, Operation] => [operation.operationId, operation]))(
  '%s, of the house itself, has a quota, too, and admits when the house is not in order',
  async (_name, operation) => {
    expect((await send(busy, operation, null)).body.code).toBe('too-many-requests')
    expect((await send(doorWith({ ISSUERS: 'no longer JSON' }), operation, null)).body.code).toBe('internal')
  },
)

test.each(titled.filter(([, { responses }]) => '411' in responses))(
  '%s needs to know the length first',
  async (_name, operation) => {
    const reply = await send(ask, operation, entitled(operation), { headers: { 'content-length': 'x' } })
    expect([reply.status, reply.body.code]).toEqual([411, 'length-required'])
  },
)

test('what a payment provider says is bounded, and taken again when the house could not keep it', async () => {
  const address = '/v1/payment-callbacks/simulator'
  const told = operations.find(({ operationId }) => operationId === 'tellPayment')
  const example = (told && requestExamples(told, 'application/json')[0]?.[1]) ?? {}
  const message = JSON.stringify({ ...example, payment: `payment_${crypto.randomUUID()}` })
  const headers = {
    'content-type': 'application/json',
    ...(await signMessage(paymentKey, 'message_1', new Date(), message)),
  }
  const large = await ask(null, address, { body: 'x'.repeat(17 * 1024), headers })
  expect([large.status, large.body.code]).toEqual([413, 'too-large'])
  expect((await deadHouse(null, address, { body: message, headers })).status).toBe(500)
  expect((await busy(null, address, { body: message, headers })).status).toBe(429)
  const other = { ...headers, authorization: 'Bearer a.b.c' }
  expect((await ask(null, address, { body: message, headers: other })).status).toBe(401)
  const down = await tokenOf('citizen', { claims: { iss: 'https://down.test' } })
  const unknown = { ...headers, authorization: `Bearer ${down}` }
  expect((await ask(null, address, { body: message, headers: unknown })).status).toBe(503)
})
