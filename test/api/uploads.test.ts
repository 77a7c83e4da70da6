import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { partSize } from '../../src/domain/upload.ts'
import { sha256, toHex } from '../../src/platform/crypto.ts'
import { clearUploads } from '../../src/usecases/uploads/read.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask } from '../support/api.ts'
import { pdf } from '../support/pdf.ts'
import { bearer, type Who } from '../support/tokens.ts'
import { begun, longPdf, looked, metadata, pathOf, sent } from '../support/uploads.ts'
import { app, filed } from '../support/walk.ts'

afterEach(() => void vi.useRealTimers())

const otherApp: Who = { kind: 'app', id: 'app_other', scopes: ['dossiers:submit', 'dossiers:read'] }
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
const hexOf = async (bytes: Uint8Array) => toHex(await sha256(Uint8Array.from(bytes)))
const checksumOf = async (bytes: Uint8Array, name = 'SHA-256') =>
  `${name.replace('-', '').toLowerCase()} ${base64(new Uint8Array(await crypto.subtle.digest(name, Uint8Array.from(bytes))))}`
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const context = () => contextOf(env, { kind: 'public' })
const offsetOf = async (path: string) => (await looked(path)).headers.get('upload-offset')

/** What of an upload lies in the object store. */
async function stored(path: string) {
  const id = path.split('/').at(-1) ?? ''
  const row = await env.DB.prepare('SELECT file_id FROM upload WHERE id = ?').bind(id).first<{ file_id: string }>()
  const pieces = (await env.FILES.list({ prefix: `uploads/${id}/` })).objects.length
  const file = row ? (await env.FILES.list({ prefix: `files/${row.file_id}` })).objects.length : 0
  return { row: row !== null, pieces, file }
}

test('a file that came in pieces of any size is the very file, and a dossier takes it', async () => {
  const bytes = longPdf(partSize + 300_000)
  const reply = await begun(bytes.length, {
    headers: {
      'upload-metadata': metadata({ filetype: 'application/pdf', filename: 'giấy khai sinh.pdf' }),
    },
  })
  expect([reply.status, reply.headers.get('upload-offset'), reply.text]).toEqual([201, '0', ''])
  expect(Date.parse(reply.headers.get('upload-expires') ?? '') - Date.now()).toBeGreaterThan(23 * 3_600_000)
  const path = pathOf(reply)
  // Some fill a part to the byte, some end within one, one goes over the border.
  let at = 0
  for (const until of [1, 100_000, partSize - 1, partSize + 7, bytes.length]) {
    const { status, headers } = await sent(path, at, bytes.subarray(at, until))
    expect([status, headers.get('upload-offset'), headers.has('file-id')]).toEqual([
      204,
      String(until),
      until === bytes.length,
    ])
    expect(headers.get('tus-resumable')).toBe('1.0.0')
    at = until
  }
  const { headers, body } = await looked(path, 'GET')
  const file = headers.get('file-id') ?? ''
  expect(headers.get('upload-metadata')).toBe(metadata({ filetype: 'application/pdf', filename: 'giấy khai sinh.pdf' }))
  expect([headers.get('cache-control'), headers.get('upload-length')]).toEqual(['no-store', String(bytes.length)])
  expect(body.file).toEqual({
    id: file,
    sha256: await hexOf(bytes),
    size: bytes.length,
    mediaType: 'application/pdf',
    createdAt: expect.stringMatching(/\+07:00$/),
    scan: 'none',
  })
  const back = await ask(app, `/v1/files/${file}`)
  expect(await hexOf(back.body)).toBe(body.file.sha256)
  expect(await stored(path)).toEqual({ row: true, pieces: 0, file: 1 })
  const change = { components: [{ component: 'birth-notification', file }] }
  const { body: dossier } = await filed({ procedure: '1.001193', personalId: '001190000311', change })
  expect(dossier.components).toEqual([{ component: 'birth-notification', file }])
  // Sent again it answers as it did, and what is looked at again is known already.
  const again = await sent(path, bytes.length, new Uint8Array())
  expect([again.status, again.headers.get('file-id')]).toEqual([204, file])
  const known = await looked(path, 'GET', { headers: { 'if-none-match': headers.get('etag') ?? '' } })
  expect(known.status).toBe(304)
})

