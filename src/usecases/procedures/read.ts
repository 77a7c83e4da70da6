import type { Context } from '../../context.ts'
import type { ProcedureVersion } from '../../domain/procedure.ts'
import type { Unit } from '../../domain/unit.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'

export type ReadProcedure = {
  procedure: ProcedureVersion
  versions: Pick<ProcedureVersion, 'version' | 'validFrom' | 'validTo'>[]
  /** The department that decides; null where the place decides, or where the units know no such department on that day. */
  department: Unit | null
}

/** One procedure as it stands on a day, and when its versions hold. Public. */
export async function readProcedure(
  context: Context,
  code: string,
  on: string = localDate(context.now()),
): Promise<Result<ReadProcedure, 'no-such-procedure'>> {
  const [procedure, versions] = await Promise.all([context.procedures.on(code, on), context.procedures.history(code)])
  const [first, last] = [versions[0], versions.at(-1)]
  if (!first || !last) return refuse('no-such-procedure')
  if (!procedure) {
    const span = `${first.validFrom} – ${last.validTo ?? '…'}`
    return refuse('no-such-procedure', {
      detail: {
        vi: `Không có hiệu lực vào ngày ${on}; danh mục có ${span}.`,
        en: `Not in force on ${on}; the catalogue has it ${span}.`,
      },
    })
  }
  const { competence } = procedure
  const department = competence.by === 'department' ? await context.units.byCode(competence.unitCode, on) : undefined
  return ok({ procedure, versions, department: department ?? null })
}
