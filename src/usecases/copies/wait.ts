import type { Context } from '../../context.ts'
import { type Copy, payableUntil } from '../../domain/copy.ts'
import { retryAt } from '../../domain/signing.ts'
import { log } from '../../platform/log.ts'
import type { Paused } from '../../platform/paused.ts'
import { voidCopy } from './void.ts'

/** Leaves a numbered copy waiting until what stopped it is mended; operators see it until then. */
export async function waitForSigning(context: Context, id: string, { who, reason }: Paused): Promise<void> {
  const now = context.now()
  const tries = (await context.waiting.triesOf(id)) + 1
  await context.waiting.wait(id, { who, reason }, tries, now, retryAt(tries, now))
  log('signing.stopped', { id, who, reason, tries })
}

/** Leaves a numbered copy waiting for its fee; nobody waits for ever. */
export async function waitForFee(context: Context, copy: Copy): Promise<'waiting' | 'failed'> {
  const [now, until] = [context.now(), payableUntil(copy)]
  if (now >= until) {
    await voidCopy(context, copy.id, 'not-paid')
    return 'failed'
  }
  await context.waiting.wait(copy.id, { who: 'fee', reason: 'not-paid' }, 1, now, until)
  return 'waiting'
}

const quarterOfAnHour = 900_000

/** Sends waiting copies that are due through the queue again. */
export async function resumeWaiting(context: Context, limit = 100): Promise<void> {
  const now = context.now()
  await context.waiting.resume(now, new Date(now.getTime() + quarterOfAnHour), limit)
}