test('what lies in the database about it tells nothing about its name', async () => {
  const path = pathOf(await begun(10, { headers: { 'upload-metadata': metadata({ filename: 'Nguyễn Thị Mẫu' }) } }))
  const row = await env.DB.prepare('SELECT * FROM upload WHERE id = ?').bind(path.split('/').at(-1)).first()
  const text = JSON.stringify(row) + new TextDecoder().decode(Uint8Array.from((row?.['metadata'] ?? []) as number[]))
  for (const said of ['Nguyễn', metadata({ filename: 'Nguyễn Thị Mẫu' })]) expect(text).not.toContain(said)
})

test('ten megabytes may come along with the creation, and in two parts that are full', async () => {
  const bytes = longPdf(2 * partSize)
  const reply = await begun(bytes.length, {
    body: bytes,
    headers: { 'repr-digest': `sha-256=:${base64(await sha256(Uint8Array.from(bytes)))}:` },
  })
  expect([reply.status, reply.headers.get('upload-offset')]).toEqual([201, String(bytes.length)])
  const { body } = await ask(app, `/v1/files/${reply.headers.get('file-id')}`, {
    headers: { accept: 'application/json' },
  })
  expect([body.sha256, body.size]).toEqual([await hexOf(bytes), bytes.length])
})

test('the same key begins one upload; the same key for another file is refused', async () => {
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const [one, two] = [await begun(10, { headers }), await begun(10, { headers })]
  expect([two.headers.get('location'), two.headers.get('idempotent-replayed')]).toEqual([
    one.headers.get('location'),
    'true',
  ])
  expect((await begun(11, { headers })).body.code).toBe('idempotency-key-reused')
  await looked(pathOf(one), 'DELETE')
  expect((await begun(10, { headers })).body.code).toBe('no-such-upload')
  const both = await Promise.all(
    [1, 2].map(() => begun(10, { headers: { 'idempotency-key': headers['idempotency-key'].toUpperCase() } })),
  )
  expect(new Set(both.map(pathOf)).size).toBe(1)
})

