import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { sha256, toHex } from '../../src/platform/crypto.ts'
import { ask } from '../support/api.ts'
import type { Who } from '../support/tokens.ts'
import { pdf } from '../support/pdf.ts'
import { app, filed, step, uploaded } from '../support/walk.ts'

const otherApp: Who = { kind: 'app', id: 'app_other', scopes: ['dossiers:submit', 'dossiers:read'] }
const upload = (body: Uint8Array, headers: Record<string, string> = {}, who: Who | null = app) =>
  ask(who, '/v1/files', { body, headers: { 'content-type': 'application/pdf', ...headers } })
const text = (said: string) => new TextEncoder().encode(said)
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
const digestOf = async (bytes: Uint8Array) => btoa(String.fromCharCode(...(await sha256(Uint8Array.from(bytes)))))
const kept = async () => ({
  rows: await env.DB.prepare('SELECT count(*) AS files FROM file').first('files'),
  bytes: (await env.FILES.list({ prefix: 'files/' })).objects.length,
})

describe('what is uploaded', () => {
  test('is kept byte by byte, under its own digest and size', async () => {
    const bytes = pdf()
    const reply = await upload(bytes, { 'content-digest': `md5=:abc=:, sha-256=:${await digestOf(bytes)}:` })
    expect(reply.status).toBe(201)
    expect(reply.body).toEqual({
      id: expect.stringMatching(/^file_/),
      sha256: toHex(await sha256(Uint8Array.from(bytes))),
      size: bytes.length,
      mediaType: 'application/pdf',
      createdAt: expect.stringMatching(/\+07:00$/),
      scan: 'none',
    })
    expect(reply.headers.get('location')).toBe(`/v1/files/${reply.body.id}`)
    const back = await ask(app, `/v1/files/${reply.body.id}`)
    expect(back.body).toEqual(bytes)
    expect(Object.fromEntries(back.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(bytes.length),
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
      etag: `"${reply.body.sha256}"`,
    })
  })

  test.each<[what: string, bytes: Uint8Array, type: string]>([
    ['a PNG', png, 'image/png'],
    ['a JPEG', jpeg, 'image/jpeg; foo=bar'],
    ['a PDF behind some junk', text(`\n\n${'x'.repeat(500)}%PDF-1.4`), 'APPLICATION/PDF'],
    [
      'ten megabytes',
      Uint8Array.from({ length: 10 * 1024 * 1024 }, (_, at) => pdfHead[at] ?? at % 251),
      'application/pdf',
    ],
  ])('may be %s', async (_what, bytes, type) => {
    const reply = await upload(bytes, { 'content-type': type })
    expect([reply.status, reply.body.size]).toEqual([201, bytes.length])
  })

  test.each<[what: string, bytes: Uint8Array, headers: Record<string, string>, status: number, code: string]>([
    ['a page that says it is a PDF', text('<html><script>alert(1)</script>'), {}, 415, 'not-what-it-says'],
    ['a PDF whose sign comes too late', text(`${'x'.repeat(2000)}%PDF-1.4`), {}, 415, 'not-what-it-says'],
    ['a PDF that says it is a picture', pdf(), { 'content-type': 'image/png' }, 415, 'not-what-it-says'],
    ['a PNG behind some junk', text('x%PNG'), { 'content-type': 'image/png' }, 415, 'not-what-it-says'],
    ['a page', text('<html>'), { 'content-type': 'text/html' }, 415, 'wrong-media-type'],
    ['no type at all', pdf(), { 'content-type': '' }, 415, 'wrong-media-type'],
    ['nothing', new Uint8Array(), {}, 422, 'empty-file'],
    ['more than ten megabytes', new Uint8Array(10 * 1024 * 1024 + 1), {}, 413, 'too-large'],
    ['of no told length', pdf(), { 'content-length': 'x' }, 411, 'length-required'],
    ['with another digest', pdf(), { 'content-digest': `sha-256=:${btoa('x'.repeat(32))}:` }, 422, 'digest-mismatch'],
    ['with a digest of no use', pdf(), { 'content-digest': 'md5=:abc=:' }, 400, 'unreadable-request'],
  ])('is refused and not kept: %s', async (_what, bytes, headers, status, code) => {
    const before = await kept()
    const reply = await upload(bytes, headers)
    expect([reply.status, reply.body.code]).toEqual([status, code])
    expect(await kept()).toEqual(before)
  })

  test('comes from somebody who may hand in', async () => {
    const statuses = [null, { ...otherApp, scopes: ['dossiers:read'] } as Who, 'operator', 'citizen', 'seal'] as const
    expect(await Promise.all(statuses.map(async (who) => (await upload(pdf(), {}, who)).status))).toEqual([
      401, 403, 403, 201, 201,
    ])
  })
})

