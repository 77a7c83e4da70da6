import { own } from './bytes.ts'
import { childrenOf, context, expect, members, NotDer, oidOf, read, smallNumber, tag, wholeBits } from './der.ts'

/** The algorithm is unknown here or no longer strong enough (ETSI TS 119 312): SHA-1, MD5, DSA. */
export class UnacceptedAlgorithm extends Error {}

const hashes: Record<string, string> = {
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}

/** The WebCrypto name of a hash by its AlgorithmIdentifier. @throws UnacceptedAlgorithm */
export function hashName(algorithm: Uint8Array): string {
  const id = plainAlgorithm(algorithm)
  const found = hashes[id]
  if (!found) throw new UnacceptedAlgorithm(id)
  return found
}

/** The identifier of an algorithm that has no parameters or, as older encoders write it, NULL. */
export function plainAlgorithm(algorithm: Uint8Array): string {
  const parts = members(read(algorithm))
  const id = oidOf(parts.take())
  const none = parts.takeIf(tag.null)
  if (none && none.body.length > 0) throw new NotDer('NULL with contents')
  parts.end()
  return id
}

export const digest = async (hash: string, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest(hash, own(bytes)))

/** A digest that only finds something and proves nothing, so SHA-1 will do; null for a hash that is unknown here. */
export async function anyDigest(id: string, bytes: Uint8Array): Promise<Uint8Array | null> {
  const name = id === '1.3.14.3.2.26' ? 'SHA-1' : hashes[id]
  return name ? digest(name, bytes) : null
}

const curves: Record<string, { name: string; size: number }> = {
  '1.2.840.10045.3.1.7': { name: 'P-256', size: 32 },
  '1.3.132.0.34': { name: 'P-384', size: 48 },
  '1.3.132.0.35': { name: 'P-521', size: 66 },
}
const keyType = { ec: '1.2.840.10045.2.1', rsa: '1.2.840.113549.1.1.1' }
const ecdsa: Record<string, string> = {
  '1.2.840.10045.4.3.2': 'SHA-256',
  '1.2.840.10045.4.3.3': 'SHA-384',
  '1.2.840.10045.4.3.4': 'SHA-512',
}
const rsa: Record<string, string> = {
  '1.2.840.113549.1.1.11': 'SHA-256',
  '1.2.840.113549.1.1.12': 'SHA-384',
  '1.2.840.113549.1.1.13': 'SHA-512',
}
const rsaPss = '1.2.840.113549.1.1.10'

/** What was signed with what: identifiers and keys in the DER of RFC 5280. */
export type SignedBytes = {
  algorithm: Uint8Array
  publicKey: Uint8Array
  signature: Uint8Array
  bytes: Uint8Array
  /** The digest that a CMS names beside the signature algorithm; `rsaEncryption` alone does not say one. */
  hash?: string
}

/** Whether the signature was made over the bytes with the private half of this key. @throws UnacceptedAlgorithm, NotDer */
export async function isSigned(signed: SignedBytes): Promise<boolean> {
  const [id, parameters] = childrenOf(read(signed.algorithm, tag.sequence))
  const algorithm = oidOf(id)
  if (ecdsa[algorithm] && parameters) throw new NotDer('ECDSA has no parameters')
  if (ecdsa[algorithm]) return isEcdsaSigned(signed, agreed(ecdsa[algorithm], signed.hash))
  if (algorithm === rsaPss) return isRsaPssSigned(signed, expect(parameters, tag.sequence).raw)
  const hash = algorithm === keyType.rsa ? signed.hash : rsa[algorithm]
  if (!hash) throw new UnacceptedAlgorithm(algorithm)
  if (parameters && parameters.tag !== tag.null) throw new NotDer('RSA has no parameters')
  const key = await rsaKey(signed.publicKey, { name: 'RSASSA-PKCS1-v1_5', hash: agreed(hash, signed.hash) })
  return key ? crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, own(signed.signature), own(signed.bytes)) : false
}

function agreed(hash: string, named: string | undefined): string {
  if (named && named !== hash) throw new NotDer('the digest algorithm is not that of the signature')
  return hash
}

/** The curve of a public key; undefined where it is of another kind. @throws UnacceptedAlgorithm, NotDer */
export function curveOf(publicKey: Uint8Array): { name: string; size: number } | undefined {
  const key = members(members(read(publicKey)).take())
  if (oidOf(key.take()) !== keyType.ec) return undefined
  const curve = curves[oidOf(key.take())]
  if (!curve) throw new UnacceptedAlgorithm('elliptic curve')
  return curve
}

