import type { Context } from '../../context.ts'
import type { Copy, IssuedFile } from '../../domain/copy.ts'
import { archiveCopy, timestampsEnd } from '../../paper/archive.ts'
import { verifyPdf } from '../../paper/verify.ts'
import { sha256, toHex } from '../../platform/crypto.ts'
import { log } from '../../platform/log.ts'
import { Paused } from '../../platform/paused.ts'
import { localTime } from '../../platform/time.ts'
import type { KeptCopy } from '../../store/copies.ts'
import { answersAboutFile, evidenceIn } from '../signing/responders.ts'
import { withTimestamps } from '../signing/time-stamps.ts'
import { revocationOf } from './issue.ts'

const service = { kind: 'service', id: 'archive-copy' } as const
type ValidCopy = Copy & { status: 'valid' }

const hour = 3_600_000

/** Orders the archive revisions that are due; what was not made within the hour is ordered again. */
export async function orderArchives(context: Context, limit = 50): Promise<void> {
  const now = context.now()
  await context.archives.order(now, new Date(now.getTime() + hour), limit)
}

/** Gives a valid copy its next archive time-stamp, in a file of its own. A second delivery finds another version, and changes nothing. */
export async function archiveDueCopy(context: Context, id: string, version: number): Promise<void> {
  const kept = await context.copies.find(id)
  if (kept?.copy.status !== 'valid' || kept.copy.version !== version) return
  try {
    if (await isDue(context, kept.copy)) await archive(context, kept, kept.copy)
  } catch (error) {
    const reason = error instanceof Paused ? error.reason : 'fault'
    await context.archives.failed(id, reason, context.now())
    log('archive.failed', { id, reason })
    // What only has to come back is ordered again within the hour; anything else is somebody's to look at.
    if (!(error instanceof Paused)) throw error
  }
}

/** A copy that was issued before ends were noted says first when its time-stamps end. */
async function isDue(context: Context, { id, version, file, issuedAt }: ValidCopy): Promise<boolean> {
  if (file.provableUntil !== undefined) return true
  const object = await context.files.getBytes(file.key)
  if (!object) throw new Error(`the file ${file.key} is gone`)
  const end = await timestampsEnd(new Uint8Array(await object.arrayBuffer()))
  const next = await context.archives.plan(id, version, new Date(issuedAt), end)
  return next !== null && next <= context.now()
}

async function archive(context: Context, kept: KeptCopy, { id, version, file: before }: ValidCopy): Promise<void> {
  const key = `copies/${id}/archived-${version + 1}.pdf`
  const file = (await stored(context, key)) ?? (await makeOnce(context, before, key))
  const event = { type: 'copy.archived', ...file } as const
  const done = await context.copies.append(kept, event, context.now(), service, context.archives.doneStatements(id))
  if (done.ok) return
  const now = await context.copies.find(id)
  // Revoked or superseded meanwhile: then nobody will ever read this file.
  if (now && 'file' in now.copy && now.copy.file.key !== key) await context.files.removeBytes(key)
}

async function stored(context: Context, key: string): Promise<IssuedFile | undefined> {
  const object = await context.files.getBytes(key)
  if (!object) return undefined
  const bytes = new Uint8Array(await object.arrayBuffer())
  const end = await timestampsEnd(bytes)
  if (!end) throw new Error(`${key} has no time-stamp`)
  const pages = Number(object.customMetadata?.['pages'])
  return { sha256: toHex(await sha256(bytes)), size: bytes.length, pages, key, provableUntil: localTime(end) }
}

/** Who comes second takes what the first one put there. */
async function makeOnce(context: Context, before: IssuedFile, key: string): Promise<IssuedFile> {
  const object = await context.files.getBytes(before.key)
  if (!object) throw new Error(`the file ${before.key} is gone`)
  const signed = new Uint8Array(await object.arrayBuffer())
  const { bytes } = await withTimestamps(context, async (timestamps) => {
    if (!timestamps) throw new Paused('time-stamps', 'no-time-stamp')
    const revocation = await revocationOf(context, [], [...timestamps.ocsps, ...(await answersAbout(context, signed))])
    return archiveCopy(signed, timestamps.stamp, revocation)
  })
  await mustPass(context, bytes)
  await context.files.putOnce(key, bytes, { mediaType: 'application/pdf', pages: before.pages })
  const file = await stored(context, key)
  if (!file) throw new Error(`the file ${key} was there and is gone`)
  return file
}

const answersAbout = async (context: Context, signed: Uint8Array) =>
  answersAboutFile(context, signed, evidenceIn(await context.signing.trust(), context.now()))

/** The time-stamp is ours to judge, and what it must not have spoilt: the copy's own two signatures. */
async function mustPass(context: Context, bytes: Uint8Array): Promise<void> {
  const { roots } = await context.signing.trust()
  const at = new Date(context.now().getTime() + 60_000)
  const { signatures, wholeDocumentCovered } = await verifyPdf(bytes, { roots, crls: [], at })
  const faults = signatures.slice(-3).flatMap(({ reasons }) => reasons.map(({ code }) => code))
  if (!wholeDocumentCovered || faults.length > 0)
    throw new Paused('copies', `does-not-pass: ${[...new Set(faults)].join(' ')}`)
}
