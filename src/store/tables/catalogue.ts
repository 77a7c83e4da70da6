import { sql } from 'drizzle-orm'
import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ProcedureLevel, ProcedureVersion } from '../../domain/procedure.ts'
import type { PointKind } from '../../domain/service-point.ts'
import type { Level, SuccessionKind, Unit, UnitId } from '../../domain/unit.ts'

/** What the columns beside it do not already say. */
export type ProcedureBody = Omit<ProcedureVersion, 'code' | 'version' | 'validFrom' | 'validTo' | 'name'>

export const procedureVersion = sqliteTable(
  'procedure_version',
  {
    code: text().notNull(),
    version: integer().notNull(),
    validFrom: text('valid_from').notNull(),
    validTo: text('valid_to'),
    nameVi: text('name_vi').notNull(),
    nameEn: text('name_en').notNull(),
    level: text().$type<ProcedureLevel>().notNull(),
    departmentCode: text('department_code'),
    field: text().notNull(),
    body: text({ mode: 'json' }).$type<ProcedureBody>().notNull(),
    search: text().notNull(),
    digest: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.code, t.version] })],
)

export const unit = sqliteTable('unit', {
  id: text().$type<UnitId>().primaryKey(),
  code: text().notNull(),
  codeScheme: text('code_scheme').$type<Unit['codeScheme']>().notNull(),
  nameVi: text('name_vi').notNull(),
  nameEn: text('name_en').notNull(),
  level: text().$type<Level>().notNull(),
  type: text().notNull(),
  effectiveFrom: text('effective_from'),
  effectiveTo: text('effective_to'),
  parentId: text('parent_id').$type<UnitId>(),
  identifier: text().notNull(),
  source: text().notNull(),
  certainty: text().$type<Unit['certainty']>(),
  note: text(),
  search: text().notNull(),
})

export const unitSuccession = sqliteTable(
  'unit_succession',
  {
    fromId: text('from_id').$type<UnitId>().notNull(),
    toId: text('to_id').$type<UnitId>().notNull(),
    on: text('happened_on').notNull(),
    kind: text().$type<SuccessionKind>().notNull(),
    clause: integer(),
    groundVi: text('ground_vi'),
    groundEn: text('ground_en'),
  },
  (t) => [primaryKey({ columns: [t.fromId, t.toId] })],
)

export const calendarYear = sqliteTable('calendar_year', {
  year: integer().primaryKey(),
  certainty: text().$type<'high' | 'medium' | 'low'>().notNull(),
  source: text().notNull(),
})

export const calendarDay = sqliteTable('calendar_day', {
  date: text().primaryKey(),
  kind: text().$type<'off' | 'makeup'>().notNull(),
  reason: text().$type<'holiday' | 'compensation' | 'swap'>().notNull(),
  nameVi: text('name_vi').notNull(),
  nameEn: text('name_en').notNull(),
  swappedWith: text('swapped_with'),
})

export const servicePoint = sqliteTable('service_point', {
  id: text().primaryKey(),
  unitId: text('unit_id').$type<UnitId>().notNull(),
  kind: text().$type<PointKind>().notNull(),
  lat: real().notNull(),
  lon: real().notNull(),
  address: text(),
  source: text().notNull(),
  nameVi: text('name_vi'),
  nameEn: text('name_en'),
  band: integer().generatedAlwaysAs(sql`CAST((lat + 90) * 100 AS INTEGER)`, { mode: 'virtual' }),
})
