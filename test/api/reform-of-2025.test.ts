import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import data from '../../data/units.json'
import type { Dossier } from '../../src/domain/dossier.ts'
import { writeMoves } from '../../src/usecases/reforms/write-moves.ts'
import { contextOf } from '../../src/wiring.ts'
import { ask } from '../support/api.ts'
import { lodged } from '../support/before-reform.ts'
import type { Who } from '../support/tokens.ts'
import { app, handIn, submission } from '../support/walk.ts'

type Raw = {
  id: string
  name: { vi: string }
  level: string
  to: string | null
  from: string | null
  parent: string | null
  successors?: { unit: string; kind: string }[]
}
const units = data.units as Raw[]
const day = '2025-07-01'
const communes = units.filter((unit) => unit.level === 'commune' && unit.to === day)
const districts = units.filter((unit) => unit.level === 'district' && unit.to === day)
const today = units.filter((unit) => unit.level === 'commune' && unit.from === day)

const [before, after] = ['2025-06-30T23:59:59.999+07:00', '2025-07-01T00:00:00.000+07:00']
const at = (time: string) => vi.setSystemTime(new Date(time))
const store = () => contextOf(env, { kind: 'public' }).dossiers
const officer = (unit: string, roles: ('handler' | 'reception' | 'supervisor')[] = ['handler']): Who => ({
  kind: 'officer',
  unit,
  roles,
})

/** To whom the residents of a former commune may belong, straight from the clauses: everyone to one, or to each that took people. */
function heirsOf({ successors = [] }: Raw): string[] {
  const all = successors.filter(({ kind }) => kind === 'full' || kind === 'partial-all-population')
  const some = successors.filter(({ kind }) => kind !== 'partial-area-only')
  return (all.length === 1 ? all : some).map(({ unit }) => unit).toSorted()
}

/** Every dossier with the unit that had it and where it may go. */
const lodgings: { id: string; code: string; unit: string; place: string; dueAt: string | null }[] = []

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2025-06-30T09:00:00+07:00') })
  for (const unit of communes)
    for (let n = heirsOf(unit).length > 1 ? 2 : 1; n > 0; n--)
      lodgings.push({ ...(await lodged(unit.id, { accepted: n === 1 })), unit: unit.id, place: unit.id })
  for (const district of districts) {
    const own = communes.filter(({ parent }) => parent === district.id)
    const some = [own.find((unit) => heirsOf(unit).length === 1), own.find((unit) => heirsOf(unit).length > 1)]
    for (const place of some)
      if (place)
        lodgings.push({ ...(await lodged(district.id, { place: place.id })), unit: district.id, place: place.id })
    lodgings.push({ ...(await lodged(district.id)), unit: district.id, place: district.id })
  }
}, 120_000)

afterAll(() => void vi.useRealTimers())

/** The dossiers as the lists last showed them. */
const found = new Map<string, Dossier>()

/** All that the lists of these units show, by dossier. */
async function shownBy(ids: string[]): Promise<Map<string, string[]>> {
  const shown = new Map<string, string[]>()
  for (const unit of ids)
    for (let after: string | undefined, more = true; more;) {
      const page = await store().list({ unit }, {}, after, 100)
      for (const { dossier } of page.rows) {
        expect(dossier.competentUnit).toBe(unit)
        found.set(dossier.id, dossier)
        shown.set(dossier.id, [...(shown.get(dossier.id) ?? []), unit])
      }
      more = page.next !== null
      after = page.next ?? undefined
    }
  return shown
}

/** All that can have anything after midnight, and some of those that had it before. */
const standing = today.map(({ id }) => id).concat('01-0')
const sample = new Set([...districts, ...communes.filter((_, index) => index % 12 === 0)].map(({ id }) => id))

