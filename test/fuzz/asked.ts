import fc from 'fast-check'
import { type Operation, resolved } from '../support/description.ts'
import { valuesOf } from './arbitrary.ts'
import { hardTexts } from './spoil.ts'

/** What is there while requests are made: who may send them, and the ids and texts that the service has given out. */
export type World = {
  /** By name; the empty one is nobody's. */
  tokens: Record<string, string>
  known: string[]
  files: Uint8Array[]
  /** What no reply may show. */
  secrets: string[]
  /** What no reply may show to nobody, or to a stranger. */
  personal: string[]
}

export type Asked = {
  operation: Operation
  who: string
  method: string
  target: string
  headers: [name: string, value: string][]
  body: Uint8Array | undefined
}

/** Begins every text that a request keeps secret, so that a reply that shows one is known by it. */
export const secretMark = 'bi-mat-'
export const secrets = fc.nat(999_999).map((number) => `${secretMark}${number}-001190000099`)

export const encoded = (text: string) => encodeURIComponent(text.toWellFormed())

/** A text for a parameter: one that fits, one that was given out, or one that is hard to take. */
export function wordsFor(schema: Record<string, any>, { known }: World): fc.Arbitrary<string> {
  const { pattern, maxLength = 255, enum: choices } = resolved(schema)
  const fits = known.filter((text) => pattern !== undefined && new RegExp(pattern).test(text))
  const made = valuesOf(schema).map(String)
  const examples = [schema, resolved(schema)].flatMap(({ example }) => (example === undefined ? [] : [String(example)]))
  return fc.oneof(
    { weight: 8, arbitrary: fits.length > 0 ? fc.constantFrom(...fits) : made },
    { weight: 3, arbitrary: examples.length > 0 ? fc.constantFrom(...examples) : made },
    { weight: 2, arbitrary: made },
    { weight: 1, arbitrary: fc.constantFrom(...(choices ?? []).map(String), ...hardTexts) },
    { weight: 1, arbitrary: fc.constantFrom(maxLength, maxLength + 1, 9000).map((length) => 'x'.repeat(length)) },
  )
}

/** The bytes as they stand between quotes of a shell that knows `\x`. */
const escaped = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
    return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  }).join('')
const quoted = (text: string) => `$'${escaped(new TextEncoder().encode(text))}'`

/** A line that sends it again from a shell where `$API` is the service and `$TOKEN` the token of who asked. */
export function curlOf({ method, target, headers, body, who }: Asked, { tokens }: World): string {
  const own = `Bearer ${tokens[who]}`
  const told = headers.map(([name, value]) =>
    value === own ? '-H "Authorization: Bearer $TOKEN"' : `-H ${quoted(`${name}: ${value}`)}`,
  )
  const sent = body ? ['--data-binary', '@-'] : []
  const line = ['curl', '-i', '-X', method, ...told, ...sent, `"$API"${quoted(target)}`].join(' ')
  return `${body ? `printf %b '${escaped(body)}' | ` : ''}${line}  # as ${who}`
}
