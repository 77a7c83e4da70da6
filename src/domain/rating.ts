// A rating: once, for a dossier with a result, changeable for thirty days.
import { dateText, dayNumber } from './civil-date.ts'
import type { Dossier } from './dossier.ts'
import { ok, refuse, type Result } from '../platform/result.ts'

const changeableDays = 30

/** The last civil date on which the rating can be changed. */
export const changeableUntil = ({ ratedAt }: { ratedAt: string }): string =>
  dateText(dayNumber(ratedAt.slice(0, 10)) + changeableDays)

/** Whether the applicant can rate it, or change what they said, on that civil date. */
export function mayRate(dossier: Dossier, today: string): Result<true, 'no-result-yet' | 'rating-closed'> {
  if (dossier.status !== 'resolved' && dossier.status !== 'returned') return refuse('no-result-yet')
  return dossier.rating && today > changeableUntil(dossier.rating) ? refuse('rating-closed') : ok(true)
}
