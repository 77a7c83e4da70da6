import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Copy } from '../../domain/copy.ts'

export const copy = sqliteTable('copy', {
  id: text().primaryKey(),
  number: text().notNull(),
  version: integer().notNull(),
  status: text().notNull(),
  unit: text().notNull(),
  owner: text().notNull(),
  dossierId: text('dossier_id'),
  sha256: text(),
  createdAt: text('created_at').notNull(),
  state: text({ mode: 'json' }).$type<Copy>().notNull(),
})

export const registerSerial = sqliteTable(
  'register_serial',
  { register: text().notNull(), year: text().notNull(), last: integer().notNull() },
  (t) => [primaryKey({ columns: [t.register, t.year] })],
)

export const signingCredential = sqliteTable('signing_credential', {
  id: text().primaryKey(),
  owner: text().notNull(),
  certificate: blob({ mode: 'buffer' }).notNull(),
  chain: text({ mode: 'json' }).$type<string[]>().notNull(),
  algorithm: text({ enum: ['ec', 'rsa'] }).notNull(),
  keyKind: text('key_kind', { enum: ['local'] }).notNull(),
  keyMaster: text('key_master').notNull(),
  keyBox: blob('key_box', { mode: 'buffer' }).notNull(),
  validFrom: text('valid_from').notNull(),
  validTo: text('valid_to').notNull(),
})

export const trustMaterial = sqliteTable(
  'trust_material',
  {
    kind: text({ enum: ['root', 'intermediate', 'crl'] }).notNull(),
    name: text().notNull(),
    der: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.name] })],
)
