import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { MediaType } from '../../domain/file.ts'

export const upload = sqliteTable('upload', {
  id: text().primaryKey(),
  owner: text().notNull(),
  length: integer().notNull(),
  received: integer().notNull(),
  attempt: integer().notNull(),
  nextPart: integer('next_part').notNull(),
  sha256: text(),
  mediaType: text('media_type').$type<MediaType>(),
  metadataMaster: text('metadata_master'),
  metadata: blob({ mode: 'buffer' }),
  fileId: text('file_id').notNull(),
  multipart: text().notNull(),
  parts: text({ mode: 'json' }).$type<R2UploadedPart[]>().notNull(),
  tail: text(),
  status: text({ enum: ['open', 'finished', 'removed'] }).notNull(),
  createdAt: text('created_at').notNull(),
  expiresAt: text('expires_at').notNull(),
})
