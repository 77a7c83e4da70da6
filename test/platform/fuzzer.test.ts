import { expect, test } from 'vitest'
import { operations } from '../support/description.ts'
import { type Door, fuzz } from '../fuzz/fuzz.ts'
import type { World } from '../fuzz/asked.ts'

/** The promise about bad input is worth as much as what its keeper would notice. */

const secret = 'token-of-an-app'
const world: World = {
  tokens: { nobody: '', 'its app': secret },
  known: ['1.001193'],
  files: [new Uint8Array(10)],
  secrets: ['whsec_given-out-once'],
  personal: ['001190000001'],
}
const chosen = operations.filter(({ operationId }) => ['readProcedure', 'fileDossier'].includes(operationId))

const always = {
  'x-request-id': 'x',
  traceresponse: 'x',
  'api-version': '1.0.0',
  'cache-control': 'no-store',
  'ratelimit-policy': 'x',
  'access-control-allow-origin': '*',
  'content-type': 'application/problem+json',
}
const problem = {
  type: 'https://api.test/problems/x',
  title: 'X',
  status: 404,
  instance: 'x',
  code: 'no-such-procedure',
}
const answer = (change: object = {}, status = 404, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ ...problem, status, ...change }), { status, headers: { ...always, ...headers } })

const faultsWith = async (door: Door) => {
  const { faults } = await fuzz({ door, operations: chosen, world, requests: 150, seed: 1 })
  return faults.map(({ fault }) => fault).join('\n')
}

/** A service that answers so where a door would answer anything. */
const doors: [what: string, door: Door, noticed: RegExp][] = [
  ['a fault', async () => answer({ code: 'internal' }, 500), /a fault of ours: 500/],
  [
    'a page instead of a problem',
    async () => new Response('<h1>Bad</h1>', { status: 400, headers: { ...always, 'content-type': 'text/html' } }),
    /is no problem document but text\/html/,
  ],
  ['a code that nobody knows', async () => answer({ code: 'oops' }), /404 carries the code oops/],
  [
    'a code that this operation does not describe',
    async () => answer({ code: 'no-such-copy' }),
    /readProcedure 404 does not describe no-such-copy/,
  ],
  [
    'a status that is not described',
    async () => answer({ code: 'changed-meanwhile' }, 418),
    /readProcedure 418 is not described/,
  ],
  ['a field that is not described', async () => answer({ stack: 'x' }), /readProcedure 404 .*stack/],
  ['no request id', async () => answer({}, 404, { 'x-request-id': '' }).clone(), /never/],
  [
    'the sender’s own token',
    async (request) => answer({ detail: request.headers.get('authorization') ?? 'none' }),
    /shows a secret: token-of-an/,
  ],
  [
    'a secret out of a header that is not good',
    async (request) => answer({ detail: [...request.headers.values()].join() }),
    /shows a secret of this request/,
  ],
  ['a secret out of a path', async (request) => answer({ detail: request.url }), /shows a secret of this request/],
  ['another’s secret', async () => answer({ detail: 'whsec_given-out-once' }), /shows a secret: whsec_given/],
  ['a person to nobody', async () => answer({ detail: 'of 001190000001' }), /shows 001190000001 to nobody/],
  ['a stack', async () => answer({ detail: 'at Object.x (file:///worker.js:10:5)' }), /shows what is inside/],
  ['a broken JSON', async () => new Response('{', { status: 404, headers: always }), /says JSON and sends none/],
  ['nothing at all', async () => Promise.reject(new Error('hung up')), /no answer: Error: hung up/],
]

test.each(doors.filter(([what]) => what !== 'no request id'))('the fuzzer notices %s', async (_what, door, noticed) => {
  expect(await faultsWith(door)).toMatch(noticed)
})

test('the fuzzer notices that a header is missing', async () => {
  expect(
    await faultsWith(
      async () =>
        new Response(JSON.stringify(problem), { status: 404, headers: { 'content-type': 'application/problem+json' } }),
    ),
  ).toMatch(/readProcedure 404 has no header x-request-id/)
})

test('each fault comes with a line that sends its request again; the same seed makes the same requests', async () => {
  const run = async () => {
    const asked: string[] = []
    const door: Door = async (request) => {
      asked.push(`${request.method} ${request.url}`)
      return answer({ code: 'internal' }, 500)
    }
    const { faults, requests } = await fuzz({ door, operations: chosen, world, requests: 200, seed: 7 })
    return { asked, curl: faults[0]?.curl, requests }
  }
  const [first, second] = [await run(), await run()]
  expect(first).toEqual(second)
  expect(first.requests).toBeGreaterThanOrEqual(200)
  expect(first.curl).toMatch(/curl -i -X \w+ .*"\$API"\$'\/v1\/.*# as /)
})
