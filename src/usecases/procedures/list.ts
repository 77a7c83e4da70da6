import type { Context } from '../../context.ts'
import type { ProcedureLevel, ProcedureVersion } from '../../domain/procedure.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import { type Page, pageOf } from '../dossiers/read.ts'

export type ProcedureQuestion = {
  /** Civil date on which it must be in force; today if not given. */
  on?: string
  level?: ProcedureLevel
  field?: string
  q?: string
  /** Id of a unit: only what it may decide. */
  unit?: string
  after?: string
}

/** The catalogue as it stands on one day, in order of code. Public. */
export async function listProcedures(
  context: Context,
  { on = localDate(context.now()), unit: unitId, ...filter }: ProcedureQuestion,
  limit: number,
): Promise<Result<Page<ProcedureVersion>, 'invalid-request'>> {
  const unit = unitId === undefined ? undefined : await context.units.find(unitId)
  if (unitId !== undefined && !unit) {
    const detail = { vi: 'Không có đơn vị này.', en: 'There is no such unit.' }
    return refuse('invalid-request', { errors: [{ pointer: '/query/unit', code: 'unknown-unit', detail }] })
  }
  const rows = await context.procedures.list({ ...filter, on, ...(unit && { unit }), limit: limit + 1 })
  return ok(pageOf(rows, limit, ({ code }) => code))
}
