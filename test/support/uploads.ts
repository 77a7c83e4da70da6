import { ask, type Ask, type Reply } from './api.ts'
import { app } from './walk.ts'
import type { Who } from './tokens.ts'

export const tus = { 'tus-resumable': '1.0.0' }
const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

/** `Upload-Metadata` of these pairs. */
export const metadata = (pairs: Record<string, string>): string =>
  Object.entries(pairs)
    .map(([key, value]) => `${key} ${base64(value)}`)
    .join(',')

type More = { who?: Who | null; headers?: Record<string, string>; body?: Uint8Array; at?: Ask }

/** Begins an upload of so many bytes. */
export const begun = (
  length: number | string,
  { who = app, headers = {}, body, at = ask }: More = {},
): Promise<Reply> =>
  at(who, '/v1/uploads', {
    method: 'POST',
    headers: {
      ...tus,
      'upload-length': String(length),
      ...(body && { 'content-type': 'application/offset+octet-stream' }),
      ...headers,
    },
    ...(body && { body }),
  })

/** Where an upload lies, from the reply that began it. */
export const pathOf = ({ headers }: Reply): string => headers.get('location') ?? ''

export const sent = (
  path: string,
  offset: number,
  bytes: Uint8Array,
  { who = app, headers = {}, at = ask }: More = {},
) =>
  at(who, path, {
    method: 'PATCH',
    body: bytes,
    headers: { ...tus, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), ...headers },
  })

export const looked = (path: string, method = 'HEAD', { who = app, headers = {}, at = ask }: More = {}) =>
  at(who, path, { method, headers: { ...tus, ...headers } })

/** A PDF of exactly that length, with nothing of use after its first lines. */
export function longPdf(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  bytes.set(new TextEncoder().encode('%PDF-1.7\n'))
  return bytes
}
