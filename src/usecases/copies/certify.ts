import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { KeptCopy } from '../../store/copies.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, visible } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { type CertifyRefusal, orderCopies } from './request.ts'

type Refusal =
  | CertifyRefusal
  | 'token-needed'
  | 'no-such-dossier'
  | 'no-result-to-certify'
  | 'file-taken'
  | 'changed-meanwhile'

export type Certification = { dossier: string; scan: string; copies: number; supersedes: string | null }

/**
 * An officer who has seen the paper result of a dossier certifies copies of it: further ones, or anew where the first failed.
 * Copies that are ordered together share one number.
 */
export async function certifyCopies(
  context: Context,
  { dossier: code, scan, copies, supersedes }: Certification,
  command: Command | undefined,
): Promise<Result<Replayable<KeptCopy[]>, Refusal | 'idempotency-key-reused'>> {
  const may = allowed(context, 'certifyCopy')
  if (!may.ok) return may
  const { actor } = context
  const found = await visible(context, code)
  if (!found.ok) return found
  const again = async (id: string) => ok(await context.copies.together(id))
  return onceForKey<KeptCopy[], Refusal>(context, command, again, async () => {
    const { dossier } = found.value
    if (actor.kind !== 'officer' || dossier.competentUnit !== actor.unit) return refuse('not-allowed')
    if (!('result' in dossier) || dossier.result.outcome !== 'granted') return refuse('no-result-to-certify')
    const at = context.now()
    const ordered = await orderCopies({ ...context, now: () => at }, found.value, actor, {
      scan,
      copies,
      supersedes,
      pointer: '',
    })
    if (!ordered.ok) return ordered
    const { ids, statements } = ordered.value
    const [first = ''] = ids
    const remembered = command ? [context.idempotency.remember(command, first, 1, at)] : []
    const written = await context.copies.write([...statements, ...remembered])
    return written.ok ? ok(await context.copies.together(first)) : written
  })
}
