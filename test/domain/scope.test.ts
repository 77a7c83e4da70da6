import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  coversScope,
  inOrder,
  isScope,
  listedScopes,
  longestScope,
  mostScopes,
  reachesNothing,
  reachOf,
  type Scope,
  scopeNames,
} from '../../src/domain/scope.ts'

const levelOf = (procedure: string) => ({ '1.004873': 'commune', '1.009397': 'city' } as const)[procedure]
const some = ['city', 'commune', '1.004873', '1.009397', '9.999999']
const every: Scope[] = [
  ...scopeNames,
  ...(['dossiers:submit', 'dossiers:read', 'dossiers:take-over'] as const).flatMap((name) =>
    some.map((of): Scope => `${name}:${of}`),
  ),
]
const scopes = fc.uniqueArray(fc.constantFrom(...every), { maxLength: 8 })

describe('a scope', () => {
  test.each([
    ['dossiers:submit', true],
    ['dossiers:submit:commune', true],
    ['dossiers:take-over:1.004873', true],
    ['webhooks', true],
    ['webhooks:commune', false],
    ['dossiers:submit:district', false],
    ['dossiers:submit:', false],
    ['dossiers:submit:1.00487', false],
    ['dossiers:submit:commune:1.004873', false],
    ['dossiers', false],
    ['Dossiers:read', false],
    ['dossiers:read ', false],
    ['', false],
  ])('%s: %s', (text, good) => {
    expect(isScope(text)).toBe(good)
  })

  test('is made of letters that RFC 6749 §3.3 allows, and is short: fifty of them fit into one parameter', () => {
    for (const scope of [...every, ...listedScopes]) {
      expect(scope).toMatch(/^[\x21\x23-\x5B\x5D-\x7E]+$/)
      expect(scope.length).toBeLessThanOrEqual(longestScope)
    }
    expect(mostScopes * (longestScope + 1)).toBeLessThan(2000)
  })

  test('may be narrowed and never widened: to a level, to a procedure, and within a level to what that level decides', () => {
    const given = (held: Scope, asked: Scope) => coversScope([held], asked, levelOf)
    expect(given('dossiers:submit', 'dossiers:submit')).toBe(true)
    expect(given('dossiers:submit', 'dossiers:submit:commune')).toBe(true)
    expect(given('dossiers:submit', 'dossiers:submit:1.004873')).toBe(true)
    expect(given('dossiers:submit:commune', 'dossiers:submit:1.004873')).toBe(true)
    expect(given('dossiers:submit:commune', 'dossiers:submit:1.009397')).toBe(false)
    expect(given('dossiers:submit:commune', 'dossiers:submit:9.999999')).toBe(false)
    expect(given('dossiers:submit:commune', 'dossiers:submit:city')).toBe(false)
    expect(given('dossiers:submit:commune', 'dossiers:submit')).toBe(false)
    expect(given('dossiers:submit:1.004873', 'dossiers:submit:commune')).toBe(false)
    expect(given('dossiers:submit', 'dossiers:read')).toBe(false)
    expect(given('dossiers:submit', 'dossiers:take-over:1.004873')).toBe(false)
  })

  test('is given only where everything that it opens was held: for all sets of scopes', () => {
    const opens = (held: readonly Scope[]) =>
      scopeNames.flatMap((name) => {
        const { all, levels, procedures } = reachOf(held, name)
        return some
          .filter(
            (of) => all || procedures.includes(of) || levels.some((level) => level === of || level === levelOf(of)),
          )
          .map((of) => `${name} ${of}`)
      })
    fc.assert(
      fc.property(scopes, fc.constantFrom(...every), (held, asked) => {
        if (coversScope(held, asked, levelOf)) expect(opens(held)).toEqual(expect.arrayContaining(opens([asked])))
      }),
    )
  })

  test('keeps its meaning in another order and when it is said twice', () => {
    fc.assert(
      fc.property(scopes, (held) => {
        const twice = inOrder([...held.toReversed(), ...held])
        expect(twice.toSorted()).toEqual(held.toSorted())
        expect(inOrder(twice)).toEqual(twice)
        for (const name of scopeNames)
          expect(reachesNothing(reachOf(held, name))).toBe(!held.some((scope) => scope.startsWith(name)))
      }),
    )
  })
})
