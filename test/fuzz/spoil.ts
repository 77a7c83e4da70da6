import fc from 'fast-check'
import { resolved } from '../support/description.ts'

type Shape = Record<string, any>
type Place = { path: string[]; schema: Shape }

/** Each place of a value, the deepest last, with the schema that the description has for it. */
export function placesOf(value: unknown, given: Shape = {}, path: string[] = []): Place[] {
  const schema = resolved(given)
  const here = { path, schema }
  if (typeof value !== 'object' || value === null) return [here]
  const inner = (name: string): Shape => (Array.isArray(value) ? schema['items'] : schema['properties']?.[name]) ?? {}
  return [here, ...Object.entries(value).flatMap(([name, part]) => placesOf(part, inner(name), [...path, name]))]
}

/** The value with another one at that place; undefined leaves it out. */
export function withAt(value: unknown, [name, ...rest]: string[], other: unknown): unknown {
  if (name === undefined) return other
  if (typeof value !== 'object' || value === null) return value
  // An earlier change may have taken the place away.
  if (!Object.hasOwn(value, name)) return value
  const inner: unknown = withAt(Reflect.get(value, name), rest, other)
  if (Array.isArray(value))
    return inner === undefined ? value.toSpliced(Number(name), 1) : value.with(Number(name), inner)
  const others = Object.entries(value).filter(([one]) => one !== name)
  return Object.fromEntries(inner === undefined ? others : [...others, [name, inner]])
}

/** JSON texts that no value of JavaScript is written as; they stand in for a text that holds their number. */
const raw = [
  '1e999',
  '-0',
  '-1e-999',
  '9007199254740993',
  '123456789012345678901234567890',
  String.raw`"\ud800"`,
  String.raw`"\udc00\ud800 \u0000"`,
  '{"a":1,"a":2}',
  '{"__proto__":{"isAdmin":true},"constructor":{"prototype":1}}',
  `${'['.repeat(600)}${']'.repeat(600)}`,
  `${'{"a":'.repeat(600)}1${'}'.repeat(600)}`,
  'NaN',
  'undefined',
  '01',
  "'x'",
]
const standIn = (index: number) => `raw-${index}-raw`
const written = (value: unknown): string =>
  (JSON.stringify(value) ?? 'null').replaceAll(/"raw-(\d+)-raw"/g, (_, index: string) => raw[Number(index)] ?? '')

/** Texts that are hard to keep, to compare, to fold, to show or to search. */
export const hardTexts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\u202Egnort\u202C',
  'e\u0301\u0323\u0302'.repeat(30),
  '\u200B\uFEFF',
  '🏳️‍🌈👩‍👩‍👧‍👦',
  'ﷺ'.repeat(20),
  'İıſK',
  '../../etc/passwd',
  "' OR 1=1 --",
  '%00%ff',
  '{{7*7}}${7*7}',
  '<script>alert(1)</script>',
  '\r\nX-Injected: 1',
  '9999-12-31T23:59:59Z',
  '0000-00-00',
  '2026-02-30',
  '2026-11-27T25:61:61+99:99',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  'https://[::1',
  'https://user:pass@127.0.0.1:1/',
  'https://xn--/',
  '00082-2025',
  '*',
  'null',
]
const lengths = (schema: Shape) => {
  const most: number = schema['maxLength'] ?? 255
  return [most, most + 1, 70_000].filter((length) => length <= 200_000)
}
const otherValues: unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 53,
  -(2 ** 31) - 1,
  1e308,
  [],
  {},
  [[]],
  [null],
  { '': '' },
]

/** What may stand in place of a value there; `undefined`: nothing. */
function othersAt(value: unknown, schema: Shape): fc.Arbitrary<unknown> {
  const choices: fc.Arbitrary<unknown>[] = [
    fc.constantFrom<unknown>(...otherValues, undefined),
    fc.constantFrom(...hardTexts),
    fc.nat(raw.length - 1).map(standIn),
    fc.string({ unit: 'binary', maxLength: 50 }),
    fc
      .constantFrom(...lengths(schema))
      .chain((length) =>
        fc.constantFrom('x', 'ế', '😀', '\u0301', '"').map((one) => one.repeat(length).slice(0, length)),
      ),
  ]
  if (Array.isArray(value)) {
    const most: number = Math.min(schema['maxItems'] ?? 100, 1100)
    const first: unknown = value[0] ?? 'x'
    choices.push(fc.constantFrom([...value, ...value], Array(most).fill(first), Array(most + 1).fill(first)))
  } else if (typeof value === 'object' && value !== null)
    choices.push(
      fc.constantFrom('__proto__', 'constructor', 'toString', 'x'.repeat(300), 'a/b~c', '\udc00', 'id').map((name) => ({
        ...Object.fromEntries(Object.entries(value)),
        [name]: 1,
      })),
    )
  if (typeof value === 'number') choices.push(fc.constantFrom(-value, value + 0.5, value * 1e15, String(value)))
  if (typeof value === 'string')
    choices.push(
      fc.constantFrom(` ${value} `, value.toUpperCase(), `${value}\u0301`, [value], { value }, value.slice(1)),
    )
  return fc.oneof(...choices)
}

/** JSON texts of the value with up to three of its places changed, now and then cut off or with something around it. */
export function spoiledJson(value: unknown, schema: Shape): fc.Arbitrary<string> {
  const places = placesOf(value, schema)
  const change = fc.nat(places.length - 1).chain((index) => {
    const { path, schema: own } = places[index] ?? { path: [], schema: {} }
    const there = path.reduce<unknown>((part, name) => Reflect.get(Object(part), name), value)
    return othersAt(there, own).map((other) => ({ path, other }))
  })
  const text = fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => written(changes.reduce<unknown>((whole, { path, other }) => withAt(whole, path, other), value)))
  const around = fc.constantFrom<(text: string) => string>(
    (one) => `\uFEFF${one}`,
    (one) => one.slice(0, one.length >> 1),
    (one) => `${one}${one}`,
    (one) => `${one},`,
    (one) => one.replace('{', '{"procedure":"1.001193","procedure":null,'),
    (one) => `/* */${one}`,
    () => '',
    () => '\u0000',
    () => '"',
  )
  return fc.oneof(
    { weight: 8, arbitrary: text },
    { weight: 1, arbitrary: fc.tuple(text, around).map(([one, how]) => how(one)) },
  )
}

/** The bytes of a text, now and then not those of its charset. */
export const bytesOf = (text: string): fc.Arbitrary<Uint8Array> => {
  const utf8 = new TextEncoder().encode(text)
  const broken = fc.nat(Math.max(0, utf8.length - 1)).map((at) => utf8.with(at, 0xff))
  const units = Array.from({ length: Math.min(text.length, 2000) }, (_, at) => text.charCodeAt(at))
  const utf16 = Uint8Array.from([0xff, 0xfe, ...units.flatMap((unit) => [unit & 0xff, unit >> 8])])
  return utf8.length === 0
    ? fc.constant(utf8)
    : fc.oneof(
        { weight: 30, arbitrary: fc.constant(utf8) },
        { weight: 1, arbitrary: broken },
        { weight: 1, arbitrary: fc.constant(utf16) },
      )
}
