import type { Context } from '../../context.ts'
import type { ConsentedApp } from '../../domain/actor.ts'
import { readingOf, remaining, stands } from '../../domain/consent.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'

/**
 * An app with the consent that its token names: for whom, and how far. It is read with each request, so that a withdrawal, its end and
 * what the city takes from the app count at once.
 */
export async function actUnderConsent(
  { consents, now }: Context,
  actor: ConsentedApp,
): Promise<Result<ConsentedApp, 'consent-ended'>> {
  const [kept, terms] = await Promise.all([consents.find(actor.consent), consents.terms(actor.id)])
  if (kept?.consent.app !== actor.id || !stands(kept.consent, now().getTime())) return refuse('consent-ended')
  return ok({ ...actor, persons: [kept.person], extent: remaining(kept.consent.extent, terms) })
}

/** Records what an app is about to be shown under a consent: nothing is read without a trace. */
export async function recordReading({ consents, now }: Context, actor: ConsentedApp, path: string): Promise<void> {
  const reading = readingOf(path)
  if (reading) await consents.record(actor.consent, reading, now())
}
