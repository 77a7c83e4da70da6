import type { Context } from '../../context.ts'
import type { Actor } from '../../domain/actor.ts'
import { inForce } from '../../domain/mandate.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { actUnderConsent } from './consent.ts'

/**
 * Who asks once the mandate or the consent that they name is taken into account: the organisation, within its extent, and nobody else
 * besides; or an app, within what a citizen lets it read. Both are asked of the primary database, so that what was ended opens nothing.
 */
export async function actorUnder(
  context: Context,
  id: string | undefined,
): Promise<Result<Actor, 'mandate-not-valid' | 'consent-ended'>> {
  const { actor, mandates, vault, now } = context
  if (actor.kind === 'consented-app') return actUnderConsent(context, actor)
  if (id === undefined || actor.kind !== 'citizen') return ok(actor)
  const { personalId } = actor
  if (personalId === null) return refuse('mandate-not-valid')
  const [kept, person] = await Promise.all([mandates.find(id), vault.personHash({ personalId })])
  if (kept?.person !== person || !kept.words || !inForce(kept.mandate, now().getTime()))
    return refuse('mandate-not-valid')
  const { taxCode } = kept.words
  return ok({ ...actor, personalId: null, taxCode, mandate: { id, extent: kept.mandate.extent } })
}
