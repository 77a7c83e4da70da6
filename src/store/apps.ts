import { and, desc, eq, isNull, lt } from 'drizzle-orm'
import type { Scope } from '../domain/actor.ts'
import type { PublicKey } from '../platform/jwt.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate } from './database.ts'
import { app, appKey, appSecret, usedAssertion } from './tables/identity.ts'

/** A third-party app; `id` is its OAuth client id. */
export type App = { id: string; name: string; scopes: Scope[]; createdAt: string; createdBy: string }

type Credential = { id: string; createdAt: string; revokedAt: string | null }
/** `hash` is the SHA-256 of the secret: nobody can read the secret itself again. */
export type AppSecret = Credential & { hash: string }
export type AppKey = Credential & { kid: string; jwk: PublicKey }

/** An app with everything it ever proved itself with; what is revoked stays on record. */
export type RegisteredApp = App & { secrets: AppSecret[]; keys: AppKey[] }

/** Who does it, and when. */
export type Act = { by: string; at: Date }

export interface AppStore {
  find(id: string): Promise<RegisteredApp | undefined>
  /** Newest first, one more than `limit` when there is a next page; `before` is the id that the last page ended with. */
  list(before: string | undefined, limit: number): Promise<App[]>
  /** Writes the app with its first credentials, all or none. */
  register(
    app: Pick<App, 'id' | 'name' | 'scopes'>,
    credentials: { secrets: Pick<AppSecret, 'id' | 'hash'>[]; keys: Pick<AppKey, 'id' | 'jwk'>[] },
    act: Act,
  ): Promise<void>
  addSecret(appId: string, secret: Pick<AppSecret, 'id' | 'hash'>, act: Act): Promise<void>
  /** Refuses while another live key of the app bears the same `kid`. */
  addKey(appId: string, key: Pick<AppKey, 'id' | 'jwk'>, act: Act): Promise<Result<void, 'key-id-in-use'>>
  /** Revoking twice is harmless: the first revocation stands. */
  revokeSecret(appId: string, id: string, act: Act): Promise<void>
  revokeKey(appId: string, id: string, act: Act): Promise<void>
  /** True the first time only. Forgets what has expired on the way: those are refused for their age. */
  useAssertion(appId: string, jti: string, expiresAt: Date, now: Date): Promise<boolean>
}

export function appStore(db: Database): AppStore {
  const made = (appId: string, { by, at }: Act) => ({ appId, createdAt: localTime(at), createdBy: by })
  const secretRow = (appId: string, { id, hash }: Pick<AppSecret, 'id' | 'hash'>, act: Act) => ({
    ...made(appId, act),
    id,
    hash,
  })
  const keyRow = (appId: string, { id, jwk }: Pick<AppKey, 'id' | 'jwk'>, act: Act) => ({
    ...made(appId, act),
    id,
    kid: jwk.kid,
    jwk,
  })
  const revoke = async (table: typeof appSecret | typeof appKey, appId: string, id: string, { by, at }: Act) => {
    const live = and(eq(table.appId, appId), eq(table.id, id), isNull(table.revokedAt))
    await db
      .update(table)
      .set({ revokedAt: localTime(at), revokedBy: by })
      .where(live)
  }
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
    async register({ id, name, scopes }, { secrets, keys }, act) {
      const { by, at } = act
      await commit(db, [
        db.insert(app).values({ id, name, scopes, createdAt: localTime(at), createdBy: by }),
        ...secrets.map((secret) => db.insert(appSecret).values(secretRow(id, secret, act))),
        ...keys.map((key) => db.insert(appKey).values(keyRow(id, key, act))),
      ])
    },
    async addSecret(appId, secret, act) {
      await db.insert(appSecret).values(secretRow(appId, secret, act))
    },
    async addKey(appId, key, act) {
      try {
        await db.insert(appKey).values(keyRow(appId, key, act))
        return ok(undefined)
      } catch (error) {
        if (isDuplicate(error, 'app_key')) return refuse('key-id-in-use')
        throw error
      }
    },
    revokeSecret: (appId, id, act) => revoke(appSecret, appId, id, act),
    revokeKey: (appId, id, act) => revoke(appKey, appId, id, act),
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
