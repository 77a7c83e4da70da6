import { X509Certificate } from 'node:crypto'
import { env } from 'cloudflare:workers'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { createLocalJWKSet, decodeProtectedHeader, importX509, jwtVerify } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { sha256, toHex } from '../../src/platform/crypto.ts'
import { ask } from '../support/api.ts'
import { quiet } from '../support/quiet.ts'
import { activated, imported, mishaps } from '../support/signers.ts'
import { eventually, filed, step, uploaded } from '../support/walk.ts'

quiet('signing.credential')

const origin = env.PUBLIC_ORIGIN
const personalId = '001190000001'
const content = (who: string | null, id: string, accept: string, method = 'GET') =>
  ask(who, `/v1/copies/${id}/content`, { method, headers: { accept } })
const attested = async (id: string) => (await content('citizen', id, 'application/dc+sd-jwt')).text

/** A copy of a result that the queue has issued; the next one for the same person can take the place of an earlier one. */
async function issued(supersedes?: string) {
  const { body: dossier } = await filed({ procedure: '1.004873' })
  await step('reception', dossier.code, { to: 'accepted' })
  const paper = { scan: await uploaded('certifier'), paperSeen: true, ...(supersedes && { supersedes }) }
  const resolved = await step('certifier', dossier.code, { to: 'resolved', outcome: 'granted', paper })
  const id: string = resolved.body.result.copy
  return eventually(async () => {
    const { body, headers } = await ask('certifier', `/v1/copies/${id}`)
    return body.status === 'valid' ? { ...body, etag: headers.get('etag') ?? '' } : undefined
  })
}

/** What a reader knows beforehand: the root of the seals. The rest it finds in the header. */
async function keyBehind(jwt: string) {
  const { alg, typ, x5c = [] } = decodeProtectedHeader(jwt)
  expect([alg, typ]).toEqual(['ES256', 'dc+sd-jwt'])
  const root = await env.DB.prepare("SELECT der FROM trust_material WHERE kind = 'root'").first<{ der: number[] }>()
  const chain = [...x5c.map((one) => Buffer.from(one, 'base64')), Uint8Array.from(root?.der ?? [])]
  const certificates = chain.map((der) => new X509Certificate(der))
  for (const [at, certificate] of certificates.slice(0, -1).entries()) {
    const above = certificates[at + 1]
    expect(above && certificate.verify(above.publicKey)).toBe(true)
  }
  return importX509(certificates[0]?.toString() ?? '', 'ES256')
}

const hasher = async (data: string | ArrayBuffer) => sha256(typeof data === 'string' ? data : new Uint8Array(data))
const isSigned = async (key: CryptoKey, data: string, signature: string) =>
  crypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-256' },
    key,
    Buffer.from(signature, 'base64url'),
    new TextEncoder().encode(data),
  )

const listOf = (uri: string) => ask(null, uri.slice(origin.length))

/** Somebody else's reader: judges signature, digests and status as the standards say. */
async function reader(sd: string) {
  const key = await keyBehind(sd.split('~')[0] ?? '')
  return new SDJwtVcInstance({
    hasher,
    hashAlg: 'sha-256',
    verifier: (data, signature) => isSigned(key, data, signature),
    statusListFetcher: async (uri) => (await listOf(uri)).text,
    statusVerifier: async (data, signature) => {
      const { body } = await ask(null, '/.well-known/jwks.json')
      await jwtVerify(`${data}.${signature}`, createLocalJWKSet(body), { typ: 'statuslist+jwt' })
      return true
    },
    statusValidator: async (status) => {
      if (status !== 0) throw new Error(`status ${status}`)
    },
  })
}
const verdict = async (sd: string) =>
  (await reader(sd)).verify(sd).then(
    () => 'valid',
    (error: Error) => error.message,
  )

let copy: Awaited<ReturnType<typeof issued>>
let sd = ''
beforeAll(async () => {
  copy = await issued()
  sd = await attested(copy.id)
})

test('software that is not ours verifies the facts of a copy, and whose it is, under the root of the seals', async () => {
  const { payload } = await (await reader(sd)).verify(sd)
  const { body: pdf } = await content('citizen', copy.id, 'application/pdf')
  expect(payload).toMatchObject({
    iss: origin,
    vct: 'urn:motcua:certified-copy:1',
    number: copy.number,
    unit: { id: '00082-2025', name: 'Ủy ban nhân dân phường Cửa Nam' },
    certifier: copy.certifier,
    certifiedAt: copy.certifiedAt,
    issuedAt: copy.issuedAt,
    sha256: toHex(await sha256(pdf)),
    title: copy.title,
    ownerPersonalId: personalId,
    ownerName: expect.stringMatching(/\S/),
  })
  expect(Math.abs(Number(payload.iat) - Date.now() / 1000)).toBeLessThan(600)
})

