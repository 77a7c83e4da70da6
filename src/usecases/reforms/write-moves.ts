import type { Context } from '../../context.ts'

const service = { kind: 'service', id: 'reform' } as const

/**
 * Writes moves that have taken effect into the journals of open dossiers, at most `limit` at once, so that the world hears of them.
 * It changes nothing that was not so already, and a dossier that somebody writes to meanwhile has its move written there.
 */
export async function writeMoves(context: Context, limit = 100): Promise<number> {
  let written = 0
  for (const kept of await context.dossiers.waitingForMove(limit)) {
    const done = await context.dossiers.append(kept, { writes: [], at: context.now(), actor: service })
    if (done.ok) written++
  }
  return written
}
