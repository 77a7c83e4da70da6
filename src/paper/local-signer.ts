import type { Certificate } from './certificate.ts'
import type { Signer } from './cms.ts'
import { own } from './bytes.ts'

/** A certificate with its private key in PKCS #8, all DER. */
export type KeyPair = {
  certificate: Uint8Array
  chain: Uint8Array[]
  privateKeyPkcs8: Uint8Array
  algorithm: 'ec' | 'rsa'
}

const algorithms = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const

/** Signs with a key held in memory: for development and tests; real seals are signed where their keys are kept. */
export function localSigner({ certificate, chain, privateKeyPkcs8, algorithm }: KeyPair): Signer {
  const parameters = algorithms[algorithm]
  let key: Promise<CryptoKey> | undefined
  const imported = () => (key ??= crypto.subtle.importKey('pkcs8', own(privateKeyPkcs8), parameters, false, ['sign']))
  return {
    certificate,
    chain,
    algorithm,
    sign: async (toBeSigned) => new Uint8Array(await crypto.subtle.sign(parameters, await imported(), own(toBeSigned))),
  }
}

/** Whether a private key (PKCS #8) is the other half of a certificate's. */
export async function isPairOf(pkcs8: Uint8Array, { der, publicKey }: Certificate, algorithm: 'ec' | 'rsa') {
  const parameters = algorithms[algorithm]
  try {
    const signer = localSigner({ certificate: der, chain: [], privateKeyPkcs8: pkcs8, algorithm })
    const half = await crypto.subtle.importKey('spki', own(publicKey), parameters, false, ['verify'])
    return await crypto.subtle.verify(parameters, half, own(await signer.sign(der)), own(der))
  } catch {
    // The runtime says in many ways that a key is none.
    return false
  }
}
