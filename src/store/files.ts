import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import { type Scan, scanHold } from '../domain/scan.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import type { Bucket } from './folder.ts'
import { copyScan } from './tables/copies.ts'
import { scanOrder } from './scans.ts'
import { dossierFile, file } from './tables/dossiers.ts'
import { upload } from './tables/uploads.ts'

/** As a file is taken in; what else is known of it comes later. */
export type NewFile = Pick<StoredFile, 'id' | 'owner' | 'sha256' | 'size' | 'mediaType'>

/** `owner` is `{kind}:{id}` of the uploader; `dossierId` the dossier that took the file, or `copyId` the copy made of it, if one did. */
export type StoredFile = {
  id: string
  owner: string
  sha256: string
  size: number
  mediaType: string
  createdAt: string
  scan: Scan
  dossierId: string | null
  copyId: string | null
}

export interface FileStore {
  find(id: string): Promise<StoredFile | undefined>
  findAll(ids: string[]): Promise<StoredFile[]>
  /** Streams the bytes to R2 under a key; `sha256` makes R2 refuse bytes with another digest. */
  putBytes(
    key: string,
    body: ReadableStream | Uint8Array,
    options: { mediaType: string; sha256?: ArrayBuffer },
  ): Promise<R2Object>
  /** Puts bytes under a key that holds nothing yet; false, and nothing changed, when it does. */
  putOnce(key: string, body: Uint8Array, options: { mediaType: string; pages: number }): Promise<boolean>
  getBytes(key: string, range?: R2Range): Promise<R2ObjectBody | null>
  removeBytes(key: string): Promise<void>
  /** Records an uploaded file with the rows of the same effect, all or none. */
  record(row: NewFile, at: Date, along: Statement[]): Promise<Result<StoredFile, 'key-in-use'>>
  /** Makes a file of an upload that is whole, once; undefined when the upload was ended meanwhile. */
  recordUploaded(row: NewFile, uploadId: string, at: Date): Promise<StoredFile | undefined>
  /** Gives loose files to a dossier, in the batch that names them; breaks the batch when another dossier was first. */
  takeStatements(ids: string[], dossierId: string): Statement[]
  /** Gives a loose file to the first of the copies that are certified of it, in the batch that orders them. */
  certifyStatement(id: string, copyId: string): Statement
}

/** `scans`: whether what is taken in is looked at for malware. */
export function fileStore(db: Database, bucket: Bucket, { scans }: { scans: boolean }): FileStore {
  const find = async (id: string): Promise<StoredFile | undefined> => (await select().where(eq(file.id, id)))[0]
  /** Its verdict is waited for, and its scanning ordered. */
  const waiting = (row: NewFile, at: Date) => ({
    ...row,
    createdAt: localTime(at),
    scan: scans ? ('pending' as const) : ('none' as const),
    scanAt: scans ? localTime(new Date(at.getTime() + scanHold)) : null,
  })
  const orderScan = (id: string, at: Date): Statement[] => (scans ? [scanOrder(db, eq(file.id, id), at)] : [])
  const select = () =>
    db
      .select({ ...getTableColumns(file), dossierId: dossierFile.dossierId, copyId: copyScan.copyId })
      .from(file)
      .leftJoin(dossierFile, eq(dossierFile.fileId, file.id))
      .leftJoin(copyScan, eq(copyScan.fileId, file.id))
  return {
    find,
    findAll: (ids) => select().where(sql`${file.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`),
    putBytes: (key, body, { mediaType, sha256 }) =>
      bucket.put(key, body, { httpMetadata: { contentType: mediaType }, ...(sha256 && { sha256 }) }),
    async putOnce(key, body, { mediaType, pages }) {
      const object = await bucket.put(key, body, {
        onlyIf: { etagDoesNotMatch: '*' },
        httpMetadata: { contentType: mediaType },
        customMetadata: { pages: String(pages) },
      })
      return object !== null
    },
    getBytes: async (key, range) => (range ? bucket.get(key, { range }) : bucket.get(key)),
    removeBytes: (key) => bucket.delete(key),
    async record(row, at, along) {
      const whole = waiting(row, at)
      try {
        await commit(db, [db.insert(file).values(whole), ...orderScan(row.id, at), ...along])
        return ok({ ...whole, dossierId: null, copyId: null })
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        throw error
      }
    },
    async recordUploaded(row, uploadId, at) {
      const { id, owner, sha256, size, mediaType, createdAt, scan, scanAt } = waiting(row, at)
      const isWhole = and(eq(upload.id, uploadId), eq(upload.status, 'open'), eq(upload.received, upload.length))
      await commit(db, [
        db.insert(file).select(
          sql`
SELECT ${id}, ${owner}, ${sha256}, ${size}, ${mediaType}, ${createdAt}, ${scan}, NULL, 0, ${scanAt} FROM upload WHERE ${isWhole}`,
        ),
        ...orderScan(id, at),
        db.update(upload).set({ status: 'finished' }).where(isWhole),
      ])
      return find(id)
    },
    takeStatements: (ids, dossierId) => ids.map((fileId) => db.insert(dossierFile).values({ fileId, dossierId })),
    certifyStatement: (fileId, copyId) => db.insert(copyScan).values({ fileId, copyId }),
  }
}
