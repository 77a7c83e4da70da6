import { anyDigest } from './algorithms.ts'
import { equal, hex } from './bytes.ts'
import { readCertificate, type Certificate } from './certificate.ts'
import {
  context,
  type Der,
  expect,
  members,
  type Members,
  NotDer,
  objectIdentifier,
  octetString,
  oidOf,
  read,
  sequence,
  tag,
  timeOf,
  tlv,
  wholeBits,
} from './der.ts'

/** What one authority says of one certificate (RFC 6960, 4.2.1: SingleResponse). */
type Statement = {
  hash: string
  issuerNameHash: Uint8Array
  issuerKeyHash: Uint8Array
  /** Lower-case hex, without a leading zero octet. */
  serial: string
  status: 'good' | 'unknown' | { revokedFrom: Date }
  thisUpdate: Date
  /** Without one, newer information is always to be had: the statement is good for its moment only. */
  nextUpdate: Date
}

/** An OCSP response whose signature and responder are still to be judged (see revocation.ts). */
export type OcspResponse = {
  toBeSigned: Uint8Array
  signatureAlgorithm: Uint8Array
  signature: Uint8Array
  responder: { name: Uint8Array } | { keyHash: Uint8Array }
  producedAt: Date
  statements: Statement[]
  certificates: Certificate[]
}

const basic = '1.3.6.1.5.5.7.48.1.1'
const mostStatements = 32

/** The response, or null if the bytes are none that says anything. */
export function readResponse(der: Uint8Array): OcspResponse | null {
  try {
    const outer = members(read(der))
    const status = outer.take(enumerated)
    const wrapped = outer.takeIf(context(0))
    outer.end()
    if (status.body[0] !== 0 || !wrapped) return null
    const bytes = members(read(wrapped.body))
    if (oidOf(bytes.take()) !== basic) return null
    const content = bytes.take(tag.octetString).body
    bytes.end()
    return readBasic(members(read(content)))
  } catch (error) {
    if (error instanceof NotDer) return null
    throw error
  }
}

const enumerated = 0x0a

function readBasic(outer: Members): OcspResponse {
  const toBeSigned = outer.take(tag.sequence)
  const signatureAlgorithm = outer.take(tag.sequence).raw
  const signature = wholeBits(outer.take())
  const enclosed = outer.takeIf(context(0))
  outer.end()
  const certificates = enclosed ? members(read(enclosed.body)).rest() : []
  const inner = members(toBeSigned)
  inner.takeIf(context(0))
  const name = inner.takeIf(context(1))
  const responder = name
    ? { name: read(name.body).raw }
    : { keyHash: read(inner.take(context(2)).body, tag.octetString).body }
  const producedAt = timeOf(inner.take(tag.generalizedTime))
  const statements = members(inner.take()).rest()
  if (statements.length > mostStatements || certificates.length > mostStatements) throw new NotDer('too much')
  refuseCritical(inner.takeIf(context(1)))
  inner.end()
  return {
    toBeSigned: toBeSigned.raw,
    signatureAlgorithm,
    signature,
    responder,
    producedAt,
    statements: statements.map(readStatement),
    certificates: certificates.map(({ raw }) => readCertificate(raw)),
  }
}

function readStatement(single: Der): Statement {
  const parts = members(single)
  const id = members(parts.take())
  const hash = oidOf(members(id.take()).take())
  const issuerNameHash = id.take(tag.octetString).body
  const issuerKeyHash = id.take(tag.octetString).body
  const serial = hex(id.take(tag.integer).body).replace(/^00(?=..)/, '')
  const status = statusOf(parts.take())
  const thisUpdate = timeOf(parts.take(tag.generalizedTime))
  const next = parts.takeIf(context(0))
  refuseCritical(parts.takeIf(context(1)))
  parts.end()
  const nextUpdate = next ? timeOf(read(next.body)) : thisUpdate
  return { hash, issuerNameHash, issuerKeyHash, serial, status, thisUpdate, nextUpdate }
}

function statusOf(status: Der): Statement['status'] {
  if (status.tag === context(0, 'primitive')) return 'good'
  if (status.tag === context(1)) return { revokedFrom: timeOf(members(status, context(1)).take(tag.generalizedTime)) }
  expect(status, context(2, 'primitive'))
  return 'unknown'
}

/** A critical extension could change what the answer means. */
function refuseCritical(extensions: Der | undefined): void {
  if (!extensions) return
  for (const one of members(read(extensions.body)).rest()) {
    const parts = members(one)
    parts.take(tag.objectIdentifier)
    if (parts.takeIf(tag.boolean)?.body[0] === 0xff) throw new NotDer('a critical extension')
  }
}

/** The statement about a certificate of this issuer, if the response has one. */
export async function statementOn(
  { statements }: OcspResponse,
  certificate: Certificate,
  issuer: Certificate,
): Promise<Statement | null> {
  for (const one of statements) {
    if (one.serial !== certificate.serial) continue
    const [name, key] = [await anyDigest(one.hash, issuer.subject), await anyDigest(one.hash, keyBits(issuer))]
    if (name && key && equal(name, one.issuerNameHash) && equal(key, one.issuerKeyHash)) return one
  }
  return null
}

/** Whether the response says of itself that this certificate's key made it. */
export async function isResponder({ responder }: OcspResponse, certificate: Certificate): Promise<boolean> {
  if ('name' in responder) return equal(responder.name, certificate.subject)
  const hash = await anyDigest(sha1, keyBits(certificate))
  return hash !== null && equal(hash, responder.keyHash)
}

const sha1 = '1.3.14.3.2.26'

function keyBits({ publicKey }: Certificate): Uint8Array {
  const parts = members(read(publicKey))
  parts.take(tag.sequence)
  return wholeBits(parts.take())
}

/** Asks about one certificate of this issuer (RFC 5019): SHA-1 names it, which every responder knows; nothing is secret here. */
export async function ocspRequest({ serialDer }: Certificate, issuer: Certificate): Promise<Uint8Array<ArrayBuffer>> {
  const hashed = async (bytes: Uint8Array) => octetString((await anyDigest(sha1, bytes)) ?? new Uint8Array())
  const [name, key] = [await hashed(issuer.subject), await hashed(keyBits(issuer))]
  const id = sequence(sequence(objectIdentifier(sha1), tlv(tag.null)), name, key, serialDer)
  return sequence(sequence(sequence(sequence(id))))
}

/** Posts a request to a responder; null where nothing came of it. */
export type OcspPost = (url: string, request: Uint8Array) => Promise<Uint8Array | null>

/** What the first responder that a certificate names and that answers says of it; whether that counts is for who judges with it. */
export async function askResponder(
  certificate: Certificate,
  issuer: Certificate,
  post: OcspPost,
): Promise<{ der: Uint8Array; response: OcspResponse } | null> {
  for (const url of certificate.ocspUrls) {
    const der = await post(url, await ocspRequest(certificate, issuer))
    const response = der && readResponse(der)
    if (response) return { der, response }
  }
  return null
}
