import type { Context } from '../../context.ts'
import { type Windows, windowsOn } from '../../domain/calendar.ts'
import { standsOn, type Unit } from '../../domain/unit.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'

export type OpeningHours = { unit: Unit; on: string; windows: Windows; changes: readonly { from: string }[] }

/** At which windows a unit opens on the working day `on` (today if not given), and from which days on that changes. Public. */
export async function readOpeningHours(
  context: Context,
  { id, on = localDate(context.now()) }: { id: string; on?: string | undefined },
): Promise<Result<OpeningHours, 'no-such-unit' | 'invalid-request'>> {
  const [unit, hours] = await Promise.all([context.units.find(id), context.calendar.hoursOf(id)])
  if (!unit) return refuse('no-such-unit')
  if (!standsOn(unit, on)) return refuse('invalid-request', { errors: [notThen(unit, on)] })
  return ok({ unit, on, windows: windowsOn(hours, on), changes: hours.later ?? [] })
}

const notThen = ({ name }: Unit, on: string) => ({
  pointer: '/query/on',
  code: 'unit-not-standing',
  detail: { vi: `${name.vi} không tồn tại vào ngày ${on}.`, en: `${name.en} did not stand on ${on}.` },
})
