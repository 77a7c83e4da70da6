import {
  context,
  expect,
  type Der,
  members,
  oidOf,
  read,
  sequence,
  smallNumber,
  tag,
  timeOf,
  wholeBits,
  NotDer,
} from './der.ts'
import { hex, latin1Text } from './bytes.ts'

/** What RFC 5280 puts into a certificate and this room asks about. Names and keys are kept as the bytes they came in. */
export type Certificate = {
  der: Uint8Array
  toBeSigned: Uint8Array
  /** Lower-case hex, without a leading zero octet. */
  serial: string
  serialDer: Uint8Array
  issuer: Uint8Array
  subject: Uint8Array
  notBefore: Date
  notAfter: Date
  publicKey: Uint8Array
  signatureAlgorithm: Uint8Array
  signature: Uint8Array
  isAuthority: boolean
  /** How many authorities may follow; null for any number. */
  pathLength: number | null
  /** Bit 0 is digitalSignature; null if the certificate does not restrict its key. */
  keyUsage: number | null
  extendedKeyUsage: string[] | null
  subjectKeyId: string | null
  authorityKeyId: string | null
  /** An OCSP responder whose own revocation is not to be asked about (RFC 6960, 4.2.2.2.1). */
  isNeverChecked: boolean
  /** Where one may ask about this certificate (RFC 5280, 4.2.2.1: OCSP over HTTP). */
  ocspUrls: string[]
  /** Critical extensions that this code does not know; such a certificate must not be relied on (RFC 5280, 4.2). */
  unknownCritical: string[]
}

/** Bits of RFC 5280, 4.2.1.3 as they lie in the first octet. */
export const keyUsage = { digitalSignature: 0x80, nonRepudiation: 0x40, certificateSign: 0x04, crlSign: 0x02 } as const
export const purpose = { timeStamping: '1.3.6.1.5.5.7.3.8', ocspSigning: '1.3.6.1.5.5.7.3.9' } as const

// No honest one comes near to it; a file may hold many.
const largest = 65_536

/** @throws NotDer if the bytes are no certificate. */
export function readCertificate(der: Uint8Array): Certificate {
  if (der.length > largest) throw new NotDer('a certificate too large')
  const outer = members(read(der))
  const toBeSigned = outer.take(tag.sequence)
  const signatureAlgorithm = outer.take(tag.sequence).raw
  const signature = wholeBits(outer.take())
  outer.end()

  const inner = members(toBeSigned)
  inner.takeIf(context(0))
  const serial = inner.take(tag.integer)
  const innerAlgorithm = inner.take(tag.sequence).raw
  if (hex(innerAlgorithm) !== hex(signatureAlgorithm)) throw new NotDer('two signature algorithms')
  const issuer = inner.take(tag.sequence).raw
  const validity = members(inner.take())
  const subject = inner.take(tag.sequence).raw
  const publicKey = inner.take(tag.sequence).raw
  inner.takeIf(context(1, 'primitive'))
  inner.takeIf(context(2, 'primitive'))
  const extensions = inner.takeIf(context(3))
  inner.end()
  return {
    der,
    toBeSigned: toBeSigned.raw,
    serial: hex(serial.body).replace(/^00(?=..)/, ''),
    serialDer: serial.raw,
    issuer,
    subject,
    notBefore: timeOf(validity.take()),
    notAfter: timeOf(validity.take()),
    publicKey,
    signatureAlgorithm,
    signature,
    ...readExtensions(extensions),
  }
}

/** How a CMS names the certificate of its signer: IssuerAndSerialNumber (RFC 5652, 10.2.4), in DER. @throws NotDer */
export function issuerAndSerial(der: Uint8Array): Uint8Array {
  const inner = members(members(read(der)).take(tag.sequence))
  inner.takeIf(context(0))
  const serial = inner.take(tag.integer).raw
  inner.take(tag.sequence)
  return sequence(inner.take(tag.sequence).raw, serial)
}

const publicKeys = { rsa: '1.2.840.113549.1.1.1', ec: '1.2.840.10045.2.1', p256: '1.2.840.10045.3.1.7' }

