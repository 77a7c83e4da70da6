import { and, asc, desc, eq, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { FileEvent, Scan } from '../domain/scan.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { entriesOf, entryStatements, genesis, type JournalActor } from './journal.ts'
import { dossierFile, file, outbox } from './tables/dossiers.ts'
import type { Vault } from './vault.ts'

/** A file with what came of looking at it, as operators see it. */
export type ScannedFile = {
  id: string
  owner: string
  sha256: string
  size: number
  mediaType: string
  createdAt: string
  scan: Scan
  threat: string | null
  tries: number
  dossierId: string | null
}

/** The type of message that orders one look at a file; its version is the number of the try. */
export const scanDue = 'file.scan-due'

export interface ScanStore {
  /** The try of that number is the caller's until then; undefined when it is somebody else's, or a verdict is there. */
  claim(id: string, number: number, until: Date): Promise<ScannedFile | undefined>
  find(id: string): Promise<ScannedFile | undefined>
  keepClean(id: string): Promise<void>
  /** Puts a file into quarantine, with an entry in its journal that goes on to the dossier that holds it. */
  quarantine(file: ScannedFile, threat: string, at: Date, actor: JournalActor): Promise<void>
  /** No verdict came: tried again then, or never when that is null. */
  keepWaiting(id: string, next: Date | null): Promise<void>
  /** Orders another look at those that wait, at most so many, and holds them until then. Answers how many. */
  enqueueDue(now: Date, until: Date, limit: number): Promise<number>
  /** The latest first, one more than `limit` when there is a next page. */
  list(scan: 'infected' | 'failed' | 'released', before: string | undefined, limit: number): Promise<ScannedFile[]>
  /** Takes a file out of quarantine; the reason is sealed. */
  release(
    file: ScannedFile,
    reason: string,
    at: Date,
    actor: JournalActor,
    along: Statement[],
  ): Promise<Result<true, 'changed-meanwhile' | 'key-in-use'>>
}

/** The message that orders the next look at each of these files; one that is in the outbox already stays what it is. */
export const scanOrder = (db: Database, where: SQL, at: Date): Statement =>
  db
    .insert(outbox)
    .select(
      sql`
SELECT id || ':scan:' || (scan_tries + 1), ${scanDue}, id, scan_tries + 1, ${localTime(at)}, NULL FROM file WHERE scan = 'pending' AND ${where}`,
    )
    .onConflictDoNothing()

export function scanStore(db: Database, vault: Vault): ScanStore {
  const select = () =>
    db
      .select({
        id: file.id,
        owner: file.owner,
        sha256: file.sha256,
        size: file.size,
        mediaType: file.mediaType,
        createdAt: file.createdAt,
        scan: file.scan,
        threat: file.scanThreat,
        tries: file.scanTries,
        dossierId: dossierFile.dossierId,
      })
      .from(file)
      .leftJoin(dossierFile, eq(dossierFile.fileId, file.id))
  const find = async (id: string): Promise<ScannedFile | undefined> => (await select().where(eq(file.id, id)))[0]
  const write = async (
    { id }: ScannedFile,
    entry: { event: FileEvent; at: Date; actor: JournalActor; sealed?: string },
    change: Partial<typeof file.$inferInsert>,
    along: Statement[] = [],
  ) => {
    const [last] = (await entriesOf(db, id, 0, 10)).toReversed()
    const whole = { ...entry, at: localTime(entry.at) }
    const { statements } = await entryStatements(db, id, (last?.version ?? 0) + 1, last?.hash ?? genesis, whole)
    await commit(db, [...statements, db.update(file).set(change).where(eq(file.id, id)), ...along])
  }
  return {
    find,
    async claim(id, number, until) {
      const [claimed] = await db
        .update(file)
        .set({ scanTries: number, scanAt: localTime(until) })
        .where(and(eq(file.id, id), eq(file.scanTries, number - 1), eq(file.scan, 'pending')))
        .returning({ id: file.id })
      return claimed && find(id)
    },
    async keepClean(id) {
      await db
        .update(file)
        .set({ scan: 'clean', scanAt: null })
        .where(and(eq(file.id, id), eq(file.scan, 'pending')))
    },
    async quarantine(found, threat, at, actor) {
      const event = { type: 'file.quarantined', threat, sha256: found.sha256 } as const
      try {
        await write(found, { event, at, actor }, { scan: 'infected', scanThreat: threat, scanAt: null })
      } catch (error) {
        // Two tries at once came to the same verdict.
        if (!isDuplicate(error, 'journal')) throw error
      }
    },
    async keepWaiting(id, next) {
      await db
        .update(file)
        .set(next ? { scanAt: localTime(next) } : { scan: 'failed', scanAt: null })
        .where(and(eq(file.id, id), eq(file.scan, 'pending')))
    },
    async enqueueDue(now, until, limit) {
      const due = await db
        .select({ id: file.id })
        .from(file)
        // Written out: SQLite takes a partial index only where it sees that the condition holds.
        .where(and(sql`${file.scan} = 'pending'`, lte(file.scanAt, localTime(now))))
        .orderBy(asc(file.scanAt))
        .limit(limit)
      if (due.length === 0) return 0
      const among = sql`id IN (SELECT value FROM json_each(${JSON.stringify(due.map(({ id }) => id))}))`
      await commit(db, [
        scanOrder(db, among, now),
        db
          .update(file)
          .set({ scanAt: localTime(until) })
          .where(among),
      ])
      return due.length
    },
    list: (scan, before, limit) =>
      select()
        .where(and(eq(file.scan, scan), before === undefined ? undefined : lt(file.id, before)))
        .orderBy(desc(file.id))
        .limit(limit + 1),
    async release(found, reason, at, actor, along) {
      const { key, statement } = await vault.newKey(found.id)
      const { digest, statement: seal } = await vault.sealPart(found.id, 2, { reason }, key)
      const event = { type: 'file.released', sha256: found.sha256 } as const
      try {
        await write(found, { event, at, actor, sealed: digest }, { scan: 'released' }, [statement, seal, ...along])
        return ok(true)
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        if (isDuplicate(error, 'journal') || isDuplicate(error, 'dossier_key')) return refuse('changed-meanwhile')
        throw error
      }
    },
  }
}