describe('is refused, and nothing is begun', () => {
  test.each<[what: string, length: string, headers: Record<string, string>, status: number, code: string]>([
    ['no length', '', {}, 422, 'invalid-request'],
    ['a length that is none', '1e3', {}, 422, 'invalid-request'],
    ['an empty file', '0', {}, 422, 'empty-file'],
    ['more than ten megabytes', String(10 * 1024 * 1024 + 1), {}, 413, 'too-large'],
    [
      'a type that nobody takes',
      '10',
      { 'upload-metadata': metadata({ filetype: 'text/html' }) },
      415,
      'wrong-media-type',
    ],
    ['metadata that is no base64', '10', { 'upload-metadata': 'filename ä' }, 400, 'unreadable-request'],
    ['a key twice', '10', { 'upload-metadata': 'a MQ==,a Mg==' }, 400, 'unreadable-request'],
    ['a digest of no use', '10', { 'repr-digest': 'md5=:abc=:' }, 400, 'unreadable-request'],
    ['a digest in other letters', '10', { 'upload-metadata': metadata({ sha256: 'abc' }) }, 400, 'unreadable-request'],
    [
      'two digests that differ',
      '10',
      {
        'upload-metadata': metadata({ sha256: '0'.repeat(64) }),
        'repr-digest': `sha-256=:${btoa('x'.repeat(32))}:`,
      },
      400,
      'unreadable-request',
    ],
    ['another version', '10', { 'tus-resumable': '0.2.2' }, 412, 'tus-version-not-supported'],
  ])('%s', async (_what, length, headers, status, code) => {
    const reply = await begun(length, { headers: length === '' ? { ...headers, 'upload-length': 'x' } : headers })
    expect([reply.status, reply.body.code]).toEqual([status, code])
    if (code === 'tus-version-not-supported') expect(reply.headers.get('tus-version')).toBe('1.0.0')
  })

  test.each(['GET', 'HEAD', 'DELETE'])('%s in another version', async (method) => {
    const path = pathOf(await begun(10))
    expect((await looked(path, method, { headers: { 'tus-resumable': '1.1' } })).status).toBe(412)
  })

  test('a body of another type', async () => {
    const reply = await begun(10, { body: pdf(), headers: { 'content-type': 'application/pdf' } })
    expect([reply.status, reply.body.code]).toEqual([415, 'wrong-media-type'])
  })

  test('what comes from somebody who may not hand in', async () => {
    const whos = [null, { ...otherApp, scopes: ['dossiers:read'] } as Who, 'operator', 'citizen', 'seal'] as const
    expect(await Promise.all(whos.map(async (who) => (await begun(10, { who })).status))).toEqual([
      401, 403, 403, 201, 201,
    ])
  })

  test('more unfinished uploads than anybody needs', async () => {
    const who: Who = { kind: 'app', id: 'app_greedy', scopes: ['dossiers:submit'] }
    const first = await begun(10, { who })
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 499)
       INSERT INTO upload SELECT id || i, owner, length, received, attempt, next_part, sha256, media_type, metadata_master, metadata,
         file_id || i, multipart, parts, tail, status, created_at, expires_at FROM upload, n WHERE id = ?`,
    )
      .bind(pathOf(first).split('/').at(-1))
      .run()
    expect((await begun(10, { who })).body.code).toBe('too-many-uploads')
    await looked(pathOf(first), 'DELETE', { who })
    expect((await begun(10, { who })).status).toBe(201)
    await env.DB.exec("DELETE FROM upload WHERE owner = 'app:app_greedy'")
  })
})

describe('the next bytes', () => {
  test.each<
    [what: string, offset: number, bytes: Uint8Array, headers: Record<string, string>, status: number, code: string]
  >([
    ['from the wrong place', 3, pdf(), {}, 409, 'wrong-offset'],
    ['as something else', 0, pdf(), { 'content-type': 'application/pdf' }, 415, 'wrong-media-type'],
    ['more than there are to come', 0, new Uint8Array(100_001), {}, 413, 'too-large'],
    ['without the version', 0, pdf(), { 'tus-resumable': '' }, 412, 'tus-version-not-supported'],
    [
      'with another checksum',
      0,
      pdf(),
      { 'upload-checksum': `sha256 ${btoa('x'.repeat(32))}` },
      460,
      'checksum-mismatch',
    ],
    ['with a checksum of no use', 0, pdf(), { 'upload-checksum': 'crc32 AAAA' }, 400, 'unreadable-request'],
  ])('%s are refused, and none of them count', async (_what, offset, bytes, headers, status, code) => {
    const path = pathOf(await begun(100_000))
    const reply = await sent(path, offset, bytes, { headers })
    expect([reply.status, reply.body.code]).toEqual([status, code])
    expect([await offsetOf(path), await stored(path)]).toEqual(['0', { row: true, pieces: 0, file: 0 }])
  })

  test('count with the right checksum, over the border of a part as well', async () => {
    const bytes = longPdf(partSize + 1000)
    const path = pathOf(await begun(bytes.length))
    const first = bytes.subarray(0, partSize + 10)
    const wrong = await sent(path, 0, first, { headers: { 'upload-checksum': await checksumOf(pdf()) } })
    expect([wrong.status, await offsetOf(path)]).toEqual([460, '0'])
    const right = await sent(path, 0, first, { headers: { 'upload-checksum': await checksumOf(first, 'SHA-1') } })
    expect([right.status, right.headers.get('upload-offset')]).toEqual([204, String(first.length)])
    const rest = bytes.subarray(first.length)
    const last = await sent(path, first.length, rest, { headers: { 'upload-checksum': await checksumOf(rest) } })
    const { body } = await ask(app, `/v1/files/${last.headers.get('file-id')}`, {
      headers: { accept: 'application/json' },
    })
    expect(body.sha256).toBe(await hexOf(bytes))
  })

  test('along with the creation are held to their checksum as well', async () => {
    const headers = { 'upload-checksum': await checksumOf(pdf()) }
    expect((await begun(png.length, { body: png, headers })).body.code).toBe('checksum-mismatch')
  })

  test('are nobody else’s business: neither to send, nor to see, nor to end', async () => {
    const path = pathOf(await begun(100))
    for (const who of [otherApp, 'citizen' as const]) {
      const replies = [
        await sent(path, 0, png, { who }),
        await looked(path, 'GET', { who }),
        await looked(path, 'DELETE', { who }),
      ]
      expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
        [1, 2, 3].map(() => [404, 'no-such-upload']),
      )
    }
    expect(await offsetOf(path)).toBe('0')
  })
})

describe('at the end', () => {
  test.each<[what: string, bytes: Uint8Array, headers: Record<string, string>, status: number, code: string]>([
    ['another digest', pdf(), { 'repr-digest': `sha-256=:${btoa('x'.repeat(32))}:` }, 422, 'digest-mismatch'],
    [
      'another digest in the metadata',
      pdf(),
      { 'upload-metadata': metadata({ sha256: 'F'.repeat(64) }) },
      422,
      'digest-mismatch',
    ],
    [
      'a PDF that was announced as a picture',
      pdf(),
      { 'upload-metadata': metadata({ filetype: 'image/png' }) },
      415,
      'not-what-it-says',
    ],
    ['nothing that is known', new Uint8Array(2000), {}, 415, 'not-what-it-says'],
  ])('%s is refused and removed', async (_what, bytes, headers, status, code) => {
    const path = pathOf(await begun(bytes.length, { headers }))
    await sent(path, 0, bytes.subarray(0, 5))
    const reply = await sent(path, 5, bytes.subarray(5))
    expect([reply.status, reply.body.code]).toEqual([status, code])
    expect(await stored(path)).toEqual({ row: false, pieces: 0, file: 0 })
    expect((await looked(path)).status).toBe(404)
  })

  test('the type is what it is, whether it was announced or not', async () => {
    const reply = await begun(png.length, { body: png, who: 'citizen' })
    const { body } = await ask('citizen', `/v1/files/${reply.headers.get('file-id')}`, {
      headers: { accept: 'application/json' },
    })
    expect(body.mediaType).toBe('image/png')
  })

  /** All bytes of it are there, and the machine that took the last of them has died. */
  async function orphaned(announced: Record<string, string> = {}): Promise<string> {
    const path = pathOf(
      await begun(png.length, { headers: { 'upload-metadata': metadata({ of: 'x', ...announced }) } }),
    )
    const { uploads } = context()
    const before = await uploads.find(path.split('/').at(-1) ?? '')
    const claimed = before && (await uploads.claim(before, 1))
    if (!claimed || claimed === 'used-up') throw new Error('the upload cannot be claimed')
    const part = await uploads.putPart(claimed, claimed.nextPart, png)
    await uploads.advance(claimed, { received: png.length, parts: [part], tail: null }, new Date())
    return path
  }

  test('whoever looks judges what nobody has judged', async () => {
    const path = await orphaned({ filetype: 'application/pdf' })
    const reply = await looked(path, 'GET')
    expect([reply.status, reply.body.code, (await looked(path)).status]).toEqual([415, 'not-what-it-says', 404])
  })

  test('whoever looks makes a file of what is whole, should the last of the bytes have been taken by a machine that died', async () => {
    const path = await orphaned()
    const looks = await Promise.all([looked(path), looked(path), looked(path)])
    const ids = looks.map(({ headers }) => headers.get('file-id'))
    expect([looks.map(({ status }) => status), new Set(ids).size]).toEqual([[200, 200, 200], 1])
    expect((await ask(app, `/v1/files/${ids[0]}`)).body).toEqual(png)
  })
})

/** A request whose body is sent bit by bit, and what it came to. */
function slowly(path: string, offset: number, length?: number) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const reply = (async () => {
    const execution = createExecutionContext()
    const request = new Request(`https://api.test${path}`, {
      method: 'PATCH',
      body: readable,
      headers: {
        ...(await bearer(app)),
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
        ...(length !== undefined && { 'content-length': String(length) }),
      },
    })
    const response = await createApp().fetch(request, env, execution)
    await waitOnExecutionContext(execution)
    return response
  })()
  return { writer, reply }
}

