// Which unit has a dossier at a date, derived from where it was last put and from the inheritance. It is the same whether the
// moves were written already or not, so nothing has to run at midnight.
import type { Dossier, DossierEvent } from './dossier.ts'
import type { Heir } from './inheritance.ts'
import type { UnitId } from './unit.ts'

export type Rerouted = DossierEvent & { type: 'dossier.rerouted' }

/** Where a dossier stands in the succession: `since` is the date from which it waits for assignment, '' if it does not. */
export type Standpoint = { line: UnitId; key: string; since: string; competent: UnitId }

/** The unit whose heirs a dossier goes to: the competent one or, while it waits, the last that was. */
export const lineOf = (dossier: Dossier): UnitId => dossier.unassigned?.unit ?? dossier.competentUnit

export const standpointOf = (dossier: Dossier, key: string): Standpoint => ({
  line: lineOf(dossier),
  key,
  since: dossier.unassigned?.on ?? '',
  competent: dossier.competentUnit,
})

/** The moves that have taken effect by that civil date and are not yet in the dossier's journal, the oldest first. */
export function movesOf(start: Standpoint, heirs: ReadonlyMap<string, readonly Heir[]>, today: string): Rerouted[] {
  const moves: Rerouted[] = []
  for (let at: Standpoint | undefined = start; at;) {
    const move = nextMove(at, heirs.get(at.line) ?? [], today)
    if (move) moves.push(move)
    at = move && after(at, move)
  }
  return moves
}

/** Where a dossier stands after such a move. */
export const after = (at: Standpoint, { to, on, candidates }: Rerouted): Standpoint =>
  candidates ? { ...at, since: on, competent: to } : { ...at, line: to, since: '', competent: to }

function nextMove(at: Standpoint, heirs: readonly Heir[], today: string): Rerouted | undefined {
  const due = heirs.filter(({ on }) => on <= today && on > at.since)
  const on = due.map((heir) => heir.on).toSorted()[0]
  const then = due.filter((heir) => heir.on === on)
  const own = then.filter(({ key }) => key === at.key)
  const shares = own.length > 0 ? own : then.filter(({ key }) => key === '')
  const [first] = shares
  if (!first || on === undefined) return undefined
  const move = { type: 'dossier.rerouted', from: at.competent, to: first.competent, on } as const
  return shares.length === 1
    ? { ...move, clause: first.clause }
    : { ...move, clause: null, candidates: shares.map(({ unit }) => unit) }
}
