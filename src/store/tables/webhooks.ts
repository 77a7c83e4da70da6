import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { DisabledBecause } from '../../domain/webhook.ts'

export const feed = sqliteTable('feed', {
  position: integer().primaryKey(),
  subject: text().notNull(),
  version: integer().notNull(),
  type: text().notNull(),
  at: text().notNull(),
  owner: text().notNull(),
  dossierId: text('dossier_id'),
  procedureCode: text('procedure_code'),
})

export const webhook = sqliteTable('webhook', {
  id: text().primaryKey(),
  owner: text().notNull(),
  version: integer().notNull(),
  url: text().notNull(),
  types: text({ mode: 'json' }).$type<string[]>(),
  procedures: text({ mode: 'json' }).$type<string[]>(),
  status: text({ enum: ['active', 'disabled', 'deleted'] }).notNull(),
  disabledBecause: text('disabled_because').$type<DisabledBecause>(),
  failingSince: text('failing_since'),
  createdAt: text('created_at').notNull(),
})

export const webhookSecret = sqliteTable('webhook_secret', {
  id: text().primaryKey(),
  webhookId: text('webhook_id').notNull(),
  publicKey: text('public_key').notNull(),
  master: text().notNull(),
  box: blob({ mode: 'buffer' }).notNull(),
  createdAt: text('created_at').notNull(),
})

export const webhookDelivery = sqliteTable(
  'webhook_delivery',
  {
    webhookId: text('webhook_id').notNull(),
    position: integer().notNull(),
    status: text({ enum: ['pending', 'delivered', 'failed', 'cancelled'] }).notNull(),
    attempts: integer().notNull(),
    tries: integer().notNull(),
    nextAttemptAt: text('next_attempt_at'),
    createdAt: text('created_at').notNull(),
    endedAt: text('ended_at'),
  },
  (t) => [primaryKey({ columns: [t.webhookId, t.position] })],
)

export const webhookAttempt = sqliteTable(
  'webhook_attempt',
  {
    webhookId: text('webhook_id').notNull(),
    position: integer().notNull(),
    number: integer().notNull(),
    at: text().notNull(),
    status: integer(),
    fault: text(),
    milliseconds: integer().notNull(),
    master: text(),
    reply: blob({ mode: 'buffer' }),
  },
  (t) => [primaryKey({ columns: [t.webhookId, t.position, t.number] })],
)
