import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../src/context.ts'
import { boxAround, farthest, inOrder, metresBetween, type Place, reachOf, widening } from '../../src/domain/near.ts'
import { nothingNear, reachWords } from '../../src/domain/reach-words.ts'
import type { ServicePoint } from '../../src/domain/service-point.ts'
import type { ServicePointStore } from '../../src/store/service-points.ts'
import { findNear, readCursor } from '../../src/usecases/service-points/near.ts'
import { publishedCatalogue } from '../support/catalogue.ts'

const cuaNam = { lat: 21.0245, lon: 105.8412 }
const anywhere = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
})
/** In and around the city, half of them on the border between two stripes or a breath beside it. */
const degree = (from: number, to: number) =>
  fc.oneof(
    fc.double({ min: from, max: to, noNaN: true }),
    fc
      .tuple(fc.integer({ min: from * 100, max: to * 100 }), fc.constantFrom(-1e-9, 0, 1e-9))
      .map(([hundredths, breath]) => hundredths / 100 + breath),
  )
const around = fc.record({ lat: degree(20, 22), lon: degree(105, 107) })

describe('the great-circle distance', () => {
  test.each([
    ['one degree of latitude', { lat: 21, lon: 105 }, { lat: 22, lon: 105 }, 111_195],
    ['one degree along the equator', { lat: 0, lon: 105 }, { lat: 0, lon: 106 }, 111_195],
    ['half around the earth', { lat: 90, lon: 0 }, { lat: -90, lon: 0 }, 20_015_115],
    ['across the date line', { lat: 0, lon: 179.5 }, { lat: 0, lon: -179.5 }, 111_195],
    ['Hà Nội to Hồ Chí Minh City', cuaNam, { lat: 10.7769, lon: 106.7009 }, 1_143_208],
  ])('%s', (_name, from, to, metres) => {
    expect(Math.abs(metresBetween(from, to) - metres)).toBeLessThanOrEqual(metres > 1_000_000 ? 2_000 : 1)
  })

  test('is the same there and back, nothing to itself, and no way around is shorter', () => {
    fc.assert(
      fc.property(anywhere, anywhere, anywhere, (a, b, c) => {
        expect(metresBetween(a, b)).toBe(metresBetween(b, a))
        expect(metresBetween(a, a)).toBe(0)
        // Each distance is rounded by itself.
        expect(metresBetween(a, c)).toBeLessThanOrEqual(metresBetween(a, b) + metresBetween(b, c) + 2)
      }),
    )
  })
})

const point = ({ lat, lon }: Place, index: number, kind: ServicePoint['kind'] = 'office'): ServicePoint => {
  const id = `${String(index).padStart(5, '0')}-2025.2`
  const [unit] = publishedUnits
  if (!unit) throw new Error('no units')
  return { id, unit: unit.id, kind, lat, lon, name: { vi: id, en: id }, address: 'Số 1', source: 'test' }
}
const publishedUnits = publishedCatalogue().units

const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false })
for (const file of readdirSync('migrations').toSorted()) db.exec(readFileSync(`migrations/${file}`, 'utf8'))

/** The points in the tables as they are migrated: SQLite itself reckons the stripe. */
function storeOf(points: readonly ServicePoint[]): { store: ServicePointStore; read: () => number } {
  db.exec('DELETE FROM service_point')
  const insert = db.prepare(
    `INSERT INTO service_point (id, unit_id, kind, lat, lon, address, source, name_vi, name_en)
     VALUES (?, 'x', 'office', ?, ?, 'Số 1', 'test', 'x', 'x')`,
  )
  db.exec('BEGIN')
  for (const { id, lat, lon } of points) insert.run(id, lat, lon)
  db.exec('COMMIT')
  const byId = new Map(points.map((one) => [one.id, one]))
  const select = db.prepare(
    "SELECT id FROM service_point WHERE kind = 'office' AND band BETWEEN ? AND ? AND lon BETWEEN ? AND ?",
  )
  let count = 0
  const within: ServicePointStore['within'] = async ({ bands: [from, to], west, east }) => {
    const found = select.all(from, to, west, east).flatMap(({ id }) => byId.get(String(id)) ?? [])
    count += found.length
    return found
  }
  const list: ServicePointStore['list'] = async () => [...points]
  return { store: { within, list, find: async (id) => byId.get(id) }, read: () => count }
}

const near = (store: ServicePointStore, place: Place, radius: number, limit: number, after?: string) => {
  const cursor = after === undefined ? undefined : readCursor(after)
  const question = { near: place, radius, kind: 'office' as const, on: '2026-11-22', ...(cursor && { after: cursor }) }
  // Safe: it touches nothing else of the house.
  return findNear({ servicePoints: store } as Context, question, limit)
}

