import type { Context } from '../../context.ts'
import { movedTo } from '../../domain/sandbox-clock.ts'
import { ok, type Result } from '../../platform/result.ts'
import { type BoxRefusal, ownBox } from './box.ts'

/** The time of a sandbox and, beside it, the real one. */
export type Times = { now: Date; realNow: Date }

export function readClock(context: Context): Result<Times, BoxRefusal> {
  const box = ownBox(context)
  return box.ok ? ok(timesOf(context)) : box
}

/** Lets time pass to that moment, or by so many milliseconds; everything that is due on the way happens. */
export async function moveClock(
  context: Context,
  by: { now: Date } | { advance: number },
): Promise<Result<Times, BoxRefusal | 'clock-goes-forwards' | 'clock-too-far'>> {
  const box = ownBox(context)
  if (!box.ok) return box
  const now = context.now().getTime()
  const target = 'now' in by ? by.now.getTime() : now + by.advance
  const moved = movedTo(now, target, context.realNow().getTime())
  if (!moved.ok) return moved
  await box.value.moveTo(new Date(moved.value))
  return ok(timesOf(context))
}

const timesOf = ({ now, realNow }: Context): Times => ({ now: now(), realNow: realNow() })