test('what its holder does not disclose cannot be read, and what they disclose still verifies', async () => {
  const read = await reader(sd)
  const shown = await read.present(sd, { title: true })
  const { payload } = await read.verify(shown)
  expect(payload).toMatchObject({ title: copy.title, sha256: copy.sha256 })
  for (const hidden of ['ownerName', 'ownerPersonalId']) expect(payload).not.toHaveProperty(hidden)
  const readable = shown.split(/[.~]/).map((part) => Buffer.from(part, 'base64url').toString())
  expect(readable.join()).not.toContain(personalId)
})

test('a changed fact is refused, and a disclosure that nobody signed adds none', async () => {
  const [head = '', body = '', rest = ''] = sd.split('.')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
  const forged = Buffer.from(JSON.stringify({ ...claims, number: '00082-2025.2026.99' })).toString('base64url')
  expect(await verdict(`${head}.${forged}.${rest}`)).toMatch(/signature/i)
  const added = Buffer.from('["c2FsdA","ownerName","Kẻ Lạ"]').toString('base64url')
  const { payload } = await (await reader(sd)).verify(`${sd}${added}~`)
  expect(payload).not.toMatchObject({ ownerName: 'Kẻ Lạ' })
})

test('once the data of its dossier is erased it names nobody, and is sound', async () => {
  const { id } = await issued()
  await env.DB.prepare('DELETE FROM dossier_key WHERE dossier_id = (SELECT dossier_id FROM copy WHERE id = ?)')
    .bind(id)
    .run()
  const after = await attested(id)
  const { payload } = await (await reader(after)).verify(after)
  expect(Object.keys(payload).filter((name) => name.startsWith('owner'))).toEqual([])
})

test('it goes to who may open the PDF, each opening is recorded, and a look at its headers is none', async () => {
  const openings = async () => (await ask('citizen', `/v1/copies/${copy.id}/openings`)).body.items.length
  const before = await openings()
  const reply = await content('certifier', copy.id, 'application/pdf;q=0.5, application/dc+sd-jwt')
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/dc+sd-jwt'])
  expect([reply.headers.get('vary'), reply.headers.get('cache-control')]).toEqual(['Accept', 'private, no-store'])
  expect(await openings()).toBe(before + 1)
  expect((await content('citizen', copy.id, 'application/dc+sd-jwt', 'HEAD')).status).toBe(200)
  expect((await content(null, copy.id, 'application/dc+sd-jwt')).status).toBe(401)
  expect((await content('certifier@HN-STC-2025', copy.id, 'application/dc+sd-jwt')).status).toBe(404)
  expect(await openings()).toBe(before + 1)
})

test('without a wish it is the PDF, and for a wish that cannot be met there is a code', async () => {
  for (const accept of ['', '*/*', 'application/json, */*;q=0.1', 'application/*']) {
    const reply = await content('citizen', copy.id, accept, 'HEAD')
    expect([reply.status, reply.headers.get('content-type'), reply.headers.get('vary')], accept).toEqual([
      200,
      'application/pdf',
      'Accept',
    ])
  }
  const reply = await content('citizen', copy.id, 'application/json')
  expect([reply.status, reply.body.code]).toEqual([406, 'not-acceptable'])
})

const lend = async (id: string, disclose: string[] | null) => {
  const until = new Date(Date.now() + 86_400_000).toISOString()
  const body = { recipient: 'Ngân hàng Ví Dụ', purpose: 'Vay vốn', until, ...(disclose && { disclose }) }
  const share = await ask('citizen', `/v1/copies/${id}/shares`, { body })
  return { ...share.body, path: new URL(share.body.link).pathname }
}
const lent = (path: string, accept: string) => ask(null, `${path}/content`, { headers: { accept } })