describe('what is near', () => {
  test('is what measuring every point finds, page by page, also on the borders of stripes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(around, { maxLength: 60 }),
        around,
        fc.integer({ min: 1, max: farthest }),
        fc.integer({ min: 1, max: 7 }),
        async (places, place, radius, limit) => {
          const points = places.map((one, index) => point(one, index))
          const measured = inOrder(points, place)
          const { store } = storeOf(points)
          const walked: string[] = []
          for (let next: string | null | undefined; next !== null;) {
            const page = await near(store, place, radius, limit, next)
            expect(page.items.length).toBeLessThanOrEqual(limit)
            expect(page.nearest).toEqual(measured.find(({ metres }) => metres <= farthest) ?? null)
            walked.push(...page.items.map((one) => one.point.id))
            next = page.next
          }
          expect(walked).toEqual(measured.filter(({ metres }) => metres <= radius).map((one) => one.point.id))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('lies in the box around a place, wherever on earth', () => {
    fc.assert(
      fc.property(
        anywhere,
        fc.integer({ min: 0, max: 359 }),
        fc.integer({ min: 0, max: farthest }),
        (a, turn, metres) => {
          const b = travelled(a, turn, metres)
          const { bands, west, east } = boxAround(a, metresBetween(a, b))
          const stripe = Math.floor((b.lat + 90) * 100)
          expect([bands[0] <= stripe && stripe <= bands[1], west <= b.lon && b.lon <= east]).toEqual([true, true])
        },
      ),
    )
  })

  test('is read without the rest: a page among 20,000 points of the city reads a few hundred', async () => {
    const spread = Array.from({ length: 20_000 }, (_, n) =>
      point({ lat: 20.6 + ((n * 7919) % 20_000) / 25_000, lon: 105.3 + ((n * 104_729) % 19_997) / 26_663 }, n),
    )
    const { store, read } = storeOf(spread)
    const page = await near(store, cuaNam, 5_000, 20)
    expect(page.items).toEqual(inOrder(spread, cuaNam).slice(0, 20))
    expect(read()).toBeLessThan(300)
  })

  test('is looked for in growing boxes, never beyond 100 km', () => {
    expect([...widening(5_000)]).toEqual([1250, 2500, 5000, 10_000, 20_000, 40_000, 80_000, 100_000])
    expect([...widening(300)].slice(0, 3)).toEqual([300, 600, 1200])
    expect([...widening(farthest)].at(-1)).toBe(farthest)
  })

  test('no text but a page’s own is a cursor', () => {
    expect(readCursor('812~00082-2025.1')).toEqual({ metres: 812, id: '00082-2025.1' })
    for (const text of ['', '~', '812', '812~', 'x~y', '-1~x', '1234567~x']) expect(readCursor(text)).toBeUndefined()
  })
})

/** Where one comes to along a great circle; the far end by the formula of spherical trigonometry. */
function travelled({ lat, lon }: Place, turn: number, metres: number): Place {
  const [phi, course, angle] = [(lat * Math.PI) / 180, (turn * Math.PI) / 180, metres / 6_371_008.8]
  const sin = Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(course)
  const far = Math.asin(Math.max(-1, Math.min(1, sin)))
  const east = Math.atan2(Math.sin(course) * Math.sin(angle) * Math.cos(phi), Math.cos(angle) - Math.sin(phi) * sin)
  const degrees = lon + (east * 180) / Math.PI
  return { lat: (far * 180) / Math.PI, lon: degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees }
}

describe('within 5 km or 30 minutes', () => {
  test.each([
    [0, 0, true, true],
    [1, 1, true, true],
    [250, 1, true, true],
    [251, 2, true, true],
    [5_000, 20, true, true],
    [5_001, 21, false, true],
    [7_500, 30, false, true],
    [7_501, 31, false, false],
    [100_000, 400, false, false],
  ])('%i m are %i minutes at 15 km/h', (metres, minutes, within5Km, within30Minutes) => {
    expect(reachOf(metres)).toEqual({ minutes, within5Km, within30Minutes, reached: within5Km || within30Minutes })
  })

  test('is said in both languages, with what it rests on and what kind of point it is', () => {
    const name = { vi: 'Phường Cửa Nam', en: 'Cua Nam Ward' }
    const inside = { point: point(cuaNam, 1, 'commune-point-inside-boundary'), metres: 1_012 }
    expect(reachWords(inside, name).en).toBe(
      'A service point is within 5 km or 30 minutes. The nearest: Cua Nam Ward, 1 km away in a straight line, about 5 minutes at an assumed 15 km/h. This is an estimate: real ways are longer. The place is merely a point inside the boundary, not the address of an office.',
    )
    const office = { point: point(cuaNam, 1), metres: 9_876 }
    expect(reachWords(office, name).vi).toBe(
      'Không có điểm phục vụ trong vòng 5 km hoặc 30 phút. Gần nhất: Phường Cửa Nam, cách 9,9 km theo đường chim bay, khoảng 40 phút nếu đi 15 km/giờ. Đây là ước tính: đường đi thực tế dài hơn.',
    )
    expect(nothingNear.en).toBe('There is no service point within 100 km.')
  })
})
