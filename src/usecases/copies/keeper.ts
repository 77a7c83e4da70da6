import type { Context } from '../../context.ts'
import { inPlaceOf } from '../../domain/succession.ts'
import { standsOn } from '../../domain/unit.ts'
import { localDate } from '../../platform/time.ts'
import { directoryAround } from '../routing/directory.ts'

/**
 * Whether the officer's unit keeps what that unit certified, and its books: the unit itself while it stands, and then whoever took
 * its place. Where it was divided each of those does: a book cannot be.
 */
export async function keeps({ actor, units, now }: Context, id: string): Promise<boolean> {
  if (actor.kind !== 'officer') return false
  const [today, unit] = [localDate(now()), await units.find(id)]
  if (!unit) return false
  if (standsOn(unit, today)) return id === actor.unit
  const directory = await directoryAround(units, [unit])
  return inPlaceOf(directory, unit, today).heirs.some((heir) => heir.unit.id === actor.unit)
}
