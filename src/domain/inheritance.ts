// To whom the dossiers of a unit that ceases pass, worked out from the data before the day comes; nothing runs on the day itself.
import { succeed } from './routing.ts'
import type { Competence } from './procedure.ts'
import type { Directory, Takeover } from './succession.ts'
import { standsOn, type Succession, type SuccessionKind, type Unit, type UnitId } from './unit.ts'

/**
 * One share in what a unit leaves behind from 00:00 of a date. A single share of its (line, on, key) is the heir; of several,
 * each is a candidate and the dossiers wait with the unit that supervises them all.
 */
export type Heir = {
  line: UnitId
  /** Civil date, `YYYY-MM-DD`. */
  on: string
  /** The place or, where a department ceases, the procedure that tells these dossiers apart; '' for all that have no row of their own. */
  key: string
  unit: UnitId
  kind: SuccessionKind
  clause: number | null
  competent: UnitId
}

export type World = {
  units: readonly Unit[]
  successions: readonly (Succession & { ground: Takeover['ground'] })[]
  procedures: readonly { code: string; validFrom: string; validTo: string | null; competence: Competence }[]
}

type Share = Pick<Heir, 'unit' | 'kind' | 'clause' | 'competent'>
type Shares = ReadonlyMap<string, readonly Share[]>

/** Every share that the successions make, in order of unit, date and key. Pure: the same data give the same rows. */
export function inheritanceOf(world: World): Heir[] {
  const atlas = atlasOf(world)
  const ended = world.units.filter((unit) => unit.effectiveTo !== null)
  const dates = [...new Set(ended.map((unit) => unit.effectiveTo ?? ''))].toSorted()
  return ended.flatMap((unit) => sharesOverTime(atlas, unit, dates))
}

/** A unit passes on once, but what still waits for assignment follows each later reform of its candidates. */
function sharesOverTime(atlas: Atlas, unit: Unit, dates: readonly string[]): Heir[] {
  const rows: Heir[] = []
  let before: Shares | undefined
  for (const on of dates.filter((date) => date >= (unit.effectiveTo ?? ''))) {
    const now = sharesOn(atlas, unit, on)
    if (before && !isNews(before, now)) continue
    before = now
    for (const [key, parts] of now) rows.push(...parts.map((part) => ({ line: unit.id, on, key, ...part })))
    if ([...now.values()].every((parts) => parts.length === 1)) break
  }
  return rows
}

/** Whether anything that waited has another answer now. */
function isNews(before: Shares, now: Shares): boolean {
  const shareOf = (shares: Shares, key: string) => shares.get(key) ?? shares.get('') ?? []
  return [...new Set([...before.keys(), ...now.keys()])].some((key) => {
    const was = shareOf(before, key)
    return was.length > 1 && JSON.stringify(was) !== JSON.stringify(shareOf(now, key))
  })
}

function sharesOn(atlas: Atlas, unit: Unit, on: string): Shares {
  const all = sharesFor(atlas, unit, '', on)
  const shares = new Map([['', all]])
  if (all.length === 1) return shares
  const heirs = all.map((share) => share.unit)
  const keys = unit.level === 'department' ? atlas.procedures(on, heirs) : atlas.places(heirs)
  for (const key of keys) {
    if (key === unit.id) continue
    const own = sharesFor(atlas, unit, key, on)
    if (own.map((share) => share.unit).join() !== heirs.join()) shares.set(key, own)
  }
  return shares
}

function sharesFor(atlas: Atlas, unit: Unit, key: string, on: string): Share[] {
  const { directory } = atlas
  const place = directory.unit(unitIdIn(key)) ?? null
  const routed = succeed({ unit, place, inForce: atlas.competence(key, on) ?? null, on, directory })
  if (routed.ok) {
    const { unit: heir, way } = routed.value
    return [{ unit: heir, kind: way[0]?.kind ?? 'full', clause: way[0]?.clause ?? null, competent: heir }]
  }
  if ('candidates' in routed) {
    const units = routed.candidates.flatMap((candidate) => directory.unit(candidate.unit) ?? [])
    const competent = supervisorOf(directory, units, on)
    return routed.candidates
      .map(({ unit: heir, kind, clause }) => ({ unit: heir, kind, clause, competent }))
      .toSorted((a, b) => (a.unit < b.unit ? -1 : 1))
  }
  // Imports and reforms refuse a unit that ends without heirs; if one is met all the same, it goes to whoever was above it.
  const above = supervisorOf(directory, [unit], on)
  return [{ unit: above, kind: 'full', clause: null, competent: above }]
}

/** The lowest standing unit that all of them are under, which may be one of them. */
export function supervisorOf(directory: Directory, units: readonly Unit[], on: string): UnitId {
  const [first = [], ...others] = units.map((unit) => upwards(directory, unit))
  const common = first.find(
    (unit) => standsOn(unit, on) && others.every((line) => line.some((other) => other.id === unit.id)),
  )
  if (!common) throw new Error(`${units.map(({ id }) => id).join(', ')} are under no common unit on ${on}`)
  return common.id
}

function upwards(directory: Directory, unit: Unit): Unit[] {
  const parent = unit.parentId === null ? undefined : directory.unit(unit.parentId)
  return parent ? [unit, ...upwards(directory, parent)] : [unit]
}

type Atlas = {
  directory: Directory
  /** Every unit, of any time, whose land or people came to one of these. */
  places(heirs: readonly UnitId[]): string[]
  /** The procedures that one of these departments has on that date. */
  procedures(on: string, heirs: readonly UnitId[]): string[]
  competence(code: string, on: string): Competence | undefined
}

function atlasOf(world: World): Atlas {
  const directory = directoryOf(world)
  const before = Map.groupBy(world.successions, (one) => one.to)
  const inForce = (on: string) =>
    world.procedures.filter((one) => one.validFrom <= on && (one.validTo === null || on < one.validTo))
  const back = (ids: ReadonlySet<UnitId>): ReadonlySet<UnitId> => {
    const wider = new Set([...ids, ...[...ids].flatMap((id) => (before.get(id) ?? []).map((one) => one.from))])
    return wider.size === ids.size ? ids : back(wider)
  }
  return {
    directory,
    places: (heirs) => [...back(new Set(heirs))].toSorted(),
    procedures: (on, heirs) => {
      const codes = new Set(heirs.map((id) => directory.unit(id)?.code))
      const theirs = inForce(on).filter(
        ({ competence }) => competence.by === 'department' && codes.has(competence.unitCode),
      )
      return [...new Set(theirs.map(({ code }) => code))].toSorted()
    },
    competence: (code, on) => inForce(on).find((one) => one.code === code)?.competence,
  }
}

/** What routing asks, out of whole lists in memory. */
export function directoryOf({ units, successions }: Pick<World, 'units' | 'successions'>): Directory {
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  const byCode = Map.groupBy(units, (unit) => unit.code)
  const after = Map.groupBy(
    successions.flatMap(({ ground, ...succession }): Takeover[] => {
      const unit = byId.get(succession.to)
      return unit ? [{ unit, succession, ground }] : []
    }),
    ({ succession }) => succession.from,
  )
  return {
    unit: (id) => byId.get(id),
    withCode: (code) => byCode.get(code) ?? [],
    successors: (id) => after.get(id) ?? [],
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- looked up only: what is no unit's id is found nowhere
const unitIdIn = (key: string): UnitId => key as UnitId
