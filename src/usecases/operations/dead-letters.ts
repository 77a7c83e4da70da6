import type { Context } from '../../context.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import type { DeadLetter } from '../../store/dead-letters.ts'
import { allowed } from '../access.ts'
import { type Page, pageOf } from '../dossiers/read.ts'

/** The type of a letter that is no message of ours: there is nothing to send again. */
export const unreadable = 'unreadable'

type Refusal = 'token-needed' | 'not-allowed'

/** What the queue gave up on, newest first. */
export async function listDeadLetters(
  context: Context,
  before: string | undefined,
  limit: number,
): Promise<Result<Page<DeadLetter>, Refusal>> {
  const may = allowed(context, 'readDeadLetters')
  if (!may.ok) return may
  return ok(pageOf(await context.deadLetters.list(before, limit), limit, ({ diedAt, id }) => `${diedAt} ${id}`))
}

/** Sends a dead letter again, as if it were new; its effect still happens at most once. */
export async function replayDeadLetter(
  context: Context,
  id: string,
): Promise<Result<DeadLetter, Refusal | 'no-such-dead-letter' | 'nothing-to-replay'>> {
  const may = allowed(context, 'replayDeadLetter')
  if (!may.ok) return may
  const letter = await context.deadLetters.find(id)
  if (!letter) return refuse('no-such-dead-letter')
  if (letter.type === unreadable) return refuse('nothing-to-replay')
  await context.deadLetters.replay(letter, context.now())
  const after = await context.deadLetters.find(id)
  return after ? ok(after) : refuse('no-such-dead-letter')
}
