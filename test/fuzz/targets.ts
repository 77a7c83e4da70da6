import fc from 'fast-check'
import type { Operation } from '../support/description.ts'
import { encoded, secretMark, type World, wordsFor } from './asked.ts'

const oddPieces = [
  '%',
  '%zz',
  '%c0%ae',
  '%00',
  '%ff',
  '..%2f',
  '%2e%2e',
  ';a=1',
  '%F0%9F%98%80',
  '%ED%A0%80',
  '+',
  '%20',
  ' ',
  '"',
  '|',
]

/** Addresses of an operation: path and query as they should be, twice, broken, or of things that are not there. */
export function targetsOf(operation: Operation, world: World): fc.Arbitrary<string> {
  const path = fc.tuple(
    ...operation.path.split('/').map((step) => {
      const parameter = operation.parameters.find((one) => one.in === 'path' && step === `{${one.name}}`)
      if (!parameter) return fc.constant(step)
      const good = wordsFor(parameter.schema, world).map(encoded)
      return fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(...oddPieces) })
    }),
  )
  const named = operation.parameters.filter((one) => one.in === 'query')
  const one = named.map(({ name, schema }) => wordsFor(schema, world).map((value) => [`${name}=${encoded(value)}`]))
  const twice = named.map(({ name, schema }) =>
    fc
      .tuple(wordsFor(schema, world), wordsFor(schema, world))
      .map((both) => both.map((text) => `${name}=${encoded(text)}`)),
  )
  const odd = named.flatMap(({ name }) => [
    [name],
    [`${name}=`],
    [`${name}[]=a`, `${name}[0]=b`],
    [`${name}=%zz%`],
    [`${name}=%ff%fe`],
    [`${name}=1e999`],
    [`${name}=-0`],
    [`${name}=null`],
  ])
  const strange = fc.constantFrom(
    [],
    ['unknown=1'],
    ['__proto__[x]=1'],
    ['='],
    ['&&'],
    [`access_token=${secretMark}7`],
    ['x'.repeat(6000)],
    ...odd,
  )
  const required = named.flatMap(({ required: needed }, index) => (needed && one[index] ? [one[index]] : []))
  const some =
    named.length === 0
      ? fc.constant([])
      : fc.array(fc.oneof(...one, ...one, ...twice), { maxLength: 3 }).map((all) => all.flat())
  const query = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(...required, some).map((all) => all.flat()) },
    { weight: 1, arbitrary: strange },
  )
  return fc
    .tuple(path, query)
    .map(([steps, parts]) => steps.join('/') + (parts.length > 0 ? `?${parts.join('&')}` : ''))
}
