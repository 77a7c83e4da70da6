import { env } from 'cloudflare:workers'
import { Buffer } from 'node:buffer'
import { localSigner } from '../../src/paper/local-signer.ts'
import { ask } from './api.ts'

type Given = { certificate: string; chain: string[]; privateKey: string; serialNumber: string }

const { TEST_SIGNERS, TEST_SIGNING_URL } = env as unknown as { TEST_SIGNERS: string; TEST_SIGNING_URL: string }

const given = JSON.parse(TEST_SIGNERS) as Record<string, Given>

/** A certificate for a seal of the tests, of the kind that its name tells, as an import wants it. */
export function importOf(name: string, key: 'sealed' | 'service' = 'sealed', owner = 'unit:00082-2025') {
  const leaf = given[name]
  if (!leaf) throw new Error(`no certificate ${name}`)
  const { certificate, chain, privateKey } = leaf
  return {
    owner,
    certificate,
    chain,
    key: key === 'sealed' ? { privateKey } : { service: 'simulator', credential: name },
  }
}

/** The same certificate in the hands of somebody who signs with it by their own software. */
export function keyOf(name: string) {
  const { certificate, chain, key } = importOf(name)
  const der = (pem: string) => Uint8Array.from(Buffer.from(pem.replaceAll(/-----[^-]*-----|\s/g, ''), 'base64'))
  if (!('privateKey' in key)) throw new Error('the key is elsewhere')
  const pair = { certificate: der(certificate), chain: chain.map(der), privateKeyPkcs8: der(key.privateKey) }
  return { signer: localSigner({ ...pair, algorithm: 'ec' }), chain: pair.chain }
}

export const imported = (name: string, key: 'sealed' | 'service' = 'sealed') =>
  ask('operator', '/v1/signing-credentials', { body: importOf(name, key) })

export const activated = (id: string) => ask('operator', `/v1/signing-credentials/${id}/activation`, { method: 'POST' })

/** Tells the signing service what to do with the next signatures; answers how many it has made. */
export async function mishaps(...next: string[]): Promise<number> {
  const response = await fetch(`${TEST_SIGNING_URL}/mishaps`, { method: 'POST', body: JSON.stringify(next) })
  return (await response.json<{ made: number }>()).made
}
