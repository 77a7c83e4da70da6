import { Buffer } from 'node:buffer'
import { createHash, type Hash } from 'node:crypto'
import { detached, signedData, signedDataSize, type Signer, type TimestampClient } from './cms.ts'
import type { Written } from './draft.ts'
import { hex } from './bytes.ts'
import { signatureRevision, type FileEnd, type Revision, type SignatureSlot } from './revision.ts'
import type { Slot } from './stamp.ts'

/** Room for one time-stamp token with its authority's certificates. */
export const tokenSize = 6144

/** One who signs, where, and what the signature dictionary says besides. */
export type Signing = { signer: Signer; slot: Slot; entries: string }

export type SignedFile = {
  bytes: Uint8Array<ArrayBuffer>
  /** Of the whole file, lower-case hex. */
  sha256: string
}

/**
 * Signs a file, one signature after the other, each in an update of its own. All lengths are known before, so the file is put
 * together once, and hashed once: each signature goes on where the hash before it stood. `hashed` has taken in all of the base.
 */
export async function signFile(
  written: Written,
  signings: readonly Signing[],
  timestamp: TimestampClient | undefined,
  hashed: Hash = createHash('sha256').update(written.base),
): Promise<SignedFile> {
  const planned = plan(
    written.end,
    signings.map(({ signer, slot, entries }) => ({
      ...slot,
      entries,
      reserve: signedDataSize(signer, timestamp ? tokenSize : 0),
    })),
  )
  const bytes = assemble(written, planned)
  let at = written.base.length
  for (const [index, { signer }] of signings.entries()) {
    const revision = planned[index]
    if (!revision) throw new Error('a signature was not planned')
    const { gap, next } = revision
    hashed.update(bytes.subarray(at, gap.start))
    const digest = new Uint8Array(hashed.copy().update(bytes.subarray(gap.end, next.length)).digest())
    fill(bytes, gap, await signedData(detached(digest), signer, timestamp))
    at = gap.start
  }
  return { bytes, sha256: hashed.update(bytes.subarray(at)).digest('hex') }
}

/** The updates, each of which begins where the one before ends. */
function plan(end: FileEnd, slots: readonly SignatureSlot[]): Revision[] {
  let last = end
  return slots.map((slot) => {
    const revision = signatureRevision(last, slot)
    last = revision.next
    return revision
  })
}

/** The file with all its gaps, which are still empty. */
export function assemble({ base, parts, end }: Written, revisions: readonly Revision[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(revisions.at(-1)?.next.length ?? end.length)
  const text = Buffer.from(bytes.buffer)
  bytes.set(base)
  let at = base.length
  for (const part of parts) {
    if (typeof part === 'string') text.write(part, at, 'latin1')
    else bytes.set(part, at)
    at += part.length
  }
  for (const { before, gap, after } of revisions) {
    text.write(before, gap.start - before.length, 'latin1')
    text.write(after, gap.end, 'latin1')
  }
  return bytes
}

/** Writes a CMS or a time-stamp token into its gap, as a hex string with zeros behind. */
export function fill(file: Uint8Array<ArrayBuffer>, { start, end }: Revision['gap'], cms: Uint8Array): void {
  const room = end - start - 2
  if (cms.length * 2 > room) throw new Error(`a CMS of ${cms.length} bytes does not fit into ${room / 2}`)
  const text = Buffer.from(file.buffer)
  text.fill(0x30, start + cms.length * 2, end)
  text.write(`<${hex(cms)}`, start, 'latin1')
  file[end - 1] = 0x3e
}
