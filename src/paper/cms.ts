import { createHash } from 'node:crypto'
import { concat } from './bytes.ts'
import { issuerAndSerial } from './certificate.ts'
import {
  explicit,
  inSetOrder,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  tag,
  tlv,
  unsigned,
  context,
} from './der.ts'
import { oid } from './oids.ts'

/**
 * Whoever holds a signing key: a local key, a hardware module, a remote signing service. `sign` gets the DER of the
 * signed attributes and answers the raw signature over its SHA-256: PKCS#1 v1.5 for RSA, r and s (IEEE P1363) for EC.
 */
export type Signer = {
  certificate: Uint8Array
  /** The authorities above the certificate, nearest first, without the root. */
  chain: Uint8Array[]
  algorithm: 'ec' | 'rsa'
  /** What responders said of its chain just now (OCSP, DER), where no list does. */
  ocsps?: readonly Uint8Array[]
  sign(toBeSigned: Uint8Array): Promise<Uint8Array>
}

/** Asks a time-stamp authority for a token over these bytes; answers the DER of the TimeStampToken. */
export type TimestampClient = (stamped: Uint8Array) => Promise<Uint8Array>

const digestAlgorithm = sequence(objectIdentifier(oid.sha256))
const signatureAlgorithm = {
  ec: sequence(objectIdentifier(oid.ecdsaWithSha256)),
  rsa: sequence(objectIdentifier(oid.sha256WithRsa), tlv(tag.null)),
}
const version = (value: number) => unsigned(Uint8Array.of(value))

const attribute = (id: string, value: Uint8Array) => sequence(objectIdentifier(id), setOf(value))
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())

/** What is signed: only its SHA-256, or with `embedded` the content itself, carried inside. */
export type SignedContent = { type: string; digest: Uint8Array; embedded?: Uint8Array }

/** The detached content of a PDF signature. */
export const detached = (digest: Uint8Array): SignedContent => ({ type: oid.data, digest })

/**
 * A CMS SignedData with one signer, in DER: as a PDF signature PAdES B-B, with a time-stamp B-T (ETSI EN 319 142-1, 6.3).
 * There is no signing-time attribute: PAdES has the time in the signature dictionary's /M.
 */
export async function signedData(
  content: SignedContent,
  signer: Signer,
  timestamp?: TimestampClient,
): Promise<Uint8Array<ArrayBuffer>> {
  const attributes = inSetOrder(signedAttributes(content, signer))
  const raw = await signer.sign(tlv(tag.set, ...attributes))
  const signature = signer.algorithm === 'ec' ? ecdsaSignature(raw) : raw
  const unsignedAttributes = timestamp
    ? [explicit(1, attribute(oid.signatureTimestamp, await timestamp(signature)))]
    : []
  const signerInfo = sequence(
    version(1),
    issuerAndSerial(signer.certificate),
    digestAlgorithm,
    tlv(context(0), ...attributes),
    signatureAlgorithm[signer.algorithm],
    octetString(signature),
    ...unsignedAttributes,
  )
  const embedded = content.embedded ? [explicit(0, octetString(content.embedded))] : []
  const signed = sequence(
    version(content.type === oid.data ? 1 : 3), // RFC 5652, 5.1
    setOf(digestAlgorithm),
    sequence(objectIdentifier(content.type), ...embedded),
    tlv(context(0), ...inSetOrder([signer.certificate, ...signer.chain])),
    setOf(signerInfo),
  )
  return sequence(objectIdentifier(oid.signedData), explicit(0, signed))
}

function signedAttributes({ type, digest }: SignedContent, signer: Signer): Uint8Array[] {
  const certificateId = sequence(octetString(sha256(signer.certificate)))
  return [
    attribute(oid.contentType, objectIdentifier(type)),
    attribute(oid.messageDigest, octetString(digest)),
    // RFC 5035: binds the signature to this very certificate, not to any other one over the same key.
    attribute(oid.signingCertificateV2, sequence(sequence(certificateId))),
    // RFC 6211: the algorithm identifiers lie outside of what is signed; this puts a copy inside.
    attribute(
      oid.algorithmProtection,
      sequence(digestAlgorithm, tlv(context(1), signatureAlgorithm[signer.algorithm].subarray(2))),
    ),
  ]
}

/** ECDSA-Sig-Value (RFC 3279, 2.2.3) from r and s side by side. */
function ecdsaSignature(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = raw.length / 2
  return sequence(unsigned(raw.subarray(0, half)), unsigned(raw.subarray(half)))
}

/** How many bytes a SignedData of this signer needs at most; `tokenSize` is what a time-stamp token may take. */
export function signedDataSize(signer: Signer, tokenSize: number): number {
  const certificates = concat(signer.certificate, ...signer.chain).length
  return certificates + 1536 + tokenSize
}
