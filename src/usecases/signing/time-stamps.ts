import type { Context } from '../../context.ts'
import type { TimestampClient } from '../../paper/cms.ts'
import { NoTimestamp, timestampsFrom } from '../../paper/timestamping.ts'
import { Paused } from '../../platform/paused.ts'
import { type AskResponders, answersForStamps, evidenceIn, respondersOf } from './responders.ts'

export type Timestamps = {
  stamp: TimestampClient
  /** What responders say (OCSP, DER) of the authorities of which no list tells, for the file. */
  ocsps: Uint8Array[]
  /** Whether an authority stamped of which `ocsps` do not tell. */
  isOfOthers(): boolean
}

/** The configured time-stamp authorities as one, each token judged before it is used; undefined where there are none. */
export async function timestampsOf(context: Context): Promise<Timestamps | undefined> {
  const { timestampAuthorities: authorities } = context
  if (authorities.length === 0) return undefined
  const known = await context.signing.trust()
  const ocsps = await answersForStamps(context, evidenceIn(known, context.now()))
  let others = false
  const ask: AskResponders = async (chain, evidence) => {
    others = true
    const told = await respondersOf(context)(chain, evidence)
    for (const { der } of chain) await context.ocspAnswers.noteStamp(der, context.now())
    return told
  }
  const stamp = timestampsFrom(authorities, { ...known, ocsps, ask }, context.now)
  const orPaused = (bytes: Uint8Array) =>
    stamp(bytes).catch((cause: unknown) => {
      throw cause instanceof NoTimestamp ? new Paused('time-stamps', 'no-time-stamp', { passes: true, cause }) : cause
    })
  return { stamp: orPaused, ocsps, isOfOthers: () => others }
}

/**
 * Makes a file that proves its time-stamps by itself. What responders say of an authority must be in it before it is
 * signed: where an authority turns out to be another one than those of late, it is made once more.
 */
export async function withTimestamps<T>(
  context: Context,
  make: (timestamps: Timestamps | undefined) => Promise<T>,
): Promise<T> {
  const timestamps = await timestampsOf(context)
  const made = await make(timestamps)
  return timestamps?.isOfOthers() ? make(await timestampsOf(context)) : made
}