describe('the night of 1 July 2025: 30 districts and 526 communes end, 126 begin', () => {
  test('the last millisecond before midnight, each dossier is with its old unit and with no other', async () => {
    expect([communes.length, districts.length, today.length]).toEqual([526, 30, 126])
    at(before)
    const shown = await shownBy([...sample, ...standing])
    for (const { id, unit } of lodgings.filter(({ unit }) => sample.has(unit))) expect(shown.get(id)).toEqual([unit])
    expect(shown.size).toBe(lodgings.filter(({ unit }) => sample.has(unit)).length)
  }, 60_000)

  test('at 00:00 each is with exactly one unit, as the clauses say, or waits with the city for one of the candidates', async () => {
    at(after)
    const shown = await shownBy([...sample, ...standing])
    expect(shown.size).toBe(lodgings.length)
    let waiting = 0
    for (const [index, { id, place, dueAt }] of lodgings.entries()) {
      const dossier = found.get(id)
      const raw = communes.find((unit) => unit.id === place)
      const heirs = raw ? heirsOf(raw) : []
      const competent = heirs.length === 1 ? heirs[0] : '01-0'
      expect(shown.get(id)).toEqual([competent])
      // The deadline does not restart, and the move is in the journal before anybody wrote it there.
      expect(dossier?.clock.dueAt).toBe(dueAt)
      if (heirs.length > 1) expect(dossier?.unassigned?.candidates).toEqual(heirs)
      if (heirs.length !== 1) waiting++
      if (index % 10 > 0) continue
      const events = await store().events(id, 0, 10)
      expect(events.at(-1)).toMatchObject({
        version: dossier?.version,
        at: after,
        event: { type: 'dossier.rerouted', to: competent },
      })
    }
    expect(waiting).toBeGreaterThan(300)
  }, 60_000)
})

test('Cửa Nam takes over what the resolution gives to it, and only its own officers see it', async () => {
  at(after)
  const cuaNam = '00082-2025'
  const given = communes.filter(({ successors = [] }) => successors.some(({ unit }) => unit === cuaNam))
  expect(given.map(({ name }) => name.vi).toSorted()).toEqual([
    'Phường Cửa Nam',
    'Phường Hàng Bài',
    'Phường Hàng Bông',
    'Phường Hàng Trống',
    'Phường Nguyễn Du',
    'Phường Phan Chu Trinh',
    'Phường Phạm Đình Hổ',
    'Phường Tràng Tiền',
    'Phường Trần Hưng Đạo',
  ])
  const tranHungDao = lodgings.find(({ unit }) => unit === '00082-0')
  const code = tranHungDao?.code ?? ''
  expect((await ask(officer('00082-0'), `/v1/dossiers/${code}`)).status).toBe(404)
  const read = await ask(officer(cuaNam), `/v1/dossiers/${code}`)
  expect([read.status, read.body.competentUnit.id]).toEqual([200, cuaNam])
  at(before)
  expect((await ask(officer('00082-0'), `/v1/dossiers/${code}`)).status).toBe(200)
  expect((await ask(officer(cuaNam), `/v1/dossiers/${code}`)).status).toBe(404)
})

