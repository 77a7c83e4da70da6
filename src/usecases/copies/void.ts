import type { Context } from '../../context.ts'
import { log } from '../../platform/log.ts'
import { signedKey } from './signed-key.ts'

const service = { kind: 'service', id: 'issue-copy' } as const

/** Gives up a copy that could not be made although it was tried to the end: its number stays in the register, void. */
export async function voidCopy(context: Context, id: string, reason: string): Promise<void> {
  const kept = await context.copies.find(id)
  if (kept?.copy.status !== 'issuing') return
  const along = context.waiting.doneStatements(id)
  const done = await context.copies.append(kept, { type: 'copy.failed', reason }, context.now(), service, along)
  // Whoever was first has issued it after all, or given it up already.
  if (!done.ok) return
  log('copy.failed', { id, reason })
  await context.files.removeBytes(signedKey(id))
}
