import { beforeAll, describe, expect, test } from 'vitest'
import { concat, latin1, latin1Text } from '../../src/paper/bytes.ts'
import { verifyPdf, type Trust, type Verdict } from '../../src/paper/verify.ts'
import { anOffice, issued, trustIn } from '../support/paper.ts'
import { cmsOf, gapOf } from '../support/tampering.ts'

let copy: Uint8Array
let trust: Trust
beforeAll(async () => {
  const office = await anOffice()
  copy = (await issued(office)).bytes
  trust = await trustIn(office)
})

/** Numbers that look random and are the same in every run (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Judges the copy with one byte changed at each place; answers the places that did not fail. */
async function survivors(places: number[], other: (byte: number, at: number) => number): Promise<number[]> {
  const survived: number[] = []
  const changed = new Uint8Array(copy)
  for (const at of places) {
    const byte = copy[at] ?? 0
    changed[at] = other(byte, at)
    if ((await verifyPdf(changed, trust)).indication !== 'TOTAL-FAILED') survived.push(at)
    changed[at] = byte
  }
  return survived
}

const range = (from: number, to: number, step: number) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step)

describe('one changed byte is always TOTAL-FAILED', () => {
  test('at 1,000 places of the file', { timeout: 120_000 }, async () => {
    const random = chance(45)
    const places = Array.from({ length: 1000 }, () => random(copy.length))
    expect(await survivors(places, (byte) => (byte + 1 + random(255)) % 256)).toEqual([])
  })

  test(
    'in the last signature, which no other covers: its digits, its brackets, the zeros behind it',
    { timeout: 120_000 },
    async () => {
      const { start, end } = gapOf(copy, 1)
      const written = start + cmsOf(copy, 1).length * 2
      const digit = (byte: number, at: number) =>
        latin1((parseInt(String.fromCharCode(byte), 16) ^ (1 << (at % 4))).toString(16))[0] ?? 0
      expect(await survivors(range(start, written, 7), digit)).toEqual([])
      expect(await survivors(range(written, end, 251), () => 0x31)).toEqual([])
      expect(await survivors(range(written, end, 509), () => 0x20)).toEqual([])
      expect(await survivors([start - 1, end], (byte) => byte ^ 1)).toEqual([])
    },
  )

  test('in the structure behind the last signature', { timeout: 120_000 }, async () => {
    expect(await survivors(range(gapOf(copy, 1).end, copy.length, 1), (byte) => byte ^ 1)).toEqual([])
  })
})

describe('larger changes', () => {
  test('removing, doubling or exchanging whole objects never passes', { timeout: 120_000 }, async () => {
    const objects = [...latin1Text(copy).matchAll(/^\d+ 0 obj\b[^]*?^endobj$/gm)].map(({ 0: { length }, index }) => [
      index,
      index + length,
    ])
    expect(objects.length).toBeGreaterThan(25)
    for (const [from = 0, to = 0] of objects) {
      const object = copy.subarray(from, to)
      const without = concat(copy.subarray(0, from), new Uint8Array(to - from).fill(0x20), copy.subarray(to))
      const twice = concat(copy.subarray(0, to), latin1('\n'), object, copy.subarray(to))
      for (const changed of [without, twice]) {
        expect((await verifyPdf(changed, trust)).indication).toBe('TOTAL-FAILED')
      }
    }
  })

  test('a file cut off anywhere never passes', { timeout: 120_000 }, async () => {
    const verdicts: Verdict[] = []
    for (const length of range(0, copy.length, 997)) verdicts.push(await verifyPdf(copy.subarray(0, length), trust))
    expect(verdicts.filter(({ indication }) => indication === 'TOTAL-PASSED')).toEqual([])
  })

  test('bytes behind the end never pass, not even an empty line', async () => {
    for (const more of ['\n', ' ', '%', '%%EOF\n']) {
      expect((await verifyPdf(concat(copy, latin1(more)), trust)).indication).toBe('TOTAL-FAILED')
    }
  })
})