const pdfHead = text('%PDF-1.7\n')

describe('a part of it', () => {
  test.each([
    ['bytes=0-3', 206, [0, 4]],
    ['bytes=10-', 206, [10, undefined]],
    ['bytes=-5', 206, [-5, undefined]],
    ['bytes=-99999999', 206, [0, undefined]],
    ['bytes=100-99999999', 206, [100, undefined]],
    ['bytes=5-2', 200, [0, undefined]],
    ['bytes=0-1,4-5', 200, [0, undefined]],
    ['lines=1-2', 200, [0, undefined]],
    ['bytes=99999999-', 416, null],
    ['bytes=-0', 416, null],
  ] as const)('%s', async (range, status, part) => {
    const bytes = pdf()
    const reply = await ask(app, `/v1/files/${await uploaded(app, bytes)}`, { headers: { range } })
    expect(reply.status).toBe(status)
    if (!part) return expect(reply.body.code).toBe('range-not-satisfiable')
    const expected = bytes.slice(...part)
    expect(reply.body).toEqual(expected)
    expect(reply.headers.get('content-length')).toBe(String(expected.length))
    const first = (part[0] + bytes.length) % bytes.length
    const told = `bytes ${first}-${first + expected.length - 1}/${bytes.length}`
    expect(reply.headers.get('content-range')).toBe(status === 206 ? told : null)
  })

  test.each([
    ['image/png', png],
    ['image/jpeg', jpeg],
  ])('or the whole, of a picture as well: %s', async (type, bytes) => {
    const path = `/v1/files/${await uploaded(app, bytes, type)}`
    const [whole, part] = [await ask(app, path), await ask(app, path, { headers: { range: 'bytes=0-3' } })]
    expect([whole.status, whole.headers.get('content-type'), whole.body]).toEqual([200, type, bytes])
    expect([part.status, part.headers.get('content-type'), part.body]).toEqual([206, type, bytes.slice(0, 4)])
  })

  test('or none of it, for who has it already', async () => {
    const id = await uploaded(app)
    const etag = (await ask(app, `/v1/files/${id}`)).headers.get('etag') ?? ''
    const again = await ask(app, `/v1/files/${id}`, { headers: { 'if-none-match': etag, range: 'bytes=0-3' } })
    expect([again.status, again.body.length]).toEqual([304, 0])
  })
})

test('it is seen by who uploaded it, and by those who see the dossier that took it', async () => {
  const loose = await uploaded(app)
  const file = await uploaded(app)
  const change = { components: [{ component: 'birth-notification', file }], receivingPoint: 'HN-STC-2025' }
  const { body: dossier } = await filed({ procedure: '1.001193', personalId: '001190000301', change })
  const scan = await uploaded('certifier')
  await step('reception', dossier.code, { to: 'accepted' })
  const paper = { scan, paperSeen: true }
  expect((await step('certifier', dossier.code, { to: 'resolved', outcome: 'granted', paper })).status).toBe(200)

  const lan: Who = { kind: 'citizen', personalId: '001190000301' }
  const seen = async (who: Who | null, id: string) => (await ask(who, `/v1/files/${id}`)).status
  const people = [
    app,
    lan,
    'handler',
    'reception@HN-STC-2025',
    'handler@00004-2025',
    otherApp,
    'citizen2',
    'operator',
    null,
  ]
  const look = (id: string) => Promise.all(people.map((who) => seen(who, id)))
  expect(await look(loose)).toEqual([200, 404, 404, 404, 404, 404, 404, 403, 401])
  expect(await look(file)).toEqual([200, 200, 200, 200, 404, 404, 404, 403, 401])
  expect(await look(scan)).toEqual([200, 200, 200, 200, 404, 404, 404, 403, 401])
  expect(await seen(app, `file_${crypto.randomUUID()}`)).toBe(404)
})
