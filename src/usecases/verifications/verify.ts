import type { Context } from '../../context.ts'
import { requiredSigners } from '../../domain/copy.ts'
import type { SignerOwner } from '../../domain/signing.ts'
import type { Unit } from '../../domain/unit.ts'
import { fromBase64 } from '../../paper/bytes.ts'
import { verifyPdf, type SignatureVerdict, type Verdict } from '../../paper/verify.ts'
import { sha256, toHex } from '../../platform/crypto.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { KeptCopy } from '../../store/copies.ts'
import { concluded } from './conclude.ts'

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

/** A signature and for whom this service ever activated its certificate. */
export type KnownSignature = SignatureVerdict & { owners: SignerOwner[] }

/** `signed` is null where only a digest was sent. */
export type RequiredSignature = ReturnType<typeof requiredSigners>[number] & { signed: boolean | null }

export type Judgement = {
  sha256: string
  /** Null where only a digest was sent. */
  verdict: (Omit<Verdict, 'signatures'> & { signatures: KnownSignature[] }) | null
  registered: PublicCopy | undefined
  required: RequiredSignature[]
}

/**
 * Judges a PDF: every signature in it, and whether the register knows these very bytes, or those that were signed where others only
 * added to their proof. It never trusts what the file says of itself.
 */
export async function judgeFile(context: Context, bytes: Uint8Array<ArrayBuffer>) {
  const [trust, digest] = [await context.signing.trust(), toHex(await sha256(bytes))]
  const verdict = await verifyPdf(bytes, { roots: trust.roots, crls: trust.crls, at: context.now() })
  const [registered, signatures] = await Promise.all([
    registeredFile(context, bytes, digest, verdict),
    withOwners(context, verdict.signatures),
  ])
  const isSignedBy = (owner: SignerOwner) =>
    signatures.some((one) => one.owners.includes(owner) && one.indication === 'TOTAL-PASSED')
  const required = requiredOf(registered).map((one) => ({ ...one, signed: isSignedBy(one.owner) }))
  return concluded({ sha256: digest, verdict: { ...verdict, signatures }, registered, required })
}

/** Looks a digest up without the file: the register either knows it or says nothing. */
export async function judgeDigest(context: Context, digest: string) {
  const registered = await publicCopyOf(context, await context.copies.bySha256(digest))
  const required = requiredOf(registered).map((one) => ({ ...one, signed: null }))
  return concluded({ sha256: digest, verdict: null, registered, required })
}

const requiredOf = (registered: PublicCopy | undefined) =>
  registered ? requiredSigners(registered.kept.copy, registered.unit) : []

/** Whoever keeps a copy for long may have it time-stamped again by anybody: then the register knows what was signed, not all of the file. */
async function registeredFile(
  context: Context,
  bytes: Uint8Array<ArrayBuffer>,
  digest: string,
  { indication, signedTo }: Verdict,
): Promise<PublicCopy | undefined> {
  const whole = await context.copies.bySha256(digest)
  const isAddedTo = indication !== 'TOTAL-FAILED' && signedTo < bytes.length
  if (whole || !isAddedTo) return publicCopyOf(context, whole)
  return publicCopyOf(context, await context.copies.bySha256(toHex(await sha256(bytes.subarray(0, signedTo)))))
}

async function withOwners({ signing }: Context, signatures: SignatureVerdict[]): Promise<KnownSignature[]> {
  const certificates = [...new Set(signatures.flatMap(({ certificate }) => certificate ?? []))]
  const owners = await signing.ownersOf(certificates.map(fromBase64))
  const known = new Map(certificates.map((certificate, index) => [certificate, owners[index] ?? []]))
  return signatures.map((one) => ({ ...one, owners: known.get(one.certificate ?? '') ?? [] }))
}
