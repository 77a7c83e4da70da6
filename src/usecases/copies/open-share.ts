import type { Context } from '../../context.ts'
import { disclosedFacts, mayOpen, type Opener, type ShareClosed } from '../../domain/lending.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { hashOfSecret } from '../../platform/secrets.ts'
import { inJournal } from '../access.ts'
import { type PublicCopy, publicCopyOf } from '../verifications/verify.ts'
import { type SealRefusal, signAttestation } from './attest.ts'
import { bytesOf, type CopyDownload, recordOpening } from './download.ts'
import type { ToldShare } from './share.ts'
import { wordsIn } from './shares.ts'

type Refusal = ShareClosed | 'no-such-share'

/** What the holder of a link is lent, and until when. To look at this counts as no opening. */
export async function readSharedCopy(
  context: Context,
  token: string,
): Promise<Result<PublicCopy & { share: ToldShare }, Refusal>> {
  const kept = await context.lending.byToken(await hashOfSecret(token))
  if (!kept) return refuse('no-such-share')
  const open = mayOpen(kept.share, kept.openings, context.now().getTime())
  if (!open.ok) return open
  const [copy, parts] = await Promise.all([
    publicCopyOf(context, await context.copies.find(kept.share.copy)),
    context.vault.submissions([kept.share.id]),
  ])
  if (!copy) throw new Error(`copy ${kept.share.copy} is gone`)
  return ok({ ...copy, share: { ...kept, words: wordsIn(parts.get(kept.share.id)) } })
}

/** What was lent: the file, unless its owner lent facts only, and the attestation. Each is recorded as it is opened. */
export type LentCopy = CopyDownload<'share-used-up'> & {
  onlyFacts: boolean
  /** What could not be signed was not opened. */
  attest: () => Promise<Result<string, SealRefusal | 'copy-not-valid' | 'share-used-up'>>
}

/** Opens what was lent. A revoked copy is not handed on any more. */
export async function openSharedCopy(
  context: Context,
  token: string,
): Promise<Result<LentCopy, Refusal | 'copy-revoked'>> {
  const found = await readSharedCopy(context, token)
  if (!found.ok) return found
  const { kept } = found.value
  const { share } = found.value.share
  const { copy } = kept
  if (copy.status === 'revoked') return refuse('copy-revoked')
  if (!('file' in copy)) throw new Error(`copy ${copy.id} was lent and has no file`)
  const { actor } = context
  const who = actor.kind === 'public' ? ({ kind: 'service', id: share.id } as const) : inJournal(actor)
  const record = () => recordOpening(context, copy.id, openerOf(context, share.id), who)
  const open = async () => {
    const recorded = await record()
    return recorded.ok ? ok(await bytesOf(context, copy)) : recorded
  }
  const attest: LentCopy['attest'] = async () => {
    if (copy.status !== 'valid') return refuse('copy-not-valid')
    const signed = await signAttestation(context, kept, share.disclose ?? disclosedFacts)
    if (!signed.ok) return signed
    const recorded = await record()
    return recorded.ok ? signed : recorded
  }
  return ok({ kept, file: copy.file, onlyFacts: Boolean(share.disclose), open, attest })
}

/** An official or an app that says who it is, is recorded as such; everybody else holds the link and nothing more is known. */
function openerOf({ actor }: Context, share: string): Opener {
  if (actor.kind === 'officer') return { as: 'officer', unit: actor.unit, share }
  return actor.kind === 'app' ? { as: 'app', app: actor.id, share } : { as: 'anybody', share }
}
