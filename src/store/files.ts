import { eq, getTableColumns, sql } from 'drizzle-orm'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { copyScan } from './tables/copies.ts'
import { dossierFile, file } from './tables/dossiers.ts'

/** `owner` is `{kind}:{id}` of the uploader; `dossierId` the dossier that took the file, or `copyId` the copy made of it, if one did. */
export type StoredFile = {
  id: string
  owner: string
  sha256: string
  size: number
  mediaType: string
  createdAt: string
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
  record(
    row: Omit<StoredFile, 'createdAt' | 'dossierId' | 'copyId'>,
    at: Date,
    along: Statement[],
  ): Promise<Result<StoredFile, 'key-in-use'>>
  /** Gives loose files to a dossier, in the batch that names them; breaks the batch when another dossier was first. */
  takeStatements(ids: string[], dossierId: string): Statement[]
  /** Gives a loose file to the first of the copies that are certified of it, in the batch that orders them. */
  certifyStatement(id: string, copyId: string): Statement
}

export function fileStore(db: Database, bucket: R2Bucket): FileStore {
  const select = () =>
    db
      .select({ ...getTableColumns(file), dossierId: dossierFile.dossierId, copyId: copyScan.copyId })
      .from(file)
      .leftJoin(dossierFile, eq(dossierFile.fileId, file.id))
      .leftJoin(copyScan, eq(copyScan.fileId, file.id))
  return {
    async find(id) {
      const [row] = await select().where(eq(file.id, id))
      return row
    },
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
      const whole = { ...row, createdAt: localTime(at) }
      try {
        await commit(db, [db.insert(file).values(whole), ...along])
        return ok({ ...whole, dossierId: null, copyId: null })
      } catch (error) {
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        throw error
      }
    },
    takeStatements: (ids, dossierId) => ids.map((fileId) => db.insert(dossierFile).values({ fileId, dossierId })),
    certifyStatement: (fileId, copyId) => db.insert(copyScan).values({ fileId, copyId }),
  }
}
