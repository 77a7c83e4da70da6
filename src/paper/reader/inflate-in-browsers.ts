import { own } from '../bytes.ts'
import { NotPdf } from './values.ts'

/** What inflate.ts does, by what browsers have: once to learn how much it is, so that never more is held. @throws NotPdf */
export async function inflate(data: Uint8Array, limit: number): Promise<Uint8Array> {
  let length = 0
  for await (const part of inflating(data)) {
    length += part.length
    if (length > limit) throw new NotPdf('inflates to too much')
  }
  const whole = new Uint8Array(length)
  let at = 0
  for await (const part of inflating(data)) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Inflates zlib data part by part, for as long as somebody takes them. @throws NotPdf if it is damaged. */
async function* inflating(data: Uint8Array): AsyncGenerator<Uint8Array> {
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
