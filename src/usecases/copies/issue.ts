import type { Context } from '../../context.ts'
import { bookName, isOwed } from '../../domain/copy.ts'
import { officeName } from '../../domain/unit.ts'
import { fileKey, mediaTypes } from '../../domain/file.ts'
import { isQuarantined } from '../../domain/scan.ts'
import { sha256, toHex } from '../../platform/crypto.ts'
import { log } from '../../platform/log.ts'
import { Paused } from '../../platform/paused.ts'
import { ok, refuse, type Refused, type Result } from '../../platform/result.ts'
import { timestampsEnd } from '../../paper/archive.ts'
import { sandboxMark } from '../../platform/sandbox.ts'
import { localTime } from '../../platform/time.ts'
import { issueCopy, type CopyRefusal, type IssuedCopy, type Signer } from '../../paper/issue.ts'
import { verifyPdf } from '../../paper/verify.ts'
import type { KeptCopy } from '../../store/copies.ts'
import { signedBy } from '../signing/signers.ts'
import { type Timestamps, withTimestamps } from '../signing/time-stamps.ts'
import { signedKey } from './signed-key.ts'
import { waitForFee, waitForSigning } from './wait.ts'

const service = { kind: 'service', id: 'issue-copy' } as const

export type IssueOutcome = 'issued' | 'failed' | 'already-done' | 'waiting'

/** What passes by itself is tried again by the queue, within seconds; only then does the copy wait. */
const quickTries = 3

/**
 * Makes the signed file of a copy that was requested, and keeps it. A second delivery finds it done, and one that follows a
 * sudden end goes on with the file that is there. What can never succeed (a damaged original) voids the copy with its reason.
 */
export async function issueRequestedCopy(context: Context, id: string, attempt = 1): Promise<IssueOutcome> {
  const kept = await context.copies.find(id)
  if (!kept) throw new Error(`there is no copy ${id}`)
  if (kept.copy.status !== 'issuing') return alreadyDone(context, id)
  if (isOwed(kept.copy)) return waitForFee(context, kept.copy)
  try {
    return await issue(context, kept)
  } catch (error) {
    if (!(error instanceof Paused) || (error.passes && attempt <= quickTries)) throw error
    await waitForSigning(context, id, error)
    return 'waiting'
  }
}

/** Whoever noted at the same time that it waits would have it ordered for ever. */
async function alreadyDone(context: Context, id: string): Promise<IssueOutcome> {
  if ((await context.waiting.triesOf(id)) > 0) await context.copies.write(context.waiting.doneStatements(id))
  return 'already-done'
}

async function issue(context: Context, kept: KeptCopy): Promise<IssueOutcome> {
  const { id } = kept.copy
  const made = (await stored(context, id)) ?? (await makeOnce(context, kept))
  const at = context.now()
  const event = made.ok
    ? ({ type: 'copy.issued', ...made.value, key: signedKey(id) } as const)
    : ({ type: 'copy.failed', reason: made.refusal } as const)
  const done = await context.copies.append(kept, event, at, service, context.waiting.doneStatements(id))
  if (!done.ok) return afterOthers(context, id)
  if (!made.ok) log('copy.failed', { id, reason: made.refusal })
  return made.ok ? 'issued' : 'failed'
}

/** Somebody was first: with the same file, or by giving the copy up, and then nothing of it stays. */
async function afterOthers(context: Context, id: string): Promise<IssueOutcome> {
  const now = await context.copies.find(id)
  if (now?.copy.status === 'failed') await context.files.removeBytes(signedKey(id))
  return 'already-done'
}

type SignedFile = { sha256: string; size: number; pages: number; provableUntil?: string }

/** Makes the file and puts it where only one can lie: who comes second takes what the first one put there. */
async function makeOnce(context: Context, kept: KeptCopy): Promise<Result<SignedFile, NotMade>> {
  const made = await make(context, kept)
  if (!made.ok) return made
  const { bytes, sha256: digest, pages } = made.value
  const { id } = kept.copy
  if (await context.files.putOnce(signedKey(id), bytes, { mediaType: 'application/pdf', pages }))
    return ok({ sha256: digest, size: bytes.length, pages, ...(await endOf(bytes)) })
  const first = await stored(context, id)
  if (!first) throw new Error(`the file of ${id} was there and is gone`)
  return first
}

