import type { Context } from '../../context.ts'
import { type Alert, endAlert } from '../../domain/signing.ts'
import { log } from '../../platform/log.ts'
import { ok, type Result } from '../../platform/result.ts'
import { localTime } from '../../platform/time.ts'
import { allowed } from '../access.ts'

const day = 86_400_000

/** What stops copies from being signed or from staying provable, and what soon will; by cause, the oldest first. */
export async function readAlerts(context: Context): Promise<Result<Alert[], 'token-needed' | 'not-allowed'>> {
  const may = allowed(context, 'manageSigners')
  if (!may.ok) return may
  const now = context.now()
  const [waiting, unarchived, ends] = await Promise.all([
    context.waiting.alerts(),
    context.archives.alerts(),
    endingSoon(context),
  ])
  const stopped = new Set(waiting.map(({ who }) => who))
  const alerts = [
    ...waiting.map((one): Alert => ({ ...one, until: null })),
    ...unarchived.map((one): Alert => ({ ...one, who: 'archive', until: null })),
    // Whom copies wait for already is told with the reason why they wait.
    ...ends
      .filter(({ owner }) => !stopped.has(owner))
      .map((end) => endAlert(end, warnedSince(context, end.until), now)),
  ]
  return ok(alerts.toSorted((a, b) => (a.since < b.since ? -1 : 1)).slice(0, 1000))
}

/** Each morning at eight the log names the certificates that are about to end, so that nobody has to ask. */
export async function warnOfEnds(context: Context): Promise<void> {
  if (localTime(context.now()).slice(11, 16) !== '08:00') return
  for (const { owner, until } of await endingSoon(context)) log('signing.certificate-ends', { owner, until })
}

const endingSoon = ({ signing, config, now }: Context) =>
  signing.endingBy(new Date(now().getTime() + config.certificateWarningDays * day))

const warnedSince = ({ config }: Context, until: string): string =>
  localTime(new Date(Date.parse(until) - config.certificateWarningDays * day))