/** What our signers can sign with: EC on P-256, RSA from 2048 bits; undefined for any other key. */
export function keyKindOf({ publicKey }: Certificate): 'ec' | 'rsa' | undefined {
  const algorithm = members(members(read(publicKey)).take())
  const id = oidOf(algorithm.take())
  if (id === publicKeys.rsa) return publicKey.length >= 270 ? 'rsa' : undefined
  return id === publicKeys.ec && oidOf(algorithm.takeIf(tag.objectIdentifier)) === publicKeys.p256 ? 'ec' : undefined
}

type Extensions = Pick<
  Certificate,
  | 'isAuthority'
  | 'pathLength'
  | 'keyUsage'
  | 'extendedKeyUsage'
  | 'subjectKeyId'
  | 'authorityKeyId'
  | 'isNeverChecked'
  | 'ocspUrls'
  | 'unknownCritical'
>

const extension = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  certificatePolicies: '2.5.29.32',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  authorityInformation: '1.3.6.1.5.5.7.1.1',
} as const

const ocspAccess = '1.3.6.1.5.5.7.48.1'

function readExtensions(extensions: Der | undefined): Extensions {
  const found: Extensions = {
    isAuthority: false,
    pathLength: null,
    keyUsage: null,
    extendedKeyUsage: null,
    subjectKeyId: null,
    authorityKeyId: null,
    isNeverChecked: false,
    ocspUrls: [],
    unknownCritical: [],
  }
  if (!extensions) return found
  for (const one of members(read(extensions.body)).rest()) {
    const parts = members(one)
    const id = oidOf(parts.take())
    const critical = parts.takeIf(tag.boolean)?.body[0] === 0xff
    const value = read(parts.take(tag.octetString).body)
    if (!readExtension(found, id, value) && critical) found.unknownCritical.push(id)
  }
  return found
}

function readExtension(found: Extensions, id: string, value: Der): boolean {
  switch (id) {
    case extension.basicConstraints: {
      const parts = members(value)
      found.isAuthority = parts.takeIf(tag.boolean)?.body[0] === 0xff
      const length = parts.takeIf(tag.integer)
      found.pathLength = length ? smallNumber(length) : null
      return true
    }
    case extension.keyUsage:
      found.keyUsage = expect(value, tag.bitString).body[1] ?? 0
      return true
    case extension.extendedKeyUsage:
      found.extendedKeyUsage = members(value).rest().map(oidOf)
      return true
    case extension.subjectKeyId:
      found.subjectKeyId = hex(expect(value, tag.octetString).body)
      return true
    case extension.authorityKeyId: {
      const keyId = members(value).takeIf(context(0, 'primitive'))
      found.authorityKeyId = keyId ? hex(keyId.body) : null
      return true
    }
    case extension.ocspNoCheck:
      found.isNeverChecked = true
      return true
    case extension.authorityInformation:
      found.ocspUrls = members(value).rest().flatMap(ocspUrlIn)
      return true
    // Policies restrict nothing here: no policy set is asked for (RFC 5280, 6.1.1 (c): any-policy).
    case extension.certificatePolicies:
      return true
    default:
      return false
  }
}

function ocspUrlIn(description: Der): string[] {
  const [method, place] = members(description).rest()
  if (oidOf(method) !== ocspAccess || place?.tag !== context(6, 'primitive')) return []
  const url = latin1Text(place.body)
  return /^https?:\/\//.test(url) ? [url] : []
}

const attribute = { commonName: '2.5.4.3', organisation: '2.5.4.10' } as const

/** One attribute of a name, for showing to people; null if the name has none. */
export function nameAttribute(name: Uint8Array, which: keyof typeof attribute): string | null {
  for (const relative of members(read(name)).rest()) {
    for (const pair of members(relative, tag.set).rest()) {
      const parts = members(pair)
      if (oidOf(parts.take()) === attribute[which]) return textOf(parts.take())
    }
  }
  return null
}

const bmpString = 0x1e

function textOf(value: Der): string {
  return new TextDecoder(value.tag === bmpString ? 'utf-16be' : 'utf-8').decode(value.body)
}
