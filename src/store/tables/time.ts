import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Week, Windows } from '../../domain/calendar.ts'
import type { OutageKind } from '../../domain/outage.ts'

export const outageEntry = sqliteTable('outage_entry', {
  number: integer().primaryKey(),
  outage: text().notNull(),
  version: integer().notNull(),
  kind: text().$type<OutageKind>().notNull(),
  from: text('from_at').notNull(),
  to: text('to_at').notNull(),
  announcedAt: text('announced_at'),
  reasonVi: text('reason_vi').notNull(),
  reasonEn: text('reason_en').notNull(),
  withdrawn: integer({ mode: 'boolean' }).notNull(),
  writtenAt: text('written_at').notNull(),
})

export const heartbeat = sqliteTable('heartbeat', { id: integer().primaryKey(), at: text().notNull() })

export const openingHoursEntry = sqliteTable(
  'opening_hours_entry',
  {
    unitId: text('unit_id').notNull(),
    version: integer().notNull(),
    from: text('valid_from').notNull(),
    windows: text({ mode: 'json' }).$type<Windows>().notNull(),
    weekdays: text({ mode: 'json' }).$type<NonNullable<Week['weekdays']>>().notNull(),
    source: text().notNull(),
    recordedAt: text('recorded_at'),
  },
  (t) => [primaryKey({ columns: [t.unitId, t.version] })],
)