async function isEcdsaSigned({ publicKey, signature, bytes }: SignedBytes, hash: string): Promise<boolean> {
  const curve = curveOf(publicKey)
  if (!curve) return false
  const parts = members(read(signature))
  const raw = new Uint8Array(curve.size * 2)
  for (const half of [1, 2]) {
    const value = unsignedBody(parts.take(tag.integer).body)
    if (value.length > curve.size) return false
    raw.set(value, curve.size * half - value.length)
  }
  parts.end()
  const ecKey = await importKey(publicKey, { name: 'ECDSA', namedCurve: curve.name })
  return ecKey ? crypto.subtle.verify({ name: 'ECDSA', hash }, ecKey, raw, own(bytes)) : false
}

/** A positive INTEGER without the octet that only carries its sign; other leading zeros are not DER. */
function unsignedBody(body: Uint8Array): Uint8Array {
  const [first = 0, second = 0] = body
  if (first & 0x80) throw new NotDer('a negative number')
  if (first !== 0) return body
  if (!(second & 0x80)) throw new NotDer('a number with needless zeros')
  return body.subarray(1)
}

/** RSASSA-PSS-params (RFC 4055, 3.1), with MGF1 over the same hash, as every signer in use does. */
async function isRsaPssSigned(signed: SignedBytes, parameters: Uint8Array): Promise<boolean> {
  const parts = members(read(parameters))
  const hashPart = parts.takeIf(context(0))
  const maskPart = parts.takeIf(context(1))
  const saltPart = parts.takeIf(context(2))
  if (!hashPart || !maskPart || !saltPart) throw new UnacceptedAlgorithm('RSASSA-PSS with SHA-1')
  const hash = hashName(hashPart.body)
  const mask = members(read(maskPart.body))
  mask.take(tag.objectIdentifier)
  if (hashName(mask.take().raw) !== hash) throw new UnacceptedAlgorithm('RSASSA-PSS with two hashes')
  const saltLength = smallNumber(read(saltPart.body, tag.integer))
  const key = await rsaKey(signed.publicKey, { name: 'RSA-PSS', hash: agreed(hash, signed.hash) })
  if (!key) return false
  return crypto.subtle.verify({ name: 'RSA-PSS', saltLength }, key, own(signed.signature), own(signed.bytes))
}

async function rsaKey(publicKey: Uint8Array, parameters: { name: string; hash: string }): Promise<CryptoKey | null> {
  const parts = members(read(publicKey))
  if (oidOf(members(parts.take()).take()) !== keyType.rsa) return null
  // ETSI TS 119 312: RSA from 1,900 bits; 2048-bit keys take 270 bytes and more. Above 8192 bits they only cost time.
  if (publicKey.length < 270) throw new UnacceptedAlgorithm('a short RSA key')
  if (publicKey.length > 1100) throw new UnacceptedAlgorithm('an oversized RSA key')
  const numbers = members(read(wholeBits(parts.take())))
  numbers.take(tag.integer)
  if (numbers.take(tag.integer).body.length > 5) throw new UnacceptedAlgorithm('an oversized RSA exponent')
  return importKey(publicKey, parameters)
}

/** What one verification with this key takes, by that with RSA of 2048 bits or P-256: the larger curves are slow everywhere. */
export const effortOf = (publicKey: Uint8Array): number =>
  publicKey.length > 100 && publicKey.length < 200 ? 10 : Math.ceil((publicKey.length / 300) ** 2)

type KeyParameters = { name: string; namedCurve?: string; hash?: string }

// An authority's key is asked many times in one verification; its bytes are one object as long as its certificate is.
const imported = new WeakMap<Uint8Array, Map<string, Promise<CryptoKey | null>>>()

/** A key that cannot be imported signs nothing. */
function importKey(publicKey: Uint8Array, parameters: KeyParameters): Promise<CryptoKey | null> {
  const forKey = imported.get(publicKey) ?? new Map<string, Promise<CryptoKey | null>>()
  imported.set(publicKey, forKey)
  const use = `${parameters.name} ${parameters.namedCurve ?? parameters.hash}`
  const key =
    forKey.get(use) ?? crypto.subtle.importKey('spki', own(publicKey), parameters, false, ['verify']).catch(() => null)
  forKey.set(use, key)
  return key
}
