import { createInflate } from 'node:zlib'
import { NotPdf } from './values.ts'

/**
 * Inflates zlib data part by part, no faster than they are taken, so that little of it is ever in memory. @throws NotPdf
 * if it is damaged or cut off, inflates to more than `limit` bytes, or something stands behind it
 */
export async function* inflateParts(data: Uint8Array, limit: number): AsyncGenerator<Uint8Array> {
  const inflating = createInflate({ chunkSize: 64 * 1024 })
  inflating.end(data)
  let length = 0
  try {
    for await (const part of inflating as AsyncIterable<Uint8Array>) {
      length += part.length
      if (length > limit) throw new NotPdf('inflates to too much')
      yield part
    }
  } catch (error) {
    throw error instanceof NotPdf ? error : new NotPdf('damaged data')
  } finally {
    inflating.destroy()
  }
  if (inflating.bytesWritten !== data.length) throw new NotPdf('something behind the data')
}
