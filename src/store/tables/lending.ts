import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Opener, Share } from '../../domain/lending.ts'

export const copyShare = sqliteTable('copy_share', {
  id: text().primaryKey(),
  copyId: text('copy_id').notNull(),
  tokenHash: text('token_hash').notNull(),
  version: integer().notNull(),
  openings: integer().notNull(),
  most: integer(),
  state: text({ mode: 'json' }).$type<Share>().notNull(),
})

export const copyOpening = sqliteTable('copy_opening', {
  id: text().primaryKey(),
  copyId: text('copy_id').notNull(),
  at: text().notNull(),
  opener: text({ mode: 'json' }).$type<Opener>().notNull(),
})
