import type { Context } from '../../context.ts'
import type { OfficerActor } from '../../domain/actor.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { KeptCopy } from '../../store/copies.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, visible } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { orderOfOriginal, type Original } from './certify-original.ts'
import { type CertifyRefusal, orderCopies, type Order, type Ordered } from './request.ts'

type Refusal =
  | CertifyRefusal
  | 'token-needed'
  | 'no-such-dossier'
  | 'no-result-to-certify'
  | 'unit-cannot-certify'
  | 'file-taken'
  | 'changed-meanwhile'

/** Of what copies are certified: the paper result of a dossier (its code), or an original shown at a counter. */
export type Certification = Omit<Order, 'pointer'> & ({ dossier: string } | { original: Original })

/**
 * An officer who has seen the paper certifies copies of it: of a result further ones, or anew where the first failed; of an
 * original as it is shown. Copies that are ordered together share one number.
 */
export async function certifyCopies(
  context: Context,
  certification: Certification,
  command: Command | undefined,
): Promise<Result<Replayable<KeptCopy[]>, Refusal | 'idempotency-key-reused'>> {
  const may = allowed(context, 'certifyCopy')
  if (!may.ok) return may
  const { actor } = context
  if (actor.kind !== 'officer') return refuse('not-allowed')
  const again = async (id: string) => ok(await context.copies.together(id))
  return onceForKey<KeptCopy[], Refusal>(context, command, again, async () => {
    const at = context.now()
    const ordered = await order({ ...context, now: () => at }, actor, certification)
    if (!ordered.ok) return ordered
    const { ids, statements } = ordered.value
    const [first = ''] = ids
    const remembered = command ? [context.idempotency.remember(command, first, 1, at)] : []
    const written = await context.copies.write([...statements, ...remembered])
    return written.ok ? ok(await context.copies.together(first)) : written
  })
}

async function order(
  context: Context,
  actor: OfficerActor,
  certification: Certification,
): Promise<Result<Ordered, Refusal>> {
  if ('original' in certification) return orderOfOriginal(context, actor, certification.original, certification)
  const found = await visible(context, 'certifyCopy', certification.dossier)
  if (!found.ok) return found
  const { dossier } = found.value
  if (dossier.competentUnit !== actor.unit) return refuse('not-allowed')
  if (!('result' in dossier) || dossier.result.outcome !== 'granted') return refuse('no-result-to-certify')
  return orderCopies(context, found.value, actor, { ...certification, pointer: '' })
}
