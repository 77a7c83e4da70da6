import fc from 'fast-check'
import { type Operation, resolved } from '../support/description.ts'
import { requestExamples } from '../support/request-examples.ts'
import { valuesOf } from './arbitrary.ts'
import { encoded, secrets, type World } from './asked.ts'
import { bytesOf, hardTexts, spoiledJson } from './spoil.ts'

const idInside = /^([a-z]+)_[0-9a-f]{8}-[0-9a-f-]{27}$/
/** The example with ids of things that are there in place of its own. */
function realised(value: unknown, world: World, turn: number): unknown {
  if (typeof value === 'string') {
    const [, kind] = idInside.exec(value) ?? []
    const fits = kind ? world.known.filter((text) => text.startsWith(`${kind}_`) && idInside.test(text)) : []
    return fits[turn % Math.max(1, fits.length)] ?? value
  }
  if (Array.isArray(value)) return value.map((part) => realised(part, world, turn))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, realised(part, world, turn)]))
}

const wrongTypes = [
  'text/plain',
  'application/xml',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json; charset=x',
  'application/JSON',
  'application/merge-patch+json',
  'application/problem+json',
  'json',
  '',
  ';',
  'application/pdf',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'image/svg+xml',
]

type Content = { type: string | undefined; body: Uint8Array | undefined }

/** Bodies: what the reference shows and what the schema makes, spoiled more often than not; files cut off and changed; other types. */
export function contentsOf(operation: Operation, world: World): fc.Arbitrary<Content> {
  const types = Object.entries(operation.requestBody?.content ?? {})
  const none: Content = { type: undefined, body: undefined }
  if (types.length === 0)
    return fc.oneof(
      { weight: 9, arbitrary: fc.constant(none) },
      { weight: 1, arbitrary: fc.constant({ type: 'application/json', body: new TextEncoder().encode('{}') }) },
    )
  const good = fc.constantFrom(...types).chain(([type, { schema }]): fc.Arbitrary<Content> => {
    if (type.includes('json')) {
      const examples = requestExamples(operation, type)
      const shown = fc
        .nat(1000)
        .map((turn) => realised(examples[turn % Math.max(1, examples.length)]?.[1], world, turn))
      const made = valuesOf(schema)
      const value =
        examples.length > 0 ? fc.oneof({ weight: 3, arbitrary: shown }, { weight: 1, arbitrary: made }) : made
      const text = value.chain((one) =>
        fc.oneof(
          { weight: 1, arbitrary: fc.constant(JSON.stringify(one) ?? 'null') },
          { weight: 5, arbitrary: spoiledJson(one, schema) },
        ),
      )
      return text.chain(bytesOf).map((body) => ({ type, body }))
    }
    if (type.includes('urlencoded')) {
      const names = Object.keys(resolved(schema)['properties'] ?? {})
      const pair = fc.tuple(
        fc.constantFrom(...names, 'client_secret', '__proto__', ''),
        fc.oneof(secrets, fc.constantFrom('client_credentials', ...hardTexts)),
      )
      return fc
        .array(pair, { maxLength: 6 })
        .map((pairs) => pairs.map(([name, value]) => `${name}=${encoded(value)}`).join('&'))
        .chain(bytesOf)
        .map((body) => ({ type, body }))
    }
    const file = fc.constantFrom(...world.files)
    const changed = file.chain((bytes) =>
      fc.oneof(
        fc.constant(bytes),
        fc.nat(bytes.length - 1).map((length) => bytes.slice(0, length)),
        fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)).map(([at, byte]) => bytes.with(at, byte)),
        fc.uint8Array({ maxLength: 300 }),
      ),
    )
    return changed.map((body) => ({ type, body }))
  })
  const odd = fc.tuple(good, fc.constantFrom(...wrongTypes, undefined)).map(([{ body }, type]) => ({ type, body }))
  return fc.oneof(
    { weight: 14, arbitrary: good },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: fc.constant(none) },
  )
}
