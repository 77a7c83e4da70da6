import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { House } from '../../app.ts'
import { type Reform, createdBy } from '../../domain/reform.ts'
import { type UnitId as Id } from '../../domain/unit.ts'
import type { Kept } from '../../store/dossiers.ts'
import type { AcceptedReform } from '../../store/reforms.ts'
import type { Foreseen } from '../../usecases/reforms/foresee.ts'
import { localDate } from '../../platform/time.ts'
import {
  CivilDate,
  DossierCode,
  Instant,
  orNull,
  pageOfItems,
  UnitId,
  UnitRef,
  unitRef,
  unitsNamed,
  Words,
} from '../shapes.ts'
import { Status } from '../dossiers/view.ts'
import { example } from './example.ts'

const Name = z.strictObject({ vi: z.string().trim().min(1).max(300), en: z.string().trim().min(1).max(300) })
const kinds = z.enum(['full', 'partial', 'remainder', 'partial-area-only', 'partial-all-population'])

// The pattern of the shape makes the brand: everything after the door trusts it.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const Unit = UnitId.transform((id) => id as Id)

const Creation = z.strictObject({
  code: z
    .string()
    .min(2)
    .max(40)
    .regex(/^[A-Z0-9-]+$/)
    .openapi({ example: '00082', description: 'Official codes may be re-used; the unit’s own id adds the year.' }),
  name: Name,
  level: z.enum(['department', 'district', 'commune']),
  type: z
    .string()
    .max(40)
    .regex(/^[a-z]+(-[a-z]+)*$/)
    .openapi({ example: 'ward' }),
  parent: Unit,
  identifier: z
    .string()
    .max(35)
    .regex(/^[A-Y]\d{2}(\.[0-9A-Z]+)*$/)
    .nullable()
    .default(null)
    .openapi({ description: 'The official identifier (Decision 20/2020/QĐ-TTg); without one, a local one is made.' }),
})

const Dissolution = z.strictObject({
  unit: Unit,
  successors: z
    .array(
      z.strictObject({
        unit: Unit.openapi({ description: 'A unit that stands on the day, or `{code}-{year}` of one created here.' }),
        kind: kinds,
        clause: z.int().positive().nullable().default(null),
      }),
    )
    .min(1)
    .max(50),
})

export const ReformBody = z
  .strictObject({
    name: Name,
    ground: Name.openapi({ description: 'The law that orders it.' }),
    on: CivilDate.openapi({ description: 'The units change at 00:00 of this day: today or later.' }),
    creates: z.array(Creation).max(1000),
    dissolves: z.array(Dissolution).min(1).max(1000),
  })
  .openapi('ReformBody', { example })

export const ForeseenView = z
  .object({
    on: CivilDate,
    creates: z.array(UnitId).max(1000),
    dissolves: z.array(UnitId).max(1000),
    openDossiers: z.object({
      withOneHeir: z.int().min(0),
      needingAssignment: z.int().min(0),
    }),
    moves: z
      .array(z.object({ from: UnitId, to: UnitId, candidates: z.array(UnitId).max(50), dossiers: z.int().min(1) }))
      .max(10_000)
      .openapi({ description: 'Open dossiers by where they would go; `to` keeps them while candidates are named.' }),
  })
  .openapi('ForeseenReform')

export const ReformView = z
  .object({
    id: z.string().max(40),
    number: z.int().min(1),
    status: z.enum(['planned', 'in-force']),
    name: Words,
    ground: Words,
    on: CivilDate,
    creates: z.array(UnitId).max(1000),
    dissolves: z
      .array(
        z.object({
          unit: UnitId,
          successors: z.array(z.object({ unit: UnitId, kind: kinds, clause: z.int().nullable() })).max(50),
        }),
      )
      .max(1000),
    acceptedAt: Instant,
  })
  .openapi('Reform')

export const ReformPage = pageOfItems(ReformView).openapi('ReformPage')

export const showForeseen = ({ on }: Reform, { creates, dissolves, moves }: Foreseen) => {
  const sum = (several: boolean) =>
    moves.filter(({ candidates }) => candidates.length > 0 === several).reduce((all, { dossiers }) => all + dossiers, 0)
  const openDossiers = { withOneHeir: sum(false), needingAssignment: sum(true) }
  return ForeseenView.parse({ on, creates, dissolves, openDossiers, moves })
}

export const showReform = (c: HonoContext<House>, { id, number, reform, acceptedAt }: AcceptedReform) =>
  ReformView.parse({
    ...reform,
    id,
    number,
    status: reform.on <= localDate(c.var.context.now()) ? 'in-force' : 'planned',
    creates: createdBy(reform).map((unit) => unit.id),
    acceptedAt,
  })

export const ReassignmentView = z
  .object({
    code: DossierCode,
    version: z.int().min(1),
    status: Status,
    procedure: z.object({ code: z.string().max(20), version: z.int().min(1) }),
    place: orNull(UnitRef),
    formerUnit: UnitRef,
    since: CivilDate,
    keptBy: UnitRef,
    candidates: z.array(UnitRef).max(50),
    reason: Words,
    dueAt: Instant.nullable(),
  })
  .openapi('Reassignment')

export const ReassignmentPage = pageOfItems(ReassignmentView).openapi('ReassignmentPage')

/** One line of the list for supervisors: nothing about persons, only what the choice needs. */
export async function showReassignments(c: HonoContext<House>, rows: Kept[]) {
  const units = await unitsNamed(
    c,
    rows.flatMap(({ dossier: { place, competentUnit, unassigned } }) => [
      place,
      competentUnit,
      unassigned?.unit,
      ...(unassigned?.candidates ?? []),
    ]),
  )
  const named = (id: string) => unitRef(id, units)
  return rows.flatMap(({ code, dossier }) => {
    const { unassigned, place, competentUnit, version, status, procedure, clock } = dossier
    if (!unassigned) return []
    const former = named(unassigned.unit)
    const reason = {
      vi: `${former.name.vi} đã chia cho nhiều đơn vị; dữ liệu không cho biết hồ sơ thuộc đơn vị nào.`,
      en: `${former.name.en} was divided among several units; the data cannot tell to which of them the dossier belongs.`,
    }
    return ReassignmentView.parse({
      code,
      version,
      status,
      procedure,
      place: place && named(place),
      formerUnit: former,
      since: unassigned.on,
      keptBy: named(competentUnit),
      candidates: unassigned.candidates.map(named),
      reason,
      dueAt: clock.dueAt,
    })
  })
}
