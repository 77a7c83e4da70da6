import { Buffer } from 'node:buffer'

const encoder = new TextEncoder()

export type Bytes = Uint8Array<ArrayBuffer>

export const utf8 = (text: string): Bytes => Uint8Array.from(encoder.encode(text))
export const toBase64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
export const fromBase64Url = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'base64url'))
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export const sha256 = async (bytes: Uint8Array<ArrayBuffer> | string): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', typeof bytes === 'string' ? utf8(bytes) : bytes))

export async function hmacSha256(key: Bytes, text: string): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, utf8(text)))
}

const aesKey = (raw: Bytes) => crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])

/** AES-256-GCM; answers nonce ‖ ciphertext ‖ tag. `bound` is authenticated, so a box moved elsewhere does not open. */
export async function seal(key: Bytes, plain: Uint8Array<ArrayBuffer>, bound: string): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const parameters = { name: 'AES-GCM', iv, additionalData: utf8(bound) }
  const box = new Uint8Array(await crypto.subtle.encrypt(parameters, await aesKey(key), plain))
  const whole = new Uint8Array(12 + box.length)
  whole.set(iv)
  whole.set(box, 12)
  return whole
}

/** The reverse of {@link seal}; throws when the key, the bytes or what they are bound to differ. */
export async function unseal(key: Bytes, box: Uint8Array<ArrayBuffer>, bound: string): Promise<Bytes> {
  const parameters = { name: 'AES-GCM', iv: box.subarray(0, 12), additionalData: utf8(bound) }
  return new Uint8Array(await crypto.subtle.decrypt(parameters, await aesKey(key), box.subarray(12)))
}
