import { expect, test } from 'vitest'
import { schemaErrors } from '../../src/platform/json-schema.ts'

const person = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'born'],
  properties: {
    name: { type: 'string', minLength: 2, maxLength: 5 },
    born: { type: 'string', format: 'date' },
    number: { type: 'string', pattern: '^\\d{12}$' },
    gender: { enum: ['male', 'female'] },
    oath: { const: true },
    copies: { type: 'integer', minimum: 1, maximum: 3 },
    languages: { type: 'array', minItems: 1, maxItems: 2, uniqueItems: true, items: { type: 'string' } },
  },
}
const schema = { ...person, $defs: { person }, properties: { ...person.properties, child: { $ref: '#/$defs/person' } } }
const good = { name: 'An', born: '2026-11-10' }
const faults = (value: unknown, of: object = schema) =>
  schemaErrors(of, value, '/form')
    .map(({ pointer, code }) => `${pointer} ${code}`)
    .toSorted()

test.each<[value: unknown, ...faults: string[]]>([
  [good],
  [{ ...good, child: good }],
  [[], '/form wrong-type'],
  [null, '/form wrong-type'],
  [{}, '/form/born missing', '/form/name missing'],
  [{ ...good, name: 'A' }, '/form/name too-short'],
  [{ ...good, name: 'Nguyễn' }, '/form/name too-long'],
  [{ ...good, name: 7 }, '/form/name wrong-type'],
  [{ ...good, born: '2026-13-40' }, '/form/born wrong-format'],
  [{ ...good, number: '12' }, '/form/number wrong-format'],
  [{ ...good, gender: 'x' }, '/form/gender not-a-choice'],
  [{ ...good, oath: false }, '/form/oath not-a-choice'],
  [{ ...good, copies: 0 }, '/form/copies too-small'],
  [{ ...good, copies: 9 }, '/form/copies too-big'],
  [{ ...good, copies: 1.5 }, '/form/copies wrong-type'],
  [{ ...good, languages: [] }, '/form/languages too-few'],
  [{ ...good, languages: ['a', 'b', 'c'] }, '/form/languages too-many'],
  [{ ...good, languages: ['a', 'a'] }, '/form/languages repeated'],
  [{ ...good, languages: [1, 'a'] }, '/form/languages/0 wrong-type'],
  [{ ...good, ward: 1 }, '/form/ward not-known'],
  [{ ...good, 'a/b~c': 1 }, '/form/a~1b~0c not-known'],
  [
    { name: 1, child: { born: 'x', copies: 4, extra: {} }, copies: 'y' },
    '/form/born missing',
    '/form/child/born wrong-format',
    '/form/child/copies too-big',
    '/form/child/extra not-known',
    '/form/child/name missing',
    '/form/copies wrong-type',
    '/form/name wrong-type',
  ],
])('%j: every fault with its place, each once', (value, ...expected) => {
  expect(faults(value)).toEqual(expected)
})

test('names with signs of their own are pointed to as RFC 6901 has it', () => {
  const odd = { required: ['x/y', 'q"z', 't~u', '50%'], properties: { 'a b/c': { type: 'string' } } }
  expect(faults({ 'a b/c': 1 }, odd)).toEqual([
    '/form/50% missing',
    '/form/a b~1c wrong-type',
    '/form/q"z missing',
    '/form/t~0u missing',
    '/form/x~1y missing',
  ])
})

test('what only conditions ask for is told in the words of what is missing', () => {
  const conditional: object = JSON.parse(
    '{"if":{"properties":{"purpose":{"const":"marriage"}},"required":["purpose"]},"then":{"required":["spouse"]}}',
  )
  expect(faults({ purpose: 'marriage' }, conditional)).toEqual(['/form/spouse missing'])
  expect(faults({ purpose: 'work' }, conditional)).toEqual([])
})

test('a name that is no text is a fault like any other', () => {
  expect(faults({ ...good, '\ud800': 1 })).toEqual(['/form/\ufffd not-known'])
  expect(faults({ ...good, child: { ...good, 'x\udc00': { a: 1 } } })).toEqual(['/form/child/x\ufffd not-known'])
})
