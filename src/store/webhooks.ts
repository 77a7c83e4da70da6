import { Buffer } from 'node:buffer'
import { and, asc, desc, eq, lt, ne, sql } from 'drizzle-orm'
import type { DisabledBecause, WebhookEvent, Wishes } from '../domain/webhook.ts'
import { fromBase64Url, toBase64Url, utf8 } from '../platform/crypto.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import type { SigningKeys } from '../platform/webhook-signature.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { ownFeedStatement } from './feed.ts'
import { entryStatements, genesis, type JournalActor } from './journal.ts'
import { journal } from './tables/dossiers.ts'
import { webhook, webhookDelivery, webhookSecret } from './tables/webhooks.ts'
import type { Vault } from './vault.ts'

export type WebhookSecret = { id: string; publicKey: string; createdAt: string }

export type Webhook = Wishes & {
  id: string
  owner: string
  version: number
  status: 'active' | 'disabled' | 'deleted'
  disabledBecause: DisabledBecause | null
  failingSince: string | null
  createdAt: string
}

/** A webhook with its live secrets and the head of its journal's chain. */
export type KeptWebhook = { webhook: Webhook; secrets: WebhookSecret[]; head: string }

export type NewSecret = SigningKeys & { id: string; publicKey: string }

type Act = { at: Date; actor: JournalActor; along?: Statement[] }
type Change = Partial<Pick<Webhook, 'url' | 'types' | 'procedures' | 'status' | 'disabledBecause' | 'failingSince'>>

export interface WebhookStore {
  /** Undefined for one that was deleted. */
  find(id: string): Promise<KeptWebhook | undefined>
  /** All live ones of an owner, newest first, one more than `limit` when there is a next page. */
  list(owner: string, before: string | undefined, limit: number): Promise<KeptWebhook[]>
  create(
    webhook: Wishes & { id: string; owner: string },
    secret: NewSecret,
    act: Act,
  ): Promise<Result<void, 'key-in-use'>>
  /** Writes an event and what it changes, all or none; refuses if somebody else was first. */
  append(
    before: KeptWebhook,
    event: WebhookEvent,
    change: Change & { add?: NewSecret; remove?: string },
    act: Act,
  ): Promise<Result<void, 'changed-meanwhile' | 'key-in-use'>>
  /** What its messages are signed with, oldest first. */
  keysOf(id: string): Promise<SigningKeys[]>
}

export function webhookStore(db: Database, vault: Vault): WebhookStore {
  const select = () =>
    db
      .select({ webhook, head: journal.hash })
      .from(webhook)
      .innerJoin(journal, and(eq(journal.subject, webhook.id), eq(journal.version, webhook.version)))

  async function withSecrets(rows: { webhook: Webhook; head: string }[]): Promise<KeptWebhook[]> {
    const ids = JSON.stringify(rows.map((row) => row.webhook.id))
    const { id, webhookId, publicKey, createdAt } = webhookSecret
    const secrets = await db
      .select({ id, webhookId, publicKey, createdAt })
      .from(webhookSecret)
      .where(sql`${webhookId} IN (SELECT value FROM json_each(${ids}))`)
      .orderBy(asc(id))
    return rows.map((row) => ({
      ...row,
      secrets: secrets
        .filter((one) => one.webhookId === row.webhook.id)
        .map(({ webhookId: _webhookId, ...secret }) => secret),
    }))
  }

  async function secretRows(webhookId: string, secret: NewSecret | undefined, at: Date): Promise<Statement[]> {
    if (!secret) return []
    const { id, publicKey } = secret
    const plain = { secret: toBase64Url(secret.secret), privateKey: toBase64Url(secret.privateKey) }
    const { master, box } = await vault.wrap(utf8(JSON.stringify(plain)), id)
    const row = { id, webhookId, publicKey, master, box: Buffer.from(box), createdAt: localTime(at) }
    return [db.insert(webhookSecret).values(row)]
  }

  async function write(statements: Statement[]): Promise<Result<void, 'changed-meanwhile' | 'key-in-use'>> {
    try {
      await commit(db, statements)
      return ok(undefined)
    } catch (error) {
      if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
      if (isDuplicate(error, 'journal')) return refuse('changed-meanwhile')
      throw error
    }
  }

  return {
    async find(id) {
      const rows = await select().where(and(eq(webhook.id, id), ne(webhook.status, 'deleted')))
      return (await withSecrets(rows))[0]
    },
    async list(owner, before, limit) {
      const whose = and(eq(webhook.owner, owner), ne(webhook.status, 'deleted'))
      const rows = await select()
        .where(and(whose, before === undefined ? undefined : lt(webhook.id, before)))
        .orderBy(desc(webhook.id))
        .limit(limit + 1)
      return withSecrets(rows)
    },
    async create(made, secret, { at, actor, along = [] }) {
      const time = localTime(at)
      const entry = await entryStatements(db, made.id, 1, genesis, {
        at: time,
        actor,
        event: { type: 'webhook.created' },
      })
      const row = { ...made, version: 1, status: 'active' as const, createdAt: time }
      const rows = [db.insert(webhook).values(row), ...(await secretRows(made.id, secret, at))]
      const written = await write([...entry.statements, ...rows, ...along])
      if (written.ok) return written
      if (written.refusal === 'key-in-use') return refuse('key-in-use')
      throw new Error(`webhook ${made.id} was there already`)
    },
    async append({ webhook: before, head }, event, { add, remove, ...change }, { at, actor, along = [] }) {
      const { id, owner } = before
      const version = before.version + 1
      const entry = await entryStatements(db, id, version, head, { at: localTime(at), actor, event })
      const place = { subject: id, version, type: event.type, at: localTime(at) }
      const ends = change.status === 'disabled' || change.status === 'deleted'
      return write([
        ...entry.statements,
        db
          .update(webhook)
          .set({ version, ...change })
          .where(eq(webhook.id, id)),
        ...(await secretRows(id, add, at)),
        ...(remove ? [db.delete(webhookSecret).where(eq(webhookSecret.id, remove))] : []),
        ...(event.type === 'webhook.deleted' ? [db.delete(webhookSecret).where(eq(webhookSecret.webhookId, id))] : []),
        // Its owner did that themselves; of all else the feed tells them.
        ...(event.type === 'webhook.disabled' && event.because !== 'owner' ? [ownFeedStatement(db, owner, place)] : []),
        ...(ends ? [cancelled(id, at)] : []),
        ...along,
      ])
    },
    async keysOf(id) {
      const rows = await db
        .select()
        .from(webhookSecret)
        .where(eq(webhookSecret.webhookId, id))
        .orderBy(asc(webhookSecret.id))
      const opened = rows.map(async (row): Promise<SigningKeys> => {
        const plain = await vault.unwrap(row.master, Uint8Array.from(row.box), row.id)
        const keys = JSON.parse(new TextDecoder().decode(plain)) as { secret: string; privateKey: string }
        return { secret: fromBase64Url(keys.secret), privateKey: fromBase64Url(keys.privateKey) }
      })
      return Promise.all(opened)
    },
  }

  /** What still waited for a receiver that is told nothing more. A replay brings it back. */
  function cancelled(id: string, at: Date): Statement {
    return db
      .update(webhookDelivery)
      .set({ status: 'cancelled', nextAttemptAt: null, endedAt: localTime(at) })
      .where(and(eq(webhookDelivery.webhookId, id), eq(webhookDelivery.status, 'pending')))
  }
}
