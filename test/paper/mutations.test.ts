import { beforeAll, describe, expect, test } from 'vitest'
import { concat, equal, latin1 } from '../../src/paper/bytes.ts'
import { verifyPdf, type Trust, type Verdict } from '../../src/paper/verify.ts'
import { byUpdate, chance, inPlace, type Kind, kinds, type Part, partsOf } from '../support/mutations.ts'
import { anOffice, issued, timestampAt, today, trustIn, type Office } from '../support/paper.ts'
import { sealed } from '../support/revisions.ts'
import { exhaustive, partOf } from '../support/exhaustive.ts'
import { cmsOf, gapOf } from '../support/tampering.ts'

let office: Office
let copy: Uint8Array
let trust: Trust
beforeAll(async () => {
  office = await anOffice()
  copy = (await issued(office)).bytes
  trust = await trustIn(office)
})

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

/** Every so many-th place; in `npm test` every five times as many. */
const range = (from: number, to: number, every: number) => {
  const step = exhaustive ? every : every * 5
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step)
}

describe('one changed byte is always TOTAL-FAILED', () => {
  test(`at ${partOf(2000)} places of the file`, { timeout: 180_000 }, async () => {
    const random = chance(45)
    const places = Array.from({ length: partOf(2000) }, () => random(copy.length))
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

describe(`${partOf(2000)} times one object is exchanged, deleted, overwritten by a double or has a reference led elsewhere`, () => {
  type Change = (kind: Kind, pair: [Part, Part], random: (below: number) => number) => Promise<Uint8Array | undefined>
  // The store of evidence may be replaced at any time, and shows nothing (ETSI EN 319 142-1, 5.4).
  const isEvidence = ({ body }: Part) => body.includes('/Type/DSS') || body.includes('/Type /DSS')

  /** Makes so many different changes; answers what passed although an object is not what it was. */
  async function passing(count: number, seed: number, change: Change) {
    const random = chance(seed)
    const parts = (await partsOf(copy)).filter((part) => !isEvidence(part))
    expect(parts.length).toBeGreaterThan(15)
    const passed: [Kind, number, number][] = []
    const made = { exchange: 0, delete: 0, duplicate: 0, retarget: 0 }
    for (let tries = 0; made.exchange + made.delete + made.duplicate + made.retarget < count; tries++) {
      if (tries > count * 20) throw new Error('too few objects allow a change')
      const kind = kinds[tries % kinds.length] ?? 'delete'
      const [one, other] = [parts[random(parts.length)], parts[random(parts.length)]]
      if (!one || !other || one.body.trim() === other.body.trim()) continue
      const changed = await change(kind, [one, other], random)
      if (!changed || equal(changed, copy)) continue
      made[kind]++
      if ((await verifyPdf(changed, trust)).indication === 'TOTAL-PASSED') passed.push([kind, one.number, other.number])
    }
    for (const kind of kinds) expect([kind, made[kind] > count / 20]).toEqual([kind, true])
    return passed
  }

  test('where it stands', { timeout: 180_000 }, async () => {
    expect(await passing(partOf(1400), 7, async (...how) => inPlace(copy, ...how))).toEqual([])
  })

  test('by an update behind the signatures', { timeout: 180_000 }, async () => {
    expect(await passing(partOf(300), 8, (...how) => byUpdate(copy, ...how))).toEqual([])
  })

  test('by an update that a genuine time-stamp then covers to the end of the file', { timeout: 180_000 }, async () => {
    const stamp = { subFilter: 'ETSI.RFC3161', type: 'DocTimeStamp', cms: timestampAt(office.pki, today) }
    expect((await verifyPdf(await sealed(copy, stamp), trust)).indication).toBe('TOTAL-PASSED')
    const stamped: Change = async (...how) => {
      const changed = await byUpdate(copy, ...how)
      // A file whose form is gone cannot be stamped at all.
      return changed && sealed(changed, stamp).catch(() => undefined)
    }
    expect(await passing(partOf(300), 9, stamped)).toEqual([])
  })
})

describe('larger changes', () => {
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
