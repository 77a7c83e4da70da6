import { plainAlgorithm } from './algorithms.ts'
import { readCertificate, type Certificate } from './certificate.ts'
import { oid } from './oids.ts'
import { context, members, NotDer, oidOf, read, smallNumber, tag, type Der, type Members } from './der.ts'

/** A CMS SignedData of one signer, taken apart (RFC 5652); everything is still as claimed, nothing is verified. */
export type SignedData = {
  contentType: string
  embedded: Uint8Array | null
  certificates: Certificate[]
  signer: {
    issuer: Uint8Array
    serialDer: Uint8Array
    digestAlgorithm: Uint8Array
    /** The signed attributes as the SET over which the signature was made. */
    signedBytes: Uint8Array
    signed: Map<string, Der>
    signatureAlgorithm: Uint8Array
    signature: Uint8Array
    unsigned: Map<string, Der>
  }
}

/**
 * Reads strictly: PAdES wants DER and one signer, and a byte that no signature covers must have one possible value.
 * @throws NotDer
 */
export function readSignedData(der: Uint8Array): SignedData {
  const outer = members(read(der))
  if (oidOf(outer.take()) !== oid.signedData) throw new NotDer('no SignedData')
  const signed = members(read(outer.take(context(0)).body))
  outer.end()
  const version = smallNumber(signed.take(tag.integer))
  const digestAlgorithms = members(signed.take(), tag.set).rest()
  const { contentType, embedded } = readContent(signed)
  const certificates = readCertificates(signed)
  signed.takeIf(context(1))
  const signers = members(signed.take(), tag.set).rest()
  signed.end()
  const [info] = signers
  if (!info || signers.length > 1) throw new NotDer('not exactly one signer')
  // RFC 5652, 5.1: other content than id-data asks for version 3; some signers write 3 for any.
  if (version !== 3 && !(version === 1 && contentType === oid.data)) throw new NotDer('version')
  const signer = readSigner(info)
  const named = digestAlgorithms.map(({ raw }) => plainAlgorithm(raw))
  if (named.length !== 1 || named[0] !== plainAlgorithm(signer.digestAlgorithm)) {
    throw new NotDer('the digest algorithms are not those of the signer')
  }
  return { contentType, embedded, certificates, signer }
}

function readContent(signed: Members): { contentType: string; embedded: Uint8Array | null } {
  const content = members(signed.take())
  const contentType = oidOf(content.take())
  const wrapped = content.takeIf(context(0))
  content.end()
  return { contentType, embedded: wrapped ? read(wrapped.body, tag.octetString).body : null }
}

const mostCertificates = 32

function readCertificates(signed: Members): Certificate[] {
  const list = signed.takeIf(context(0))
  if (!list) return []
  const certificates = members(list, context(0)).rest()
  if (certificates.length > mostCertificates) throw new NotDer('too many certificates')
  return certificates.map(({ raw }) => readCertificate(raw))
}

function readSigner(info: Der): SignedData['signer'] {
  const parts = members(info)
  if (smallNumber(parts.take(tag.integer)) !== 1) throw new NotDer('signer version')
  const identifier = members(parts.take())
  const issuer = identifier.take(tag.sequence).raw
  const serialDer = identifier.take(tag.integer).raw
  identifier.end()
  const digestAlgorithm = parts.take(tag.sequence).raw
  const attributes = parts.take(context(0))
  const signatureAlgorithm = parts.take(tag.sequence).raw
  const signature = parts.take(tag.octetString).body
  const unsigned = parts.takeIf(context(1))
  parts.end()
  // RFC 5652, 5.4: the signature is over the attributes as a SET, not as the [0] under which they are carried.
  const signedBytes = new Uint8Array(attributes.raw)
  signedBytes[0] = tag.set
  return {
    issuer,
    serialDer,
    digestAlgorithm,
    signedBytes,
    signed: readAttributes(attributes, context(0)),
    signatureAlgorithm,
    signature,
    unsigned: unsigned ? readAttributes(unsigned, context(1)) : new Map(),
  }
}

/** Attributes by type; each type once and with one value, as all that this room knows are defined. */
function readAttributes(list: Der, expected: number): Map<string, Der> {
  const found = new Map<string, Der>()
  for (const one of members(list, expected).rest()) {
    const parts = members(one)
    const type = oidOf(parts.take())
    const values = members(parts.take(), tag.set)
    const value = values.take()
    values.end()
    parts.end()
    if (found.has(type)) throw new NotDer('an attribute twice')
    found.set(type, value)
  }
  return found
}
