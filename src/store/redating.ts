import type { Dossier, DossierEvent } from '../domain/dossier.ts'
import type { OutageEntry } from '../domain/outage.ts'
import { type DatedBy, isDated, redatingBy } from '../domain/redating.ts'
import { calendarStore } from './calendar.ts'
import type { Database } from './database.ts'
import type { JournalActor } from './journal.ts'
import { openingHoursStore } from './opening-hours.ts'
import { outageStore } from './outages.ts'
import { procedureStore } from './procedures.ts'

/** Something that happens to a dossier by itself at a moment; null where it turns out to change nothing. */
export type Effect = { at: string; actor: JournalActor; on: (dossier: Dossier) => DossierEvent | null }

const clock = { kind: 'service', id: 'clock' } as const

/** What entries about outages do to a dossier, each at the moment at which it was written. All is looked up once for many dossiers. */
export function redatingsIn(db: Database) {
  const [calendars, procedures, openingHours] = [calendarStore(db), procedureStore(db), openingHoursStore(db)]
  const kept = new Map<string, Promise<unknown>>()
  const once = async <T>(name: string, look: () => Promise<T>): Promise<T> => {
    let found = kept.get(name)
    if (!found) kept.set(name, (found = look()))
    return found as Promise<T>
  }

  async function datedBy({
    procedure: { code, version },
    clock: { hoursOf },
    competentUnit,
  }: Dossier): Promise<DatedBy> {
    const unit = hoursOf ?? competentUnit
    const [procedure, calendar, told] = await Promise.all([
      once(`procedure ${code} ${version}`, () => procedures.version(code, version)),
      once('calendar', () => calendars.calendar()),
      once(`hours ${unit}`, () => openingHours.ledgerOf(unit)),
    ])
    if (!procedure) throw new Error(`procedure ${code} version ${version} is gone`)
    return { procedure, calendar, told }
  }

  return async (dossier: Dossier, counted: number, last: number): Promise<Effect[]> => {
    if (!isDated(dossier)) return []
    const [ledger, by] = await Promise.all([
      once<OutageEntry[]>(`ledger ${last}`, () => outageStore(db).ledger()),
      datedBy(dossier),
    ])
    return ledger
      .filter(({ number }) => number > counted && number <= last)
      .map((entry) => ({
        at: entry.writtenAt,
        actor: clock,
        on: (now) => redatingBy(now, ledger, entry, by),
      }))
  }
}
