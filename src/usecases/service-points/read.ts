import type { Context } from '../../context.ts'
import type { Windows } from '../../domain/calendar.ts'
import { hoursKnown, windowsOn } from '../../domain/opening-hours.ts'
import type { ServicePoint } from '../../domain/service-point.ts'
import type { Unit } from '../../domain/unit.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'

/** A point, whose it is, and at which windows that unit opens on the day `on`, if it is a working day. */
export type Attended = { point: ServicePoint; unit: Unit; on: string; windows: Windows }

/** One service point, also after its unit has ceased. Public. */
export async function readServicePoint(
  context: Context,
  id: string,
): Promise<Result<Attended, 'no-such-service-point'>> {
  const point = await context.servicePoints.find(id)
  const [attended] = point ? await attend(context, [point], localDate(context.now())) : []
  return attended ? ok(attended) : refuse('no-such-service-point')
}

/** The units and opening hours of points, in their order, by three questions in all. */
export async function attend(context: Context, points: readonly ServicePoint[], on: string): Promise<Attended[]> {
  const ids = [...new Set(points.map(({ unit }) => unit))]
  if (ids.length === 0) return []
  const [units, told, isMakeup] = await Promise.all([
    context.units.findAll(ids),
    context.openingHours.ledgersOf(ids),
    context.calendar.isMakeup(on),
  ])
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  return points.flatMap((point) => {
    const unit = byId.get(point.unit)
    const open = hoursKnown(told.get(point.unit) ?? [], Infinity)
    return unit ? [{ point, unit, on, windows: windowsOn(open, on, isMakeup) }] : []
  })
}
