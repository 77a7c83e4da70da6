// Who may certify copies of originals that people show at a counter.
import type { Text } from '../platform/result.ts'
import type { ProcedureVersion } from './procedure.ts'
import { standsOn, type Unit } from './unit.ts'

/** The procedure by which copies of originals are certified: its version says who may, of what, and what it costs. */
export const certifyingProcedure = '2.000815'

/**
 * Why a unit may certify no original on that civil date; undefined where it may. Whoever the catalogue names may: the communes,
 * wherever the owner lives (Decree 23/2015 art. 5; Decree 280/2025).
 */
export function mayNotCertify(unit: Unit, procedure: ProcedureVersion | undefined, on: string): Text | undefined {
  if (!standsOn(unit, on))
    return { vi: `${unit.name.vi} không hoạt động ngày ${on}.`, en: `${unit.name.en} does not stand on ${on}.` }
  const competence = procedure?.competence
  const isNamed =
    competence?.by === 'department' ? competence.unitCode === unit.code : competence && competence.level === unit.level
  return isNamed
    ? undefined
    : {
        vi: `Danh mục thủ tục không giao ${unit.name.vi} chứng thực bản sao từ bản chính.`,
        en: `The catalogue does not give the certification of originals to ${unit.name.en}.`,
      }
}
