import { Buffer } from 'node:buffer'
import { type MediaType, mediaTypes } from '../../domain/file.ts'
import { toHex } from '../../platform/crypto.ts'
import type { Text } from '../../platform/result.ts'
import { bytesIn } from '../../platform/structured-fields.ts'
import type { Checksum } from '../../usecases/uploads/append.ts'
import { Refused } from '../problem.ts'

const unreadable = (detail: Text) => new Refused('unreadable-request', { detail })

const base64 = /^[A-Za-z0-9+/]*={0,2}$/

/** `Upload-Metadata`: keys and values in base64, in pairs with a comma between them. */
function metadataIn(header: string): Map<string, string> {
  const pairs = header.split(',').map((pair) => pair.trim().split(' '))
  const read = pairs.map(([key = '', value = '', ...more]): [string, string] => {
    if (key === '' || more.length > 0 || !base64.test(value))
      throw unreadable({ vi: 'Upload-Metadata không đúng dạng.', en: 'Upload-Metadata is malformed.' })
    return [key, Buffer.from(value, 'base64').toString('utf8')]
  })
  const metadata = new Map(read)
  if (metadata.size < read.length)
    throw unreadable({ vi: 'Upload-Metadata nêu một khóa hai lần.', en: 'Upload-Metadata names a key twice.' })
  return metadata
}

/** What the sender says of the whole file: its type (`filetype`) and SHA-256 in hex, by `Repr-Digest` (RFC 9530) or by `sha256` in the metadata. */
export function saidOf(
  metadata: string | undefined,
  digest: string | undefined,
): { mediaType: MediaType | null; sha256: string | null } {
  const said = metadata ? metadataIn(metadata) : new Map<string, string>()
  const type = (said.get('filetype') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const mediaType = mediaTypes.find((known) => known === type) ?? null
  if (type !== '' && !mediaType) throw new Refused('wrong-media-type')
  const inMetadata = said.get('sha256')?.toLowerCase()
  const bytes = digest === undefined ? undefined : bytesIn(digest, 'sha-256')
  if ((digest !== undefined && !bytes) || (inMetadata !== undefined && !/^[0-9a-f]{64}$/.test(inMetadata)))
    throw unreadable({ vi: 'Giá trị băm cần là sha-256.', en: 'The digest needs to be a sha-256 value.' })
  const inHeader = bytes && toHex(bytes)
  if (inHeader && inMetadata && inHeader !== inMetadata)
    throw unreadable({ vi: 'Hai giá trị băm khác nhau.', en: 'The two digests differ.' })
  return { mediaType, sha256: inHeader ?? inMetadata ?? null }
}

const algorithms: Record<string, Checksum['algorithm']> = { sha1: 'SHA-1', sha256: 'SHA-256' }

/** `Upload-Checksum`: an algorithm and what it makes of the bytes of this request, in base64. */
export function checksumIn(header: string | undefined): Checksum | undefined {
  if (header === undefined) return undefined
  const [name = '', value = '', ...more] = header.split(' ')
  const algorithm = algorithms[name]
  if (!algorithm || value === '' || more.length > 0 || !base64.test(value))
    throw unreadable({ vi: 'Upload-Checksum cần có sha256 hoặc sha1.', en: 'Upload-Checksum needs sha256 or sha1.' })
  return { algorithm, value: Buffer.from(value, 'base64') }
}
