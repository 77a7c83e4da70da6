import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { KeptShare } from '../../store/lending.ts'
import type { SealedPart } from '../../store/vault.ts'
import { allowed, inJournal } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'
import { ownCopy } from './own.ts'
import type { ShareWords, ToldShare } from './share.ts'

type Refusal = 'token-needed' | 'not-allowed' | 'no-such-copy'

/** To whom the owner lent a copy, newest first. */
export async function listShares(
  context: Context,
  copy: string,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<ToldShare>, Refusal>> {
  const may = allowed(context, 'readShares')
  if (!may.ok) return may
  const found = await ownCopy(context, copy)
  if (!found.ok) return found
  const page = pageOf(await context.lending.shares(copy, before, limit), limit, ({ share }) => share.id)
  return ok({ ...page, items: await withWords(context, page.items) })
}

export async function readShare(
  context: Context,
  copy: string,
  id: string,
): Promise<Result<ToldShare, Refusal | 'no-such-share'>> {
  const may = allowed(context, 'readShares')
  return may.ok ? ownShare(context, copy, id) : may
}

/** Takes a share back: from now on it opens nothing. Doing it twice changes nothing. */
export async function revokeShare(
  context: Context,
  copy: string,
  id: string,
): Promise<Result<ToldShare, Refusal | 'no-such-share'>> {
  const may = allowed(context, 'revokeShare')
  if (!may.ok) return may
  const found = await ownShare(context, copy, id)
  if (!found.ok || found.value.share.status === 'revoked') return found
  const revoked = await context.lending.revoke(found.value, { at: context.now(), actor: inJournal(context.actor) })
  // Somebody who was faster took it back too: there is nothing else that can be done to a share.
  return revoked.ok ? ok({ ...found.value, ...revoked.value }) : ownShare(context, copy, id)
}

async function ownShare(
  context: Context,
  copy: string,
  id: string,
): Promise<Result<ToldShare, 'no-such-copy' | 'no-such-share'>> {
  const found = await ownCopy(context, copy)
  if (!found.ok) return found
  const kept = await context.lending.find(id)
  if (kept?.share.copy !== copy) return refuse('no-such-share')
  const [told] = await withWords(context, [kept])
  return told ? ok(told) : refuse('no-such-share')
}

/** With what was said when each was lent. */
async function withWords(context: Context, shares: KeptShare[]): Promise<ToldShare[]> {
  const parts = await context.vault.submissions(shares.map(({ share }) => share.id))
  return shares.map((kept) => ({ ...kept, words: wordsIn(parts.get(kept.share.id)) }))
}

export function wordsIn(part: SealedPart | undefined): ShareWords {
  const { recipient, purpose } = part ?? {}
  return typeof recipient === 'string' && typeof purpose === 'string' ? { recipient, purpose } : null
}
