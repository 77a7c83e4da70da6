import type { Context } from '../../context.ts'
import { fileKey, headLength, sniffed } from '../../domain/file.ts'
import { toHex } from '../../platform/crypto.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { Upload } from '../../store/uploads.ts'
import type { Shown } from './read.ts'

export type FinishRefusal = 'digest-mismatch' | 'not-what-it-says' | 'no-such-upload'

/**
 * Makes a file of an upload that is whole: put together, hashed and looked at, as one that came at once. What is wrong is removed.
 * Every step may be done twice, so whoever finds one left half done does it again. One that is not whole is answered as it is.
 */
export async function finish(context: Context, upload: Upload): Promise<Result<Shown, FinishRefusal>> {
  if (upload.status === 'finished') return ok({ upload, file: (await context.files.find(upload.fileId)) ?? null })
  if (upload.received < upload.length) return ok({ upload, file: null })
  await context.uploads.assemble(upload)
  const seen = await look(context, fileKey(upload.fileId))
  // Somebody ended it meanwhile.
  if (!seen) return refuse('no-such-upload')
  const mediaType = sniffed(seen.head)
  const wrong =
    upload.sha256 !== null && upload.sha256 !== seen.sha256
      ? 'digest-mismatch'
      : mediaType === undefined || (upload.mediaType !== null && upload.mediaType !== mediaType)
        ? 'not-what-it-says'
        : undefined
  if (wrong || !mediaType) {
    await context.uploads.remove(upload)
    return refuse(wrong ?? 'not-what-it-says')
  }
  const { fileId: id, owner, length: size } = upload
  const file = await context.files.recordUploaded(
    { id, owner, sha256: seen.sha256, size, mediaType },
    upload.id,
    context.now(),
  )
  return file ? ok({ upload: { ...upload, status: 'finished' }, file }) : refuse('no-such-upload')
}

/** SHA-256 in hex and the beginning of what lies under a key. */
async function look(context: Context, key: string): Promise<{ sha256: string; head: Uint8Array } | undefined> {
  const [object, head] = await Promise.all([
    context.files.getBytes(key),
    context.files.getBytes(key, { offset: 0, length: headLength }),
  ])
  if (!object || !head) {
    await Promise.all([object?.body.cancel(), head?.body.cancel()])
    return undefined
  }
  const digest = new crypto.DigestStream('SHA-256')
  const [beginning] = await Promise.all([head.bytes(), object.body.pipeTo(digest)])
  return { sha256: toHex(new Uint8Array(await digest.digest)), head: beginning }
}
