import type { Context } from '../../context.ts'
import { verifyPdf, type Verdict } from '../../paper/verify.ts'
import { sha256, toHex } from '../../platform/crypto.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { KeptCopy } from '../../store/copies.ts'
import type { Unit } from '../../domain/unit.ts'

export type PublicCopy = { kept: KeptCopy; unit: Unit }

/** A copy with its unit, as everybody may see it. */
export async function publicCopyOf(context: Context, kept: KeptCopy | undefined): Promise<PublicCopy | undefined> {
  if (!kept) return undefined
  const unit = await context.units.find(kept.copy.unit)
  if (!unit) throw new Error(`unit ${kept.copy.unit} is gone`)
  return { kept, unit }
}

/** What the register says of one number: what the QR code opens. */
export async function readVerification(
  context: Context,
  number: string,
): Promise<Result<PublicCopy, 'no-such-number'>> {
  const found = await publicCopyOf(context, await context.copies.byNumber(number))
  return found ? ok(found) : refuse('no-such-number')
}

export type Judgement = { sha256: string; verdict: Verdict | null; registered: PublicCopy | undefined }

/** Judges a PDF: every signature in it, and whether the register knows these very bytes. It never trusts what the file says of itself. */
export async function judgeFile(context: Context, bytes: Uint8Array<ArrayBuffer>): Promise<Judgement> {
  const digest = toHex(await sha256(bytes))
  const [trust, kept] = await Promise.all([context.signing.trust(), context.copies.bySha256(digest)])
  const verdict = await verifyPdf(bytes, { roots: trust.roots, crls: trust.crls, at: context.now() })
  return { sha256: digest, verdict, registered: await publicCopyOf(context, kept) }
}

/** Looks a digest up without the file: the register either knows it or says nothing. */
export async function judgeDigest(context: Context, digest: string): Promise<Judgement> {
  return {
    sha256: digest,
    verdict: null,
    registered: await publicCopyOf(context, await context.copies.bySha256(digest)),
  }
}
