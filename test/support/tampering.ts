import { concat, hex, latin1, latin1Text } from '../../src/paper/bytes.ts'
import { oid } from '../../src/paper/oids.ts'
import {
  context,
  explicit,
  members,
  objectIdentifier,
  read,
  readAt,
  sequence,
  setOf,
  tlv,
} from '../../src/paper/der.ts'

/** Where the hex of the n-th signature of a file lies, without its angle brackets. */
export function gapOf(bytes: Uint8Array, index: number): { start: number; end: number; coveredTo: number } {
  const ranges = [...latin1Text(bytes).matchAll(/\/ByteRange\[0 (\d+) +(\d+) +(\d+) *\]/g)]
  const [, length, resume, rest] = (ranges[index] ?? []).map(Number)
  if (length === undefined || resume === undefined || rest === undefined) throw new Error('no such signature')
  return { start: length + 1, end: resume - 1, coveredTo: resume + rest }
}

export function cmsOf(bytes: Uint8Array, index: number): Uint8Array {
  const { start, end } = gapOf(bytes, index)
  return readAt(Uint8Array.from(Buffer.from(latin1Text(bytes.subarray(start, end)), 'hex'))).raw
}

/** The file with another CMS in the place of the n-th signature. */
export function withCms(bytes: Uint8Array, index: number, cms: Uint8Array): Uint8Array {
  const { start, end } = gapOf(bytes, index)
  const changed = new Uint8Array(bytes)
  changed.set(latin1(hex(cms).padEnd(end - start, '0')), start)
  return changed
}

/** The bytes that the n-th signature covers. */
export function coveredBy(bytes: Uint8Array, index: number): Uint8Array {
  const { start, end, coveredTo } = gapOf(bytes, index)
  return concat(bytes.subarray(0, start - 1), bytes.subarray(end + 1, coveredTo))
}

export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = new Uint8Array(bytes)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}

/** A SignedData put together again from its own parts, with some of them exchanged. */
export function rebuilt(cms: Uint8Array, changes: { certificates?: Uint8Array[]; timestamp?: Uint8Array }): Uint8Array {
  const outer = members(read(cms))
  const type = outer.take().raw
  const signed = members(read(outer.take().body))
  const [version, digests, content, certificates, signers] = [1, 2, 3, 4, 5].map(() => signed.take())
  if (!version || !digests || !content || !certificates || !signers) throw new Error('not our SignedData')
  const parts = members(read(signers.body))
  const signer = [1, 2, 3, 4, 5, 6].map(() => parts.take().raw)
  const unsigned = changes.timestamp
    ? [explicit(1, sequence(objectIdentifier(oid.signatureTimestamp), setOf(changes.timestamp)))]
    : parts.rest().map(({ raw }) => raw)
  return sequence(
    type,
    explicit(
      0,
      sequence(
        version.raw,
        digests.raw,
        content.raw,
        changes.certificates ? tlv(context(0), ...changes.certificates) : certificates.raw,
        setOf(sequence(...signer, ...unsigned)),
      ),
    ),
  )
}
