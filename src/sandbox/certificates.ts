// The certificates and lists of test authorities, each with the extensions that its users look at.
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'

x509.cryptoProvider.set(crypto)

export type KeyKind = 'ec' | 'rsa'
export type Keys = { privateKey: CryptoKey; publicKey: CryptoKey }
export type Issuer = { certificate: x509.X509Certificate; key: CryptoKey }
export type Subject = { commonName: string; organisation: string }
export type Validity = { notBefore: Date; notAfter: Date }

export const algorithms = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
} as const

export async function newKeys(kind: KeyKind): Promise<Keys> {
  const keys = await crypto.subtle.generateKey(algorithms[kind], true, ['sign', 'verify'])
  if (!('privateKey' in keys)) throw new Error('a key pair was asked for')
  return keys
}

const day = 86_400_000
export const lasting = (days: number, from = new Date()): Validity => ({
  notBefore: new Date(from.getTime() - 3_600_000),
  notAfter: new Date(from.getTime() + days * day),
})

const nameOf = ({ commonName, organisation }: Subject): x509.JsonName => [
  { C: ['VN'] },
  { O: [organisation] },
  { CN: [commonName] },
]

/** RFC 5280, 4.1.2.2: positive, unpredictable, at most 20 octets. */
function newSerial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return Buffer.from(bytes).toString('hex')
}

const { KeyUsageFlags: usage } = x509
const authorityUsage = new x509.KeyUsagesExtension(usage.keyCertSign | usage.cRLSign, true)

const publishedAt = (crlUrl: string | undefined) =>
  crlUrl === undefined ? [] : [new x509.CRLDistributionPointsExtension([crlUrl])]

export async function rootCertificate(
  subject: Subject,
  keys: Keys,
  validity = lasting(3650),
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: nameOf(subject),
    ...validity,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      authorityUsage,
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
}

type Order = { subject: Subject; publicKey: CryptoKey; issuer: Issuer; validity?: Validity }

async function certificate(order: Order, extensions: x509.Extension[]): Promise<x509.X509Certificate> {
  const { subject, publicKey, issuer } = order
  return x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: nameOf(subject),
    issuer: issuer.certificate.subjectName,
    ...(order.validity ?? lasting(730)),
    publicKey,
    signingKey: issuer.key,
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate),
    ],
  })
}

/** An authority that may issue leafs, but no further authorities. */
export const issuingCertificate = (order: Order) =>
  certificate({ validity: lasting(1825), ...order }, [
    new x509.BasicConstraintsExtension(true, 0, true),
    authorityUsage,
  ])

const purpose = {
  emailProtection: '1.3.6.1.5.5.7.3.4',
  documentSigning: '1.3.6.1.5.5.7.3.36',
  timeStamping: '1.3.6.1.5.5.7.3.8',
}

/** NSS judges document signatures as e-mail signatures, so documentSigning (RFC 9336) alone would not do for pdfsig. */
export const documentSigningCertificate = (order: Order, crlUrl?: string) =>
  certificate(order, [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(usage.digitalSignature | usage.nonRepudiation, true),
    new x509.ExtendedKeyUsageExtension([purpose.emailProtection, purpose.documentSigning]),
    ...publishedAt(crlUrl),
  ])

/** RFC 3161, 2.3: time stamping is the key's only purpose, and critical. */
export const timestampCertificate = (order: Order, crlUrl?: string) =>
  certificate({ validity: lasting(1825), ...order }, [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(usage.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([purpose.timeStamping], true),
    ...publishedAt(crlUrl),
  ])

export type Revoked = { serialNumber: string; at: Date }

/** A list valid for a week from `at`, with the number that RFC 5280, 5.2.3 asks for. */
export async function revocationList(issuer: Issuer, revoked: Revoked[], at: Date): Promise<x509.X509Crl> {
  const number = Buffer.from(at.getTime().toString(16).padStart(12, '0'), 'hex')
  return x509.X509CrlGenerator.create({
    issuer: issuer.certificate.subjectName,
    thisUpdate: new Date(at.getTime() - 60_000),
    nextUpdate: new Date(at.getTime() + 7 * day),
    signingAlgorithm: issuer.certificate.signatureAlgorithm,
    signingKey: issuer.key,
    entries: revoked.map(({ serialNumber, at: revocationDate }) => ({
      serialNumber,
      revocationDate,
      reason: x509.X509CrlReason.keyCompromise,
    })),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate),
      new x509.Extension('2.5.29.20', false, Uint8Array.of(0x02, number.length, ...number)),
    ],
  })
}

/** An authority out of what was kept of it: its certificate and its private key (PKCS #8), both DER, of a key on P-256. */
export async function issuerOf(certificate: Uint8Array<ArrayBuffer>, pkcs8: Uint8Array<ArrayBuffer>): Promise<Issuer> {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithms.ec, false, ['sign'])
  return { certificate: new x509.X509Certificate(certificate), key }
}
