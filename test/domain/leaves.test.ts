import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differences, leavesOf } from '../../src/platform/leaves.ts'

const key = new Uint8Array(32).fill(7)
// As the door reads it: fast-check also makes objects without a prototype, which JSON cannot tell from others.
const read = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const name = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('a/b', 'c~d', '', '0'))
const body = fc.dictionary(name, fc.jsonValue({ depthSize: 'medium' })).map(read)

/** What an RFC 6901 pointer leads to, and through which lists and objects: `["a"]` and `{"0":"a"}` say `/0` differently. */
const at = (value: unknown, pointer: string): { value: unknown; through: string } =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<{ value: unknown; through: string }>(
      ({ value: inner, through }, part) =>
        inner === null || typeof inner !== 'object'
          ? { value: undefined, through: `${through}.` }
          : { value: own(inner, part), through: through + (Array.isArray(inner) ? '[' : '{') },
      { value, through: '' },
    )

const own = (value: object, name: string): unknown =>
  Object.hasOwn(value, name) ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined

/** The same JSON with its members in another order. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, item]) => [name, turned(item)]),
  )
}

test('two bodies have no difference exactly when they are the same JSON, in whatever order', () => {
  fc.assert(
    fc.property(body, body, (a, b) => {
      expect(differences(leavesOf(a, key), leavesOf(turned(a), key))).toEqual([])
      expect(differences(leavesOf(a, key), leavesOf(b, key)).length === 0).toBe(isDeepStrictEqual(a, b))
    }),
  )
})

test('what is named as different is different there, and changing one value names it', () => {
  fc.assert(
    fc.property(body, body, (a, b) => {
      for (const pointer of differences(leavesOf(a, key), leavesOf(b, key)))
        expect(isDeepStrictEqual(at(a, pointer), at(b, pointer))).toBe(false)
    }),
  )
  const before = { form: { child: { name: 'An', born: [2026, 11, 10] } }, channel: 'online' }
  const after = { form: { child: { name: 'An', born: [2026, 11, 11] } }, channel: 'online' }
  expect(differences(leavesOf(before, key), leavesOf(after, key))).toEqual(['/form/child/born/2'])
})

test('a list and an object of the same members are not the same', () => {
  expect(differences(leavesOf({ x: ['a'] }, key), leavesOf({ x: { 0: 'a' } }, key))).toEqual(['/x/0'])
  expect(differences(leavesOf({ x: [] }, key), leavesOf({ x: {} }, key))).toEqual(['/x'])
})

test('leaves give nothing away: no value, and nobody without the key can guess one', () => {
  const said = { fullName: 'Nguyễn Thị Mẫu', personalId: '001190000001' }
  const leaves = leavesOf(said, key)
  expect(JSON.stringify(leaves)).not.toMatch(/Mẫu|001190000001/)
  expect(Object.values(leavesOf(said, new Uint8Array(32)))).not.toContain(leaves['/personalId'])
})
