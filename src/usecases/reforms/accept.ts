import type { Context } from '../../context.ts'
import { faultsOf, type Reform } from '../../domain/reform.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localDate } from '../../platform/time.ts'
import type { Command } from '../../store/idempotency.ts'
import type { AcceptedReform, ReformWorld } from '../../store/reforms.ts'
import { allowed, inJournal } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { foresee, type Foreseen } from './foresee.ts'

type Refusal = 'token-needed' | 'not-allowed' | 'invalid-request' | 'changed-meanwhile'

/** What a reform would do, if it were accepted now; nothing is written. */
export async function tryReform(context: Context, reform: Reform): Promise<Result<Foreseen, Refusal>> {
  const checked = await check(context, reform)
  return checked.ok ? ok(await foresee(context, checked.value, reform)) : checked
}

/** Makes a reform law: from 00:00 of its date every dossier has its heir, and until then nothing changes for anybody. */
export async function acceptReform(
  context: Context,
  reform: Reform,
  command: Command,
): Promise<Result<Replayable<AcceptedReform>, Refusal | 'idempotency-key-reused'>> {
  const again = async (id: string) => {
    const found = await context.reforms.find(id)
    if (!found) throw new Error(`reform ${id} of an accepted command is gone`)
    return ok(found)
  }
  return onceForKey<AcceptedReform, Refusal>(context, command, again, async () => {
    const checked = await check(context, reform)
    if (!checked.ok) return checked
    const [id, at, actor] = [context.newId(), context.now(), inJournal(context.actor)]
    if (actor.kind !== 'officer') return refuse('not-allowed')
    const along = [context.idempotency.remember(command, id, 1, at)]
    return context.reforms.accept(checked.value, { id, reform, at, actor, along })
  })
}

async function check(context: Context, reform: Reform): Promise<Result<ReformWorld, Refusal>> {
  const may = allowed(context, 'acceptReform')
  if (!may.ok) return may
  const world = await context.reforms.world()
  const errors = faultsOf(world, reform, localDate(context.now()))
  return errors.length > 0 ? refuse('invalid-request', { errors }) : ok(world)
}
