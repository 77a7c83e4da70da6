import type { Context } from '../../context.ts'
import { type Heir, inheritanceOf } from '../../domain/inheritance.ts'
import { movesOf } from '../../domain/rerouting.ts'
import { createdBy, type Reform, worldAfter } from '../../domain/reform.ts'
import type { UnitId } from '../../domain/unit.ts'
import type { Group, ReformWorld } from '../../store/reforms.ts'

/** What a reform does to the dossiers that are open now: how many go from where to whom, or to whose candidates. */
export type Foreseen = {
  creates: UnitId[]
  dissolves: UnitId[]
  /** `candidates` is empty where there is one heir. */
  moves: { from: UnitId; to: UnitId; candidates: UnitId[]; dossiers: number }[]
}

/** Compares where each group of open dossiers will be on the day with the reform and without it. */
export async function foresee(context: Context, world: ReformWorld, reform: Reform): Promise<Foreseen> {
  const ends = reform.dissolves.map(({ unit }) => unit)
  const [groups, heirs] = await Promise.all([context.reforms.openAround(ends), context.reforms.heirs()])
  const without = byLine(heirs)
  const withIt = byLine([
    ...heirs.filter(({ on }) => on < reform.on),
    ...inheritanceOf(worldAfter(world, reform)).filter(({ on }) => on >= reform.on),
  ])
  const moves = new Map<string, Foreseen['moves'][number]>()
  for (const group of groups) {
    const [before, after] = [endOf(group, without, reform.on), endOf(group, withIt, reform.on)]
    if (before.to === after.to && before.candidates.join() === after.candidates.join()) continue
    const key = `${before.to} ${after.to} ${after.candidates.join()}`
    const dossiers = (moves.get(key)?.dossiers ?? 0) + group.dossiers
    moves.set(key, { from: before.to, ...after, dossiers })
  }
  return { creates: createdBy(reform).map(({ id }) => id), dissolves: ends, moves: [...moves.values()] }
}

const byLine = (heirs: readonly Heir[]) => Map.groupBy<string, Heir>(heirs, ({ line }) => line)

function endOf({ line, key }: Group, heirs: ReadonlyMap<string, readonly Heir[]>, on: string) {
  const last = movesOf({ line, key, since: '', competent: line }, heirs, on).at(-1)
  return { to: last?.to ?? line, candidates: last?.candidates ?? [] }
}
