import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Consent, Reading, Terms } from '../../domain/consent.ts'

export const appTerms = sqliteTable(
  'app_terms',
  {
    appId: text('app_id').notNull(),
    version: integer().notNull(),
    at: text().notNull(),
    by: text().notNull(),
    terms: text({ mode: 'json' }).$type<Terms>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.version] })],
)

export const authorization = sqliteTable('authorization', {
  id: text().primaryKey(),
  appId: text('app_id').notNull(),
  stage: text().$type<'pushed' | 'login' | 'choice'>().notNull(),
  browser: text(),
  expiresAt: text('expires_at').notNull(),
  master: text().notNull(),
  box: blob({ mode: 'buffer' }).notNull(),
})

export const consent = sqliteTable('consent', {
  id: text().primaryKey(),
  appId: text('app_id').notNull(),
  person: text().notNull(),
  version: integer().notNull(),
  generation: integer().notNull().default(0),
  state: text({ mode: 'json' }).$type<Consent>().notNull(),
})

export const authorizationCode = sqliteTable('authorization_code', {
  hash: text().primaryKey(),
  authorizationId: text('authorization_id').notNull(),
  consentId: text('consent_id').notNull(),
  appId: text('app_id').notNull(),
  redirectUri: text('redirect_uri').notNull(),
  challenge: text().notNull(),
  expiresAt: text('expires_at').notNull(),
  usedAt: text('used_at'),
})

export const consentUse = sqliteTable(
  'consent_use',
  {
    consentId: text('consent_id').notNull(),
    day: text().notNull(),
    what: text().$type<Reading['what']>().notNull(),
    thing: text().notNull(),
    firstAt: text('first_at').notNull(),
    lastAt: text('last_at').notNull(),
    times: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.consentId, t.day, t.what, t.thing] })],
)
