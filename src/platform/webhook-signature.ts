import { Buffer } from 'node:buffer'
import { type Bytes, hmacSha256, utf8 } from './crypto.ts'
import type { SignedHeaders } from './signed-message.ts'

/** A shared secret (`v1`) and a private key in PKCS#8 (`v1a`): two ways to prove the same message. */
export type SigningKeys = { secret: Bytes; privateKey: Bytes }

/** As Standard Webhooks 1.0 writes them down. */
export const secretText = (secret: Uint8Array): string => `whsec_${Buffer.from(secret).toString('base64')}`
const publicKeyText = (key: Uint8Array): string => `whpk_${Buffer.from(key).toString('base64')}`

/** Fresh keys, and the public half as receivers get it. Neither key follows from the other: who checks by one cannot forge. */
export async function newSigningKeys(): Promise<SigningKeys & { publicKey: string }> {
  // The types of the runtime know the name of the algorithm only as a string, so they promise less than a pair.
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('Ed25519 keys come in pairs')
  const [pkcs8, raw] = await Promise.all([
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
    crypto.subtle.exportKey('raw', pair.publicKey),
  ])
  if (!(pkcs8 instanceof ArrayBuffer) || !(raw instanceof ArrayBuffer)) throw new Error('these formats are bytes')
  return {
    secret: crypto.getRandomValues(new Uint8Array(32)),
    privateKey: new Uint8Array(pkcs8),
    publicKey: publicKeyText(new Uint8Array(raw)),
  }
}

/** Signs a message with all live keys, so that receivers change over whenever they like (Standard Webhooks 1.0). */
export async function signedBy(
  keys: readonly SigningKeys[],
  id: string,
  at: Date,
  body: string,
): Promise<SignedHeaders> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const message = `${id}.${timestamp}.${body}`
  const signatures = await Promise.all(
    keys.flatMap(({ secret, privateKey }) => [hmac(secret, message), ed25519(privateKey, message)]),
  )
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

const hmac = async (secret: Bytes, message: string) =>
  `v1,${Buffer.from(await hmacSha256(secret, message)).toString('base64')}`

async function ed25519(privateKey: Bytes, message: string) {
  const key = await crypto.subtle.importKey('pkcs8', privateKey, 'Ed25519', false, ['sign'])
  const signature = await crypto.subtle.sign('Ed25519', key, utf8(message))
  return `v1a,${Buffer.from(signature).toString('base64')}`
}