test('what nobody can decide waits for the supervisors of the candidates, who assign it once', async () => {
  at(after)
  const split = lodgings.find(
    ({ unit }) =>
      (communes.find(({ id }) => id === unit)?.successors?.length ?? 0) > 1 &&
      heirsOf(communes.find(({ id }) => id === unit) as Raw).length > 1,
  )
  const raw = communes.find(({ id }) => id === split?.unit) as Raw
  const [first = '', second = ''] = heirsOf(raw)
  const supervisor = officer(first, ['supervisor'])
  const list = await ask(supervisor, '/v1/reassignments?limit=100')
  expect(list.status).toBe(200)
  const line = list.body.items.find((one: { code: string }) => one.code === split?.code)
  expect(line).toMatchObject({ formerUnit: { id: raw.id }, keptBy: { id: '01-0' }, since: day })
  expect(line.candidates.map(({ id }: { id: string }) => id)).toEqual(heirsOf(raw))
  const assign = (who: Who, unit: string, version = line.version) =>
    ask(who, `/v1/dossiers/${split?.code}/assignment`, {
      body: { unit, reason: 'Địa chỉ thuộc phần đất của phường này.' },
      headers: { 'if-match': `"${version}"` },
    })
  expect((await assign(officer(first), second)).status).toBe(403)
  expect((await assign(supervisor, '00003-2025')).body.code).toBe('not-a-candidate')
  const both = await Promise.all([assign(supervisor, second), assign(officer(second, ['supervisor']), first)])
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
  const winner = both.find(({ status }) => status === 200)
  expect([first, second]).toContain(winner?.body.competentUnit.id)
  const again = await ask(supervisor, '/v1/reassignments?limit=100')
  expect(again.body.items.some((one: { code: string }) => one.code === split?.code)).toBe(false)
  const { items } = (await ask(app, `/v1/dossiers/${split?.code}/events`)).body
  expect(items.slice(-2).map((one: { type: string }) => one.type)).toEqual(['dossier.rerouted', 'dossier.rerouted'])
})

test('an officer of the old unit who read it before midnight cannot write to it after', async () => {
  const one = lodgings.find(({ unit, dueAt }) => unit === '00082-0' && dueAt)
  at(before)
  const seen = await store().byId(one?.id ?? '')
  if (!seen) throw new Error('nothing lies there')
  at(after)
  const late = await store().append(seen, {
    writes: [{ event: { type: 'dossier.due-soon' } }],
    at: new Date(),
    actor: { kind: 'service', id: 'clock' },
  })
  expect(late).toMatchObject({ ok: false, refusal: 'changed-meanwhile' })
})

test('people hand in and read across midnight, moves are written meanwhile, and nothing fails or changes its answer', async () => {
  at(after)
  const probe = lodgings.filter((_, index) => index % 80 === 0)
  const answers = async () =>
    Promise.all(
      probe.map(async ({ code }) => {
        const [one, events] = await Promise.all([
          ask(app, `/v1/dossiers/${code}`),
          ask(app, `/v1/dossiers/${code}/events`),
        ])
        expect([one.status, events.status]).toEqual([200, 200])
        return [one.headers.get('etag'), one.text, events.text]
      }),
    )
  const first = await answers()
  at('2025-06-30T23:59:58+07:00')
  const filings: Promise<number>[] = []
  const reads: Promise<number>[] = []
  for (let step = 0; step < 16; step++) {
    const place = Date.now() < Date.parse(after) ? '00082-0' : '00082-2025'
    const body = await submission({ change: { place: { unit: place } } })
    filings.push(handIn(app, body).then(({ status }) => status))
    reads.push(...probe.slice(0, 4).map(({ code }) => ask(app, `/v1/dossiers/${code}`).then(({ status }) => status)))
    reads.push(ask(officer('00070-2025'), '/v1/dossiers').then(({ status }) => status))
    if (step >= 8) await writeMoves(contextOf(env, { kind: 'public' }), 20)
    await Promise.all(filings)
    vi.setSystemTime(Date.now() + 250)
  }
  expect(new Set(await Promise.all(filings))).toEqual(new Set([201]))
  expect(new Set(await Promise.all(reads))).toEqual(new Set([200]))
  while ((await writeMoves(contextOf(env, { kind: 'public' }))) > 0);
  expect(await answers()).toEqual(first)
  const shown = await shownBy([...sample, ...standing])
  for (const { id } of lodgings) expect(shown.get(id)).toHaveLength(1)
  const unsaid = await env.DB.prepare(
    "SELECT count(*) AS n FROM dossier d JOIN heir h ON h.line = d.line_unit AND h.on_date > d.awaiting_on AND h.on_date <= '2025-07-01'",
  ).first<{ n: number }>()
  expect(unsaid?.n).toBe(0)
  expect(await writeMoves(contextOf(env, { kind: 'public' }))).toBe(0)
}, 90_000)
