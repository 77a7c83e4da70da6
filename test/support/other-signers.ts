import 'reflect-metadata'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import type { Pki } from '../../src/local/pki.ts'
import { sha256 } from '../../src/paper/bytes.ts'
import { readCertificate } from '../../src/paper/certificate.ts'
import { oid } from '../../src/paper/oids.ts'
import {
  context,
  explicit,
  inSetOrder,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  tag,
  tlv,
  unsigned,
} from '../../src/paper/der.ts'

/** What others sign with. */
const kinds = {
  'P-256': { key: { name: 'ECDSA', namedCurve: 'P-256' }, hash: 'SHA-256', half: 32 },
  'P-384': { key: { name: 'ECDSA', namedCurve: 'P-384' }, hash: 'SHA-384', half: 48 },
  RSA: { key: rsa('RSASSA-PKCS1-v1_5', 'SHA-512'), hash: 'SHA-512', half: 0 },
  'RSA-PSS': { key: rsa('RSA-PSS', 'SHA-256'), hash: 'SHA-256', half: 0 },
} as const
export type SignerKind = keyof typeof kinds

function rsa(name: string, hash: string) {
  return { name, hash, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
}

const hashIds = {
  'SHA-256': oid.sha256,
  'SHA-384': '2.16.840.1.101.3.4.2.2',
  'SHA-512': '2.16.840.1.101.3.4.2.3',
} as const
const pssParameters = sequence(
  explicit(0, sequence(objectIdentifier(oid.sha256))),
  explicit(1, sequence(objectIdentifier('1.2.840.113549.1.1.8'), sequence(objectIdentifier(oid.sha256)))),
  explicit(2, unsigned(Uint8Array.of(32))),
)
const signatureIds: Record<SignerKind, Uint8Array> = {
  'P-256': sequence(objectIdentifier(oid.ecdsaWithSha256)),
  'P-384': sequence(objectIdentifier('1.2.840.10045.4.3.3')),
  RSA: sequence(objectIdentifier('1.2.840.113549.1.1.13'), tlv(tag.null)),
  'RSA-PSS': sequence(objectIdentifier('1.2.840.113549.1.1.10'), pssParameters),
}

export type OtherSigner = { certificate: Uint8Array; sign: (content: Uint8Array) => Promise<Uint8Array> }

/** The issuing authority of a development PKI, for certificates that it does not make by itself. */
export async function issuingOf(pki: Pki) {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const pkcs8 = x509.PemConverter.decodeFirst(readFileSync(join(pki.folder, 'issuing.key'), 'utf8'))
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
  return { certificate: new x509.X509Certificate(pki.issuing), key }
}

const day = 86_400_000

/** A certificate of that authority over this key. */
export async function certified(pki: Pki, publicKey: CryptoKey, commonName: string, extensions: x509.Extension[] = []) {
  const issuing = await issuingOf(pki)
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: Buffer.from(crypto.getRandomValues(new Uint8Array(8)).with(0, 0x41)).toString('hex'),
    subject: [{ CN: [commonName] }],
    issuer: issuing.certificate.subjectName,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 365 * day),
    publicKey,
    signingKey: issuing.key,
    extensions: [new x509.BasicConstraintsExtension(false, undefined, true), ...extensions],
  })
  return new Uint8Array(certificate.rawData)
}

/** A time-stamp authority of that PKI whose certificate names a responder and no list. */
export async function listlessStamps(pki: Pki, responder: string): Promise<Pki> {
  const { privateKey, publicKey } = await newPair('P-256')
  const certificate = await certified(pki, publicKey, 'Time-Stamp Authority without a list', [
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.8'], true),
    new x509.AuthorityInfoAccessExtension({ ocsp: [responder] }),
  ])
  const exported = await crypto.subtle.exportKey('pkcs8', privateKey)
  if (!(exported instanceof ArrayBuffer)) throw new Error('no PKCS #8')
  const key = { privateKeyPkcs8: new Uint8Array(exported), algorithm: 'ec' as const, serialNumber: '' }
  return { ...pki, timestampAuthority: { certificate, chain: [pki.issuing], ...key } }
}

