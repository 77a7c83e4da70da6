import type { Context } from '../../context.ts'
import { partSize, partsWithin, tailOf } from '../../domain/upload.ts'
import { toHex } from '../../platform/crypto.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { Progress, Upload } from '../../store/uploads.ts'
import { finish, type FinishRefusal } from './finish.ts'
import { own, type OwnRefusal, type Shown } from './read.ts'

/** Bytes that are sent, from where on, and what is said of them: how many, if known, and what they hash to. */
export type Piece = {
  offset: number
  body: ReadableStream<Uint8Array> | null
  length: number | undefined
  checksum: Checksum | undefined
}

export type Checksum = { algorithm: 'SHA-1' | 'SHA-256'; value: Uint8Array }

type PieceRefusal = 'wrong-offset' | 'too-large' | 'checksum-mismatch'

/**
 * Takes the next bytes of an upload. What came counts, also when the connection breaks; with a checksum all of it counts, or nothing.
 * Of two who send at once the later one goes on, and the other is told that its offset is no more the right one.
 */
export async function appendToUpload(
  context: Context,
  id: string,
  piece: Piece,
): Promise<Result<Shown, OwnRefusal | PieceRefusal | FinishRefusal>> {
  const found = await own(context, id)
  if (!found.ok) return found
  const upload = found.value
  if (piece.offset !== upload.received) return refuse('wrong-offset')
  const left = upload.length - upload.received
  if (piece.length !== undefined && piece.length > left) return refuse('too-large')
  if (left === 0) return finish(context, upload)
  const claimed = await context.uploads.claim(upload, partsWithin(upload, piece.length ?? left))
  if (!claimed) return refuse('wrong-offset')
  if (claimed === 'used-up') {
    await context.uploads.remove(upload)
    return refuse('no-such-upload')
  }
  const taken = await take(context, claimed, piece).catch(async (error: unknown) => {
    // What it was writing to is gone once somebody else has gone on.
    if ((await context.uploads.find(id))?.attempt !== claimed.attempt) return refuse('wrong-offset')
    throw error
  })
  return taken.ok ? finish(context, taken.value) : taken
}

/** Reads the bytes into one buffer of the size of a part: each full one becomes a part, and the rest the tail. */
async function take(context: Context, claimed: Upload, piece: Piece): Promise<Result<Upload, PieceRefusal>> {
  const { uploads } = context
  const left = claimed.length - claimed.received
  const buffer = new Uint8Array(Math.min(partSize, tailOf(claimed) + left))
  let filled = tailOf(claimed)
  if (filled > 0) buffer.set(await uploads.tailOf(claimed))
  let upload: Upload | undefined = claimed
  let [counted, came, number] = [0, 0, claimed.nextPart]
  let parts = claimed.parts

  const count = async (tail: string | null): Promise<boolean> => {
    const progress: Progress = { received: claimed.received + came, parts, tail }
    upload = upload && (await uploads.advance(upload, progress, context.now()))
    counted = came
    return upload !== undefined
  }
  const fill = async (): Promise<boolean> => {
    parts = [...parts, await uploads.putPart(claimed, number++, buffer.subarray(0, filled))]
    filled = 0
    // With a checksum nothing counts before everything was looked at.
    return piece.checksum !== undefined || count(null)
  }

  const digest = piece.checksum && new crypto.DigestStream(piece.checksum.algorithm)
  const hash = digest?.getWriter()
  let isCut = false
  const reader = piece.body?.getReader()
  try {
    for (;;) {
      const next = await reader?.read().catch(() => void (isCut = true))
      if (!next || next.done) break
      if (came + next.value.length > left) return refuse('too-large')
      await hash?.write(next.value)
      for (let rest = next.value; rest.length > 0;) {
        const some = rest.subarray(0, buffer.length - filled)
        buffer.set(some, filled)
        filled += some.length
        came += some.length
        rest = rest.subarray(some.length)
        const isFull = filled === partSize || claimed.received + came === claimed.length
        if (isFull && !(await fill())) return refuse('wrong-offset')
      }
    }
  } finally {
    await reader?.cancel().catch(() => undefined)
  }
  await hash?.close()
  if (digest && piece.checksum) {
    const isSame = toHex(new Uint8Array(await digest.digest)) === toHex(piece.checksum.value)
    if (isCut || !isSame) return refuse('checksum-mismatch')
  }
  if (came > counted) {
    const tail = filled > 0 ? await uploads.putTail(claimed, buffer.subarray(0, filled)) : null
    if (!(await count(tail))) return refuse('wrong-offset')
  }
  return upload ? ok(upload) : refuse('wrong-offset')
}
