import { Buffer } from 'node:buffer'
import { and, asc, desc, eq, lt, type SQL, sql } from 'drizzle-orm'
import { utf8 } from '../platform/crypto.ts'
import { localDate, localTime } from '../platform/time.ts'
import { commit, type Database, type Statement } from './database.ts'
import { mayHear } from './hearing.ts'
import { outbox } from './tables/dossiers.ts'
import { feed, webhook, webhookAttempt, webhookDelivery } from './tables/webhooks.ts'
import type { Vault } from './vault.ts'

export type DeliveryKey = { webhook: string; position: number }

/** `tries` counts the answered attempts of the present round, `attempts` all that ever began. */
export type Delivery = DeliveryKey & {
  type: string
  status: 'pending' | 'delivered' | 'failed' | 'cancelled'
  attempts: number
  tries: number
  nextAttemptAt: string | null
  createdAt: string
}

/** A status or a fault, and how the reply began. */
export type Attempt = {
  number: number
  at: string
  status: number | null
  fault: string | null
  milliseconds: number
  reply: string | null
}

/** What an attempt ends in. */
export type Ended = { status: 'delivered' | 'failed' } | { status: 'pending'; nextAt: Date }

export interface DeliveryStore {
  /** Makes the deliveries of one event, one for each webhook that wants it, and messages for those never tried. Twice is harmless. */
  fanOut(subject: string, version: number, at: Date, until: Date): Promise<void>
  /** Puts what is due into the outbox, at most `limit`, and holds it until then. Answers how many. */
  enqueueDue(now: Date, until: Date, limit: number): Promise<number>
  /** The attempt of that number is the caller's until then; undefined when it is somebody else's, or nothing is to be done. */
  claim(key: DeliveryKey, number: number, until: Date): Promise<Delivery | undefined>
  /** The statements that keep an attempt and what follows from it. */
  recordStatements(key: DeliveryKey, attempt: Attempt, ended: Ended): Promise<Statement[]>
  commit(statements: Statement[]): Promise<void>
  /** The webhook took something, or failed now; since when it fails is kept. */
  healthStatement(webhook: string, failingSince: string | null): Statement
  find(key: DeliveryKey): Promise<Delivery | undefined>
  /** The latest event first, one more than `limit` when there is a next page. */
  list(
    webhook: string,
    status: Delivery['status'] | undefined,
    before: number | undefined,
    limit: number,
  ): Promise<Delivery[]>
  attemptsOf(webhook: string, positions: readonly number[]): Promise<Map<number, Attempt[]>>
  /** Begins a new round at once; false when the app may not hear of it any more. */
  retry(delivery: Delivery, at: Date, until: Date): Promise<boolean>
  /** A new round for every event since then that the webhook wants. Answers how many. */
  replay(webhook: string, from: Date, at: Date): Promise<number>
  /** Removes what ended before that with its attempts, the oldest first, at most `limit`. Answers how many. */
  forget(before: Date, limit: number): Promise<number>
}

/** Whether the webhook `webhook` wants the event `feed`, and may hear it: one rule for what happens and for what is told again. */
const wanted = (at: Date) => sql`webhook.owner = feed.owner AND webhook.status = 'active'
  AND (webhook.types IS NULL OR feed.type IN (SELECT value FROM json_each(webhook.types)))
  AND (webhook.procedures IS NULL OR feed.procedure_code IS NULL
    OR feed.procedure_code IN (SELECT value FROM json_each(webhook.procedures)))
  AND ${mayHear(localDate(at))}`

const deliveryDue = 'webhook.delivery-due'

