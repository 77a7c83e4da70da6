import type { Context } from '../../context.ts'
import { fileKey, headLength, largestFile, type MediaType, sniffed } from '../../domain/file.ts'
import { toHex } from '../../platform/crypto.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { StoredFile } from '../../store/files.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, ownerName } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'

export type Upload = {
  body: ReadableStream
  mediaType: MediaType
  /** SHA-256 that the sender computed (Content-Digest, RFC 9530), if they sent one. */
  digest: Uint8Array<ArrayBuffer> | undefined
  length: number
}

export type UploadRefusal =
  | 'token-needed'
  | 'not-allowed'
  | 'empty-file'
  | 'too-large'
  | 'digest-mismatch'
  | 'not-what-it-says'

/** Takes a file in: streamed to the store, hashed on the way, and looked at before it counts. */
export async function uploadFile(
  context: Context,
  upload: Upload,
  command: (sha256: string) => Command | undefined,
): Promise<Result<Replayable<StoredFile>, UploadRefusal | 'idempotency-key-reused'>> {
  const may = allowed(context, 'uploadFile')
  if (!may.ok) return may
  if (upload.length === 0) return refuse('empty-file')
  if (upload.length > largestFile) return refuse('too-large')
  const id = `file_${context.newId()}`
  const taken = await take(context, id, upload)
  if (!taken.ok) return taken
  const again = async (earlier: string) => {
    const row = await context.files.find(earlier)
    if (!row) throw new Error(`file ${earlier} of an accepted upload is gone`)
    return ok(row)
  }
  const sent = command(taken.value.sha256)
  const result = await onceForKey<StoredFile, UploadRefusal>(context, sent, again, async () => {
    const at = context.now()
    const row = { id, owner: ownerName(context.actor), ...taken.value, mediaType: upload.mediaType }
    return context.files.record(row, at, sent ? [context.idempotency.remember(sent, id, 1, at)] : [])
  })
  if (!result.ok || result.value.replayed) await context.files.removeBytes(fileKey(id))
  return result
}

/** SHA-256 in hex, and bytes. */
type Taken = { sha256: string; size: number }

/** Stores the bytes and tells what came; what turns out wrong is removed again. */
async function take(context: Context, id: string, upload: Upload): Promise<Result<Taken, UploadRefusal>> {
  const key = fileKey(id)
  const [toStore, toHash] = upload.body.tee()
  const digest = new crypto.DigestStream('SHA-256')
  const [{ size }, hash] = await Promise.all([
    context.files.putBytes(key, toStore, { mediaType: upload.mediaType }),
    toHash.pipeTo(digest).then(() => digest.digest),
  ])
  const sha256 = toHex(new Uint8Array(hash))
  const wrong =
    upload.digest && toHex(upload.digest) !== sha256
      ? 'digest-mismatch'
      : await looksWrong(context, key, upload.mediaType)
  if (!wrong) return ok({ sha256, size })
  await context.files.removeBytes(key)
  return refuse(wrong)
}

/** The type is sniffed, not believed. */
async function looksWrong(context: Context, key: string, mediaType: MediaType): Promise<UploadRefusal | undefined> {
  const head = await context.files.getBytes(key, { offset: 0, length: headLength })
  if (!head) throw new Error('a file that was just stored is gone')
  return sniffed(await head.bytes()) === mediaType ? undefined : 'not-what-it-says'
}
