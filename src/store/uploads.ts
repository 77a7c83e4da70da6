import { Buffer } from 'node:buffer'
import { and, eq, getTableColumns, lte, ne, sql } from 'drizzle-orm'
import { fileKey, type MediaType } from '../domain/file.ts'
import { lastPart, uploadLifetime } from '../domain/upload.ts'
import { utf8 } from '../platform/crypto.ts'
import { ok, refuse, type Result } from '../platform/result.ts'
import { localTime } from '../platform/time.ts'
import type { Bucket } from './folder.ts'
import { commit, type Database, isDuplicate, type Statement } from './database.ts'
import { upload } from './tables/uploads.ts'
import type { Vault } from './vault.ts'

/**
 * A file that comes in pieces. `received` bytes count; of these, full parts lie in the multipart upload and what fills none under
 * the key `tail`. `sha256` (hex) and `mediaType` are what its sender said of it. Once finished it is the file `fileId`.
 */
export type Upload = {
  id: string
  owner: string
  length: number
  received: number
  attempt: number
  nextPart: number
  sha256: string | null
  mediaType: MediaType | null
  fileId: string
  multipart: string
  parts: R2UploadedPart[]
  tail: string | null
  /** `removed`: what was kept of it still has to go. */
  status: 'open' | 'finished' | 'removed'
  createdAt: string
  expiresAt: string
}

export type NewUpload = Pick<Upload, 'id' | 'owner' | 'length' | 'sha256' | 'mediaType' | 'fileId'> & {
  /** The sender's words about the file, as they were sent. */
  metadata: string | null
}

/** How far somebody who sends has come. */
export type Progress = Pick<Upload, 'received' | 'parts' | 'tail'>

export interface UploadStore {
  /** Begins an upload with the rows of the same effect, unless the owner has `most` unfinished ones. */
  begin(
    upload: NewUpload,
    most: number,
    at: Date,
    along: Statement[],
  ): Promise<Result<Upload, 'too-many-uploads' | 'key-in-use'>>
  /** Nothing where it was removed. */
  find(id: string): Promise<Upload | undefined>
  /** The sender's words about it. */
  metadataOf(id: string): Promise<string | null>
  /**
   * From now on the caller is the one who sends, with so many part numbers of their own from `nextPart` on; whoever sent before writes
   * nothing any more. Undefined when it is no more as the caller read it.
   */
  claim(read: Upload, parts: number): Promise<Upload | 'used-up' | undefined>
  putPart(claimed: Upload, number: number, bytes: Uint8Array): Promise<R2UploadedPart>
  /** Keeps what fills no part; answers its key. */
  putTail(claimed: Upload, bytes: Uint8Array): Promise<string>
  tailOf(upload: Upload): Promise<Uint8Array>
  /** Makes the progress count, if the caller is still the one who sends. */
  advance(claimed: Upload, progress: Progress, at: Date): Promise<Upload | undefined>
  /** Makes one object of the parts, under the key of the file. Twice is harmless. */
  assemble(upload: Upload): Promise<void>
  /** Forgets an upload, and with it whatever was kept of one that is not finished. A file that it became stays. */
  remove(upload: Upload): Promise<void>
  /** Those whose time has ended, oldest first. */
  ended(now: Date, limit: number): Promise<Upload[]>
}

