import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Dossier, type DossierEvent, evolve } from '../../src/domain/dossier.ts'
import { type Heir, inheritanceOf, type World } from '../../src/domain/inheritance.ts'
import { faultsOf, type Reform, worldAfter } from '../../src/domain/reform.ts'
import { lineOf, movesOf, standpointOf } from '../../src/domain/rerouting.ts'
import { standsOn, type Unit, type UnitId, unitIdOf } from '../../src/domain/unit.ts'
import { publishedCatalogue } from '../support/catalogue.ts'

const name = { vi: 'Đơn vị', en: 'Unit' }

const unitOf = (code: string, level: Unit['level'], parentId: UnitId | null): Unit => ({
  id: unitIdOf(code, null),
  code,
  codeScheme: 'gso',
  name,
  level,
  type: 'ward',
  effectiveFrom: null,
  effectiveTo: null,
  parentId,
  identifier: `LOCAL.${code}`,
  source: '',
  certainty: 'high',
  note: null,
})

const city = unitOf('01', 'city', null)
const district = unitOf('002', 'district', city.id)
const places = ['00001', '00002', '00003', '00004', '00005', '00006'].map((code, n) =>
  unitOf(code, 'commune', n < 3 ? district.id : city.id),
)
const start: World = { units: [city, district, ...places], successions: [], procedures: [] }

/** Grows a world by reforms that the service would accept; what each does is drawn from the numbers. */
function grown(draws: readonly (readonly number[])[]): { world: World; dates: string[] } {
  let world = start
  const dates: string[] = []
  for (const [index, draw] of draws.entries()) {
    const on = `${2030 + index}-01-01`
    const reform = drawn(world, draw, on)
    if (reform.dissolves.length === 0 || faultsOf(world, reform, '2029-01-01').length > 0) continue
    world = worldAfter(world, reform)
    dates.push(on)
  }
  return { world, dates }
}

function drawn(world: World, draw: readonly number[], on: string): Reform {
  const standing = world.units.filter((unit) => unit.level === 'commune' && standsOn(unit, on))
  const ending = standing.filter((_, n) => (draw[n % draw.length] ?? 0) % 3 === 0)
  const withDistrict = (draw[0] ?? 0) % 2 === 0 && standsOn(district, on) && world === start
  const all = withDistrict
    ? [...new Set([...ending, ...standing.filter((unit) => unit.parentId === district.id)])]
    : ending
  const creates = all
    .filter((_, n) => n === 0 || (draw[n % draw.length] ?? 0) % 2 === 0)
    .map(({ code }) => ({ code, name, level: 'commune' as const, type: 'ward', parent: city.id, identifier: null }))
  const heirs = [
    ...creates.map(({ code }) => unitIdOf(code, on)),
    ...standing.filter((unit) => !all.includes(unit)).map(({ id }) => id),
  ]
  const kinds = ['partial', 'partial-area-only', 'partial-all-population'] as const
  const dissolves = all.map((unit, n) => {
    const count = 1 + ((draw[(n + 1) % draw.length] ?? 0) % Math.min(3, heirs.length))
    const own = Array.from({ length: count }, (_, m) => heirs[(n + m) % heirs.length] ?? city.id)
    return {
      unit: unit.id,
      successors: own.map((heir, m) => ({
        unit: heir,
        kind:
          count === 1
            ? ('full' as const)
            : m === 0
              ? ('remainder' as const)
              : (kinds[((draw[m] ?? 0) + n) % 3] ?? 'partial'),
        clause: m + 1,
      })),
    }
  })
  const named = new Set(dissolves.flatMap(({ successors }) => successors.map(({ unit }) => unit)))
  const ends = withDistrict
    ? [
        {
          unit: district.id,
          successors: heirs
            .filter((id) => named.has(id))
            .map((unit) => ({ unit, kind: 'partial' as const, clause: 9 })),
        },
      ]
    : []
  return {
    name,
    ground: name,
    on,
    creates: creates.filter(({ code }) => named.has(unitIdOf(code, on))),
    dissolves: [...dissolves, ...ends],
  }
}

const worlds = fc.array(fc.array(fc.nat(11), { minLength: 3, maxLength: 6 }), { minLength: 1, maxLength: 4 }).map(grown)

const byLine = (heirs: readonly Heir[]) => Map.groupBy<string, Heir>(heirs, ({ line }) => line)

function filed(unit: UnitId, place: UnitId | null): Dossier {
  const event: DossierEvent = {
    type: 'dossier.submitted',
    id: 'one',
    procedure: { code: '1.004873', version: 1 },
    limit: { unit: 'WORKING_DAY', value: 3 },
    competentUnit: unit,
    place,
    receivingPoint: 'online',
    channel: 'online',
    submittedBy: { kind: 'app', id: 'app' },
    returnBy: 'account',
    components: [],
    submittedAt: '2029-06-01T09:00:00.000+07:00',
    receivedAt: null,
    takenOver: null,
  }
  return evolve(undefined, event, event.submittedAt)
}

