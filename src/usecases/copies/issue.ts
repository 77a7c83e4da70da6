import type { Context } from '../../context.ts'
import { officeName } from '../../domain/unit.ts'
import { fileKey, mediaTypes } from '../../domain/file.ts'
import type { Result } from '../../platform/result.ts'
import { issueCopy, type CopyRefusal, type Signer } from '../../paper/issue.ts'
import type { KeptCopy } from '../../store/copies.ts'
import { timestampClient } from '../../paper/timestamp.ts'
import { postBytes } from '../../platform/post.ts'

const service = { kind: 'service', id: 'issue-copy' } as const

export type IssueOutcome = 'issued' | 'failed' | 'already-done'

/**
 * Makes the signed file of a copy that was requested, and keeps it. A second delivery finds it done. What can never succeed
 * (a damaged original) voids the copy with its reason; what may succeed later throws, and the queue tries again.
 */
export async function issueRequestedCopy(context: Context, id: string): Promise<IssueOutcome> {
  const kept = await context.copies.find(id)
  if (!kept) throw new Error(`there is no copy ${id}`)
  if (kept.copy.status !== 'issuing') return 'already-done'
  const made = await make(context, kept)
  const at = context.now()
  if (!made.ok) {
    const failed = await context.copies.append(kept, { type: 'copy.failed', reason: made.refusal }, at, service)
    return failed.ok ? 'failed' : 'already-done'
  }
  const { bytes, sha256, pages } = made.value
  // A key of its own for each attempt: whoever comes second removes what it wrote itself, and nothing else.
  const key = `copies/${id}/${context.newId()}.pdf`
  await context.files.putBytes(key, bytes, { mediaType: 'application/pdf' })
  const issued = await context.copies.append(
    kept,
    { type: 'copy.issued', sha256, size: bytes.length, pages, key },
    at,
    service,
  )
  if (issued.ok) return 'issued'
  await context.files.removeBytes(key)
  return 'already-done'
}

async function make(
  context: Context,
  kept: KeptCopy,
): Promise<Result<{ bytes: Uint8Array; sha256: string; pages: number }, CopyRefusal>> {
  const { copy, number } = kept
  const [original, file, unit] = await Promise.all([
    context.files.getBytes(fileKey(copy.original)),
    context.files.find(copy.original),
    context.units.find(copy.unit),
  ])
  if (!original || !file || !unit) throw new Error(`the original or the unit of ${copy.id} is gone`)
  const at = new Date(copy.certifiedAt)
  const signers = await signersOf(context, kept, at)
  const [, year = '', serial = ''] = number.split('.')
  const mediaType = mediaTypes.find((known) => known === file.mediaType)
  if (!mediaType) throw new Error(`${file.id} is of the unknown type ${file.mediaType}`)
  const office = officeName(unit)
  const order = {
    number: serial,
    register: `01/${year}-SCTĐT/BS`,
    certifiedAt: at,
    place: office,
    unitName: office,
    certifier: { name: copy.certifier.name, title: null },
    subject: copy.title,
    checkUrl: `${context.config.publicOrigin}/v1/verifications/${number}`,
  }
  const url = context.config.timestampUrl
  const timestamp = url ? timestampClient((query) => postBytes(url, query, 'application/timestamp-query')) : undefined
  const revocation = await revocationOf(context, [signers.certifier, signers.seal])
  const options = timestamp ? { timestamp, revocation } : { revocation }
  return issueCopy(new Uint8Array(await original.arrayBuffer()), order, signers, options)
}

/** What a checker without a network needs: every certificate of the chains and the lists that say none is revoked. */
export async function revocationOf(context: Context, signers: Signer[]) {
  const { roots, intermediates, crls } = await context.signing.trust()
  return { certificates: [...roots, ...intermediates, ...signers.map(({ certificate }) => certificate)], crls }
}

async function signersOf(context: Context, { copy }: KeptCopy, at: Date) {
  const [certifier, seal] = await Promise.all([
    context.signing.signerFor(`officer:${copy.certifier.id}`, at),
    context.signing.signerFor(`unit:${copy.unit}`, at),
  ])
  if (!certifier || !seal) throw new Error(`no signing certificate for ${copy.certifier.id} or ${copy.unit}`)
  return { certifier, seal }
}