export function uploadStore(db: Database, bucket: Bucket, vault: Vault): UploadStore {
  const { metadata: _box, metadataMaster: _master, ...columns } = getTableColumns(upload)
  const multipart = ({ fileId, multipart: id }: Upload) => bucket.resumeMultipartUpload(fileKey(fileId), id)
  const folder = (id: string) => `uploads/${id}/`
  // Written out: SQLite takes a partial index only where it sees that the condition holds.
  const isOpen = sql`${upload.status} = 'open'`
  const isMine = ({ id, attempt }: Upload) => and(eq(upload.id, id), eq(upload.attempt, attempt), isOpen)
  return {
    async begin({ metadata, ...said }, most, at, along) {
      if ((await db.$count(upload, and(eq(upload.owner, said.owner), isOpen))) >= most)
        return refuse('too-many-uploads')
      const sealed = metadata === null ? null : await vault.wrap(utf8(metadata), said.id)
      const { uploadId } = await bucket.createMultipartUpload(fileKey(said.fileId))
      const row: Upload = {
        ...said,
        received: 0,
        attempt: 0,
        nextPart: 1,
        multipart: uploadId,
        parts: [],
        tail: null,
        status: 'open',
        createdAt: localTime(at),
        expiresAt: localTime(new Date(at.getTime() + uploadLifetime)),
      }
      const box = sealed && { metadataMaster: sealed.master, metadata: Buffer.from(sealed.box) }
      try {
        await commit(db, [db.insert(upload).values({ ...row, ...box }), ...along])
        return ok(row)
      } catch (error) {
        await multipart(row).abort()
        if (isDuplicate(error, 'idempotency')) return refuse('key-in-use')
        throw error
      }
    },
    async find(id) {
      const is = and(eq(upload.id, id), ne(upload.status, 'removed'))
      return (await db.select(columns).from(upload).where(is))[0]
    },
    async metadataOf(id) {
      const [row] = await db.select().from(upload).where(eq(upload.id, id))
      if (!row?.metadata || !row.metadataMaster) return null
      return new TextDecoder().decode(await vault.unwrap(row.metadataMaster, Uint8Array.from(row.metadata), id))
    },
    async claim({ id, attempt, received, nextPart }, parts) {
      if (nextPart + parts > lastPart + 1) return 'used-up'
      const next = { attempt: sql`attempt + 1`, nextPart: nextPart + parts }
      const asRead = and(eq(upload.id, id), eq(upload.attempt, attempt), eq(upload.received, received), isOpen)
      const [claimed] = await db.update(upload).set(next).where(asRead).returning(columns)
      return claimed && { ...claimed, nextPart }
    },
    putPart: (claimed, number, bytes) => multipart(claimed).uploadPart(number, bytes),
    async putTail({ id, attempt }, bytes) {
      const key = `${folder(id)}${attempt}`
      await bucket.put(key, bytes)
      return key
    },
    async tailOf({ tail }) {
      if (tail === null) return new Uint8Array()
      const object = await bucket.get(tail)
      if (!object) throw new Error(`the tail ${tail} is gone`)
      return object.bytes()
    },
    async advance(claimed, progress, at) {
      const expiresAt = localTime(new Date(at.getTime() + uploadLifetime))
      const [row] = await db
        .update(upload)
        .set({ ...progress, expiresAt })
        .where(isMine(claimed))
        .returning(columns)
      const stale = row ? claimed.tail : progress.tail
      if (stale !== null && stale !== row?.tail) await bucket.delete(stale)
      return row && { ...row, nextPart: claimed.nextPart }
    },
    async assemble(whole) {
      try {
        await multipart(whole).complete(whole.parts)
      } catch (error) {
        // Somebody else did it meanwhile, or before their answer was lost.
        if (!(await bucket.head(fileKey(whole.fileId)))) throw error
      }
    },
    async remove(gone) {
      const { id, fileId } = gone
      // First of all nobody can finish it any more: its bytes are never taken from under a file.
      const [open] = await db
        .update(upload)
        .set({ status: 'removed' })
        .where(and(eq(upload.id, id), ne(upload.status, 'finished')))
        .returning({ id: upload.id })
      if (open) {
        await bucket.delete(fileKey(fileId))
        await multipart(gone)
          .abort()
          .catch(() => undefined)
      }
      const { objects } = await bucket.list({ prefix: folder(id) })
      if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key))
      await db.delete(upload).where(eq(upload.id, id))
    },
    ended: (now, limit) =>
      db
        .select(columns)
        .from(upload)
        .where(lte(upload.expiresAt, localTime(now)))
        .orderBy(upload.expiresAt)
        .limit(limit),
  }
}
