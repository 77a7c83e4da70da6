import { z } from '@hono/zod-openapi'
import { standsOn, type Unit } from '../../domain/unit.ts'
import type { Relative } from '../../store/units.ts'
import type { ReadUnit } from '../../usecases/units/read.ts'
import { CivilDate, orNull, UnitId, UnitRef, Words } from '../shapes.ts'

export const UnitLevel = z.enum(['city', 'department', 'district', 'commune']).openapi('UnitLevel')
export const UnitStatus = z.enum(['active', 'dissolved']).openapi('UnitStatus')

const summary = {
  id: UnitId,
  code: z.string().max(40).openapi({
    example: '00082',
    description: 'The official code, or our own for departments. Codes are re-used: never a key.',
  }),
  codeScheme: z.enum(['gso', 'local']).openapi({ description: '`gso`: General Statistics Office; `local`: ours.' }),
  name: Words,
  level: UnitLevel,
  type: z.string().max(60).openapi({ example: 'ward' }),
  status: UnitStatus,
  effectiveFrom: CivilDate.nullable().openapi({ description: 'Null where the data knows no beginning.' }),
  effectiveTo: CivilDate.nullable().openapi({ description: 'Exclusive; null while it stands.' }),
}

export const UnitSummary = z.object(summary).openapi('UnitSummary')

const Relation = z
  .object({
    unit: UnitRef,
    on: CivilDate,
    kind: z.enum(['full', 'partial', 'remainder', 'partial-area-only', 'partial-all-population']).openapi({
      description:
        '`full`: all of it; `partial`: some area and people; `remainder`: what was left; `partial-area-only`: land without people; `partial-all-population`: some area with all people.',
    }),
    clause: z.int().min(1).nullable().openapi({ description: 'Clause of the ground.' }),
    ground: orNull(Words, 'The law it rests on; null where none is known.'),
  })
  .openapi('Succession')

export const UnitView = z
  .object({
    ...summary,
    identifier: z.string().max(35).openapi({
      example: 'LOCAL.00082',
      description: 'The agency identifier (Decision 20/2020/QĐ-TTg), or `LOCAL.…` where no official one is known.',
    }),
    identifierIsOfficial: z.boolean(),
    parent: orNull(UnitRef),
    successors: z.array(Relation).max(1000).openapi({ description: 'Who took over when it ceased.' }),
    predecessors: z.array(Relation).max(1000).openapi({ description: 'Whom it took over from.' }),
    source: z.string().max(1000),
    certainty: z.enum(['high', 'medium', 'low']).nullable(),
    note: z.string().max(1000).nullable(),
  })
  .openapi('Unit')

export const UnitChoice = z
  .object({ code: z.string().max(40), choices: z.array(UnitSummary).max(100) })
  .openapi('UnitChoice', {
    description: 'The units that ever bore one code: ask again with the id of the one you mean.',
  })

const summaryOf = (unit: Unit, on: string) => ({ ...unit, status: standsOn(unit, on) ? 'active' : 'dissolved' })

const relationOf = ({ unit, succession: { on, kind, clause }, ground }: Relative) => ({
  unit: { id: unit.id, name: unit.name },
  on,
  kind,
  clause,
  ground,
})

export const showSummary = (unit: Unit, on: string) => UnitSummary.parse(summaryOf(unit, on))

export const showUnit = ({ unit, parent, successors, predecessors }: ReadUnit & { found: 'unit' }, on: string) =>
  UnitView.parse({
    ...summaryOf(unit, on),
    identifierIsOfficial: !unit.identifier.startsWith('LOCAL.'),
    parent: parent && { id: parent.id, name: parent.name },
    successors: successors.map(relationOf),
    predecessors: predecessors.map(relationOf),
  })

export const showChoice = ({ code, units }: ReadUnit & { found: 'code' }, on: string) =>
  UnitChoice.parse({ code, choices: units.map((unit) => summaryOf(unit, on)) })
