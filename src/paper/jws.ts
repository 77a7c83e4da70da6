import { Buffer } from 'node:buffer'
import { toBase64Url, utf8 } from '../platform/crypto.ts'
import { curveOf } from './algorithms.ts'
import { readCertificate } from './certificate.ts'
import type { Signer } from './cms.ts'

/** Whether JOSE knows what this signer makes as ES256: a key on P-256. */
export const signsEs256 = ({ certificate }: Pick<Signer, 'certificate'>): boolean =>
  curveOf(readCertificate(certificate).publicKey)?.name === 'P-256'

const part = (value: unknown) => toBase64Url(utf8(JSON.stringify(value)))

/** A compact JWS by ES256 (RFC 7515), with the signer's certificate and those above it, without the root, in `x5c`. */
export async function es256Jws(type: string, payload: Record<string, unknown>, signer: Signer): Promise<string> {
  const x5c = [signer.certificate, ...signer.chain].map((der) => Buffer.from(der).toString('base64'))
  const signed = `${part({ alg: 'ES256', typ: type, x5c })}.${part(payload)}`
  return `${signed}.${toBase64Url(await signer.sign(utf8(signed)))}`
}
