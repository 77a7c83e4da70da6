import { own } from '../bytes.ts'
import { NotPdf } from './values.ts'

/** Inflates zlib data part by part, for as long as somebody takes them. @throws NotPdf if it is damaged. */
export async function* inflating(data: Uint8Array): AsyncGenerator<Uint8Array> {
  const reader = new Blob([own(data)]).stream().pipeThrough(new DecompressionStream('deflate')).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new NotPdf('damaged data')
      })
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
