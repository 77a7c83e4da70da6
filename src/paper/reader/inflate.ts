import { inflateSync } from 'node:zlib'
import { NotPdf } from './values.ts'

/**
 * Inflates zlib data up to a limit of bytes. @throws NotPdf if it is damaged or larger, or something stands behind it
 *
 * By Node's module, in the Worker as in Node: a Worker's DecompressionStream inflates all that it was given before it
 * hands out the first byte, and 10 MB may become 10 GB. In bundles for browsers inflate-in-browsers.ts stands here.
 */
export async function inflate(data: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    const told: unknown = inflateSync(data, { maxOutputLength: Math.max(1, limit), info: true })
    if (isTold(told) && told.engine.bytesWritten === data.length) return told.buffer
  } catch {
    // It is damaged, or too large.
  }
  throw new NotPdf('no sound data, or too much')
}

/** What `info` asks for: the data, and how much was read of what they were made from. */
const isTold = (told: unknown): told is { buffer: Uint8Array; engine: { bytesWritten: number } } =>
  typeof told === 'object' && told !== null && 'buffer' in told && 'engine' in told
