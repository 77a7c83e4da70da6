import { latin1 } from '../../src/paper/bytes.ts'
import { PdfFile } from '../../src/paper/reader/file.ts'
import { appended } from './revisions.ts'

/** Numbers that look random and are the same in every run (mulberry32). */
export function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** One character per byte, for every byte. */
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** An object of a file as it is now: where it begins, and what stands between `obj` and `endobj`. */
export type Part = { number: number; at: number; body: string }

/** The objects of a file that stand in it by themselves. */
export async function partsOf(bytes: Uint8Array): Promise<Part[]> {
  const { places } = await PdfFile.open(bytes)
  const text = textOf(bytes)
  return [...places].flatMap(([number, place]) => {
    if (!('at' in place)) return []
    const [, body] = /^\d+ 0 obj([^]*?)endobj\n/.exec(text.slice(place.at)) ?? []
    return body === undefined ? [] : [{ number, at: place.at, body }]
  })
}

export const kinds = ['exchange', 'delete', 'duplicate', 'retarget'] as const
export type Kind = (typeof kinds)[number]

const row = (at: number) => `${String(at).padStart(10, '0')} 00000 n`
const reference = /(?<!\d)(\d+) 0 R/g

/** The body with one of its references, of so many digits if that is told, led to another object; undefined if it has none. */
function retargeted(body: string, to: number, random: (below: number) => number, digits?: number): string | undefined {
  const found = [...body.matchAll(reference)].filter(([, from]) => digits === undefined || from?.length === digits)
  const one = found[random(Math.max(1, found.length))]
  if (!one || one[1] === String(to)) return undefined
  return `${body.slice(0, one.index)}${to} 0 R${body.slice(one.index + one[0].length)}`
}

/**
 * The file with one object changed where it stands, so that it still reads as a PDF: two objects exchange their numbers, one is
 * free, one is overwritten by another, or a reference leads elsewhere. Undefined where these objects do not allow it.
 */
export function inPlace(
  bytes: Uint8Array,
  kind: Kind,
  [one, other]: [Part, Part],
  random: (below: number) => number,
): Uint8Array | undefined {
  const changed = new Uint8Array(bytes)
  const write = (at: number, text: string) => changed.set(latin1(text), at)
  const rowOf = ({ at }: Part) => textOf(bytes).lastIndexOf(row(at))
  const start = ({ at, number }: Part) => at + `${number} 0 obj`.length
  if (kind === 'retarget') {
    const body = retargeted(one.body, other.number, random, String(other.number).length)
    if (body === undefined) return undefined
    write(start(one), body)
    return changed
  }
  if (kind === 'duplicate') {
    if (other.body.length > one.body.length) return undefined
    write(start(one), other.body.padEnd(one.body.length))
    return changed
  }
  if (rowOf(one) === -1 || rowOf(other) === -1) return undefined
  if (kind === 'delete') {
    write(rowOf(one), '0000000000 65535 f')
    return changed
  }
  if (String(one.number).length !== String(other.number).length) return undefined
  write(one.at, String(other.number))
  write(other.at, String(one.number))
  write(rowOf(one), row(other.at))
  write(rowOf(other), row(one.at))
  return changed
}

/** An update behind the file that changes one object. Undefined where the object does not allow it. */
export async function byUpdate(
  bytes: Uint8Array,
  kind: Kind,
  [one, other]: [Part, Part],
  random: (below: number) => number,
): Promise<Uint8Array | undefined> {
  const bodies = {
    exchange: [
      [one.number, other.body],
      [other.number, one.body],
    ],
    delete: [[one.number, 'null']],
    duplicate: [[one.number, other.body]],
    retarget: [[one.number, retargeted(one.body, other.number, random)]],
  } as const
  const changes = bodies[kind].flatMap(([number, body]): [number, string][] => (body ? [[number, body.trim()]] : []))
  return changes.length > 0 ? appended(bytes, new Map(changes)) : undefined
}