export function deliveryStore(db: Database, vault: Vault): DeliveryStore {
  const { webhookId, position, status, nextAttemptAt } = webhookDelivery
  const is = (key: DeliveryKey) => and(eq(webhookId, key.webhook), eq(position, key.position))
  const boundTo = (key: DeliveryKey, number: number) => `${key.webhook}:${key.position}:${number}`
  const select = () =>
    db
      .select({ delivery: webhookDelivery, type: feed.type })
      .from(webhookDelivery)
      .innerJoin(feed, eq(feed.position, position))
  const shown = ({
    delivery: { webhookId: owner, ...rest },
    type,
  }: {
    delivery: typeof webhookDelivery.$inferSelect
    type: string
  }): Delivery => ({ ...rest, webhook: owner, type })
  const first = async (where: SQL | undefined) => (await select().where(where)).map(shown)[0]

  /** A message for the next attempt of each; one that is in the outbox already stays what it is. */
  const messages = (where: SQL | undefined, at: Date): Statement =>
    db
      .insert(outbox)
      .select(
        sql`
SELECT webhook_id || ':' || position || ':' || (attempts + 1), ${deliveryDue}, webhook_id || ':' || position, attempts + 1,
  ${localTime(at)}, NULL FROM webhook_delivery WHERE ${where}`,
      )
      .onConflictDoNothing()

  return {
    async fanOut(subject, version, at, until) {
      // By webhook and position, or every delivery there ever was would be looked at.
      const ofEvent = sql`(webhook_id, position) IN (SELECT webhook.id, feed.position FROM feed
        CROSS JOIN webhook ON webhook.owner = feed.owner WHERE feed.subject = ${subject} AND feed.version = ${version})`
      await commit(db, [
        db
          .insert(webhookDelivery)
          .select(
            sql`
SELECT webhook.id, feed.position, 'pending', 0, 0, ${localTime(until)}, ${localTime(at)}, NULL FROM feed JOIN webhook ON ${wanted(at)}
WHERE feed.subject = ${subject} AND feed.version = ${version}`,
          )
          .onConflictDoNothing(),
        messages(sql`attempts = 0 AND status = 'pending' AND ${ofEvent}`, at),
      ])
    },
    async enqueueDue(now, until, limit) {
      const due = await db
        .select({ webhookId, position })
        .from(webhookDelivery)
        .where(sql`next_attempt_at <= ${localTime(now)}`)
        .orderBy(asc(nextAttemptAt))
        .limit(limit)
      if (due.length === 0) return 0
      const pairs = JSON.stringify(due.map((one) => [one.webhookId, one.position]))
      const among = sql`(webhook_id, position) IN (SELECT value ->> 0, value ->> 1 FROM json_each(${pairs})) AND status = 'pending'`
      await commit(db, [
        messages(among, now),
        db
          .update(webhookDelivery)
          .set({ nextAttemptAt: localTime(until) })
          .where(among),
      ])
      return due.length
    },
    async claim(key, number, until) {
      const [claimed] = await db
        .update(webhookDelivery)
        .set({ attempts: number, nextAttemptAt: localTime(until) })
        .where(and(is(key), eq(webhookDelivery.attempts, number - 1), eq(status, 'pending')))
        .returning({ position })
      return claimed && first(is(key))
    },
    async recordStatements(key, { number, reply, ...attempt }, ended) {
      const sealed = reply === null ? null : await vault.wrap(utf8(reply), boundTo(key, number))
      const box = sealed && { master: sealed.master, reply: Buffer.from(sealed.box) }
      const next = 'nextAt' in ended ? localTime(ended.nextAt) : null
      return [
        db
          .insert(webhookAttempt)
          .values({ webhookId: key.webhook, position: key.position, number, ...attempt, ...box })
          .onConflictDoNothing(),
        // Nobody else may have begun a later one meanwhile, nor ended it. Only what was answered counts as a try of the round.
        db
          .update(webhookDelivery)
          .set({
            status: ended.status,
            tries: sql`tries + 1`,
            nextAttemptAt: next,
            endedAt: next === null ? attempt.at : null,
          })
          .where(and(is(key), eq(webhookDelivery.attempts, number), eq(status, 'pending'))),
      ]
    },
    async commit(statements) {
      await commit(db, statements)
    },
    healthStatement: (id, failingSince) => {
      const since = failingSince === null ? null : sql`coalesce(failing_since, ${failingSince})`
      return db.update(webhook).set({ failingSince: since }).where(eq(webhook.id, id))
    },
    find: (key) => first(is(key)),
    async list(id, wantedStatus, before, limit) {
      const behind = before === undefined ? sql`` : sql`AND position < ${before}`
      // Left to itself, SQLite walks all of a webhook's deliveries to find the few that failed.
      const ofStatus = sql`${position} IN (SELECT position FROM webhook_delivery INDEXED BY webhook_delivery_by_status
        WHERE webhook_id = ${id} AND status = ${wantedStatus} ${behind} ORDER BY position DESC LIMIT ${limit + 1})`
      const rows = await select()
        .where(
          and(
            eq(webhookId, id),
            wantedStatus === undefined ? undefined : ofStatus,
            before === undefined ? undefined : lt(position, before),
          ),
        )
        .orderBy(desc(position))
        .limit(limit + 1)
      return rows.map(shown)
    },
    async attemptsOf(id, positions) {
      const rows = await db
        .select()
        .from(webhookAttempt)
        .where(
          sql`${webhookAttempt.webhookId} = ${id} AND ${webhookAttempt.position} IN (SELECT value FROM json_each(${JSON.stringify(positions)}))`,
        )
        .orderBy(asc(webhookAttempt.position), asc(webhookAttempt.number))
      const opened = rows.map(async ({ webhookId: hook, position: place, master, reply, ...attempt }) => {
        const bound = boundTo({ webhook: hook, position: place }, attempt.number)
        const plain = master && reply ? await vault.unwrap(master, Uint8Array.from(reply), bound) : null
        return { place, attempt: { ...attempt, reply: plain && new TextDecoder().decode(plain) } }
      })
      const found = Map.groupBy(await Promise.all(opened), ({ place }) => place)
      return new Map([...found].map(([place, all]) => [place, all.map(({ attempt }) => attempt)]))
    },
    async retry(delivery, at, until) {
      const heard = sql`EXISTS (SELECT 1 FROM feed WHERE feed.position = ${delivery.position} AND ${mayHear(localDate(at))})`
      const again = and(is(delivery), heard)
      const [begun] = await db.batch([
        db
          .update(webhookDelivery)
          .set({ status: 'pending', tries: 0, nextAttemptAt: localTime(until), endedAt: null })
          .where(again)
          .returning({ position }),
        messages(again, at),
      ])
      return begun.length > 0
    },
    async replay(id, from, at) {
      const time = localTime(at)
      const made = await db.run(sql`
INSERT INTO webhook_delivery (webhook_id, position, status, attempts, tries, next_attempt_at, created_at)
SELECT webhook.id, feed.position, 'pending', 0, 0, ${time}, ${time} FROM webhook JOIN feed ON ${wanted(at)}
WHERE webhook.id = ${id} AND feed.at >= ${localTime(from)}
ON CONFLICT DO UPDATE SET status = 'pending', tries = 0, next_attempt_at = excluded.next_attempt_at, ended_at = NULL`)
      return made.meta.changes
    },
    async forget(before, limit) {
      const oldest = sql`(webhook_id, position) IN (SELECT webhook_id, position FROM webhook_delivery
        WHERE ended_at <= ${localTime(before)} ORDER BY ended_at, webhook_id, position LIMIT ${limit})`
      const [, gone] = await db.batch([
        db.delete(webhookAttempt).where(oldest),
        db.delete(webhookDelivery).where(oldest).returning({ position }),
      ])
      return gone.length
    },
  }
}
