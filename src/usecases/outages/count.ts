import type { Context } from '../../context.ts'

const service = { kind: 'service', id: 'clock' } as const

/**
 * Writes the dates that outages have moved into the journals of open dossiers, at most `limit` at once, so that the world hears of
 * them. Whoever reads a dossier before sees the same date: this changes nothing that was not so already.
 */
export async function countOutages(context: Context, limit = 100): Promise<number> {
  const waiting = await context.dossiers.waitingForOutages(limit)
  for (const kept of waiting)
    if (kept.unwritten.length > 0)
      await context.dossiers.append(kept, { writes: [], at: context.now(), actor: service })
  await context.dossiers.markCounted(waiting.filter(({ unwritten }) => unwritten.length === 0))
  return waiting.length
}
