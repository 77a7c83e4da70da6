import type { Context } from '../../context.ts'
import { refuse, ok, type Result } from '../../platform/result.ts'
import type { KeptCopy } from '../../store/copies.ts'
import { personsOf } from '../access.ts'

/** The copy if it lies in the account of who asks; for anybody else it does not exist. */
export async function ownCopy(context: Context, id: string): Promise<Result<KeptCopy, 'no-such-copy'>> {
  const [kept, persons] = await Promise.all([context.copies.find(id), personsOf(context, context.actor)])
  return kept && persons.includes(kept.owner) ? ok(kept) : refuse('no-such-copy')
}
