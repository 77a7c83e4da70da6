import type { Context } from '../../context.ts'
import { inForce } from '../../domain/mandate.ts'
import type { Result } from '../../platform/result.ts'
import type { KeptMandate } from '../../store/mandates.ts'
import { allowed, inJournal } from '../access.ts'
import { type MandateRefusal, ownMandate } from './read.ts'

/** Ends a mandate before its time, by word of either side. What has ended already stays as it is. */
export async function endMandate(context: Context, id: string): Promise<Result<KeptMandate, MandateRefusal>> {
  const may = allowed(context, 'endMandate')
  if (!may.ok) return may
  const found = await ownMandate(context, id)
  const at = context.now()
  if (!found.ok || !inForce(found.value.mandate, at.getTime())) return found
  const ended = await context.mandates.end(found.value, { at, actor: inJournal(context.actor) })
  // Somebody who was faster ended it too: there is nothing else that can be done to a mandate.
  return ended.ok ? ended : ownMandate(context, id)
}
