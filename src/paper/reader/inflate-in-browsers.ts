import { inflating } from './inflating.ts'
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
