import type { Context } from '../../context.ts'

/** So many at once; each time asks D1 twice, and for what procedures and units have not been looked up yet. */
const portion = 100

/**
 * Writes the dates that outages have moved into the journals of open dossiers, at most `limit` a minute, so that the world hears of
 * them. Whoever reads a dossier before sees the same date: this changes nothing that was not so already. Answers how many were done.
 */
export async function countOutages(context: Context, limit = 3_000): Promise<number> {
  let done = 0
  while (done < limit) {
    const waiting = await context.dossiers.waitingForOutages(Math.min(portion, limit - done))
    const settled = await context.dossiers.settle(waiting, context.now())
    done += settled
    // What somebody else is writing to comes up again, in the next minute at the latest.
    if (settled < portion) break
  }
  return done
}
