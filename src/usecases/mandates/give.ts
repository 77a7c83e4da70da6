import type { Context } from '../../context.ts'
import { endsInTime } from '../../domain/lending.ts'
import { type Extent, scopeOf } from '../../domain/mandate.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localTime } from '../../platform/time.ts'
import type { Command } from '../../store/idempotency.ts'
import type { KeptMandate } from '../../store/mandates.ts'
import { allowed, inJournal } from '../access.ts'
import { outOfBounds } from '../copies/share.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'

export type Naming = { representative: { personalId: string; fullName: string }; extent: Extent[]; until: string }

type Refusal = 'token-needed' | 'not-allowed' | 'invalid-request'

/** An organisation names a person to act for it, within an extent and until a time: never further than its own token reaches. */
export async function giveMandate(
  context: Context,
  { representative, extent, until }: Naming,
  command: Command | undefined,
): Promise<Result<Replayable<KeptMandate>, Refusal | 'idempotency-key-reused'>> {
  const may = allowed(context, 'giveMandate')
  if (!may.ok) return may
  const { actor, vault } = context
  if (actor.kind !== 'citizen' || actor.taxCode === null) return onlyOrganisations
  if (!extent.every((one) => actor.scopes.includes(scopeOf[one]))) return refuse('not-allowed')
  const { taxCode } = actor
  const again = async (id: string) => {
    const kept = await context.mandates.find(id)
    if (!kept) throw new Error(`mandate ${id} of an accepted command is gone`)
    return ok(kept)
  }
  return onceForKey<KeptMandate, Refusal>(context, command, again, async () => {
    const at = context.now()
    if (!endsInTime(until, at.getTime())) return outOfBounds
    const { personalId, fullName } = representative
    const [organisation, person] = await Promise.all([vault.personHash({ taxCode }), vault.personHash({ personalId })])
    const id = `mandate_${context.newId()}`
    return context.mandates.give(
      { type: 'mandate.given', id, extent: [...new Set(extent)], until: localTime(new Date(until)) },
      { organisation, person },
      { taxCode, personalId, fullName },
      { at, actor: inJournal(actor), along: command ? [context.idempotency.remember(command, id, 1, at)] : [] },
    )
  })
}

const onlyOrganisations = refuse('not-allowed', {
  detail: {
    vi: 'Chỉ tổ chức, hoặc người được hệ thống định danh xác nhận là đại diện của tổ chức, mới được ủy quyền.',
    en: 'Only an organisation gives mandates, or who acts for it by word of the identity provider.',
  },
})
