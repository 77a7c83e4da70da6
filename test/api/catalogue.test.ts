import { describe, expect, test } from 'vitest'
import { schemaErrors } from '../../src/platform/json-schema.ts'
import { ask, type Reply } from '../support/api.ts'
import { app, uploaded } from '../support/walk.ts'

const get = (path: string, headers: Record<string, string> = {}) => ask(null, path, { headers })

/** Every page of a list, by its own `Link` headers. */
async function walk(path: string): Promise<Reply[]> {
  const pages: Reply[] = []
  for (let next: string | undefined = path; next !== undefined;) {
    const page = await get(next)
    pages.push(page)
    next = /^<https?:\/\/[^/]+([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1]
  }
  return pages
}

/** Path and relation of each link. */
const linksOf = (headers: Headers) =>
  [...(headers.get('link') ?? '').matchAll(/<https?:\/\/[^/]+([^>]+)>; rel="([^"]+)"/g)].map(([, to, rel]) => [to, rel])

const codesOf = (reply: Reply): string[] => reply.body.items.map((one: { code: string }) => one.code)

describe('GET /v1/procedures', () => {
  test('is walked page by page to its end, each procedure once', async () => {
    const pages = await walk('/v1/procedures?limit=30')
    expect(pages.map(({ status, body }) => [status, body.items.length, body.next === null])).toEqual([
      [200, 30, false],
      [200, 30, false],
      [200, 16, true],
    ])
    const codes = pages.flatMap(codesOf)
    expect(new Set(codes).size).toBe(76)
    expect(codes).toEqual(codes.toSorted((a, b) => (a < b ? -1 : 1)))
  })

  test('finds with and without accents, by level, field, unit and day', async () => {
    expect(codesOf(await get(`/v1/procedures?q=${encodeURIComponent('KẾT HÔN nước ngoài')}`))).toContain('2.000806')
    expect(codesOf(await get('/v1/procedures?q=ket+hon+nuoc+ngoai'))).toContain('2.000806')
    expect(codesOf(await get('/v1/procedures?field=enterprise-registration'))).toEqual([
      '2.001199',
      '2.001583',
      '2.001610',
    ])
    expect(codesOf(await get('/v1/procedures?unit=HN-SYT-2025'))).toEqual(['1.012278', '1.014076'])
    expect(codesOf(await get('/v1/procedures?level=district'))).toEqual([])
    expect(codesOf(await get('/v1/procedures?level=district&on=2025-06-30'))).toContain('1.013225')
  })

  test('shows money as money, and no fee where nobody has set one', async () => {
    const { body } = await get('/v1/procedures?q=2.000635')
    expect(body.items[0].fee.amount).toEqual({ amount: 8000, currency: 'VND' })
    const unsettled = await get('/v1/procedures?q=1.000656')
    expect(unsettled.body.items[0].fee).toEqual({
      amount: null,
      note: { vi: expect.any(String), en: expect.any(String) },
    })
  })

  test('is refused with every fault at once', async () => {
    const reply = await ask(null, '/v1/procedures?level=village&limit=0&on=2026-02-30&colour=red')
    expect(reply.status).toBe(422)
    expect(reply.body.code).toBe('invalid-request')
    expect(reply.body.errors.map((one: { pointer: string }) => one.pointer).toSorted()).toEqual([
      '/query/colour',
      '/query/level',
      '/query/limit',
      '/query/on',
    ])
    const unknown = await get('/v1/procedures?unit=99999-2025', { 'accept-language': 'en' })
    expect([unknown.status, unknown.body.errors]).toEqual([
      422,
      [{ pointer: '/query/unit', code: 'unknown-unit', detail: 'There is no such unit.' }],
    ])
  })
})

describe('GET /v1/procedures/{code}', () => {
  test('tells what birth registration asks, costs and gives', async () => {
    const { status, body } = await get('/v1/procedures/1.001193')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      code: '1.001193',
      version: 1,
      name: { vi: 'Thủ tục đăng ký khai sinh', en: 'Birth registration' },
      field: { id: 'civil-status', name: { en: 'Civil status' } },
      level: 'commune',
      competence: { by: 'place', level: 'commune' },
      time: { unit: 'SAME_DAY' },
      cutoff: '15:00',
      fee: { amount: { amount: 0, currency: 'VND' } },
      result: { name: { en: 'Birth certificate' }, certifiedCopy: true },
      versions: [{ version: 1, validFrom: '2024-01-01', validTo: null }],
    })
    expect(body.components.map((one: { id: string }) => one.id)).toContain('birth-notification')
    expect(schemaErrors(body.formSchema, body.exampleSubmission.form, '/form')).toEqual([])
  })

  test('answers for the day that is asked: the building permit was for the district', async () => {
    const [before, now] = [await get('/v1/procedures/1.013225?on=2025-06-30'), await get('/v1/procedures/1.013225')]
    expect([before.body.level, before.body.version, before.body.validTo]).toEqual(['district', 1, '2025-07-01'])
    expect([now.body.level, now.body.version, now.body.validTo]).toEqual(['commune', 2, null])
    expect(now.body.versions).toHaveLength(2)
  })

  test('names the department that decided on that day', async () => {
    const department = async (on: string) => (await get(`/v1/procedures/2.001610?on=${on}`)).body.competence
    expect(await department('2025-02-28')).toEqual({
      by: 'department',
      unitCode: 'HN-SKHDT',
      unit: { id: 'HN-SKHDT-0', name: { vi: 'Sở Kế hoạch và Đầu tư', en: 'Department of Planning and Investment' } },
    })
    expect((await department('2025-03-01')).unit.id).toBe('HN-STC-2025')
  })

  test.each([
    '1.001193',
    '2.000815',
    '1.000894',
    '1.013225',
    '2.001610',
    '1.012278',
    '1.004873',
    '2.000635',
    '1.001612',
    '1.010833',
  ])('%s: its example submission is accepted as it stands, once the files are uploaded', async (code) => {
    const { exampleSubmission } = (await get(`/v1/procedures/${code}`)).body
    const components = await Promise.all(
      exampleSubmission.components.map(async (one: { component: string; file?: string }) =>
        one.file === undefined ? one : { ...one, file: await uploaded(app) },
      ),
    )
    const reply = await ask(app, '/v1/dossiers', {
      body: { ...exampleSubmission, components },
      headers: { 'idempotency-key': crypto.randomUUID() },
    })
    expect(reply.status, reply.text).toBe(201)
  })

  test('is not there under another code, nor on a day before it began, and says why', async () => {
    expect((await get('/v1/procedures/9.999999')).body).toMatchObject({ status: 404, code: 'no-such-procedure' })
    const early = await get('/v1/procedures/1.014027?on=2025-06-30', { 'accept-language': 'en' })
    expect([early.status, early.body.detail]).toEqual([
      404,
      'Not in force on 2025-06-30; the catalogue has it 2025-07-01 – ….',
    ])
    expect((await get('/v1/procedures/khai-sinh')).status).toBe(422)
  })
})

