import { and, desc, eq, isNull, lt } from 'drizzle-orm'
import type { AppKind } from '../domain/actor.ts'
import type { Scope } from '../domain/scope.ts'
import type { PublicKey } from '../platform/jwt.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localDate, localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { unheardStatement } from './hearing.ts'
import { app, appHistory, appKey, appSecret, usedAssertion } from './tables/identity.ts'

/** What an operator registers an app with. `dpop`: whether its tokens must be bound to a key of its own. */
export type AppSettings = { name: string; scopes: Scope[]; dpop: 'optional' | 'required' }

/** A third-party app; `id` is its OAuth client id, `version` counts the changes of its settings. */
export type App = AppSettings & { id: string; kind: AppKind; version: number; createdAt: string; createdBy: string }

type Credential = { id: string; createdAt: string; revokedAt: string | null }
/** `hash` is the SHA-256 of the secret: nobody can read the secret itself again. */
export type AppSecret = Credential & { hash: string }
export type AppKey = Credential & { kid: string; jwk: PublicKey }

/** An app with everything it ever proved itself with; what is revoked stays on record. */
export type RegisteredApp = App & { secrets: AppSecret[]; keys: AppKey[] }

export type NewSecret = Pick<AppSecret, 'id' | 'hash'>
export type NewKey = Pick<AppKey, 'id' | 'jwk'>

/** Who does it, and when. */
export type Act = { by: string; at: Date }

/** What happened instead, when a row that must be unique was there already. */
export type Taken = 'key-in-use' | 'key-id-in-use'

export interface AppStore {
  find(id: string): Promise<RegisteredApp | undefined>
  /** Newest first, one more than `limit` when there is a next page; `before` is the id that the last page ended with. */
  list(before: string | undefined, limit: number): Promise<App[]>
  /** Writes the app with its first credentials and the rows `along`, all or none. */
  register(
    app: AppSettings & Pick<App, 'id' | 'kind'>,
    credentials: { secrets: NewSecret[]; keys: NewKey[] },
    act: Act,
    along: Statement[],
  ): Promise<Result<void, Taken>>
  /** Keeps what it was before; what waits for its webhooks and is not for it any more is not sent. */
  change(before: App, settings: AppSettings, act: Act): Promise<Result<void, 'changed-meanwhile'>>
  addSecret(appId: string, secret: NewSecret, act: Act, along: Statement[]): Promise<Result<void, Taken>>
  /** Refuses while another live key of the app bears the same `kid`. */
  addKey(appId: string, key: NewKey, act: Act, along: Statement[]): Promise<Result<void, Taken>>
  /** Revoking twice is harmless: the first revocation stands. */
  revokeSecret(appId: string, id: string, act: Act): Promise<void>
  revokeKey(appId: string, id: string, act: Act): Promise<void>
  /** True the first time only. Forgets what has expired on the way: those are refused for their age. */
  useAssertion(appId: string, jti: string, expiresAt: Date, now: Date): Promise<boolean>
}

export function appStore(db: Database): AppStore {
  const made = (appId: string, { by, at }: Act) => ({ appId, createdAt: localTime(at), createdBy: by })
  const secretRow = (appId: string, { id, hash }: NewSecret, act: Act) =>
    db.insert(appSecret).values({ ...made(appId, act), id, hash })
  const keyRow = (appId: string, { id, jwk }: NewKey, act: Act) =>
    db.insert(appKey).values({ ...made(appId, act), id, jwk, kid: jwk.kid })
  const write = (statements: Statement[]) => written(db, statements)
  return {
    async find(id) {
      const [[found], secrets, keys] = await db.batch([
        db.select().from(app).where(eq(app.id, id)),
        db.select().from(appSecret).where(eq(appSecret.appId, id)).orderBy(appSecret.id),
        db.select().from(appKey).where(eq(appKey.appId, id)).orderBy(appKey.id),
      ])
      return found && { ...found, secrets, keys }
    },
    list: (before, limit) =>
      db
        .select()
        .from(app)
        .where(before ? lt(app.id, before) : undefined)
        .orderBy(desc(app.id))
        .limit(limit + 1),
    register({ id, ...settings }, { secrets, keys }, act, along) {
      const row = { id, ...settings, createdAt: localTime(act.at), createdBy: act.by }
      const credentials = [...secrets.map((one) => secretRow(id, one, act)), ...keys.map((one) => keyRow(id, one, act))]
      return write([db.insert(app).values(row), ...credentials, ...along])
    },
    async change({ id, version, name, scopes, dpop }, settings, { by, at }) {
      const former = { appId: id, version, name, scopes, dpop, until: localTime(at), changedBy: by }
      const changed = { ...settings, version: version + 1 }
      try {
        await commit(db, [
          db.insert(appHistory).values(former),
          db.update(app).set(changed).where(eq(app.id, id)),
          unheardStatement(db, `app:${id}`, localDate(at)),
        ])
        return ok(undefined)
      } catch (error) {
        if (isDuplicate(error, 'app_history')) return refuse('changed-meanwhile')
        throw error
      }
    },
    addSecret: (appId, secret, act, along) => write([secretRow(appId, secret, act), ...along]),
    addKey: (appId, key, act, along) => write([keyRow(appId, key, act), ...along]),
    revokeSecret: (appId, id, act) => revoke(db, appSecret, appId, id, act),
    revokeKey: (appId, id, act) => revoke(db, appKey, appId, id, act),
    async useAssertion(appId, jti, expiresAt, now) {
      const [, written] = await db.batch([
        db.delete(usedAssertion).where(lt(usedAssertion.expiresAt, localTime(now))),
        db
          .insert(usedAssertion)
          .values({ appId, jti, expiresAt: localTime(expiresAt) })
          .onConflictDoNothing()
          .returning({ jti: usedAssertion.jti }),
      ])
      return written.length === 1
    },
  }
}

async function written(db: Database, statements: Statement[]): Promise<Result<void, Taken>> {
  try {
    await commit(db, statements)
    return ok(undefined)
  } catch (error) {
    if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
    if (isDuplicate(error, 'app_key')) return refuse('key-id-in-use')
    throw error
  }
}

async function revoke(
  db: Database,
  table: typeof appSecret | typeof appKey,
  appId: string,
  id: string,
  { by, at }: Act,
) {
  const live = and(eq(table.appId, appId), eq(table.id, id), isNull(table.revokedAt))
  const revoked = { revokedAt: localTime(at), revokedBy: by }
  await db.update(table).set(revoked).where(live)
}
