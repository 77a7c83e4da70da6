// ISO 19005-3:2012, 6.1: how the file is built.
import { contentsOf } from './content.ts'
import { everyDict, everyValue, type ReadFile, Stream, Text } from './file.ts'
import { rule, type Rule, unless } from './rule.ts'

const isEnd = (text: string | undefined) => text === '\n' || text === '\r'

/** Each object of each revision as it is written: where it begins, and its bytes up to the end of `endobj`. */
const written = ({ text, places }: ReadFile) =>
  places.map((place) => ({ place, said: text.slice(place, text.indexOf('endobj', place) + 7) }))

/** A stream as it is written: its dictionary, and the bytes that follow as many as it says it has. */
function streamsOf(file: ReadFile): { place: number; opening: string; closing: string }[] {
  return written(file).flatMap(({ place, said }) => {
    const opening = /^\d+ \d+ obj\s*<<[^]*?>>\s*stream(?:\r\n|\n|\r| )/.exec(said)?.[0]
    if (!opening) return []
    const length = Number(/\/Length (\d+)/.exec(opening)?.[1])
    const from = place + opening.length + length
    return [{ place, opening, closing: file.text.slice(from, from + 12) }]
  })
}

const allowedFilters = ['FlateDecode', 'DCTDecode', 'RunLengthDecode', 'CCITTFaxDecode', 'JBIG2Decode', 'JPXDecode']
const textFilters = ['ASCIIHexDecode', 'ASCII85Decode']

/** How many graphics states are put away at once at most. */
function deepest(operations: { operator: string }[]): number {
  let [depth, most] = [0, 0]
  for (const { operator } of operations) {
    if (operator === 'q') most = Math.max(most, ++depth)
    if (operator === 'Q') depth--
  }
  return most
}

export const structure: Rule[] = [
  rule('6.1.2', 'begins with its version and four bytes that no text has', ({ text }) => {
    return unless(/^%PDF-1\.[0-7](?:\r\n|\n|\r)%[\x80-\xff]{4}/.test(text), text.slice(0, 16))
  }),
  rule('6.1.3', 'has an identifier and no encryption, and nothing follows its end', (file) => [
    ...unless(file.list(file.trailer.get('ID')).length === 2, 'no ID'),
    ...unless(!file.trailer.has('Encrypt'), 'Encrypt'),
    ...unless(/%%EOF(?:\r\n|\n|\r)?$/.test(file.text), 'bytes behind %%EOF'),
  ]),
  rule('6.1.4', 'writes its cross-reference tables as they must be', ({ text, places }) => {
    const tables = [...text.matchAll(/(?<=[\r\n])xref([^]*?)trailer/g)].map(([, table = '']) => table)
    const isProper = (table: string) =>
      /^(?:\r\n|\n|\r)(?:\d+ \d+(?:\r\n|\n|\r| \n)(?:\d{10} \d{5} [nf][ \r][\r\n])+)+$/.test(table)
    return [...unless(places.length > 0, 'no table'), ...tables.filter((table) => !isProper(table))]
  }),
  rule('6.1.6', 'writes hexadecimal strings in pairs of digits', (file) =>
    [...everyValue(file.objects)].flatMap((value) => {
      if (!(value instanceof Text) || value.hex === null) return []
      const digits = value.hex.replaceAll(/\s/g, '')
      return unless(/^(?:[0-9A-Fa-f]{2})*$/.test(digits), value.hex.slice(0, 40))
    }),
  ),
  rule(
    '6.1.7.1',
    'has streams as long as they say, each between line ends, none of them outside of the file',
    (file) => [
      ...streamsOf(file).flatMap(({ place, opening, closing }) => [
        ...unless(/stream\r?\n$/.test(opening), `at ${place}: ${opening.slice(-10)}`),
        ...unless(/^(?:\r\n|\n|\r)endstream/.test(closing), `at ${place}: ${closing}`),
      ]),
      ...file.objects.flatMap((value) =>
        value instanceof Stream ? ['F', 'FFilter', 'FDecodeParms'].filter((key) => value.dict.has(key)) : [],
      ),
    ],
  ),
  rule('6.1.7.2', 'packs with filters that everybody may use, neither LZW nor Crypt', (file) =>
    file.objects.flatMap((value) => {
      const filters = value instanceof Stream ? [value.dict.get('Filter') ?? []].flat() : []
      const names = filters.map((filter) => (typeof filter === 'string' ? filter.slice(1) : '?'))
      return names.filter((name) => !allowedFilters.includes(name) && !textFilters.includes(name))
    }),
  ),
  rule('6.1.8', 'has names that are UTF-8', (file) => {
    const values = [...everyValue(file.objects)].filter((value) => typeof value === 'string')
    const keys = [...everyDict(file)].flatMap((dict) => [...dict.keys()])
    return [...values, ...keys].filter((name) => name.includes('\uFFFD'))
  }),
  rule('6.1.9', 'writes each object between line ends, its two numbers parted by one blank', (file) =>
    written(file).flatMap(({ place, said }) => [
      ...unless(isEnd(file.text[place - 1]), `before ${place}`),
      ...unless(/^\d+ \d+ obj[\r\n]/.test(said), `at ${place}: ${said.slice(0, 16)}`),
      ...unless(/[\r\n]endobj[\r\n]$/.test(said), `at ${place}: ${said.slice(-16)}`),
    ]),
  ),
  rule('6.1.12', 'permits nothing but what a certifying signature does, which names no digest of its own', (file) => [
    ...[...file.dict(file.catalog.get('Perms')).keys()].filter((key) => key !== 'DocMDP' && key !== 'UR3'),
    ...[...everyDict(file)].flatMap((dict) =>
      dict.get('Type') === '/SigRef'
        ? ['DigestLocation', 'DigestMethod', 'DigestValue'].filter((key) => dict.has(key))
        : [],
    ),
  ]),
  rule('6.1.13', 'stays within what every reader can hold', (file) => [
    ...[...everyValue(file.objects)].flatMap((value) => {
      if (typeof value === 'string') return unless(Buffer.byteLength(value) <= 128, 'a name too long')
      if (typeof value === 'number') return unless(Math.abs(value) <= 2 ** 31 - 1, `${value}`)
      return value instanceof Text ? unless(value.length <= 32_767, 'a string too long') : []
    }),
    ...[...everyDict(file)].flatMap((dict) => {
      const [left, low, right, high] = file.list(dict.get('MediaBox')).map(Number)
      if (dict.get('Type') !== '/Page' || left === undefined) return []
      const sides = [(right ?? 0) - left, (high ?? 0) - (low ?? 0)]
      return sides.filter((side) => !(side >= 3 && side <= 14_400)).map((side) => `a side of ${side}`)
    }),
    ...unless(file.objects.length <= 8_388_607, 'too many objects'),
    ...contentsOf(file).flatMap(({ operations }) => unless(deepest(operations) <= 28, 'q too deep')),
  ]),
]
