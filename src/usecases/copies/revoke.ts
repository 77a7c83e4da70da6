import type { Context } from '../../context.ts'
import type { RevocationReason } from '../../domain/copy.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { KeptCopy } from '../../store/copies.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, inJournal } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'

type Refusal = 'token-needed' | 'not-allowed' | 'no-such-copy' | 'changed-meanwhile' | 'copy-not-valid'

/** Takes a copy's value away for good: whoever checks it from now on is told so, and why (Circular 01/2020/TT-BTP art. 7). */
export async function revokeCopy(
  context: Context,
  input: { id: string; version: number; reason: RevocationReason; command: Command | undefined },
): Promise<Result<Replayable<KeptCopy>, Refusal | 'idempotency-key-reused'>> {
  const may = allowed(context, 'revokeCopy')
  if (!may.ok) return may
  const kept = await context.copies.find(input.id)
  const { actor } = context
  if (!kept || actor.kind !== 'officer' || kept.copy.unit !== actor.unit) return refuse('no-such-copy')
  const again = async (id: string) => {
    const now = await context.copies.find(id)
    if (!now) throw new Error(`copy ${id} of an accepted command is gone`)
    return ok(now)
  }
  return onceForKey<KeptCopy, Refusal>(context, input.command, again, async () => {
    if (kept.copy.version !== input.version) return refuse('changed-meanwhile')
    if (kept.copy.status !== 'valid') return refuse('copy-not-valid')
    const at = context.now()
    const version = kept.copy.version + 1
    const along = input.command ? [context.idempotency.remember(input.command, kept.copy.id, version, at)] : []
    return context.copies.append(kept, { type: 'copy.revoked', reason: input.reason }, at, inJournal(actor), along)
  })
}
