// Who stands in the place of a unit that is gone. Followed through as many reforms as it takes, and never guessed:
// where people or duties went several ways, the answer is the list of them.
import type { Text } from '../platform/result.ts'
import { standsOn, type Succession, type SuccessionKind, type Unit, type UnitId } from './unit.ts'

/** One successor, by which kind of succession, and the law it rests on (null: none is known). */
export type Takeover = { unit: Unit; succession: Succession; ground: Text | null }

/** The units that a question touches, in memory. */
export type Directory = {
  unit(id: UnitId): Unit | undefined
  /** Every stretch of life under an official code. */
  withCode(code: string): readonly Unit[]
  /** Empty while it stands. */
  successors(id: UnitId): readonly Takeover[]
}

/** A place is where its residents went, an office is whoever took over all that it did, and land may have gone to any successor. */
export type Follows = 'people' | 'duties' | 'land'

/** A standing unit, and the takeovers that lead to it, the oldest first; none where the unit itself stands. */
export type Heir = { unit: Unit; way: readonly Takeover[] }

/** No heir: not begun by that date, or gone without a successor in the data. Not `certain`: nobody can choose by rule. */
export type Standing = { heirs: readonly Heir[]; certain: boolean }

/** Which unit stands on that civil date where `unit` is meant: itself, its one heir, or several. */
export function standing(directory: Directory, unit: Unit, on: string, follows: Follows): Standing {
  if (standsOn(unit, on)) return { heirs: [{ unit, way: [] }], certain: true }
  if (unit.effectiveTo === null || on < unit.effectiveTo) return { heirs: [], certain: false }
  const followed = rules[follows](directory.successors(unit.id))
  const heirs = new Map<UnitId, Heir>()
  let certain = follows !== 'duties' || followed.every(({ succession }) => succession.kind === 'full')
  for (const takeover of followed) {
    const next = standing(directory, takeover.unit, on, follows)
    certain &&= next.certain
    for (const heir of next.heirs)
      heirs.set(heir.unit.id, heirs.get(heir.unit.id) ?? { unit: heir.unit, way: [takeover, ...heir.way] })
  }
  return { heirs: [...heirs.values()], certain: certain && heirs.size === 1 }
}

const tookEveryone: ReadonlySet<SuccessionKind> = new Set(['full', 'partial-all-population'])

/**
 * The successors that the residents may have followed: one that took everyone leaves nobody to the others, and land
 * without residents has nobody. What remains after both, a part or the remainder, leaves the question open.
 */
function withPeople(takeovers: readonly Takeover[]): readonly Takeover[] {
  const everyone = takeovers.filter(({ succession }) => tookEveryone.has(succession.kind))
  if (everyone.length === 1) return everyone
  const some = takeovers.filter(({ succession }) => succession.kind !== 'partial-area-only')
  return some.length > 0 ? some : takeovers
}

/** A part of an office's duties may be any part: only a successor to all of them is certain. */
function withDuties(takeovers: readonly Takeover[]): readonly Takeover[] {
  const full = takeovers.filter(({ succession }) => succession.kind === 'full')
  return full.length === 1 ? full : takeovers
}

const rules: Record<Follows, (takeovers: readonly Takeover[]) => readonly Takeover[]> = {
  people: withPeople,
  duties: withDuties,
  land: (takeovers) => takeovers,
}