describe('when connections break', () => {
  test('what came is kept, and the sender goes on from there', async () => {
    const bytes = longPdf(partSize + 50_000)
    const path = pathOf(await begun(bytes.length))
    const { writer, reply } = slowly(path, 0)
    await writer.write(bytes.subarray(0, partSize + 1234))
    await writer.abort(new Error('the train is in a tunnel'))
    expect((await reply).status).toBe(204)
    expect(await offsetOf(path)).toBe(String(partSize + 1234))
    const last = await sent(path, partSize + 1234, bytes.subarray(partSize + 1234))
    const { body } = await ask(app, `/v1/files/${last.headers.get('file-id')}`, {
      headers: { accept: 'application/json' },
    })
    expect(body.sha256).toBe(await hexOf(bytes))
  })

  test('of two who send at once one goes on, and the other is told to look again', async () => {
    const bytes = pdf()
    const path = pathOf(await begun(bytes.length))
    const both = await Promise.all([1, 2].map(() => sent(path, 0, bytes)))
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409])
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('wrong-offset')
    const { body } = await looked(path, 'GET')
    expect(body.file.sha256).toBe(await hexOf(bytes))
  })

  test('who comes back goes on although the old connection still hangs, and the old one writes nothing any more', async () => {
    const bytes = longPdf(partSize + 100)
    const path = pathOf(await begun(bytes.length))
    const old = slowly(path, 0)
    await old.writer.write(new Uint8Array(1000))
    expect((await sent(path, 0, bytes.subarray(0, 4000))).status).toBe(204)
    // Enough to fill a part, which it would put where the newer one puts its own.
    await old.writer.write(new Uint8Array(partSize - 1000))
    await old.writer.close().catch(() => undefined)
    const told = await old.reply
    expect([told.status, (await told.json<{ code: string }>()).code]).toEqual([409, 'wrong-offset'])
    expect(await offsetOf(path)).toBe('4000')
    const last = await sent(path, 4000, bytes.subarray(4000))
    const { body } = await ask(app, `/v1/files/${last.headers.get('file-id')}`, {
      headers: { accept: 'application/json' },
    })
    expect(body.sha256).toBe(await hexOf(bytes))
  })

  test('an old connection that is the first to be heard of after the file was made is told the same', async () => {
    const bytes = pdf()
    const path = pathOf(await begun(bytes.length))
    const old = slowly(path, 0)
    await old.writer.write(bytes.subarray(0, 10))
    expect((await sent(path, 0, bytes)).headers.has('file-id')).toBe(true)
    await old.writer.write(bytes.subarray(10)).catch(() => undefined)
    await old.writer.close().catch(() => undefined)
    expect((await old.reply).status).toBe(409)
  })

  test('more bytes than there are to come are refused, whatever was said of their number', async () => {
    const path = pathOf(await begun(100))
    const { writer, reply } = slowly(path, 0)
    await writer.write(new Uint8Array(101)).catch(() => undefined)
    expect((await reply).status).toBe(413)
    expect(await offsetOf(path)).toBe('0')
  })
})

