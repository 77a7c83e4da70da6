import { createHash } from 'node:crypto'
import { ok, refuse, type Result } from '../platform/result.ts'
import type { Signer, TimestampClient } from './cms.ts'
import { pdfDate } from './dates.ts'
import type { QrCode } from './drawing.ts'
import { UnprintableText } from './lettering.ts'
import type { CopyOrder, CopyRefusal } from './order.ts'
import { openOriginal, type Original } from './original.ts'
import { qrCodeOf } from './qr-code.ts'
import { signFile } from './signing.ts'
import { stamp, type Revocation, type Slot } from './stamp.ts'
import { textString } from './written.ts'

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
  const { draft, pages, drawn } = opened.value
  const hashed = createHash('sha256').update(original)
  const code = await qrCodeOf(order.checkUrl)
  const stamped = stampOrRefuse(opened.value, hashed.copy().digest('hex'), order, code, options.revocation)
  if (!stamped.ok) return stamped
  const [first, second] = stamped.value
  if (!first || !second) throw new Error('a signer has no field')
  const signings = [
    {
      signer: signers.certifier,
      slot: first,
      entries: signatureEntries(order.certifier.name, order.certifiedAt, !draft.isSigned),
    },
    { signer: signers.seal, slot: second, entries: signatureEntries(order.unitName, order.certifiedAt, false) },
  ]
  const made = await signFile(draft.close(), signings, options.timestamp, drawn ? undefined : hashed)
  return ok({ ...made, pages })
}

function stampOrRefuse(
  opened: Original,
  originalSha256: string,
  order: CopyOrder,
  code: QrCode,
  revocation: Revocation | undefined,
): Result<Slot[], 'unprintable-text'> {
  try {
    return ok(stamp(opened, order, originalSha256, code, revocation))
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

/** Certifying (ISO 32000-1, 12.8.2.2): after this signature only further signatures may be added (P 2). */
const certifyingReference =
  '/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>>>]'

function signatureEntries(name: string, at: Date, certifying: boolean): string {
  const reason = 'Chứng thực bản sao đúng với bản chính'
  return `${certifying ? certifyingReference : ''}/M(${pdfDate(at)})/Name${textString(name)}/Reason${textString(reason)}`
}
