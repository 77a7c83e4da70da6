import type { Context } from '../../context.ts'
import { onClock } from '../../domain/clockwork.ts'
import { localTime } from '../../platform/time.ts'
import { causesIn } from '../dossiers/late-cause.ts'

const service = { kind: 'service', id: 'clock' } as const

/** Does what time demands, at most `limit` dossiers at once; the rest waits for the next minute. Answers how many were touched. */
export async function runClock(context: Context, limit = 100): Promise<number> {
  const at = context.now()
  const waiting = await context.dossiers.waitingForClock(at, limit)
  const causeOf = causesIn(context)
  let touched = 0
  for (const kept of waiting) {
    const due = onClock(kept.dossier, localTime(at))
    const event = due?.type === 'dossier.overdue' ? { ...due, cause: await causeOf(kept.dossier) } : due
    // A date that an outage has moved needs no word yet, but a place in the journal.
    if (!event && kept.unwritten.length === 0) continue
    // Somebody who moved it meanwhile wins; it comes up again if there is still something to do.
    const done = await context.dossiers.append(kept, { writes: event ? [{ event }] : [], at, actor: service })
    if (done.ok) touched++
  }
  return touched
}
