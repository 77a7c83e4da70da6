import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { examples } from '../../src/routes/dossiers/examples.ts'
import { type Refusal, problems } from '../../src/routes/problems.ts'
import { ask, askAt, type Reply } from '../support/api.ts'
import { app, handIn } from '../support/walk.ts'

const codes = Object.keys(problems) as Refusal[]

/** A whole problem document, in a reply that names its request and its version. */
function expectProblem(reply: Reply, code: Refusal, language: 'vi' | 'en' = 'vi') {
  const { status, title } = problems[code]
  expect([reply.status, reply.body.code, reply.text === '']).toEqual([status, code, false])
  expect(reply.body).toMatchObject({ status, title: title[language], type: `https://api.test/problems/${code}` })
  expect(reply.body.instance).toBe(`urn:uuid:${reply.headers.get('x-request-id')}`)
  expect(reply.headers.get('content-type')).toBe('application/problem+json')
  expect(reply.headers.get('content-language')).toBe(language)
  expect(reply.headers.get('cache-control')).toBe('no-store')
  expect(reply.headers.get('api-version')).toMatch(/^\d+\.\d+\.\d+$/)
  expect(reply.headers.get('vary')).toContain('Accept-Language')
}

describe.each(codes)('%s', (code) => {
  test('is explained in both languages, and says what to do', () => {
    const { status, title, help } = problems[code]
    expect(status).toBeGreaterThanOrEqual(400)
    for (const words of [title, help]) {
      expect(words.vi).not.toBe(words.en)
      expect([words.vi.length > 5, words.en.length > 5]).toEqual([true, true])
    }
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(help.en).toMatch(/[.)]$/)
    expect(title.en).not.toMatch(/\.$/)
  })

  test('has a page of its own, to which its type leads', async () => {
    const { status, headers, text } = await ask(null, `/problems/${code}`)
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    const said = text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
    const { title, help } = problems[code]
    for (const words of [title.vi, title.en, help.vi, help.en]) expect(said).toContain(words)
  })
})

test('one page lists them all', async () => {
  const { text } = await ask(null, '/problems')
  for (const code of codes) expect(text).toContain(`href="/problems/${code}"`)
})