async function stored(context: Context, id: string): Promise<Result<SignedFile, never> | undefined> {
  const object = await context.files.getBytes(signedKey(id))
  if (!object) return undefined
  const bytes = new Uint8Array(await object.arrayBuffer())
  const pages = Number(object.customMetadata?.['pages'])
  return ok({ sha256: toHex(await sha256(bytes)), size: bytes.length, pages, ...(await endOf(bytes)) })
}

async function endOf(bytes: Uint8Array): Promise<{ provableUntil?: string }> {
  const end = await timestampsEnd(bytes)
  return end ? { provableUntil: localTime(end) } : {}
}

/** `original-infected`: the verdict came between the order and now, and nobody certifies what nobody may open. */
type NotMade = CopyRefusal | 'original-infected'

async function make(context: Context, kept: KeptCopy): Promise<Result<IssuedCopy, NotMade>> {
  const made = await withTimestamps(context, (timestamps) => sign(context, kept, timestamps))
  if (made.ok) await mustPass(context, made.value.bytes)
  return made
}

async function sign(
  context: Context,
  { copy, number }: KeptCopy,
  timestamps: Timestamps | undefined,
): Promise<Result<IssuedCopy, NotMade>> {
  const [original, file, unit] = await Promise.all([
    context.files.getBytes(fileKey(copy.original)),
    context.files.find(copy.original),
    context.units.find(copy.unit),
  ])
  if (!original || !file || !unit) throw new Error(`the original or the unit of ${copy.id} is gone`)
  if (isQuarantined(file)) return cancelled(original)
  const [, year = '', serial = ''] = number.split('.')
  const mediaType = mediaTypes.find((known) => known === file.mediaType)
  if (!mediaType) throw new Error(`${file.id} is of the unknown type ${file.mediaType}`)
  const office = officeName(unit)
  const order = {
    number: serial,
    register: bookName(year),
    certifiedAt: new Date(copy.certifiedAt),
    place: office,
    unitName: office,
    certifier: { name: copy.certifier.name, title: copy.certifier.title ?? null },
    subject: copy.title,
    checkUrl: `${context.config.publicOrigin}/v1/verifications/${number}`,
    ...(context.box && { mark: sandboxMark }),
  }
  const bytes = new Uint8Array(await original.arrayBuffer())
  const owners = [`officer:${copy.certifier.id}`, `unit:${copy.unit}`] as const
  return signedBy(context, owners, async (certifier, seal) => {
    if (!certifier || !seal) throw new Error('two sign a copy')
    const revocation = await revocationOf(context, [certifier, seal], timestamps?.ocsps)
    const options = timestamps ? { timestamp: timestamps.stamp, revocation } : { revocation }
    return issueCopy(bytes, order, { certifier, seal }, options)
  })
}

async function cancelled(original: R2ObjectBody): Promise<Refused<'original-infected'>> {
  await original.body.cancel()
  return refuse('original-infected')
}

/** Gives out no copy that a stranger could not check without a network: our own judge gets the roots, and the file. */
async function mustPass(context: Context, bytes: Uint8Array): Promise<void> {
  const { roots } = await context.signing.trust()
  const soon = new Date(context.now().getTime() + 60_000)
  const { signatures, wholeDocumentCovered } = await verifyPdf(bytes, { roots, crls: [], at: soon })
  // The last two are ours; what was signed before us is not ours to judge.
  const faults = signatures.slice(-2).flatMap(({ reasons }) => reasons.map(({ code }) => code))
  if (signatures.length < 2 || !wholeDocumentCovered || faults.length > 0)
    throw new Paused('copies', `does-not-pass: ${[...new Set(faults)].join(' ')}`)
}

/** What a checker without a network needs: every certificate of the chains and the lists and responses that say none is revoked. */
export async function revocationOf(context: Context, signers: Signer[], ofStamps: Uint8Array[] = []) {
  const { roots, intermediates, crls } = await context.signing.trust()
  const chains = signers.flatMap(({ certificate, chain }) => [certificate, ...chain])
  const ocsps = once([...signers.flatMap((signer) => signer.ocsps ?? []), ...ofStamps])
  return { certificates: once([...roots, ...intermediates, ...chains]), crls, ocsps }
}

const once = (all: Uint8Array[]) => [...new Map(all.map((der) => [toHex(der), der])).values()]