describe('an end', () => {
  test('at the wish of its owner takes along what was kept; a file that it became stays', async () => {
    const path = pathOf(await begun(100))
    await sent(path, 0, png)
    expect(await stored(path)).toEqual({ row: true, pieces: 1, file: 0 })
    expect((await looked(path, 'DELETE')).status).toBe(204)
    expect(await stored(path)).toEqual({ row: false, pieces: 0, file: 0 })
    expect((await sent(path, 0, png)).status).toBe(404)
    const whole = await begun(png.length, { body: png })
    expect((await looked(pathOf(whole), 'DELETE')).status).toBe(204)
    expect((await ask(app, `/v1/files/${whole.headers.get('file-id')}`)).status).toBe(200)
  })

  test('comes by itself a day after the last bytes', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2027-03-01T02:00:00Z') })
    const path = pathOf(await begun(100))
    vi.setSystemTime(new Date('2027-03-01T22:00:00Z'))
    await sent(path, 0, png)
    vi.setSystemTime(new Date('2027-03-02T21:00:00Z'))
    await clearUploads(context())
    expect(await offsetOf(path)).toBe(String(png.length))
    vi.setSystemTime(new Date('2027-03-02T22:00:01Z'))
    expect((await looked(path)).status).toBe(404)
    expect(await clearUploads(context(), 1000)).toBeGreaterThan(0)
    expect(await stored(path)).toEqual({ row: false, pieces: 0, file: 0 })
  })

  test('is gone on with by the clock where a machine died in the middle of it', async () => {
    const path = pathOf(await begun(100))
    await sent(path, 0, png)
    const id = path.split('/').at(-1)
    await env.DB.prepare("UPDATE upload SET status = 'removed', expires_at = '2020' WHERE id = ?").bind(id).run()
    expect((await looked(path)).status).toBe(404)
    await clearUploads(context())
    expect(await stored(path)).toEqual({ row: false, pieces: 0, file: 0 })
  })

  test('comes to one whose numbers are used up', async () => {
    const path = pathOf(await begun(png.length))
    await env.DB.prepare('UPDATE upload SET next_part = 10001 WHERE id = ?').bind(path.split('/').at(-1)).run()
    expect((await sent(path, 0, png)).body.code).toBe('no-such-upload')
    expect(await stored(path)).toEqual({ row: false, pieces: 0, file: 0 })
  })
})

