import { refuse, ok, type Result } from '../platform/result.ts'

/** How far the clock of a sandbox may be ahead of the real one: papers, certificates and the calendar know no later time. */
export const furthestAhead = 366

const day = 86_400_000
const unit = { W: 7 * day, D: day, H: 3_600_000, M: 60_000, S: 1_000 }

/** Milliseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds; undefined for any other text. */
export function durationOf(text: string): number | undefined {
  const weeks = /^P(\d{1,4})W$/.exec(text)
  if (weeks) return Number(weeks[1]) * unit.W
  const parts = /^P(?=.)(?:(\d{1,4})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/.exec(text)
  if (!parts) return undefined
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
  return Number(days) * unit.D + Number(hours) * unit.H + Number(minutes) * unit.M + Number(seconds) * unit.S
}

/** Where the clock goes: it never goes back, and never further ahead of the real time than {@link furthestAhead} days. */
export function movedTo(
  now: number,
  target: number,
  real: number,
): Result<number, 'clock-goes-forwards' | 'clock-too-far'> {
  if (target < now) return refuse('clock-goes-forwards')
  return target > real + furthestAhead * day ? refuse('clock-too-far') : ok(target)
}
