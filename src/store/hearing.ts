import { type SQL, sql } from 'drizzle-orm'
import type { Database, Statement } from './database.ts'
import { webhookDelivery } from './tables/webhooks.ts'

/**
 * Whether the owner of the event `feed` may hear of it on that civil date: what their app is registered to read, by `reaches` of
 * the domain, written as SQL. What is about no dossier is about themselves.
 */
export const mayHear = (date: string): SQL => sql`(feed.procedure_code IS NULL OR EXISTS (
  SELECT 1 FROM app, json_each(app.scopes) AS held WHERE app.id = substr(feed.owner, 5) AND (
    held.value = 'dossiers:read' OR held.value = 'dossiers:read:' || feed.procedure_code
    OR held.value = 'dossiers:read:' || (SELECT level FROM procedure_version WHERE code = feed.procedure_code
      AND valid_from <= ${date} ORDER BY version DESC LIMIT 1))))`

/** Ends what waits for the owner’s webhooks and may not be heard by them any more. */
export const unheardStatement = (db: Database, owner: string, date: string): Statement =>
  db
    .update(webhookDelivery)
    .set({ status: 'cancelled', nextAttemptAt: null })
    .where(
      sql`(webhook_id, position) IN (SELECT waiting.webhook_id, waiting.position FROM webhook
  JOIN webhook_delivery AS waiting ON waiting.webhook_id = webhook.id AND waiting.status = 'pending'
  JOIN feed ON feed.position = waiting.position WHERE webhook.owner = ${owner} AND NOT ${mayHear(date)})`,
    )