test('who holds a link gets the facts as well as the file; of facts alone no more than the owner chose, and no file', async () => {
  const whole = await lend(copy.id, null)
  const all = await lent(whole.path, 'application/dc+sd-jwt')
  expect([all.status, all.headers.get('content-type')]).toEqual([200, 'application/dc+sd-jwt'])
  expect((await (await reader(all.text)).verify(all.text)).payload).toMatchObject({ ownerPersonalId: personalId })
  expect((await lent(whole.path, '*/*')).headers.get('content-type')).toBe('application/pdf')
  expect((await lent(whole.path, 'text/plain')).body.code).toBe('not-acceptable')

  const facts = await lend(copy.id, ['title'])
  const { text } = await lent(facts.path, '*/*')
  const { payload } = await (await reader(text)).verify(text)
  expect(payload).toMatchObject({ number: copy.number, title: copy.title })
  const readable = text.split(/[.~]/).map((part) => Buffer.from(part, 'base64url').toString())
  expect(readable.join()).not.toMatch(/ownerName|ownerPersonalId|001190000001/)
  expect((await lent(facts.path, 'application/pdf')).body.code).toBe('not-acceptable')
  expect((await ask(null, facts.path)).body.disclose).toEqual(['title'])
  expect((await ask(null, facts.path, { headers: { accept: 'text/html' } })).text).toContain('Open the facts')
  const { body } = await ask('citizen', `/v1/copies/${copy.id}/openings`)
  expect(body.items.slice(0, 3).map(({ share }: { share: string }) => share)).toEqual([facts.id, whole.id, whole.id])
  expect((await ask('citizen', `/v1/copies/${copy.id}/shares/${facts.id}`)).body).toMatchObject({
    openings: 1,
    disclose: ['title'],
  })
  const older = await issued()
  const { path } = await lend(older.id, [])
  await issued(older.id)
  await eventually(async () => ((await lent(path, '*/*')).body.code === 'copy-not-valid' ? true : undefined))
})

test('revoking flips the status of this copy alone, and a superseded one is told apart from it', async () => {
  const [older, untouched] = [await issued(), await issued()]
  const [olderSd, untouchedSd] = [await attested(older.id), await attested(untouched.id)]
  expect([await verdict(sd), await verdict(olderSd)]).toEqual(['valid', 'valid'])

  const headers = { 'if-match': copy.etag }
  await ask('certifier', `/v1/copies/${copy.id}/revocation`, { body: { reason: 'certified-wrongly' }, headers })
  await issued(older.id)
  await eventually(async () => ((await verdict(olderSd)) === 'valid' ? undefined : true))
  expect(await verdict(sd)).toContain('status 1')
  expect(await verdict(olderSd)).toContain('status 3')
  expect(await verdict(untouchedSd)).toBe('valid')

  const anew = await content('citizen', copy.id, 'application/dc+sd-jwt')
  expect([anew.status, anew.body.code]).toEqual([409, 'copy-not-valid'])
  expect((await content('citizen', copy.id, 'application/pdf')).status).toBe(200)
})

test('a status list is public, can be kept for its ttl, and names no copy; an unknown one is not there', async () => {
  const list = await listOf(`${origin}/v1/status-lists/00082-2025.2026`)
  expect([list.headers.get('content-type'), list.headers.get('cache-control')]).toEqual([
    'application/statuslist+jwt',
    'public, max-age=300',
  ])
  const { body: keys } = await ask(null, '/.well-known/jwks.json')
  const { payload } = await jwtVerify(list.text, createLocalJWKSet(keys), { typ: 'statuslist+jwt' })
  expect(payload).toEqual({
    sub: `${origin}/v1/status-lists/00082-2025.2026`,
    iat: expect.any(Number),
    exp: (payload.iat ?? 0) + 86_400,
    ttl: 300,
    status_list: { bits: 2, lst: expect.any(String) },
  })
  // It is no token to come in with.
  const withList = await ask(null, '/v1/copies', { headers: { authorization: `Bearer ${list.text}` } })
  expect([withList.status, withList.body.code]).toEqual([401, 'token-invalid'])
  const unknown = await listOf(`${origin}/v1/status-lists/00082-2025.1999`)
  expect([unknown.status, unknown.body.code]).toEqual([404, 'no-such-status-list'])
})

test('only the copies without value are read for it', async () => {
  const plan = await env.DB.prepare(
    "EXPLAIN QUERY PLAN SELECT number, status FROM copy WHERE number > ? AND number < ? AND status IN ('revoked', 'superseded')",
  )
    .bind('a', 'b')
    .all<{ detail: string }>()
  expect(plan.results.map(({ detail }) => detail).join()).toContain('copy_without_value')
})

test('a seal at a signing service attests as well; one that is away or has an RSA key has a code each', async () => {
  const { id } = await issued()
  const useSeal = async (name: string, key: 'sealed' | 'service') => {
    const { body } = await imported(name, key)
    expect((await activated(body.id)).status).toBe(200)
  }
  await useSeal('remote', 'service')
  expect(await verdict(await attested(id))).toBe('valid')
  await mishaps('down', 'down')
  const away = await content('citizen', id, 'application/dc+sd-jwt')
  expect([away.status, away.body.code]).toEqual([503, 'signing-not-possible'])
  await useSeal('rsa', 'sealed')
  const rsa = await content('citizen', id, 'application/dc+sd-jwt')
  expect([rsa.status, rsa.body.code]).toEqual([406, 'seal-cannot-attest'])
})