describe('GET /v1/units', () => {
  test('lists the 126 communes that stand, and the 526 of the day before the reform', async () => {
    const count = async (query: string) =>
      (await walk(`/v1/units?limit=100&${query}`)).reduce((sum, page) => sum + page.body.items.length, 0)
    expect(await count('level=commune&status=active')).toBe(126)
    expect(await count('level=commune&status=active&on=2025-06-30')).toBe(526)
    expect(await count('')).toBe(711)
  })

  test('judges the status on the day that is asked', async () => {
    const status = async (on: string) =>
      (await get(`/v1/units?q=001+ba+dinh&level=district&on=${on}`)).body.items[0].status
    expect(await status('2025-06-30')).toBe('active')
    expect(await status('2025-07-01')).toBe('dissolved')
  })

  test('finds with and without accents', async () => {
    for (const q of ['cua nam', 'Cửa Nam', 'NAM CỬA'])
      expect(codesOf(await get(`/v1/units?status=active&q=${encodeURIComponent(q)}`))).toEqual(['00082'])
  })
})

describe('GET /v1/units/{id}', () => {
  test('a commune of today says what it was made of', async () => {
    const { status, body } = await get('/v1/units/00082-2025')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: '00082-2025',
      name: { vi: 'Phường Cửa Nam' },
      status: 'active',
      parent: { id: '01-0', name: { en: 'Hanoi City' } },
      identifier: 'LOCAL.00082',
      identifierIsOfficial: false,
      successors: [],
    })
    expect(body.predecessors.length).toBeGreaterThan(2)
    expect(body.predecessors[0]).toMatchObject({
      on: '2025-07-01',
      clause: expect.any(Number),
      ground: { vi: expect.stringContaining('1656') },
    })
  })

  test('a dissolved commune still answers, and points on', async () => {
    const { status, body, headers } = await get('/v1/units/00001-0')
    expect([status, body.status]).toEqual([200, 'dissolved'])
    expect(linksOf(headers)).toEqual([['/v1/units/00097-2025', 'successor-version']])
    expect(body.successors).toEqual([
      {
        unit: { id: '00097-2025', name: { vi: 'Phường Hồng Hà', en: 'Hong Ha Ward' } },
        on: '2025-07-01',
        kind: 'full',
        clause: 14,
        ground: { vi: expect.stringContaining('1656/NQ-UBTVQH15'), en: expect.stringContaining('1656/NQ-UBTVQH15') },
      },
    ])
  })

  test('its links lead to every successor and back again (RFC 5829); whoever has neither has no link', async () => {
    const ward = await get('/v1/units/00082-2025')
    const back = ward.body.predecessors.map(({ unit }: { unit: { id: string } }) => `/v1/units/${unit.id}`)
    expect(linksOf(ward.headers)).toEqual(back.map((path: string) => [path, 'predecessor-version']))
    for (const path of back) {
      const old = await get(path)
      expect([old.status, old.body.status]).toEqual([200, 'dissolved'])
      expect(linksOf(old.headers)).toContainEqual(['/v1/units/00082-2025', 'successor-version'])
    }
    expect((await get('/v1/units/01-0')).headers.has('link')).toBe(false)
  })

  test('a code alone is answered with the units that bore it', async () => {
    const { status, body } = await get('/v1/units/00004')
    expect(status).toBe(300)
    expect(body.choices.map((one: { id: string; status: string }) => [one.id, one.status])).toEqual([
      ['00004-0', 'dissolved'],
      ['00004-2025', 'active'],
    ])
    expect((await get('/v1/units/HN-STC')).body.choices).toHaveLength(1)
  })

  test('the one official identifier is marked as such', async () => {
    expect((await get('/v1/units/01-0')).body).toMatchObject({
      identifier: 'H26',
      identifierIsOfficial: true,
      parent: null,
    })
  })

  test('nothing else is a unit', async () => {
    expect((await get('/v1/units/99999-2025')).body).toMatchObject({ status: 404, code: 'no-such-unit' })
    expect((await get('/v1/units/99999')).status).toBe(404)
    expect((await get('/v1/units/ba-dinh')).status).toBe(422)
  })
})

test.each([
  '/v1/procedures',
  '/v1/procedures/1.001193',
  '/v1/units',
  '/v1/units/00082-2025',
  '/v1/service-points',
  '/v1/service-points/00082-2025.1',
])('%s may be kept by anyone, and costs nothing when nothing changed', async (path) => {
  const first = await get(path)
  expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d+/)
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[\w-]{16}"$/)
  const again = await get(path, { 'if-none-match': etag })
  expect([again.status, again.text]).toEqual([304, ''])
  expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200)
  expect((await get(path)).headers.get('etag')).toBe(etag)
})
