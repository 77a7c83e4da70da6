import { Buffer } from 'node:buffer'
import { createHash, type Hash } from 'node:crypto'
import { ok, refuse, type Result } from '../platform/result.ts'
import { concat, hex } from './bytes.ts'
import { detached, signedData, signedDataSize, type Signer, type TimestampClient } from './cms.ts'
import { pdfDate } from './dates.ts'
import { UnprintableText } from './lettering.ts'
import type { CopyOrder, CopyRefusal } from './order.ts'
import { openOriginal, type Original } from './original.ts'
import { contents, signatureRevision } from './revision.ts'
import { stamp, type Revocation, type Stamped } from './stamp.ts'

export type { Signer, TimestampClient } from './cms.ts'
export type { CopyOrder, CopyRefusal } from './order.ts'
export type { Revocation } from './stamp.ts'

export type IssuedCopy = {
  bytes: Uint8Array
  /** Of the whole issued file, lower-case hex. */
  sha256: string
  /** Pages of the original; the certification page comes on top. */
  pages: number
}

/** The officer who certifies signs first, then the unit's seal (Decree 45/2020/ND-CP, art. 10). */
export type CopySigners = { certifier: Signer; seal: Signer }

export type IssueOptions = {
  /** Given, the copy is PAdES B-T; with `revocation` as well, it carries what B-LT needs. */
  timestamp?: TimestampClient
  revocation?: Revocation
}

/** Room for one time-stamp token with its authority's certificates. */
export const tokenSize = 6144

/**
 * Makes a certified copy: the original's bytes as an exact prefix (images become a page first), the certification
 * page, and two PAdES signatures (ETSI EN 319 142-1). Faults of signers and of the time-stamp authority are thrown.
 */
export async function issueCopy(
  original: Uint8Array,
  order: CopyOrder,
  signers: CopySigners,
  options: IssueOptions = {},
): Promise<Result<IssuedCopy, CopyRefusal>> {
  const opened = await openOriginal(original)
  if (!opened.ok) return opened
  const hashed = createHash('sha256').update(original)
  const stamped = await stampOrRefuse(opened.value, hashed.copy().digest('hex'), order, options.revocation)
  if (!stamped.ok) return stamped
  const { bytes, digest } = await sign(
    stamped.value,
    startOf(stamped.value, original, hashed),
    order,
    signers,
    options.timestamp,
  )
  return ok({ bytes, sha256: digest, pages: opened.value.pages })
}

async function stampOrRefuse(
  opened: Original,
  originalSha256: string,
  order: CopyOrder,
  revocation: Revocation | undefined,
): Promise<Result<Stamped, 'unprintable-text'>> {
  try {
    return ok(await stamp(opened, order, originalSha256, revocation))
  } catch (error) {
    if (!(error instanceof UnprintableText)) throw error
    const letter = error.letter
    return refuse('unprintable-text', {
      detail: {
        vi: `Không có chữ “${letter}” trong phông chữ của bản sao.`,
        en: `The typeface of copies has no “${letter}”.`,
      },
    })
  }
}

/** The hash of what is stamped, from where that of the original stands if its bytes are the beginning, as a PDF's are. */
function startOf({ bytes }: Stamped, original: Uint8Array, hashed: Hash): Hash {
  const begins = bytes.length > original.length && Buffer.compare(bytes.subarray(0, original.length), original) === 0
  return begins ? hashed.update(bytes.subarray(original.length)) : createHash('sha256').update(bytes)
}

/** Appends both signatures. The file is hashed once: each goes on where the hash before it stood. */
async function sign(
  stamped: Stamped,
  soFar: Hash,
  order: CopyOrder,
  signers: CopySigners,
  timestamp: TimestampClient | undefined,
) {
  const parts: Uint8Array[] = [stamped.bytes]
  let end = stamped.end
  const roles = [
    { signer: signers.certifier, name: order.certifier.name, certifying: !stamped.signedBefore },
    { signer: signers.seal, name: order.unitName, certifying: false },
  ]
  for (const [index, { signer, name, certifying }] of roles.entries()) {
    const slot = stamped.slots[index]
    if (!slot) throw new Error('a signer has no field')
    const reserve = signedDataSize(signer, timestamp ? tokenSize : 0)
    const entries = signatureEntries(name, order.certifiedAt, certifying)
    const { before, after, next } = signatureRevision(end, { ...slot, entries, reserve })
    soFar.update(before)
    const digest = new Uint8Array(soFar.copy().update(after).digest())
    const filled = contents(await signedData(detached(digest), signer, timestamp), reserve)
    soFar.update(filled).update(after)
    parts.push(before, filled, after)
    end = next
  }
  return { bytes: concat(...parts), digest: soFar.digest('hex') }
}

/** Certifying (ISO 32000-1, 12.8.2.2): after this signature only further signatures may be added (P 2). */
const certifyingReference =
  '/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>>>]'

function signatureEntries(name: string, at: Date, certifying: boolean): string {
  const reason = 'Chứng thực bản sao đúng với bản chính'
  return `${certifying ? certifyingReference : ''}/M(${pdfDate(at)})/Name${textString(name)}/Reason${textString(reason)}`
}

/** A text string in UTF-16BE with its byte order mark, written as hex (ISO 32000-1, 7.9.2.2). */
export function textString(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
  return `<${hex(Uint8Array.from([0xfeff, ...units].flatMap((unit) => [unit >> 8, unit & 0xff])))}>`
}
