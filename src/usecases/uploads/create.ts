import type { Context } from '../../context.ts'
import { largestFile, type MediaType } from '../../domain/file.ts'
import { mostUploads } from '../../domain/upload.ts'
import { refuse, ok, type Result } from '../../platform/result.ts'
import type { Command } from '../../store/idempotency.ts'
import type { Upload } from '../../store/uploads.ts'
import { allowed, ownerName } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'

/** What the sender says of the whole file: bytes, SHA-256 in hex, type, and the words as they were sent. */
export type Announced = {
  length: number
  sha256: string | null
  mediaType: MediaType | null
  metadata: string | null
}

type Refusal = 'token-needed' | 'not-allowed' | 'empty-file' | 'too-large' | 'too-many-uploads' | 'no-such-upload'

/** Begins an upload that comes in pieces. */
export async function createUpload(
  context: Context,
  announced: Announced,
  command: Command | undefined,
): Promise<Result<Replayable<Upload>, Refusal | 'idempotency-key-reused'>> {
  const may = allowed(context, 'uploadFile')
  if (!may.ok) return may
  if (announced.length === 0) return refuse('empty-file')
  if (announced.length > largestFile) return refuse('too-large')
  const again = async (id: string) => {
    const upload = await context.uploads.find(id)
    return upload ? ok(upload) : refuse('no-such-upload')
  }
  return onceForKey<Upload, Refusal>(context, command, again, async () => {
    const at = context.now()
    const id = `upload_${context.newId()}`
    const about = { id, fileId: `file_${context.newId()}`, owner: ownerName(context.actor), ...announced }
    const along = command ? [context.idempotency.remember(command, id, 1, at)] : []
    return context.uploads.begin(about, mostUploads, at, along)
  })
}
