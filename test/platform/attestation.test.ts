import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { mostTogether, placeInList } from '../../src/domain/attestation.ts'
import { sdJwt, withDisclosures } from '../../src/platform/sd-jwt.ts'
import { packed, type StatusAt } from '../../src/platform/status-list.ts'

test('a hidden claim is signed as the digest of its disclosure, which is encoded as in RFC 9901', async () => {
  const salts = ['_26bc4LT-ac6q2KI6cBW5es', 'b', 'a']
  const salt = () => salts.shift() ?? ''
  const hidden = { family_name: 'Möbius', b: 1, a: 2 }
  const { payload, disclosures } = await withDisclosures({ iss: 'https://x.test' }, hidden, salt)
  // RFC 9901, 4.2.1: the same disclosure without white space.
  expect(disclosures[0]).toBe('WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd')
  const digests = disclosures.map((one) => createHash('sha256').update(one).digest('base64url'))
  expect(payload).toEqual({ iss: 'https://x.test', _sd: digests.toSorted(), _sd_alg: 'sha-256' })
  expect(sdJwt('h.p.s', ['d', 'e'])).toBe('h.p.s~d~e~')
})

test('no two disclosures of the same claim are alike', async () => {
  const made = await Promise.all([1, 2].map(() => withDisclosures({}, { title: 'Giấy khai sinh' })))
  expect(made[0]?.payload).not.toEqual(made[1]?.payload)
})

test('a status list has the bytes of the example with two bits in the Token Status List', async () => {
  const values = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3] as const
  const statuses = values.map((value, index): StatusAt => ({ index, value }))
  expect([...inflateSync(await packed(12, statuses))]).toEqual([0xc9, 0x44, 0xf9])
})

test('no two copies of a register share a place, and every place lies within the list', () => {
  const which = ['', ...Array.from({ length: mostTogether - 1 }, (_, at) => `.${at + 2}`)]
  const numbers = ['01', '02', '99', '100'].flatMap((serial) => which.map((one) => `00082-2025.2026.${serial}${one}`))
  const places = numbers.map(placeInList)
  expect(new Set(places.map(({ list }) => list))).toEqual(new Set(['00082-2025.2026']))
  expect(new Set(places.map(({ index }) => index)).size).toBe(numbers.length)
  expect(Math.min(...places.map(({ index }) => index))).toBe(0)
  expect(Math.max(...places.map(({ index }) => index))).toBe(100 * mostTogether - 1)
})
