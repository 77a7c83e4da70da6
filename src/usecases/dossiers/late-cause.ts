import type { Context } from '../../context.ts'
import type { Dossier, LateCause } from '../../domain/dossier.ts'
import { presumedCause } from '../../domain/late-cause.ts'
import { type HoursEntry, hoursOfDate } from '../../domain/opening-hours.ts'
import { counted } from '../../domain/outage.ts'
import { workingTime } from '../../domain/working-time.ts'

/**
 * Why a dossier is late that nobody has said it of: its apology's cause, or what its journal lets one presume. What is the same
 * for many dossiers is looked up once for all that are asked about.
 */
export function causesIn({
  calendar,
  openingHours,
  outages,
  dossiers,
}: Context): (dossier: Dossier) => Promise<LateCause> {
  let shared: Promise<[Awaited<ReturnType<typeof outages.ledger>>, Awaited<ReturnType<typeof calendar.calendar>>]>
  const ledgers = new Map<string, Promise<readonly HoursEntry[]>>()
  return async ({ id, version, limit, clock, competentUnit }) => {
    const { reappointed, originalDueAt: dueAt, hoursOf: unit = competentUnit } = clock
    if (reappointed) return reappointed.cause
    if (dueAt === null) throw new Error(`dossier ${id} has no date that it could be late against`)
    shared ??= Promise.all([outages.ledger(), calendar.calendar()])
    const told = ledgers.get(unit) ?? openingHours.ledgerOf(unit)
    ledgers.set(unit, told)
    const [journal, [ledger, days]] = await Promise.all([dossiers.events(id, 0, version), shared])
    const time = workingTime(days, hoursOfDate(await told, clock))
    return presumedCause({ journal, limit, dueAt, outages: counted(ledger), time })
  }
}
