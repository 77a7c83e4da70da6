import fc from 'fast-check'
import type { Operation } from '../support/description.ts'
import { secrets, type World, wordsFor } from './asked.ts'
import { hardTexts } from './spoil.ts'

const latin = hardTexts.filter((text) => /^[\t\u0020-\u007e]*$/.test(text))
const garbage = fc.oneof(
  fc.constantFrom(
    ...latin,
    'é',
    '"',
    '"unclosed',
    '"a", "b"',
    'W/"1"',
    '*',
    ',,,',
    '=?utf-8?q?x?=',
    '?1',
    ':AAA=:',
    'sha-256=:AAAA:',
    '-1',
    '1e9',
  ),
  fc.constantFrom(100, 257, 5000).map((length) => 'x'.repeat(length)),
  secrets,
)
/** Headers that mean something to somebody, and what they may hold. */
const headerValues: Record<string, string[]> = {
  accept: [
    '*/*',
    'application/pdf',
    'application/json',
    'text/html',
    'image/png',
    'application/json;q=0',
    ';;q=x',
    'a/b;q=1.5,*/*;q=0.000',
  ],
  'accept-language': ['en', 'vi', 'en;q=0.1,vi;q=0', 'xx', '*', 'en;q=NaN', 'de-DE-1996,x;q='],
  'accept-encoding': ['gzip', 'identity;q=0', 'br;q=1.0, *;q=0'],
  'if-match': ['"1"', '"2"', '"3"', '*', 'W/"1"', '"1", "2"', '1'],
  'if-none-match': ['"1"', '*', 'W/"1"', '"x", "1"'],
  'if-modified-since': ['Wed, 21 Oct 2015 07:28:00 GMT', 'never'],
  range: [
    'bytes=0-0',
    'bytes=0-1023',
    'bytes=-5',
    'bytes=5-',
    'bytes=9-2',
    'bytes=0-1,3-4',
    'items=1-2',
    'bytes=99999999999999999999-',
  ],
  'if-range': ['"1"', 'W/"x"'],
  mandate: [`mandate_${'0'.repeat(36)}`],
  traceparent: [
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-0-0-0',
    `ff-${'0'.repeat(32)}-${'0'.repeat(16)}-00`,
  ],
  'content-digest': [
    'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
    'sha-256=x',
    'md5=:AAAA:',
    'sha-256=:====:;q',
  ],
  'content-encoding': ['gzip', 'br', 'identity', 'x'],
  'content-length': ['0', '5', '-1', '99999999999', 'x'],
  'content-disposition': ['attachment; filename="../../x"'],
  'x-http-method-override': ['DELETE'],
  'x-forwarded-host': ['evil.test'],
  'x-bookmark': ['00000085-00000003-00004f2d-1a2b3c', '0'],
  origin: ['https://evil.test', 'null'],
  prefer: ['return=minimal', 'wait=999999'],
  expect: ['x'],
  dpop: ['a.b.c'],
  'tus-resumable': ['1.0.0', '0.0.1'],
  'upload-offset': ['0', '-1', '1e9'],
  'upload-length': ['10', '99999999999999999999'],
  'upload-metadata': ['filename d29ybGQ=', 'filename ,,'],
  'sandbox-scenario': ['accept', 'x'],
  'webhook-id': ['message_1'],
  'webhook-timestamp': ['1700000000', 'x', '1e12'],
  'webhook-signature': ['v1,AAAA', 'v2,x v1,', 'x'],
}
/** Some of them, whether or not the operation knows them. */
export const moreHeaders: fc.Arbitrary<[string, string][]> = fc.array(
  fc
    .constantFrom(...Object.entries(headerValues))
    .chain(([name, values]) =>
      fc
        .oneof({ weight: 3, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: garbage })
        .map((value): [string, string] => [name, value]),
    ),
  { maxLength: 3 },
)

/** Ways to prove who one is that prove nothing, each with a secret in it. */
export const keptSecret = (token: string | undefined): fc.Arbitrary<[string, string][]> =>
  secrets.chain((secret) =>
    fc.constantFrom<[string, string][]>(
      [['authorization', `Bearer ${secret}`]],
      [['authorization', `Basic ${btoa(`app_x:${secret}`)}`]],
      [['authorization', secret]],
      [['authorization', `Bearer ${token ?? 'a'}.${secret}`]],
      [['authorization', `DPoP ${token ?? secret}`]],
      [['authorization', `bearer  ${token ?? secret}`]],
      [['authorization', `Bearer ${token ?? ''}, Bearer ${secret}`]],
      [['authorization', `Bearer ${'x'.repeat(9000)}${secret}`]],
      [['authorization', 'Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL3Blb3BsZS50ZXN0In0.']],
      [
        ['cookie', `session=${secret}`],
        ['x-api-key', secret],
      ],
    ),
  )

/** The headers that the operation knows, mostly as they should be. */
export const ownHeaders = (operation: Operation, world: World): fc.Arbitrary<[string, string][]> =>
  fc
    .tuple(
      ...operation.parameters
        .filter((one) => one.in === 'header')
        .map(({ name, required, schema }) => {
          const one = (value: string): [string, string][] => [[name, value]]
          const lower = name.toLowerCase()
          const good =
            lower === 'if-match'
              ? fc.constantFrom('"1"', '"2"', '"3"')
              : lower === 'idempotency-key'
                ? fc.uuid()
                : wordsFor(schema, world)
          const sendable = good.filter((text) => /^[\u0020-\u00ff]*$/.test(text) && !text.includes('\u007f'))
          return fc.oneof(
            { weight: required ? 20 : 4, arbitrary: sendable.map(one) },
            { weight: required ? 1 : 8, arbitrary: fc.constant<[string, string][]>([]) },
            { weight: 1, arbitrary: garbage.map(one) },
            { weight: 1, arbitrary: fc.tuple(sendable, garbage).map((both) => both.flatMap(one)) },
          )
        }),
    )
    .map((all) => all.flat())
