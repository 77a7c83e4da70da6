import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Mandate } from '../../domain/mandate.ts'

export const mandate = sqliteTable('mandate', {
  id: text().primaryKey(),
  organisation: text().notNull(),
  person: text().notNull(),
  version: integer().notNull(),
  state: text({ mode: 'json' }).$type<Mandate>().notNull(),
})
