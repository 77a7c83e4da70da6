import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Copy } from '../../domain/copy.ts'
import type { SignerOwner } from '../../domain/signing.ts'

export const copy = sqliteTable('copy', {
  id: text().primaryKey(),
  number: text().notNull(),
  version: integer().notNull(),
  status: text().notNull(),
  unit: text().notNull(),
  owner: text().notNull(),
  dossierId: text('dossier_id'),
  sha256: text(),
  archiveAt: text('archive_at'),
  createdAt: text('created_at').notNull(),
  state: text({ mode: 'json' }).$type<Copy>().notNull(),
})

export const copyScan = sqliteTable('copy_scan', {
  fileId: text('file_id').primaryKey(),
  copyId: text('copy_id').notNull(),
})

export const copyFormerFile = sqliteTable('copy_former_file', {
  sha256: text().primaryKey(),
  copyId: text('copy_id').notNull(),
})

export const copyArchiveFailure = sqliteTable('copy_archive_failure', {
  copyId: text('copy_id').primaryKey(),
  reason: text().notNull(),
  since: text().notNull(),
})

export const registerSerial = sqliteTable(
  'register_serial',
  { register: text().notNull(), year: text().notNull(), last: integer().notNull() },
  (t) => [primaryKey({ columns: [t.register, t.year] })],
)

export const signer = sqliteTable('signer', {
  id: text().primaryKey(),
  owner: text().$type<SignerOwner>().notNull(),
  certificate: blob({ mode: 'buffer' }).notNull(),
  chain: text({ mode: 'json' }).$type<string[]>().notNull(),
  algorithm: text({ enum: ['ec', 'rsa'] }).notNull(),
  service: text(),
  keyName: text('key_name'),
  keyMaster: text('key_master'),
  keyBox: blob('key_box', { mode: 'buffer' }),
  validFrom: text('valid_from').notNull(),
  validTo: text('valid_to').notNull(),
  importedAt: text('imported_at').notNull(),
  importedBy: text('imported_by').notNull(),
  activatedAt: text('activated_at'),
  activatedBy: text('activated_by'),
  retiredAt: text('retired_at'),
  retiredBy: text('retired_by'),
})

export const copyWaiting = sqliteTable('copy_waiting', {
  copyId: text('copy_id').primaryKey(),
  who: text().notNull(),
  reason: text().notNull(),
  since: text().notNull(),
  tries: integer().notNull(),
  retryAt: text('retry_at').notNull(),
})

export const registerClosing = sqliteTable(
  'register_closing',
  {
    register: text().notNull(),
    year: text().notNull(),
    last: integer().notNull(),
    closedAt: text('closed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.register, t.year] })],
)

export const trustMaterial = sqliteTable(
  'trust_material',
  {
    kind: text({ enum: ['root', 'intermediate', 'crl'] }).notNull(),
    name: text().notNull(),
    der: blob({ mode: 'buffer' }).notNull(),
    url: text(),
    renewAt: text('renew_at'),
  },
  (t) => [primaryKey({ columns: [t.kind, t.name] })],
)

export const ocspAnswer = sqliteTable('ocsp_answer', {
  certificateSha256: text('certificate_sha256').primaryKey(),
  certificate: blob({ mode: 'buffer' }).notNull(),
  issuer: blob({ mode: 'buffer' }).notNull(),
  der: blob({ mode: 'buffer' }).notNull(),
  thisUpdate: text('this_update').notNull(),
  nextUpdate: text('next_update').notNull(),
  renewAt: text('renew_at').notNull(),
  stampedAt: text('stamped_at'),
})

export const dossierCopy = sqliteTable(
  'dossier_copy',
  { copyId: text('copy_id').notNull(), dossierId: text('dossier_id').notNull() },
  (t) => [primaryKey({ columns: [t.copyId, t.dossierId] })],
)
