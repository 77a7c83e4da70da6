import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { concat, latin1 } from '../../src/paper/bytes.ts'
import { inflate as inNode } from '../../src/paper/reader/inflate.ts'
import { inflate as inBrowsers } from '../../src/paper/reader/inflate-in-browsers.ts'
import { NotPdf } from '../../src/paper/reader/values.ts'

const plain = latin1('%PDF '.repeat(20_000))
const good = deflateSync(plain)

describe.each([
  ['in the Worker and in Node', inNode],
  ['in browsers', inBrowsers],
])('compressed data %s', (_where, inflate) => {
  test('come out as they went in, up to the limit', async () => {
    expect(Buffer.from(await inflate(good, plain.length)).equals(plain)).toBe(true)
    await expect(inflate(good, plain.length - 1)).rejects.toThrow(NotPdf)
  })

  test('are refused as soon as a byte is missing, changed or too many', async () => {
    const changed = good.with(good.length - 1, (good.at(-1) ?? 0) ^ 1)
    const cases = [good.subarray(0, -1), changed, concat(good, latin1(' ')), concat(good, good), new Uint8Array()]
    for (const data of cases) await expect(inflate(data, plain.length * 3)).rejects.toThrow(NotPdf)
  })
})
