import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { metresBetween } from '../../src/domain/near.ts'
import { ask, type Reply } from '../support/api.ts'

const get = (query: string, headers: Record<string, string> = {}) =>
  ask(null, `/v1/service-points${query}`, { headers })
const place = { lat: 21.0245, lon: 105.8412 }
const near = 'near=21.0245,105.8412'

/** Every page of a list, by its own `Link` headers. */
async function walk(query: string): Promise<Reply[]> {
  const pages: Reply[] = []
  for (let next: string | undefined = `/v1/service-points?${query}`; next !== undefined;) {
    const page = await ask(null, next)
    pages.push(page)
    next = /^<https?:\/\/[^/]+([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1]
  }
  return pages
}
type Item = { id: string; unit: { id: string }; position: { lat: number; lon: number }; distance: number }
const itemsOf = (pages: Reply[]): Item[] => pages.flatMap(({ body }) => body.items)
const idsOf = ({ body }: Reply): string[] => body.items.map(({ id }: Item) => id)

const officeOf = (unit: string, number: string, lat: number, lon: number) =>
  env.DB.prepare(
    `INSERT INTO service_point (id, unit_id, kind, lat, lon, address, source, name_vi, name_en)
     VALUES (?1 || '.' || ?2, ?1, 'office', ?3, ?4, '1 Hàng Bài', 'test', 'Chi nhánh thử', 'Test branch')`,
  ).bind(unit, number, lat, lon)

beforeAll(async () => {
  await env.DB.batch([
    officeOf('00082-2025', '2', 21.0245, 105.8412),
    // Its ward is gone since 2025-07-01.
    officeOf('00001-0', '2', 21.0246, 105.8412),
    env.DB.prepare(
      "INSERT INTO opening_hours_entry VALUES ('00082-2025', 1, '2026-01-01', '[[480,720]]', '{}', 'test', NULL)",
    ),
  ])
})

describe('GET /v1/service-points', () => {
  test('lists the points of the 126 communes and the offices, each once, in order of id', async () => {
    const pages = await walk('limit=50')
    const ids = itemsOf(pages).map(({ id }) => id)
    expect(ids).toHaveLength(127)
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => (a < b ? -1 : 1)))
    expect(pages.map(({ body }) => body.reach)).toEqual([null, null, null])
    expect(itemsOf(pages).every(({ distance }) => distance === null)).toBe(true)
    expect(idsOf(await get('?kind=office'))).toEqual(['00082-2025.2'])
    expect(idsOf(await get('?unit=00082-2025'))).toEqual(['00082-2025.1', '00082-2025.2'])
  })

  test('a point inside a commune says that it is one and has no address; an office has one', async () => {
    const [inside, office] = (await get('?unit=00082-2025')).body.items
    expect(inside).toEqual({
      id: '00082-2025.1',
      unit: { id: '00082-2025', name: { vi: 'Phường Cửa Nam', en: 'Cua Nam Ward' } },
      kind: 'commune-point-inside-boundary',
      name: { vi: 'Phường Cửa Nam', en: 'Cua Nam Ward' },
      position: { lat: 21.02252, lon: 105.85068 },
      approximate: true,
      address: null,
      openingHours: { on: expect.any(String), windows: [{ opens: '08:00', closes: '12:00' }] },
      source: expect.stringContaining('vietnamese-provinces-database'),
      distance: null,
    })
    expect(office).toMatchObject({
      kind: 'office',
      name: { en: 'Test branch' },
      approximate: false,
      address: '1 Hàng Bài',
    })
    expect((await get('?unit=00004-2025')).body.items[0].openingHours.windows).toHaveLength(2)
  })

  test('near a place the nearest come first, exactly those within the radius, page by page', async () => {
    const all = itemsOf(await walk('limit=100'))
    for (const radius of [900, 5_000, 30_000]) {
      const found = itemsOf(await walk(`${near}&radius=${radius}&limit=7`))
      const expected = all
        .map(({ id, position }) => ({ id, distance: metresBetween(place, position) }))
        .filter(({ distance }) => distance <= radius)
        .toSorted((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
      expect(found.map(({ id, distance }) => ({ id, distance }))).toEqual(expected)
    }
    expect(idsOf(await get(`?${near}&limit=100`))).toEqual(idsOf(await get(`?${near}&limit=100&radius=5000`)))
  })

  test('says that one is within 5 km or 30 minutes, which one, and what that rests on', async () => {
    const { body } = await get(`?${near}&kind=commune-point-inside-boundary&limit=1`)
    expect(body.reach).toEqual({
      reached: true,
      within5Km: true,
      within30Minutes: true,
      minutes: 3,
      assumedSpeedKmh: 15,
      nearest: body.items[0],
      explanation: {
        vi: expect.stringContaining('không phải địa chỉ trụ sở'),
        en: expect.stringContaining(
          '675 m away in a straight line, about 3 minutes at an assumed 15 km/h. This is an estimate',
        ),
      },
    })
    expect(body.items[0]).toMatchObject({ id: '00226-2025.1', distance: 675 })
    const second = await ask(
      null,
      `/v1/service-points?${near}&kind=commune-point-inside-boundary&limit=1&after=${body.next}`,
    )
    expect([second.body.reach, second.body.items[0].id === '00226-2025.1']).toEqual([body.reach, false])
  })

  test('when none is, it says so and names the nearest all the same', async () => {
    // North of the city; then a place where the service is not.
    const { status, body } = await get('?near=21.45,105.90')
    expect([status, body.items, body.next]).toEqual([200, [], null])
    expect(body.reach).toMatchObject({ reached: false, within5Km: false, within30Minutes: false })
    expect(body.reach.nearest.distance).toBe(metresBetween({ lat: 21.45, lon: 105.9 }, body.reach.nearest.position))
    expect(body.reach.nearest.distance).toBeGreaterThan(7_500)
    const everywhere = itemsOf(await walk('near=21.45,105.90&radius=100000&limit=100'))
    expect(everywhere[0]?.id).toBe(body.reach.nearest.id)
    const far = await get('?near=10.7769,106.7009')
    expect([far.status, far.body.items, far.body.reach]).toEqual([
      200,
      [],
      expect.objectContaining({ reached: false, minutes: null, nearest: null }),
    ])
  })

  test('filters hold near a place, too: the one office, and a unit that is far', async () => {
    const office = (await get(`?${near}&kind=office`)).body
    expect([office.items.map(({ id }: Item) => id), office.reach.nearest.id]).toEqual([
      ['00082-2025.2'],
      '00082-2025.2',
    ])
    const other = (await get(`?${near}&unit=10489-2025`)).body
    expect([other.items, other.reach.reached, other.reach.nearest.unit.id]).toEqual([[], false, '10489-2025'])
    expect(other.reach.nearest.distance).toBeGreaterThan(40_000)
  })

  test('points of a unit that has ceased are left out, and answer by their id', async () => {
    expect((await get('?unit=00001-0')).body.items).toEqual([])
    expect(idsOf(await get(`?${near}&kind=office&radius=100`))).toEqual(['00082-2025.2'])
    expect((await get('/00001-0.2')).body).toMatchObject({
      id: '00001-0.2',
      unit: { id: '00001-0' },
      address: '1 Hàng Bài',
    })
  })

  test.each(['105.8412,21.0245', '21.0245', '21.0245;105.8412', 'Hà Nội', '21,0245,105,8412', '91,105', '21,181', ''])(
    'near=%s is no place, and the answer says how one is written',
    async (text) => {
      const { status, body } = await get(`?near=${encodeURIComponent(text)}`)
      expect([status, body.code, body.errors]).toEqual([
        422,
        'invalid-request',
        [{ pointer: '/query/near', code: 'not-valid', detail: expect.stringContaining('21.0245,105.8412') }],
      ])
    },
  )

  test('every fault is told at once', async () => {
    const pointers = async (query: string) =>
      (await get(query)).body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`)
    expect(await pointers('?near=200,300&radius=0&kind=kiosk&limit=0&colour=red')).toEqual([
      '/query/limit too-small',
      '/query/near not-valid',
      '/query/radius too-small',
      '/query/kind not-a-choice',
      '/query/colour not-known',
    ])
    expect(await pointers('?radius=500&unit=99999-2025')).toEqual([
      '/query/unit unknown-unit',
      '/query/radius near-missing',
    ])
    expect(await pointers(`?${near}&radius=100001&after=x`)).toEqual(['/query/radius too-big'])
    expect(await pointers(`?${near}&after=00082-2025.1`)).toEqual(['/query/after not-a-cursor'])
  })

  test('where somebody is stays out of caches that others share', async () => {
    const first = await get(`?${near}`)
    expect(first.headers.get('cache-control')).toMatch(/^private/)
    expect((await get(`?${near}`, { 'if-none-match': first.headers.get('etag') ?? '' })).status).toBe(304)
  })
})

describe('GET /v1/service-points/{id}', () => {
  test('shows the point as the list does', async () => {
    const { status, body } = await get('/00082-2025.2')
    const [, listed] = (await get('?unit=00082-2025')).body.items
    expect([status, { ...body, distance: null }]).toEqual([200, listed])
  })

  test('nothing else is a point', async () => {
    expect((await get('/00082-2025.9')).body).toMatchObject({ status: 404, code: 'no-such-service-point' })
    expect((await get('/00082-2025')).status).toBe(422)
  })
})
