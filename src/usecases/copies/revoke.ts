import type { Context } from '../../context.ts'
import type { RevocationReason } from '../../domain/copy.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { KeptCopy } from '../../store/copies.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, inJournal, keeps } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'

type Refusal = 'token-needed' | 'not-allowed' | 'no-such-copy' | 'changed-meanwhile' | 'copy-not-valid'

/**
 * Takes a copy's value away for good: whoever checks it from now on is told so, and why (Circular 01/2020/TT-BTP art. 7). One
 * that still waits to be signed is given up: its number is void.
 */
export async function revokeCopy(
  context: Context,
  input: { id: string; version: number; reason: RevocationReason; command: Command | undefined },
): Promise<Result<Replayable<KeptCopy>, Refusal | 'idempotency-key-reused'>> {
  const may = allowed(context, 'revokeCopy')
  if (!may.ok) return may
  const kept = await context.copies.find(input.id)
  const { actor } = context
  if (!kept || !(await keeps(context, kept.copy.unit))) return refuse('no-such-copy')
  const again = async (id: string) => {
    const now = await context.copies.find(id)
    if (!now) throw new Error(`copy ${id} of an accepted command is gone`)
    return ok(now)
  }
  return onceForKey<KeptCopy, Refusal>(context, input.command, again, async () => {
    if (kept.copy.version !== input.version) return refuse('changed-meanwhile')
    const { status } = kept.copy
    if (status !== 'valid' && status !== 'issuing') return refuse('copy-not-valid')
    const at = context.now()
    const version = kept.copy.version + 1
    const remembered = input.command ? [context.idempotency.remember(input.command, kept.copy.id, version, at)] : []
    const along = [...remembered, ...context.waiting.doneStatements(kept.copy.id)]
    const type = status === 'valid' ? 'copy.revoked' : 'copy.failed'
    return context.copies.append(kept, { type, reason: input.reason }, at, inJournal(actor), along)
  })
}
