import { isSigned } from './algorithms.ts'
import { equal, hex } from './bytes.ts'
import { keyUsage, type Certificate } from './certificate.ts'
import {
  context,
  members,
  NotDer,
  oidOf,
  read,
  smallNumber,
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
  revoked: Map<string, Revocation>
  signatureAlgorithm: Uint8Array
  signature: Uint8Array
}

/** `from` is when the key was no longer good: the invalidity date if the list tells one. */
export type Revocation = { from: Date; keyCompromised: boolean }

const entryExtension = { reason: '2.5.29.21', invalidityDate: '2.5.29.24' }
// Critical list extensions narrow a list down (RFC 5280, 5.2.5): a part must not be taken for the whole.
const harmless = new Set(['2.5.29.20', '2.5.29.35'])

/** The list, or null if the bytes are none that can be relied on. */
export function readRevocationList(der: Uint8Array): RevocationList | null {
  try {
    const outer = members(read(der))
    const toBeSigned = outer.take(tag.sequence)
    const signatureAlgorithm = outer.take(tag.sequence).raw
    const signature = wholeBits(outer.take())
    const inner = members(toBeSigned)
    inner.takeIf(tag.integer)
    if (!equal(inner.take(tag.sequence).raw, signatureAlgorithm)) return null
    const issuer = inner.take(tag.sequence).raw
    const thisUpdate = timeOf(inner.take())
    const nextUpdate = timeOf(inner.take())
    const revoked = readEntries(inner)
    const extensions = inner.takeIf(context(0))
    if (extensions && !isWhole(extensions)) return null
    return { toBeSigned: toBeSigned.raw, issuer, thisUpdate, nextUpdate, revoked, signatureAlgorithm, signature }
  } catch (error) {
    if (error instanceof NotDer) return null
    throw error
  }
}

function readEntries(inner: Members): Map<string, Revocation> {
  const revoked = new Map<string, Revocation>()
  const entries = inner.takeIf(tag.sequence)
  for (const entry of entries ? members(entries).rest() : []) {
    const parts = members(entry)
    const serial = hex(parts.take(tag.integer).body).replace(/^00(?=..)/, '')
    let from = timeOf(parts.take())
    let keyCompromised = false
    const extensions = parts.takeIf(tag.sequence)
    for (const [id, value] of extensions ? readExtensions(extensions) : []) {
      if (id === entryExtension.invalidityDate) from = timeOf(value)
      if (id === entryExtension.reason) keyCompromised = [1, 2].includes(smallNumber(value))
    }
    revoked.set(serial, { from, keyCompromised })
  }
  return revoked
}

function readExtensions(list: Der): [id: string, value: Der, critical: boolean][] {
  return members(list)
    .rest()
    .map((one) => {
      const parts = members(one)
      const id = oidOf(parts.take())
      const critical = parts.takeIf(tag.boolean)?.body[0] === 0xff
      return [id, read(parts.take(tag.octetString).body), critical]
    })
}

const isWhole = (extensions: Der) =>
  readExtensions(read(extensions.body)).every(([id, , critical]) => !critical || harmless.has(id))

/** Whether this authority signed the list and may sign lists. @throws NotDer, UnacceptedAlgorithm */
export async function isIssuedBy(list: RevocationList, issuer: Certificate): Promise<boolean> {
  if (!equal(list.issuer, issuer.subject)) return false
  if (issuer.keyUsage !== null && !(issuer.keyUsage & keyUsage.crlSign)) return false
  const { signatureAlgorithm: algorithm, signature, toBeSigned: bytes } = list
  return isSigned({ algorithm, signature, bytes, publicKey: issuer.publicKey })
}
