import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Reform } from '../../domain/reform.ts'
import type { SuccessionKind, UnitId } from '../../domain/unit.ts'

export const heir = sqliteTable(
  'heir',
  {
    line: text().$type<UnitId>().notNull(),
    on: text('on_date').notNull(),
    key: text().notNull(),
    unit: text().$type<UnitId>().notNull(),
    kind: text().$type<SuccessionKind>().notNull(),
    clause: integer(),
    competent: text().$type<UnitId>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.line, t.on, t.key, t.unit] })],
)

export const reform = sqliteTable('reform', {
  number: integer().primaryKey(),
  id: text().notNull(),
  on: text('on_date').notNull(),
  body: text({ mode: 'json' }).$type<Reform>().notNull(),
  acceptedAt: text('accepted_at').notNull(),
  acceptedBy: text('accepted_by').notNull(),
})
