import { equal, hex } from './bytes.ts'
import {
  childrenOf,
  context,
  members,
  NotDer,
  oidOf,
  read,
  readAt,
  tag,
  timeOf,
  wholeBits,
  type Der,
  type Members,
} from './der.ts'

/** A certificate revocation list (RFC 5280, 5) whose signature is still to be verified. */
export type RevocationList = {
  toBeSigned: Uint8Array
  issuer: Uint8Array
  thisUpdate: Date
  nextUpdate: Date
  /** The entries one after another; a list may have hundreds of thousands, of which one is asked for. */
  entries: Uint8Array
  signatureAlgorithm: Uint8Array
  signature: Uint8Array
}

const invalidityDate = '2.5.29.24'
// Critical list extensions narrow a list down (RFC 5280, 5.2.5): a part must not be taken for the whole.
const harmless = new Set(['2.5.29.20', '2.5.29.35'])

/** The list, or null if the bytes are none that can be relied on. */
export function readRevocationList(der: Uint8Array): RevocationList | null {
  try {
    const outer = members(read(der))
    const toBeSigned = outer.take(tag.sequence)
    const signatureAlgorithm = outer.take(tag.sequence).raw
    const signature = wholeBits(outer.take())
    outer.end()
    const inner = members(toBeSigned)
    inner.takeIf(tag.integer)
    if (!equal(inner.take(tag.sequence).raw, signatureAlgorithm)) return null
    const issuer = inner.take(tag.sequence).raw
    const thisUpdate = timeOf(inner.take())
    const nextUpdate = timeOf(inner.take())
    const entries = entriesOf(inner)
    const extensions = inner.takeIf(context(0))
    if (extensions && !isWhole(extensions)) return null
    return { toBeSigned: toBeSigned.raw, issuer, thisUpdate, nextUpdate, entries, signatureAlgorithm, signature }
  } catch (error) {
    if (error instanceof NotDer) return null
    throw error
  }
}

const entriesOf = (inner: Members): Uint8Array => inner.takeIf(tag.sequence)?.body ?? new Uint8Array()

/** Since when a list has a certificate revoked: the invalidity date if the list tells one; null if it has none. */
export function revokedFrom({ entries }: RevocationList, serial: string): Date | null {
  for (let at = 0; at < entries.length;) {
    const entry = readAt(entries, at)
    at += entry.raw.length
    const number = readAt(entry.body)
    if (hex(number.body).replace(/^00(?=..)/, '') !== serial) continue
    const parts = members(entry)
    parts.take(tag.integer)
    const revoked = timeOf(parts.take())
    const extensions = parts.takeIf(tag.sequence)
    const invalid = extensions && readExtensions(extensions).find(({ id }) => id === invalidityDate)
    return invalid ? timeOf(invalid.value) : revoked
  }
  return null
}

type Extension = { id: string; isCritical: boolean; value: Der }

const readExtensions = (list: Der): Extension[] =>
  childrenOf(list).map((one) => {
    const parts = members(one)
    const id = oidOf(parts.take())
    const isCritical = parts.takeIf(tag.boolean)?.body[0] === 0xff
    return { id, isCritical, value: read(parts.take(tag.octetString).body) }
  })

const isWhole = (extensions: Der) =>
  readExtensions(read(extensions.body)).every(({ id, isCritical }) => !isCritical || harmless.has(id))
