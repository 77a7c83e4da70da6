import { describe, expect, test } from 'vitest'
import { bytesIn, dateItem, listOfOne, stringIn } from '../../src/platform/structured-fields.ts'

describe('structured fields (RFC 9651)', () => {
  test('a digest is found among others, whatever stands beside it', () => {
    const field =
      'sha-512=:AAEC:;x=1, md5=:AA==:,  sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:;q="a, sha-256=:AA==:"'
    expect(bytesIn(field, 'sha-256')).toHaveLength(32)
    expect(bytesIn('sha-256=:AAEC:, sha-256=:AwQ=:', 'sha-256')).toEqual(Uint8Array.of(3, 4))
  })

  test.each([
    'sha-512=:AAEC:',
    'sha-256="AAEC"',
    'sha-256',
    'sha-256=:AA',
    'sha-256=:§:',
    '',
    'SHA-256=:AAEC:',
    'x="sha-256=:AAEC:"',
  ])('there is no digest in %j', (field) => expect(bytesIn(field, 'sha-256')).toBeUndefined())

  test.each([
    ['"8e03978e-40d5"', '8e03978e-40d5'],
    ['"a \\"b\\" \\\\"', 'a "b" \\'],
    ['"a";v=1', 'a'],
    ['8e03978e', undefined],
    ['12', undefined],
    ['"open', undefined],
    ['"a" "b"', undefined],
    ['', undefined],
  ])('%j is the string %j', (field, string) => expect(stringIn(field)).toBe(string))

  test('what we write is what the drafts show', () => {
    expect(listOfOne('submit', { q: 3000, w: 10 })).toBe('"submit";q=3000;w=10')
    expect(dateItem(new Date('2026-01-01T00:00:00Z'))).toBe('@1767225600')
  })
})
