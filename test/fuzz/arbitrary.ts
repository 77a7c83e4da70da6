import fc from 'fast-check'
import { resolved } from '../support/description.ts'

type Shape = Record<string, any>

const patterns = new Map<string, fc.Arbitrary<string>>()

/** Texts of a pattern; where fast-check cannot make them, any. */
function matching(pattern: string): fc.Arbitrary<string> {
  const known = patterns.get(pattern)
  if (known) return known
  const made = (() => {
    try {
      return fc.stringMatching(new RegExp(pattern))
    } catch {
      return fc.string()
    }
  })()
  patterns.set(pattern, made)
  return made
}

const moments = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString())
const formats: Record<string, fc.Arbitrary<string>> = {
  date: moments.map((text) => text.slice(0, 10)),
  'date-time': fc.oneof(
    moments,
    moments.map((text) => text.replace('Z', '+07:00')),
  ),
  uuid: fc.uuid(),
  uri: fc.webUrl(),
  email: fc.emailAddress(),
}

function texts({ pattern, format, minLength = 0, maxLength = 200 }: Shape): fc.Arbitrary<string> {
  const made = formats[format] ?? (pattern === undefined ? undefined : matching(pattern))
  return made ?? fc.string({ unit: 'binary', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 200)) })
}

function objects(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  const properties = Object.entries<Shape>(shape['properties'] ?? {})
  const required: string[] = shape['required'] ?? []
  const parts = properties
    .filter(([name]) => depth > 0 || required.includes(name))
    .map(([name, part]) => [name, valuesOf(part, depth - 1)])
  const named = fc.record(Object.fromEntries(parts), { requiredKeys: required as never[], noNullPrototype: true })
  const others = shape['additionalProperties']
  if (typeof others !== 'object' || depth <= 0) return named
  const more = fc.dictionary(fc.string({ maxLength: 20 }), valuesOf(others, depth - 1), { maxKeys: 3 })
  return fc.tuple(named, more).map(([one, rest]) => ({ ...rest, ...one }))
}

/** Values that a schema of our description lets in, or nearly: what they miss, a reply of the service must say. */
export function valuesOf(given: Shape, depth = 5): fc.Arbitrary<unknown> {
  const shape = resolved(given)
  if ('const' in shape) return fc.constant(shape['const'])
  if (shape['enum']) return fc.constantFrom(...shape['enum'])
  if (shape['allOf']) {
    const parts: Shape[] = shape['allOf'].map(resolved)
    const properties = Object.assign({}, ...parts.map((part) => part['properties']), shape['properties'])
    const required = [...parts, shape].flatMap((part) => part['required'] ?? [])
    return valuesOf({ ...Object.assign({}, ...parts), properties, required, type: 'object' }, depth)
  }
  const choices: Shape[] | undefined = shape['oneOf'] ?? shape['anyOf']
  if (choices) return fc.oneof(...choices.map((choice) => valuesOf(choice, depth - 1)))
  const [type, ...more] = [shape['type'] as string | string[]].flat()
  if (more.length > 0) return fc.oneof(...[type, ...more].map((one) => valuesOf({ ...shape, type: one }, depth)))
  switch (type) {
    case 'string':
      return texts(shape)
    case 'integer':
      return fc.integer({
        min: shape['minimum'] ?? -10,
        max: Math.max(shape['minimum'] ?? 0, shape['maximum'] ?? 10 ** 9),
      })
    case 'number':
      return fc.double({ min: shape['minimum'] ?? -1e6, max: shape['maximum'] ?? 1e6, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array': {
      const minLength: number = shape['minItems'] ?? 0
      const maxLength = Math.max(minLength, Math.min(shape['maxItems'] ?? 3, depth > 0 ? 3 : 0))
      return fc.array(valuesOf(shape['items'] ?? {}, depth - 1), { minLength, maxLength })
    }
    case 'object':
      return objects(shape, depth)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}
