import fc from 'fast-check'
import { expect, test } from 'vitest'
import { longestMatch, sayBounds } from '../../src/routes/house/bounds.ts'
import { description } from '../support/description.ts'

test.each([
  [String.raw`^[A-Z0-9-]{1,40}-(0|\d{4})$`, 45],
  [String.raw`^\d{10}(-\d{3})?$`, 14],
  [String.raw`^file_[0-9a-f-]{36}$`, 41],
  [String.raw`^\d\d:\d\d$`, 5],
  [String.raw`^(?:a|bcd){2}$`, 6],
  ['^[a-z]+$', Infinity],
  ['^(ab*)?$', Infinity],
  ['[a-z]{3}', Infinity],
  ['^(?=ab)c$', Infinity],
])('the longest text that %s takes has %d characters', (pattern, longest) => {
  expect(longestMatch(pattern)).toBe(longest)
})

const patterns = new Set<string>()
const collect = (part: unknown): void => {
  if (typeof part !== 'object' || part === null) return
  if ('pattern' in part && typeof part.pattern === 'string') patterns.add(part.pattern)
  for (const inner of Object.values(part)) collect(inner)
}
collect(description)

test.each([...patterns].filter((pattern) => Number.isFinite(longestMatch(pattern))))(
  'no text that %s takes is longer than what the description says',
  (pattern) => {
    const longest = longestMatch(pattern)
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(pattern), { size: 'max' }), (text) => text.length <= longest),
      { numRuns: 50 },
    )
  },
)

test('a schema that names its own bounds keeps them; examples are left alone', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: ['string', 'null'], maxLength: 7 },
      day: { type: 'string', format: 'date' },
      count: { type: 'integer', exclusiveMinimum: 0, maximum: 9 },
      large: { type: 'integer' },
      kind: { type: 'string', enum: ['a'] },
    },
    example: { type: 'integer' },
  }
  sayBounds(schema)
  expect(schema).toEqual({
    type: 'object',
    properties: {
      name: { type: ['string', 'null'], maxLength: 7, format: 'text' },
      day: { type: 'string', format: 'date', maxLength: 10 },
      count: { type: 'integer', minimum: 1, maximum: 9, format: 'int32' },
      large: {
        type: 'integer',
        minimum: Number.MIN_SAFE_INTEGER,
        maximum: Number.MAX_SAFE_INTEGER,
        format: 'int64',
      },
      kind: { type: 'string', enum: ['a'] },
    },
    example: { type: 'integer' },
  })
})
