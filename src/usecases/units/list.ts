import type { Context } from '../../context.ts'
import type { Level, Unit } from '../../domain/unit.ts'
import { localDate } from '../../platform/time.ts'
import { type Page, pageOf } from '../dossiers/read.ts'

export type UnitQuestion = { level?: Level; status?: 'active' | 'dissolved'; on?: string; q?: string; after?: string }

/** Units past and present, in order of id; `status` is judged on the day `on` (today if not given). Public. */
export async function listUnits(
  context: Context,
  { on = localDate(context.now()), ...filter }: UnitQuestion,
  limit: number,
): Promise<Page<Unit> & { on: string }> {
  const rows = await context.units.list({ ...filter, on, limit: limit + 1 })
  return { ...pageOf(rows, limit, ({ id }) => id), on }
}
