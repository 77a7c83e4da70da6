import type { Context } from '../../context.ts'

/**
 * Writes moves that have taken effect into the journals of open dossiers, at most `limit` at once, so that the world hears of them.
 * It changes nothing that was not so already, and a dossier that somebody writes to meanwhile has its move written there.
 */
export const writeMoves = async (context: Context, limit = 100): Promise<number> =>
  context.dossiers.settle(await context.dossiers.waitingForMove(limit), context.now())
