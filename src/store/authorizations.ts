import { Buffer } from 'node:buffer'
import { and, eq, gt, isNull, lt } from 'drizzle-orm'
import type { Authorization } from '../domain/authorization.ts'
import { utf8 } from '../platform/crypto.ts'
import { localTime } from '../platform/time.ts'
import type { Database, Statement } from './database.ts'
import { authorization, authorizationCode } from './tables/consents.ts'
import type { Vault } from './vault.ts'

/** What a code was given for; `appId` is the app that alone may exchange it. */
export type KeptCode = {
  consentId: string
  appId: string
  redirectUri: string
  challenge: string
  expiresAt: string
}

type Place = { id: string; app: string; expiresAt: Date; browser: string | null }

export interface AuthorizationStore {
  /** Keeps what a browser (by the hash of its cookie) goes through, sealed; forgets on the way what has expired. */
  begin(place: Place, authorization: Authorization, now: Date): Promise<void>
  /** What this browser goes through; undefined for any other browser, and once it has expired. */
  find(id: string, browser: string, now: Date): Promise<Authorization | undefined>
  /** What an app pushed: taken once only, by the app itself. */
  takePushed(id: string, app: string, now: Date): Promise<(Authorization & { stage: 'pushed' }) | undefined>
  /** Goes on from the login to the choice; false when somebody else did. */
  proceed(id: string, authorization: Authorization & { stage: 'choice' }): Promise<boolean>
  /** Ends it: what the browser goes through is answered. */
  endStatement(id: string): Statement
  end(id: string): Promise<void>
  codeStatement(code: KeptCode & { hash: string; authorizationId: string }): Statement
  /** The code if this is its first use, by its app; `again` when it was used before. */
  useCode(hash: string, app: string, now: Date): Promise<{ code: KeptCode; again: boolean } | undefined>
}

/** How long a code is remembered after its time, in milliseconds: a second use ends what the first one gave. */
const remembered = 7 * 86_400_000

export function authorizationStore(db: Database, vault: Vault): AuthorizationStore {
  const sealed = async (id: string, said: Authorization) => {
    const { master, box } = await vault.wrap(utf8(JSON.stringify(said)), `authorization:${id}`)
    return { stage: said.stage, master, box: Buffer.from(box) }
  }
  const opened = async (row: { id: string; master: string; box: Buffer } | undefined) => {
    if (!row) return undefined
    const plain = await vault.unwrap(row.master, Uint8Array.from(row.box), `authorization:${row.id}`)
    return JSON.parse(new TextDecoder().decode(plain)) as Authorization
  }
  const end = (id: string) => db.delete(authorization).where(eq(authorization.id, id))

  return {
    async begin({ id, app, expiresAt, browser }, said, now) {
      await db.batch([
        db.delete(authorization).where(lt(authorization.expiresAt, localTime(now))),
        db
          .delete(authorizationCode)
          .where(lt(authorizationCode.expiresAt, localTime(new Date(now.getTime() - remembered)))),
        db
          .insert(authorization)
          .values({ id, appId: app, browser, expiresAt: localTime(expiresAt), ...(await sealed(id, said)) }),
      ])
    },
    async find(id, browser, now) {
      const isTheirs = and(eq(authorization.browser, browser), gt(authorization.expiresAt, localTime(now)))
      const [row] = await db
        .select()
        .from(authorization)
        .where(and(eq(authorization.id, id), isTheirs))
      return opened(row)
    },
    async takePushed(id, app, now) {
      const isTheirs = and(eq(authorization.appId, app), gt(authorization.expiresAt, localTime(now)))
      const [row] = await db
        .delete(authorization)
        .where(and(eq(authorization.id, id), eq(authorization.stage, 'pushed'), isTheirs))
        .returning()
      const found = await opened(row)
      return found?.stage === 'pushed' ? found : undefined
    },
    async proceed(id, said) {
      const rows = await db
        .update(authorization)
        .set(await sealed(id, said))
        .where(and(eq(authorization.id, id), eq(authorization.stage, 'login')))
        .returning({ id: authorization.id })
      return rows.length === 1
    },
    endStatement: end,
    async end(id) {
      await end(id)
    },
    codeStatement: (code) => db.insert(authorizationCode).values(code),
    async useCode(hash, app, now) {
      const isTheirs = and(eq(authorizationCode.hash, hash), eq(authorizationCode.appId, app))
      const [first] = await db
        .update(authorizationCode)
        .set({ usedAt: localTime(now) })
        .where(and(isTheirs, isNull(authorizationCode.usedAt)))
        .returning()
      if (first) return { code: first, again: false }
      const [again] = await db.select().from(authorizationCode).where(isTheirs)
      return again && { code: again, again: true }
    },
  }
}
