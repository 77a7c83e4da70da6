import { sql } from 'drizzle-orm'
import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Dossier } from '../../domain/dossier.ts'
import type { Scan } from '../../domain/scan.ts'

export const journal = sqliteTable(
  'journal',
  {
    subject: text().notNull(),
    version: integer().notNull(),
    type: text().notNull(),
    at: text().notNull(),
    record: text().notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text().notNull(),
    mandate: text().generatedAlwaysAs(sql`record ->> '$.actor.mandate'`, { mode: 'virtual' }),
  },
  (t) => [primaryKey({ columns: [t.subject, t.version] })],
)

export const outbox = sqliteTable('outbox', {
  id: text().primaryKey(),
  type: text().notNull(),
  subject: text().notNull(),
  version: integer().notNull(),
  createdAt: text('created_at').notNull(),
  leasedUntil: text('leased_until'),
})

export const deadLetter = sqliteTable('dead_letter', {
  id: text().primaryKey(),
  type: text().notNull(),
  body: text().notNull(),
  diedAt: text('died_at').notNull(),
  replayedAt: text('replayed_at'),
})

export const dossier = sqliteTable('dossier', {
  id: text().primaryKey(),
  code: text().notNull(),
  version: integer().notNull(),
  status: text().notNull(),
  procedureCode: text('procedure_code').notNull(),
  competentUnit: text('competent_unit').notNull(),
  receivingPoint: text('receiving_point').notNull(),
  submitter: text().notNull(),
  dueAt: text('due_at'),
  attentionAt: text('attention_at'),
  lineUnit: text('line_unit').notNull(),
  lineKey: text('line_key').notNull(),
  awaitingOn: text('awaiting_on').notNull(),
  matter: text(),
  insisted: integer().notNull().default(0),
  updatedAt: text('updated_at').notNull(),
  outagesCounted: integer('outages_counted').notNull(),
  state: text({ mode: 'json' }).$type<Dossier>().notNull(),
})

export const codeSerial = sqliteTable(
  'code_serial',
  { prefix: text().notNull(), day: text().notNull(), last: integer().notNull() },
  (t) => [primaryKey({ columns: [t.prefix, t.day] })],
)

export const dossierKey = sqliteTable('dossier_key', {
  dossierId: text('dossier_id').primaryKey(),
  master: text().notNull(),
  wrapped: blob({ mode: 'buffer' }).notNull(),
})

export const dossierSealed = sqliteTable(
  'dossier_sealed',
  { dossierId: text('dossier_id').notNull(), version: integer().notNull(), box: blob({ mode: 'buffer' }).notNull() },
  (t) => [primaryKey({ columns: [t.dossierId, t.version] })],
)

export const dossierParty = sqliteTable(
  'dossier_party',
  { person: text().notNull(), dossierId: text('dossier_id').notNull() },
  (t) => [primaryKey({ columns: [t.person, t.dossierId] })],
)

export const idempotency = sqliteTable(
  'idempotency',
  {
    actor: text().notNull(),
    key: text().notNull(),
    leaves: text({ mode: 'json' }).$type<Record<string, string>>().notNull(),
    subject: text().notNull(),
    version: integer().notNull(),
    createdAt: text('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.actor, t.key] })],
)

export const file = sqliteTable('file', {
  id: text().primaryKey(),
  owner: text().notNull(),
  sha256: text().notNull(),
  size: integer().notNull(),
  mediaType: text('media_type').notNull(),
  createdAt: text('created_at').notNull(),
  scan: text().$type<Scan>().notNull(),
  scanThreat: text('scan_threat'),
  scanTries: integer('scan_tries').notNull().default(0),
  scanAt: text('scan_at'),
})

export const dossierFile = sqliteTable('dossier_file', {
  fileId: text('file_id').primaryKey(),
  dossierId: text('dossier_id').notNull(),
})
