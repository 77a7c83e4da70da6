import { and, eq, isNull, sql } from 'drizzle-orm'
import { localTime } from '../platform/time.ts'
import type { Database, Statement } from './database.ts'
import { file } from './tables/dossiers.ts'

export const mediaTypes = ['application/pdf', 'image/png', 'image/jpeg'] as const
export type MediaType = (typeof mediaTypes)[number]

/** `owner` is `{kind}:{id}` of the uploader; `dossierId` the dossier that took the file, if one did. */
export type StoredFile = { id: string; owner: string; sha256: string; size: number; mediaType: string; createdAt: string; dossierId: string | null }

export interface FileStore {
  find(id: string): Promise<StoredFile | undefined>
  findAll(ids: string[]): Promise<StoredFile[]>
  /** Streams the bytes to R2 under a key; `sha256` makes R2 refuse bytes with another digest. */
  putBytes(key: string, body: ReadableStream | Uint8Array, options: { mediaType: string; sha256?: ArrayBuffer }): Promise<R2Object>
  getBytes(key: string, range?: R2Range): Promise<R2ObjectBody | null>
  removeBytes(key: string): Promise<void>
  /** Records an uploaded file; `along` are rows of the same effect. */
  rowStatement(row: Omit<StoredFile, 'createdAt' | 'dossierId'>, at: Date): Statement
  /** Gives loose files to a dossier, in the batch that names them. */
  takeStatement(ids: string[], dossierId: string): Statement
}

export const fileKey = (id: string) => `files/${id}`

export function fileStore(db: Database, bucket: R2Bucket): FileStore {
  return {
    async find(id) {
      const [row] = await db.select().from(file).where(eq(file.id, id))
      return row
    },
    findAll: (ids) => db.select().from(file).where(sql`${file.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`),
    putBytes: (key, body, { mediaType, sha256 }) =>
      bucket.put(key, body, { httpMetadata: { contentType: mediaType }, ...(sha256 && { sha256 }) }),
    getBytes: async (key, range) => (range ? bucket.get(key, { range }) : bucket.get(key)),
    removeBytes: (key) => bucket.delete(key),
    rowStatement: (row, at) => db.insert(file).values({ ...row, createdAt: localTime(at) }),
    takeStatement: (ids, dossierId) =>
      db
        .update(file)
        .set({ dossierId })
        .where(and(sql`${file.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`, isNull(file.dossierId))),
  }
}
