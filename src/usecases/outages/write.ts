import type { Context } from '../../context.ts'
import { faultsOf, type Outage, type OutageEntry } from '../../domain/outage.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { localTime } from '../../platform/time.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, inJournal } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'

export type NewOutage = Pick<Outage, 'from' | 'to' | 'reason'> &
  ({ kind: 'announced'; announcedAt?: string | undefined } | { kind: 'recorded' })

/** What an operator knows better by now; whatever is not named stays. */
export type Correction = {
  from?: string | undefined
  to?: string | undefined
  reason?: Outage['reason'] | undefined
  withdrawn?: boolean | undefined
}

type Refusal = 'token-needed' | 'not-allowed' | 'invalid-request' | 'changed-meanwhile'

/** Announces or records an outage: from then on it counts in every due date. */
export async function writeOutage(
  context: Context,
  told: NewOutage,
  command: Command,
): Promise<Result<Replayable<OutageEntry>, Refusal | 'idempotency-key-reused'>> {
  const may = allowed(context, 'writeOutages')
  if (!may.ok) return may
  const again = async (id: string) => {
    const found = await context.outages.find(id)
    if (!found) throw new Error(`outage ${id} of a command is gone`)
    return ok(found)
  }
  return onceForKey<OutageEntry, Refusal>(context, command, again, async () => {
    const [id, now] = [context.newId(), context.now()]
    const announcedAt = told.kind === 'announced' ? (told.announcedAt ?? localTime(now)) : null
    const { kind, from, to, reason } = told
    const outage = { id, version: 1, kind, from, to, reason, announcedAt, withdrawn: false }
    return write(context, outage, now, [context.idempotency.remember(command, id, 1, now)])
  })
}

/** Ends an outage, corrects what was told of it, or takes it back. */
export async function correctOutage(
  context: Context,
  { id, version, correction }: { id: string; version: number; correction: Correction },
): Promise<Result<OutageEntry, Refusal | 'no-such-outage'>> {
  const may = allowed(context, 'writeOutages')
  if (!may.ok) return may
  const found = await context.outages.find(id)
  if (!found) return refuse('no-such-outage')
  if (found.outage.version !== version) return refuse('changed-meanwhile')
  const before = found.outage
  const { from = before.from, to = before.to, reason = before.reason, withdrawn = before.withdrawn } = correction
  const done = await write(context, { ...before, from, to, reason, withdrawn, version: version + 1 }, context.now())
  if (done.ok || done.refusal === 'invalid-request') return done
  return refuse('changed-meanwhile')
}

async function write(
  context: Context,
  told: Outage,
  at: Date,
  along: Parameters<Context['outages']['write']>[1]['along'] = [],
) {
  const outage = { ...told, from: localTime(new Date(told.from)), to: localTime(new Date(told.to)) }
  const errors = faultsOf(outage, localTime(at))
  if (errors.length > 0) return refuse('invalid-request', { errors })
  return context.outages.write(outage, { at, actor: inJournal(context.actor), along })
}