describe('a browser', () => {
  const origin = { origin: 'https://app.example.vn' }

  test('may send the methods and headers of the protocol, and read its replies', async () => {
    const asked = {
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'tus-resumable,upload-offset',
    }
    const preflight = await ask(null, '/v1/uploads/x', { method: 'OPTIONS', headers: { ...origin, ...asked } })
    expect(preflight.status).toBe(204)
    for (const method of ['PATCH', 'HEAD', 'DELETE', 'POST'])
      expect(preflight.headers.get('access-control-allow-methods')).toContain(method)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('upload-offset')
    const exposed = (await begun(10, { headers: origin })).headers.get('access-control-expose-headers') ?? ''
    for (const name of ['Upload-Offset', 'Upload-Expires', 'Upload-Length', 'Location', 'Tus-Resumable', 'File-Id'])
      expect(exposed.split(',')).toContain(name)
  })

  test('and anybody is told by OPTIONS what is understood', async () => {
    const { status, headers } = await ask(null, '/v1/uploads', { method: 'OPTIONS' })
    expect(status).toBe(204)
    expect(Object.fromEntries(headers)).toMatchObject({
      'tus-resumable': '1.0.0',
      'tus-version': '1.0.0',
      'tus-max-size': String(10 * 1024 * 1024),
      'tus-extension': 'creation,creation-with-upload,checksum,expiration,termination',
      'tus-checksum-algorithm': 'sha256,sha1',
    })
  })
})
