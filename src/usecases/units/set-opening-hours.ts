import type { Context } from '../../context.ts'
import { type Week, weekdays } from '../../domain/calendar.ts'
import { faultsIn, lastOf } from '../../domain/opening-hours.ts'
import { saysNotStanding, standsOn, type Unit } from '../../domain/unit.ts'
import { type InputError, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import { allowed, inJournal } from '../access.ts'
import { type OpeningHours, readOpeningHours } from './opening-hours.ts'

/** How a unit opens from 00:00 of a civil date on, and where that is published. */
export type NewHours = Week & { from: string; source: string }

type Refusal = 'token-needed' | 'not-allowed' | 'no-such-unit' | 'invalid-request' | 'changed-meanwhile'

/**
 * An operator tells how a unit opens from a day to come on; the last word about a day holds. Days that have begun stay as they were,
 * and so does every due date that was written: a unit cannot give itself more time. `version` is the one they have seen (If-Match).
 */
export async function setOpeningHours(
  context: Context,
  { id, version, hours }: { id: string; version: number; hours: NewHours },
): Promise<Result<OpeningHours, Refusal>> {
  const may = allowed(context, 'setOpeningHours')
  if (!may.ok) return may
  const [unit, told] = await Promise.all([context.units.find(id), context.openingHours.ledgerOf(id)])
  if (!unit) return refuse('no-such-unit')
  if (lastOf(told) !== version) return refuse('changed-meanwhile')
  const at = context.now()
  const errors = [...dateFaults(unit, hours.from, localDate(at)), ...weekFaults(hours)]
  if (errors.length > 0) return refuse('invalid-request', { errors })
  const entry = { ...hours, version: version + 1 }
  const added = await context.openingHours.add(id, entry, { at, actor: inJournal(context.actor) })
  return added.ok ? readOpeningHours(context, { id, on: hours.from }) : added
}

function dateFaults(unit: Unit, from: string, today: string): InputError[] {
  if (from <= today) return [{ pointer: '/from', code: 'not-in-the-future', detail: begun }]
  if (!standsOn(unit, from))
    return [{ pointer: '/from', code: 'unit-not-standing', detail: saysNotStanding(unit, from) }]
  return []
}

const begun = {
  vi: 'Ngày đó đã bắt đầu: giờ mở cửa chỉ thay đổi từ ngày mai trở đi.',
  en: 'That day has begun: opening hours change from tomorrow on at the earliest.',
}

const weekFaults = ({ windows, weekdays: own = {} }: Week): InputError[] => [
  ...faultsIn(windows, '/usual'),
  ...weekdays.flatMap((name) => faultsIn(own[name] ?? [], `/weekdays/${name}`)),
]
