import type { Context } from '../../context.ts'
import type { Windows } from '../../domain/calendar.ts'
import type { Due } from '../../domain/deadline.ts'
import { windowsOn } from '../../domain/opening-hours.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import { saysNotStanding, standsOn, type Unit } from '../../domain/unit.ts'
import { ok, refuse, type Result, type Text } from '../../platform/result.ts'
import { localDate, localTime } from '../../platform/time.ts'
import { dueFrom, hoursNow } from '../dossiers/due.ts'
import { readProcedure } from './read.ts'

export type ForeseenDue = {
  procedure: ProcedureVersion
  /** Whose opening hours count; null: those of every unit that has set none. `windows` are those of the day of reception. */
  unit: Unit | null
  windows: Windows
  receivedAt: string
  due: Due
}

export type DueDateQuestion = { code: string; receivedAt?: string | undefined; unit?: string | undefined }

/** When a complete dossier would be due that the competent unit received then (now, if no time is given). Public. */
export async function foreseeDueDate(
  context: Context,
  { code, receivedAt = localTime(context.now()), unit: unitId }: DueDateQuestion,
): Promise<Result<ForeseenDue, 'no-such-procedure' | 'invalid-request' | 'calendar-unknown'>> {
  const on = localDate(new Date(receivedAt))
  const [found, unit] = await Promise.all([
    readProcedure(context, code, on),
    unitId === undefined ? null : context.units.find(unitId),
  ])
  if (!found.ok) return found
  if (unit === undefined) return refuseUnit('unknown-unit', noUnit)
  if (unit && !standsOn(unit, on)) return refuseUnit('unit-not-standing', saysNotStanding(unit, on))
  const { procedure } = found.value
  const hours = await hoursNow(context, unit?.id ?? null)
  const [due, isMakeup] = await Promise.all([
    dueFrom(context, procedure, receivedAt, { hours }),
    context.calendar.isMakeup(on),
  ])
  return due.ok ? ok({ procedure, unit, windows: windowsOn(hours, on, isMakeup), receivedAt, due: due.value }) : due
}

const refuseUnit = (code: string, detail: Text) =>
  refuse('invalid-request', { errors: [{ pointer: '/query/unit', code, detail }] })

const noUnit: Text = { vi: 'Không có đơn vị này.', en: 'There is no such unit.' }
