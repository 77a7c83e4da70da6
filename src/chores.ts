import type { Context } from './context.ts'
import { log } from './platform/log.ts'
import { orderArchives } from './usecases/copies/archive.ts'
import { resumeWaiting } from './usecases/copies/wait.ts'
import { forgetProofs } from './usecases/apps/bind-token.ts'
import { closeRegisters } from './usecases/registers/close.ts'
import { runClock } from './usecases/clock/run.ts'
import { beat } from './usecases/outages/beat.ts'
import { countOutages } from './usecases/outages/count.ts'
import { lookAfterPayments } from './usecases/payments/look.ts'
import { writeMoves } from './usecases/reforms/write-moves.ts'
import { scanWhatIsDue } from './usecases/files/scan.ts'
import { clearUploads } from './usecases/uploads/read.ts'
import { forgetDeliveries } from './usecases/webhooks/forget.ts'
import { sendWhatIsDue } from './usecases/webhooks/send.ts'
import { warnOfEnds } from './usecases/signing/alerts.ts'
import { renewLists } from './usecases/signing/renew-lists.ts'

type Chore = (context: Context) => Promise<unknown>

/** What is to be looked after as time passes, wherever that is. */
export const chores: readonly Chore[] = [
  runClock,
  writeMoves,
  lookAfterPayments,
  renewLists,
  resumeWaiting,
  orderArchives,
  closeRegisters,
  warnOfEnds,
  sendWhatIsDue,
  forgetProofs,
  scanWhatIsDue,
  clearUploads,
  forgetDeliveries,
]

/** What the live service does each minute: a minute in which it did nothing is an outage. */
export const liveChores: readonly Chore[] = [beat, countOutages, ...chores]

/** One chore that fails must not keep the others from being looked after. */
export async function lookAfter(context: Context, due: readonly Chore[]): Promise<void> {
  for (const chore of due)
    await chore(context).catch((error: unknown) => log('chore.failed', { chore: chore.name, error }))
}