export async function newPair(kind: SignerKind): Promise<{ privateKey: CryptoKey; publicKey: CryptoKey }> {
  const pair = await crypto.subtle.generateKey(kinds[kind].key, true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('a pair')
  return pair
}

/** The raw signature as CMS and OCSP carry it. */
export async function signedWith(kind: SignerKind, key: CryptoKey, bytes: Uint8Array): Promise<Uint8Array> {
  const { hash, half } = kinds[kind]
  const raw = new Uint8Array(
    await crypto.subtle.sign({ name: kinds[kind].key.name, hash, saltLength: 32 }, key, Uint8Array.from(bytes)),
  )
  return half === 0 ? raw : sequence(unsigned(raw.subarray(0, half)), unsigned(raw.subarray(half)))
}

/** Somebody whose software is not ours: signs detached CMS by another algorithm. */
export async function otherSigner(pki: Pki, kind: SignerKind): Promise<OtherSigner> {
  const { privateKey, publicKey } = await newPair(kind)
  const certificate = await certified(pki, publicKey, `Công ty ${kind}`)
  return { certificate, sign: (content) => detachedCms(kind, privateKey, [certificate, pki.issuing], content) }
}

const attribute = (id: string, value: Uint8Array) => sequence(objectIdentifier(id), setOf(value))

async function detachedCms(
  kind: SignerKind,
  key: CryptoKey,
  certificates: Uint8Array[],
  content: Uint8Array,
): Promise<Uint8Array> {
  const { hash } = kinds[kind]
  const [own = new Uint8Array()] = certificates
  const { issuer, serialDer } = readCertificate(own)
  const hashId = sequence(objectIdentifier(hashIds[hash]))
  const digest = new Uint8Array(await crypto.subtle.digest(hash, Uint8Array.from(content)))
  const attributes = inSetOrder([
    attribute(oid.contentType, objectIdentifier(oid.data)),
    attribute(oid.messageDigest, octetString(digest)),
    attribute(oid.signingCertificateV2, sequence(sequence(sequence(octetString(await sha256(own)))))),
  ])
  const signature = await signedWith(kind, key, tlv(tag.set, ...attributes))
  const one = unsigned(Uint8Array.of(1))
  return sequence(
    objectIdentifier(oid.signedData),
    explicit(
      0,
      sequence(
        one,
        setOf(hashId),
        sequence(objectIdentifier(oid.data)),
        tlv(context(0), ...inSetOrder(certificates)),
        setOf(
          sequence(
            one,
            sequence(issuer, serialDer),
            hashId,
            tlv(context(0), ...attributes),
            signatureIds[kind],
            octetString(signature),
          ),
        ),
      ),
    ),
  )
}

export type OcspOrder = {
  /** The certificate that is asked about. */
  certificate: Uint8Array
  status?: 'good' | 'unknown' | Date
  thisUpdate: Date
  nextUpdate?: Date
  /** Who answers: the issuing authority itself, or a responder with this certificate. */
  responder?: { certificate: Uint8Array; key: CryptoKey }
  /** SHA-1, as most responders still name certificates, or SHA-256. */
  idHash?: 'SHA-1' | 'SHA-256'
}

const time = (at: Date) => tlv(tag.generalizedTime, Buffer.from(at.toISOString().replaceAll(/[-:T]|\.\d+/g, '')))

/** An OCSP response (RFC 6960) of the issuing authority of a development PKI. */
export async function ocspResponse(pki: Pki, order: OcspOrder): Promise<Uint8Array> {
  const { status = 'good', thisUpdate, nextUpdate, responder, idHash = 'SHA-1' } = order
  const hash = async (bytes: Uint8Array) =>
    octetString(new Uint8Array(await crypto.subtle.digest(idHash, Uint8Array.from(bytes))))
  const issuer = readCertificate(pki.issuing)
  const issuerKey = new Uint8Array((await issuingOf(pki)).certificate.publicKey.rawData).subarray(-65)
  const id = sequence(
    sequence(objectIdentifier(idHash === 'SHA-1' ? '1.3.14.3.2.26' : oid.sha256)),
    await hash(issuer.subject),
    await hash(issuerKey),
    readCertificate(order.certificate).serialDer,
  )
  const said =
    status === 'good'
      ? tlv(context(0, 'primitive'))
      : status === 'unknown'
        ? tlv(context(2, 'primitive'))
        : tlv(context(1), time(status))
  const next = nextUpdate ? [explicit(0, time(nextUpdate))] : []
  const name = responder ? readCertificate(responder.certificate).subject : issuer.subject
  const data = sequence(explicit(1, name), time(thisUpdate), sequence(sequence(id, said, time(thisUpdate), ...next)))
  const key = responder?.key ?? (await issuingOf(pki)).key
  const signature = await signedWith('P-256', key, data)
  const enclosed = responder ? [explicit(0, sequence(responder.certificate))] : []
  const basic = sequence(data, signatureIds['P-256'], tlv(tag.bitString, Uint8Array.of(0), signature), ...enclosed)
  const bytes = sequence(objectIdentifier('1.3.6.1.5.5.7.48.1.1'), octetString(basic))
  return sequence(tlv(0x0a, Uint8Array.of(0)), explicit(0, bytes))
}
