import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { StoredFile } from '../../store/files.ts'
import type { Upload } from '../../store/uploads.ts'
import { allowed, ownerName } from '../access.ts'
import { finish, type FinishRefusal } from './finish.ts'

export type OwnRefusal = 'token-needed' | 'not-allowed' | 'no-such-upload'

/** The upload if it is the caller's and its time has not ended; for anybody else it does not exist. */
export async function own(context: Context, id: string): Promise<Result<Upload, OwnRefusal>> {
  const may = allowed(context, 'uploadFile')
  if (!may.ok) return may
  const upload = await context.uploads.find(id)
  if (!upload || upload.owner !== ownerName(context.actor)) return refuse('no-such-upload')
  return Date.parse(upload.expiresAt) > context.now().getTime() ? ok(upload) : refuse('no-such-upload')
}

/** An upload, with the file that it became. */
export type Shown = { upload: Upload; file: StoredFile | null }

/** How far an upload is. One that is whole becomes a file now, should whoever sent the last of it never have been told. */
export async function readUpload(
  context: Context,
  id: string,
): Promise<Result<Shown & { metadata: string | null }, OwnRefusal | FinishRefusal>> {
  const found = await own(context, id)
  if (!found.ok) return found
  const finished = await finish(context, found.value)
  return finished.ok ? ok({ ...finished.value, metadata: await context.uploads.metadataOf(id) }) : finished
}

/** Ends an upload at the wish of its owner. A file that it became stays. */
export async function endUpload(context: Context, id: string): Promise<Result<true, OwnRefusal>> {
  const found = await own(context, id)
  if (!found.ok) return found
  await context.uploads.remove(found.value)
  return ok(true)
}

/** Removes what nobody has sent on for a day, and the memory of what became a file; by the clock. Answers how many. */
export async function clearUploads(context: Context, limit = 50): Promise<number> {
  const ended = await context.uploads.ended(context.now(), limit)
  for (const upload of ended) await context.uploads.remove(upload)
  return ended.length
}
