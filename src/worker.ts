import { createApp } from './app.ts'
import { keepDeadLetters } from './consumers/dead-letter.ts'
import { handle } from './consumers/handle.ts'
import { relay } from './outbox/relay.ts'
import { log } from './platform/log.ts'
import { orderArchives } from './usecases/copies/archive.ts'
import { resumeWaiting } from './usecases/copies/wait.ts'
import { closeRegisters } from './usecases/registers/close.ts'
import { forgetProofs } from './usecases/apps/bind-token.ts'
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
import { contextOf } from './wiring.ts'

const app = createApp()

/** The three doors: people and apps, the queue, the clock. */
export default {
  fetch: app.fetch,
  async queue(batch, env) {
    const context = contextOf(env, { kind: 'public' })
    await (batch.queue === 'motcua-dead' ? keepDeadLetters(batch, context) : handle(batch, context))
    await relay(env)
  },
  async scheduled(_event, env) {
    const context = contextOf(env, { kind: 'public' })
    // One chore that fails must not keep the others, or the outbox, from being looked after.
    for (const chore of [
      beat,
      countOutages,
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
    ])
      await chore(context).catch((error: unknown) => log('chore.failed', { chore: chore.name, error }))
    await relay(env)
  },
} satisfies ExportedHandler<Env>