describe('at the door', () => {
  test('an address that is not there is a problem too', async () => {
    expectProblem(await ask(null, '/v1/nothing'), 'no-such-address')
    expectProblem(await ask(null, '/nothing/at/all'), 'no-such-address')
    expectProblem(await ask(null, '/problems/no-such-problem'), 'no-such-address')
    expectProblem(await ask(null, '/v1/dossiers/X/transitions/1', { body: {} }), 'no-such-address')
  })

  test.each([
    ['DELETE', '/v1/dossiers', 'GET, POST, HEAD, OPTIONS'],
    ['PATCH', '/v1/dossiers/X', 'GET, HEAD, OPTIONS'],
    ['GET', '/v1/dossiers/X/transitions', 'POST, OPTIONS'],
    ['HEAD', '/v1/dossiers/X/transitions', 'POST, OPTIONS'],
    ['POST', '/health', 'GET, HEAD, OPTIONS'],
    ['GET', '/oauth/token', 'POST, OPTIONS'],
  ])('%s %s says which methods there are', async (method, path, allow) => {
    const reply = await ask(null, path, { method })
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, allow])
    if (method !== 'HEAD') expectProblem(reply, 'method-not-allowed')
  })

  test('HEAD answers like GET, without the body', async () => {
    const [get, head] = await Promise.all(
      ['GET', 'HEAD'].map((method) => ask(null, '/v1/units/00082-2025', { method })),
    )
    expect([head?.status, head?.text, head?.headers.get('etag')]).toEqual([200, '', get?.headers.get('etag')])
  })

  test('OPTIONS says what there is; a browser’s preflight is answered without a token', async () => {
    const plain = await ask(null, '/v1/dossiers', { method: 'OPTIONS' })
    expect([plain.status, plain.headers.get('allow')]).toEqual([204, 'GET, POST, HEAD, OPTIONS'])
    const preflight = await ask(null, '/v1/dossiers', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example.vn',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,idempotency-key',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('idempotency-key')
    const reply = await ask(null, '/v1/dossiers', { headers: { origin: 'https://app.example.vn' } })
    expect(reply.headers.get('access-control-allow-origin')).toBe('*')
    expect(reply.headers.get('access-control-expose-headers')).toMatch(/ETag.*X-Bookmark/)
  })

  test.each<[why: string, code: Refusal, body: string | Uint8Array, type: string]>([
    ['JSON cut short', 'unreadable-request', '{"procedure":', 'application/json'],
    ['no body at all', 'unreadable-request', '', 'application/json'],
    ['JSON that is not an object', 'invalid-request', '[]', 'application/json'],
    ['text', 'wrong-media-type', '{}', 'text/plain'],
    ['a form', 'wrong-media-type', 'procedure=1.001193', 'application/x-www-form-urlencoded'],
    ['no type', 'wrong-media-type', new TextEncoder().encode('{}'), ''],
    ['more than a megabyte', 'too-large', JSON.stringify({ form: 'x'.repeat(1_100_000) }), 'application/json'],
  ])('a body that is %s is refused as %s', async (_why, code, body, type) => {
    const headers = { 'idempotency-key': crypto.randomUUID(), 'content-type': type }
    expectProblem(await ask(app, '/v1/dossiers', { body, headers }), code)
  })

  test.each<[name: string, value: string, code: Refusal]>([
    ['idempotency-key', 'a, b', 'unreadable-request'],
    ['idempotency-key', '"a", "b"', 'unreadable-request'],
    ['idempotency-key', '"half', 'unreadable-request'],
    ['idempotency-key', 'x'.repeat(256), 'unreadable-request'],
    ['idempotency-key', 'x'.repeat(300), 'invalid-request'],
    ['authorization', 'Bearer a, Bearer b', 'token-invalid'],
    ['authorization', 'Basic YTpi', 'token-invalid'],
  ])('%s: %.20s is refused, whatever was meant', async (name, value, code) => {
    const headers = { 'idempotency-key': 'a', [name]: value }
    const reply = await ask(app, '/v1/dossiers', { body: examples.submission, headers })
    if (code === 'token-invalid') expect(reply.headers.get('www-authenticate')).toContain('invalid_token')
    expectProblem(reply, code)
  })

  test('two versions in If-Match match nothing', async () => {
    const headers = { 'if-match': '"1", "2"' }
    const body = { to: 'accepted' }
    expect((await ask('reception', '/v1/dossiers/X-1/transitions', { body, headers })).body.code).toBe(
      'changed-meanwhile',
    )
  })

  test('faults of query and path are named with their place', async () => {
    const reply = await ask('citizen', '/v1/dossiers?limit=1000&sort=name')
    expectProblem(reply, 'invalid-request')
    expect(reply.body.errors).toMatchObject([
      { pointer: '/query/limit', code: 'too-big' },
      { pointer: '/query/sort', code: 'not-known' },
    ])
    expectProblem(await ask('citizen', '/v1/dossiers/%20', {}), 'invalid-request')
  })

  test('English is spoken to who prefers it, Vietnamese to everybody else', async () => {
    const speaks = async (wish: string) => {
      const { headers } = await ask(null, '/v1/nothing', { headers: { 'accept-language': wish } })
      return headers.get('content-language')
    }
    expect(await speaks('en')).toBe('en')
    expect(await speaks('en-GB,vi;q=0.9')).toBe('en')
    expect(await speaks('vi,en;q=0.9')).toBe('vi')
    expect(await speaks('fr')).toBe('vi')
    expect(await speaks('*')).toBe('vi')
    expectProblem(await ask(null, '/v1/nothing', { headers: { 'accept-language': 'en' } }), 'no-such-address', 'en')
  })

  test('a fault of ours says nothing of its inside, and can be asked about', async () => {
    const broken = {
      prepare: () => {
        throw new Error('the disk of node 7 is full')
      },
    }
    const house = {
      ...env,
      DB: { ...broken, batch: broken.prepare, withSession: () => broken } as unknown as D1Database,
    }
    const context = createExecutionContext()
    const askBroken = askAt(async (request) => createApp().fetch(request, house, context))
    const reply = await askBroken('citizen', '/v1/dossiers')
    await waitOnExecutionContext(context)
    expectProblem(reply, 'internal')
    expect(reply.text).not.toContain('disk')
  })
})

test('a refusal tells a stranger nothing: a dossier that is not there and one that is not theirs answer alike', async () => {
  const { body } = await handIn(app, examples.submission)
  const [theirs, none] = await Promise.all(
    [body.code, 'LOCAL.00082-000000-0000'].map((code: string) => ask('citizen2', `/v1/dossiers/${code}`)),
  )
  const plain = (reply: Reply | undefined) => ({ ...reply?.body, instance: '' })
  expect(plain(theirs)).toEqual(plain(none))
})
