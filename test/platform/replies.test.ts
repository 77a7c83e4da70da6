import { expect, test } from 'vitest'
import { broken, operations } from '../support/description.ts'
import { documentedReplies } from '../support/problems-seen.ts'

/** The keeper of replies is worth what it would notice, in either direction. */

const everywhere = {
  'x-request-id': 'x',
  traceresponse: 'x',
  'api-version': '1.0.0',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
}
const json = { ...everywhere, 'content-type': 'application/json' }
const problem = (status: number, code: string, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers({ ...everywhere, 'content-type': 'application/problem+json', ...headers }),
  body: { type: 'https://api.test/problems/x', title: 'X', status, instance: 'x', code },
})
const health = { status: 'ok', version: '1.0.0' }
const without = (name: string) => new Headers(Object.entries(json).filter(([one]) => one !== name))
const empty = new Uint8Array()

test('what is described passes', () => {
  expect(broken('GET', '/health', { status: 200, headers: new Headers(json), body: health })).toEqual([])
  expect(broken('GET', '/v1/copies/copy_1', problem(404, 'no-such-copy'))).toEqual([])
})

const undescribed: [what: string, found: string[], said: RegExp][] = [
  ...[201, 202, 203, 204, 206, 302, 303, 304].map((status): [string, string[], RegExp] => [
    `a ${status} that is not described`,
    broken('GET', '/health', { status, headers: new Headers(json), body: health }),
    RegExp(`readHealth ${status} is not described`),
  ]),
  ...Object.keys(json)
    .filter((name) => !['content-type', 'access-control-allow-origin'].includes(name))
    .map((name): [string, string[], RegExp] => [
      `a reply without ${name}`,
      broken('GET', '/health', { status: 200, headers: without(name), body: health }),
      RegExp(`readHealth 200 has no header ${name}`, 'i'),
    ]),
  [
    'a reply without the ETag that is described',
    broken('GET', '/v1/dossiers/X', { status: 200, headers: new Headers(json), body: {} }),
    /readDossier 200 has no header etag/i,
  ],
  [
    'a 401 that does not say how to authenticate',
    broken('GET', '/v1/copies/copy_1', problem(401, 'token-needed')),
    /readCopy 401 has no header www-authenticate/i,
  ],
  [
    'a 429 that does not say how long to wait',
    broken('GET', '/v1/copies/copy_1', problem(429, 'too-many-requests')),
    /readCopy 429 has no header retry-after/i,
  ],
  [
    'a body where none is described',
    broken('DELETE', '/v1/mandates/mandate_1', { status: 204, headers: new Headers(json), body: {} }),
    /endMandate 204 has a body/,
  ],
  [
    'a type that is not described',
    broken('GET', '/health', {
      status: 200,
      headers: new Headers({ ...json, 'content-type': 'text/html' }),
      body: empty,
    }),
    /readHealth 200 is text\/html/,
  ],
  [
    'a field that is not described',
    broken('GET', '/health', { status: 200, headers: new Headers(json), body: { ...health, secret: 1 } }),
    /readHealth 200 .*secret/,
  ],
  [
    'a problem that this operation does not name',
    broken('GET', '/v1/copies/copy_1', problem(404, 'no-such-dossier')),
    /readCopy 404 does not describe no-such-dossier/,
  ],
]

test.each(undescribed)('%s fails', (_what, found, said) => {
  expect(found.join('\n')).toMatch(said)
})

test('each status, and each type of it, must be reached by some test: 200, 201, 202, 204, 206, 304 as well as problems', () => {
  const all = documentedReplies(operations)
  const some = ['readSlip 200 application/pdf', 'readSlip 200 text/html', 'downloadFile 206 application/pdf']
  some.push('fileDossier 201 application/json', 'endMandate 204', 'readDossier 304')
  some.push('readCopy 404 application/problem+json')
  expect(some.filter((reply) => !all.includes(reply))).toEqual([])
})