/** The dossier as it stands on that date. */
const standingOn = (dossier: Dossier, heirs: Map<string, Heir[]>, today: string): Dossier =>
  movesOf(standpointOf(dossier, dossier.place ?? ''), heirs, today).reduce(
    (state, move) => evolve(state, move, `${move.on}T00:00:00.000+07:00`),
    dossier,
  )

const eachDossier = (check: (dossier: Dossier) => void) => {
  for (const unit of [district, ...places])
    for (const place of [null, ...places]) check(filed(unit.id, place && place.id))
}

test('after any reforms, at every instant, each dossier is with exactly one unit, and that unit stands', () => {
  let waited = 0
  fc.assert(
    fc.property(worlds, ({ world, dates }) => {
      const heirs = byLine(inheritanceOf(world))
      const byId = new Map(world.units.map((unit) => [unit.id, unit]))
      eachDossier((dossier) => {
        for (const today of ['2029-12-31', ...dates, '2099-01-01']) {
          const now = standingOn(dossier, heirs, today)
          const unit = byId.get(now.competentUnit)
          expect(unit && standsOn(unit, today), `${now.competentUnit} on ${today}`).toBe(true)
          for (const id of now.unassigned?.candidates ?? []) {
            waited++
            const candidate = byId.get(id)
            expect(candidate && standsOn(candidate, now.unassigned?.on ?? '')).toBe(true)
          }
        }
      })
    }),
    { numRuns: 150 },
  )
  expect(waited).toBeGreaterThan(100)
})

test('writing the moves down at any time, or never, changes no answer', () => {
  fc.assert(
    fc.property(worlds, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), ({ world, dates }, writes) => {
      const heirs = byLine(inheritanceOf(world))
      eachDossier((dossier) => {
        let written = dossier
        for (const [index, today] of dates.entries()) {
          if (writes[index]) written = standingOn(written, heirs, today)
          expect(standingOn(written, heirs, today)).toEqual(standingOn(dossier, heirs, today))
        }
        expect(standingOn(written, heirs, '2099-01-01')).toEqual(standingOn(dossier, heirs, '2099-01-01'))
      })
    }),
    { numRuns: 100 },
  )
})

test('a later reform changes nothing about what was so before it', () => {
  fc.assert(
    fc.property(worlds, fc.array(fc.nat(11), { minLength: 3, maxLength: 6 }), ({ world }, draw) => {
      const reform = drawn(world, draw, '2040-01-01')
      if (reform.dissolves.length === 0 || faultsOf(world, reform, '2029-01-01').length > 0) return
      const before = inheritanceOf(world)
      const after = inheritanceOf(worldAfter(world, reform))
      expect(after.filter(({ on }) => on < reform.on)).toEqual(before)
    }),
    { numRuns: 150 },
  )
})

test('an assigned dossier stays where it was put, until that unit ends too', () => {
  fc.assert(
    fc.property(worlds, ({ world, dates }) => {
      const heirs = byLine(inheritanceOf(world))
      eachDossier((dossier) => {
        for (const today of dates) {
          const now = standingOn(dossier, heirs, today)
          for (const to of now.unassigned?.candidates ?? []) {
            const event = { type: 'dossier.rerouted', from: now.competentUnit, to, on: today, clause: null } as const
            const assigned = evolve(now, event, `${today}T10:00:00.000+07:00`)
            expect([assigned.unassigned, lineOf(assigned)]).toEqual([undefined, to])
            const unit = world.units.find(({ id }) => id === to)
            if (unit && standsOn(unit, today)) expect(standingOn(assigned, heirs, today)).toEqual(assigned)
          }
        }
      })
    }),
    { numRuns: 60 },
  )
})

test('what is inherited from the shipped data: each commune and district that ended, under one rule with routing', () => {
  const { units, successions } = publishedCatalogue()
  const heirs = inheritanceOf({ units, successions, procedures: [] })
  const lines = new Set(heirs.map(({ line }) => line))
  expect(lines.size).toBe(526 + 30 + 8)
  const certain = [
    ...Map.groupBy(
      heirs.filter(({ key, line }) => key === '' && /^\d{5}-/.test(line)),
      ({ line }) => line,
    ).values(),
  ]
  expect(certain.filter((rows) => rows.length === 1)).toHaveLength(368)
  expect(certain.filter((rows) => rows.length > 1)).toHaveLength(158)
  expect(certain.filter((rows) => rows.length > 1).every((rows) => rows.every((row) => row.competent === '01-0'))).toBe(
    true,
  )
})
