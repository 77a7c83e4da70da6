import type { Context } from '../../context.ts'

const day = 24 * 60 * 60_000

/** Removes deliveries that ended long ago, with their attempts, at most `limit` at once; by the clock. The feed keeps every event. */
export async function forgetDeliveries(context: Context, limit = 500): Promise<number> {
  const before = new Date(context.now().getTime() - context.config.deliveriesKeptDays * day)
  return context.deliveries.forget(before, limit)
}
