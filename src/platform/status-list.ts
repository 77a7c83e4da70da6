import { SignJWT } from 'jose'
import { toBase64Url } from './crypto.ts'
import type { TokenKey } from './jwt.ts'

/** Bits for each status: room for the value that the Token Status List leaves to applications. */
const bits = 2
const inOneByte = 8 / bits

/** Seconds for which a reader may go by a list, and after which it must not believe it any more. */
export const listFreshness = 300
const listLifetime = 86_400

export type StatusAt = { index: number; value: 0 | 1 | 2 | 3 }

/** All statuses, zero where none is named, compressed (zlib, RFC 1950). */
export async function packed(length: number, statuses: readonly StatusAt[]): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.ceil(length / inOneByte))
  for (const { index, value } of statuses) {
    const at = Math.floor(index / inOneByte)
    bytes[at] = (bytes[at] ?? 0) | (value << ((index % inOneByte) * bits))
  }
  return new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))).bytes()
}

/** A Status List Token, signed by the first key: this service's own, which stays when a seal is no more. */
export async function signStatusList(
  keys: readonly TokenKey[],
  { uri, list, at }: { uri: string; list: Uint8Array; at: Date },
): Promise<string> {
  const [key] = keys
  if (!key) throw new Error('no key to sign status lists with')
  const issuedAt = Math.floor(at.getTime() / 1000)
  return new SignJWT({ ttl: listFreshness, status_list: { bits, lst: toBase64Url(list) } })
    .setProtectedHeader({ alg: 'ES256', typ: 'statuslist+jwt', kid: key.kid })
    .setSubject(uri)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + listLifetime)
    .sign(key)
}
