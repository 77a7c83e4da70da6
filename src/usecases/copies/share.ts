import type { Context } from '../../context.ts'
import { type DisclosedFact, endsInTime } from '../../domain/lending.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { hashOfSecret } from '../../platform/secrets.ts'
import { localTime } from '../../platform/time.ts'
import type { Command } from '../../store/idempotency.ts'
import type { KeptShare } from '../../store/lending.ts'
import { allowed, inJournal } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { ownCopy } from './own.ts'

export type Lending = {
  copy: string
  recipient: string
  purpose: string
  until: string
  most: number | null
  disclose: DisclosedFact[] | null
}

/** What was said when a copy was lent; null once it was erased. */
export type ShareWords = { recipient: string; purpose: string } | null

export type ToldShare = KeptShare & { words: ShareWords }

/** A new share with the token that opens it. */
export type NewShare = ToldShare & { token: string }

type ShareRefusal = 'token-needed' | 'not-allowed' | 'no-such-copy' | 'copy-not-valid' | 'invalid-request'

/** The owner lends a copy until a time, to whoever holds the link. */
export async function shareCopy(
  context: Context,
  lending: Lending,
  command: Command | undefined,
): Promise<Result<Replayable<NewShare>, ShareRefusal | 'idempotency-key-reused'>> {
  const may = allowed(context, 'shareCopy')
  if (!may.ok) return may
  const found = await ownCopy(context, lending.copy)
  if (!found.ok) return found
  const { recipient, purpose, most, disclose } = lending
  const again = async (id: string) => {
    const kept = await context.lending.find(id)
    if (!kept) throw new Error(`share ${id} of an accepted command is gone`)
    return ok(await told({ ...kept, words: { recipient, purpose } }))
  }
  const told = async (share: ToldShare) => ({ ...share, token: await context.vault.shareToken(share.share.id) })
  return onceForKey<NewShare, ShareRefusal>(context, command, again, async () => {
    const at = context.now()
    if (!endsInTime(lending.until, at.getTime())) return outOfBounds
    if (found.value.copy.status !== 'valid') return refuse('copy-not-valid')
    const id = `share_${context.newId()}`
    const until = localTime(new Date(lending.until))
    const along = command ? [context.idempotency.remember(command, id, 1, at)] : []
    const lent = await context.lending.lend(
      { type: 'copy.shared', id, copy: lending.copy, until, most, ...(disclose && { disclose }) },
      await hashOfSecret(await context.vault.shareToken(id)),
      { recipient, purpose },
      { at, actor: inJournal(context.actor), along },
    )
    return lent.ok ? ok(await told({ ...lent.value, words: { recipient, purpose } })) : lent
  })
}

/** What ends, ends after now and within a year. */
export const outOfBounds = refuse('invalid-request', {
  errors: [
    {
      pointer: '/until',
      code: 'out-of-bounds',
      detail: {
        vi: 'Thời hạn phải sau hiện tại và trong vòng 366 ngày.',
        en: 'It must end after now, within 366 days.',
      },
    },
  ],
})
