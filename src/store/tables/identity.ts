import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { appKinds } from '../../domain/actor.ts'
import type { Scope } from '../../domain/scope.ts'
import type { PublicKey } from '../../platform/jwt.ts'

export const app = sqliteTable('app', {
  id: text().primaryKey(),
  name: text().notNull(),
  scopes: text({ mode: 'json' }).$type<Scope[]>().notNull(),
  kind: text({ enum: appKinds }).notNull(),
  createdAt: text('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  dpop: text({ enum: ['optional', 'required'] })
    .notNull()
    .default('optional'),
  version: integer().notNull().default(1),
})

export const appHistory = sqliteTable(
  'app_history',
  {
    appId: text('app_id').notNull(),
    version: integer().notNull(),
    name: text().notNull(),
    scopes: text({ mode: 'json' }).$type<Scope[]>().notNull(),
    dpop: text().notNull(),
    until: text().notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.version] })],
)

const credential = {
  id: text().primaryKey(),
  appId: text('app_id').notNull(),
  createdAt: text('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  revokedAt: text('revoked_at'),
  revokedBy: text('revoked_by'),
}

export const appSecret = sqliteTable('app_secret', { ...credential, hash: text().notNull() })

export const appKey = sqliteTable('app_key', {
  ...credential,
  kid: text().notNull(),
  jwk: text({ mode: 'json' }).$type<PublicKey>().notNull(),
})

export const usedProof = sqliteTable('used_proof', {
  key: text().primaryKey(),
  expiresAt: text('expires_at').notNull(),
})

export const usedAssertion = sqliteTable(
  'used_assertion',
  { appId: text('app_id').notNull(), jti: text().notNull(), expiresAt: text('expires_at').notNull() },
  (t) => [primaryKey({ columns: [t.appId, t.jti] })],
)
