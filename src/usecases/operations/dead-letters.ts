import type { Context } from '../../context.ts'
import { ordersCopy } from '../../domain/copy.ts'
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
  if (ordersCopy(letter.type) && (await isVoid(context, letter.message.subject)))
    return refuse('nothing-to-replay', { detail: voided })
  await context.deadLetters.replay(letter, context.now())
  const after = await context.deadLetters.find(id)
  return after ? ok(after) : refuse('no-such-dead-letter')
}

/** A number that is void stays void: nobody who saw it so may find it alive again. */
const isVoid = async ({ copies }: Context, id: string) => (await copies.find(id))?.copy.status === 'failed'

const voided = {
  vi: 'Số chứng thực này đã bị hủy trong sổ. Cán bộ chứng thực lại tại POST /v1/copies và nhận số mới.',
  en: 'This number is void in the register. An officer certifies anew at POST /v1/copies, under a new number.',
}
