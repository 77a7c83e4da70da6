import type { Context } from '../../context.ts'
import type { Hours } from '../../domain/calendar.ts'
import type { Dossier, LateCause } from '../../domain/dossier.ts'
import { presumedCause } from '../../domain/late-cause.ts'
import { counted } from '../../domain/outage.ts'
import { workingTime } from '../../domain/working-time.ts'

/**
 * Why a dossier is late that nobody has said it of: its apology's cause, or what its journal lets one presume. What is the same
 * for many dossiers is looked up once for all that are asked about.
 */
export function causesIn({ calendar, outages, dossiers }: Context): (dossier: Dossier) => Promise<LateCause> {
  let shared: Promise<[Awaited<ReturnType<typeof outages.ledger>>, Awaited<ReturnType<typeof calendar.calendar>>]>
  const hours = new Map<string, Promise<Hours>>()
  return async ({ id, version, limit, clock, competentUnit }) => {
    const { reappointed, originalDueAt: dueAt, hoursOf: unit = competentUnit } = clock
    if (reappointed) return reappointed.cause
    if (dueAt === null) throw new Error(`dossier ${id} has no date that it could be late against`)
    shared ??= Promise.all([outages.ledger(), calendar.calendar()])
    const open = hours.get(unit) ?? calendar.hoursOf(unit)
    hours.set(unit, open)
    const [journal, [ledger, days]] = await Promise.all([dossiers.events(id, 0, version), shared])
    const time = workingTime(days, await open)
    return presumedCause({ journal, limit, dueAt, outages: counted(ledger), time })
  }
}
