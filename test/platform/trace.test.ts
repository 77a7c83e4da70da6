import { describe, expect, test } from 'vitest'
import { traceOn, traceText } from '../../src/platform/trace.ts'

const newId = (bytes: number) => 'ab'.repeat(bytes)
const theirs = '4bf92f3577b34da6a3ce929d0e0e4736'

describe('a trace (W3C Trace Context, level 1)', () => {
  test('goes on where the caller sent one, with a place of our own in it', () => {
    const text = traceText(traceOn(`00-${theirs}-00f067aa0ba902b7-01`, newId))
    expect(text).toBe(`00-${theirs}-abababababababab-01`)
  })

  test('goes on from a later version, of which only the known part is read', () => {
    expect(traceOn(`cc-${theirs}-00f067aa0ba902b7-01-what-the-future-will-be`, newId).traceId).toBe(theirs)
  })

  test.each([
    ['nothing', undefined],
    ['an empty field', ''],
    ['the forbidden version', `ff-${theirs}-00f067aa0ba902b7-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a parent of zeros', `00-${theirs}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${theirs.toUpperCase()}-00f067aa0ba902b7-01`],
    ['more than version 00 has', `00-${theirs}-00f067aa0ba902b7-01-more`],
    ['two of them', `00-${theirs}-00f067aa0ba902b7-01, 00-${theirs}-00f067aa0ba902b7-01`],
  ])('begins anew with %s', (_, sent) => {
    expect(traceText(traceOn(sent, newId))).toBe(`00-${'ab'.repeat(16)}-abababababababab-00`)
  })
})
