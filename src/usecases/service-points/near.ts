import type { Context } from '../../context.ts'
import { boxAround, type Distant, farthest, inOrder, type Place, widening } from '../../domain/near.ts'
import { type PointKind, pointKinds } from '../../domain/service-point.ts'
import { type Page, pageOf } from '../dossiers/read.ts'

type NearQuestion = {
  near: Place
  /** Whole metres. */
  radius: number
  kind?: PointKind
  /** Id of a unit. */
  unit?: string
  /** Where the last page ended. */
  after?: Cursor
  /** Civil date on which the points' units stand. */
  on: string
}

type Cursor = { metres: number; id: string }

/** More points than any one unit has. */
const ofOneUnit = 1000

/** A page of what lies within the radius, the nearest first, and the nearest of all up to 100 km away, which may lie beyond it. */
export async function findNear(
  { servicePoints }: Context,
  { near, radius, kind, unit, after, on }: NearQuestion,
  limit: number,
): Promise<Page<Distant> & { nearest: Distant | null }> {
  const look = (metres: number) =>
    unit === undefined
      ? servicePoints.within(boxAround(near, metres), { kinds: kind ? [kind] : pointKinds, on })
      : servicePoints.list({ unit, ...(kind && { kind }), on, limit: ofOneUnit })
  const isWanted = ({ point, metres }: Distant) =>
    metres <= radius && (!after || metres > after.metres || (metres === after.metres && point.id > after.id))
  let known: Distant[] = []
  let wanted: Distant[] = []
  // One unit has few points: they are read at once, wherever they lie.
  for (const metres of unit === undefined ? widening(radius) : [farthest]) {
    // The corners of a box lie beyond: there may be nearer ones outside of it.
    known = inOrder(await look(metres), near).filter((one) => one.metres <= metres)
    wanted = known.filter(isWanted)
    if (wanted.length > limit || (metres >= radius && known.length > 0)) break
  }
  return { ...pageOf(wanted, limit, cursorAfter), nearest: known[0] ?? null }
}

const cursorAfter = ({ metres, point }: Distant) => `${metres}~${point.id}`

/** What a page ended with; undefined for what no page ends with. */
export function readCursor(text: string): Cursor | undefined {
  const [, metres, id] = /^(\d{1,6})~(.+)$/.exec(text) ?? []
  return metres === undefined || id === undefined ? undefined : { metres: Number(metres), id }
}
