import { digest, hashName, isSigned, UnacceptedAlgorithm } from './algorithms.ts'
import { equal } from './bytes.ts'
import { keyUsage, purpose, type Certificate } from './certificate.ts'
import { authorityFinding, chainOf, isDamaged, validityFinding, type Evidence } from './chain.ts'
import { oid } from './oids.ts'
import { context, members, oidOf, tag, tlv, type Der } from './der.ts'
import { failed, undecided, type Finding } from './finding.ts'
import { revocationFinding, type Moment } from './revocation.ts'
import type { SignedData } from './signed-data.ts'

/** Whether the SignedData was made over this content with the key of the certificate that it names, and of no other. */
export async function cryptographicFindings(
  data: SignedData,
  content: Uint8Array,
  certificate: Certificate,
): Promise<Finding[]> {
  const { signer } = data
  const attribute = (id: string) => signer.signed.get(id)
  const contentType = attribute(oid.contentType)
  const messageDigest = attribute(oid.messageDigest)
  if (!contentType || oidOf(contentType) !== data.contentType || messageDigest?.tag !== tag.octetString) {
    return [failed('FORMAT_FAILURE', 'signed-attributes')]
  }
  const findings: Finding[] = []
  try {
    const hash = hashName(signer.digestAlgorithm)
    if (!equal(await digest(hash, content), messageDigest.body)) findings.push(failed('HASH_FAILURE', 'content-digest'))
    const { publicKey } = certificate
    const { signatureAlgorithm: algorithm, signature, signedBytes: bytes } = signer
    if (!(await isSigned({ algorithm, publicKey, signature, bytes, hash }))) {
      findings.push(failed('SIG_CRYPTO_FAILURE', 'signature-value'))
    }
  } catch (error) {
    if (!(error instanceof UnacceptedAlgorithm)) throw error
    findings.push(undecided('CRYPTO_CONSTRAINTS_FAILURE', 'algorithm-not-accepted'))
  }
  const protection = attribute(oid.algorithmProtection)
  if (protection && !isProtected(protection, signer)) findings.push(failed('FORMAT_FAILURE', 'algorithm-protection'))
  return findings
}

/** RFC 6211, 2: the copies inside of the signed attributes are those outside. */
function isProtected(protection: Der, signer: SignedData['signer']): boolean {
  const parts = members(protection)
  const inside = [parts.take(tag.sequence).raw, tlv(tag.sequence, parts.take(context(1)).body)]
  return [signer.digestAlgorithm, signer.signatureAlgorithm].every((outside, index) =>
    equal(outside, inside[index] ?? outside),
  )
}

/** The certificate in the container that issuer and serial number name. */
export const namedCertificate = ({ certificates, signer }: SignedData): Certificate | undefined =>
  certificates.find(({ issuer, serialDer }) => equal(issuer, signer.issuer) && equal(serialDer, signer.serialDer))

/**
 * Whether the signing-certificate attribute (RFC 5035; RFC 2634 with SHA-1) confirms by its hash that the certificate
 * is the very one, and not another over the same key.
 */
export async function bindingFindings({ signer }: SignedData, certificate: Certificate): Promise<Finding[]> {
  const v2 = signer.signed.get(oid.signingCertificateV2)
  const v1 = signer.signed.get(oid.signingCertificate)
  const attribute = v2 ?? v1
  if (!attribute) return [undecided('SIG_CONSTRAINTS_FAILURE', 'certificate-not-bound')]
  try {
    const bound = await isBound(attribute, certificate, v2 ? 'SHA-256' : 'SHA-1')
    return bound ? [] : [failed('FORMAT_FAILURE', 'signing-certificate-mismatch')]
  } catch (error) {
    if (!(error instanceof UnacceptedAlgorithm)) throw error
    return [undecided('CRYPTO_CONSTRAINTS_FAILURE', 'algorithm-not-accepted')]
  }
}

async function isBound(attribute: Der, certificate: Certificate, defaultHash: string): Promise<boolean> {
  const first = members(members(members(attribute).take()).take())
  const algorithm = first.takeIf(tag.sequence)
  const hash = algorithm ? hashName(algorithm.raw) : defaultHash
  return equal(first.take(tag.octetString).body, await digest(hash, certificate.der))
}

/** What a certificate is asked to be good for. */
export type Use = 'documents' | 'time-stamps'

/** Chain, key usage, validity and revocation of a signing certificate at a moment. */
export async function certificateFindings(
  certificate: Certificate,
  use: Use,
  moment: Moment,
  evidence: Evidence,
): Promise<Finding[]> {
  if (!mayBeUsed(certificate, use)) return [undecided('CHAIN_CONSTRAINTS_FAILURE', 'key-usage')]
  const chain = await chainOf(certificate, evidence)
  if (!chain) return [undecided('NO_CERTIFICATE_CHAIN_FOUND', 'no-chain-to-a-trusted-root')]
  const findings = [
    authorityFinding(chain),
    validityFinding(chain, moment.time, moment.proven),
    await revocationFinding(chain, moment, evidence),
  ]
  return findings.filter((finding) => finding !== null)
}

function mayBeUsed({ keyUsage: usage, extendedKeyUsage }: Certificate, use: Use): boolean {
  const signs = usage === null || (usage & (keyUsage.digitalSignature | keyUsage.nonRepudiation)) !== 0
  // RFC 3161, 2.3: time stamping must be the only purpose.
  const fits = use === 'documents' || (extendedKeyUsage?.length === 1 && extendedKeyUsage[0] === purpose.timeStamping)
  return signs && fits
}

/** Certificates in the container that were changed. */
export async function damageFindings(data: SignedData, evidence: Evidence): Promise<Finding[]> {
  const damaged = await Promise.all(data.certificates.map((certificate) => isDamaged(certificate, evidence)))
  return damaged.includes(true) ? [failed('FORMAT_FAILURE', 'certificate-damaged')] : []
}
