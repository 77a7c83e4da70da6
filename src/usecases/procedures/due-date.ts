import type { Context } from '../../context.ts'
import { type Windows, windowsOn } from '../../domain/calendar.ts'
import type { Due } from '../../domain/deadline.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import { standsOn, type Unit } from '../../domain/unit.ts'
import { officeHours } from '../../domain/working-time.ts'
import { ok, refuse, type Result, type Text } from '../../platform/result.ts'
import { localDate, localTime } from '../../platform/time.ts'
import { dueFrom } from '../dossiers/due.ts'
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
  if (unit && !standsOn(unit, on)) return refuseUnit('unit-not-standing', notThen(unit, on))
  const { procedure } = found.value
  const due = await dueFrom(context, procedure, receivedAt, { unit: unit?.id ?? null })
  if (!due.ok) return due
  const hours = unit ? await context.calendar.hoursOf(unit.id) : officeHours
  return ok({ procedure, unit, windows: windowsOn(hours, on), receivedAt, due: due.value })
}

const refuseUnit = (code: string, detail: Text) =>
  refuse('invalid-request', { errors: [{ pointer: '/query/unit', code, detail }] })

const noUnit: Text = { vi: 'Không có đơn vị này.', en: 'There is no such unit.' }
const notThen = ({ name }: Unit, on: string): Text => ({
  vi: `${name.vi} không tồn tại vào ngày ${on}.`,
  en: `${name.en} did not stand on ${on}.`,
})
