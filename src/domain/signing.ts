// Who signs, as the service names them, and how long a copy waits until it is tried again. Pure.

/** `officer:{id}` or `unit:{id}`. */
export type SignerOwner = `officer:${string}` | `unit:${string}`

/** `imported` signs nothing yet; `active` signs while its certificate is good; `retired` never again. */
export type SignerStatus = 'imported' | 'active' | 'retired'

export const statusOfSigner = (signer: { activatedAt: string | null; retiredAt: string | null }): SignerStatus =>
  signer.retiredAt !== null ? 'retired' : signer.activatedAt !== null ? 'active' : 'imported'

const minute = 60_000

/** One minute, then two, four, eight, and a quarter of an hour from then on: nothing that was numbered is given up. */
export const retryAt = (tries: number, now: Date): Date =>
  new Date(now.getTime() + Math.min(2 ** (tries - 1), 15) * minute)

/** What an operator has to see to: whose it is, since when, how many copies wait; `until` where something has an end. */
export type Alert = { who: string; reason: string; since: string; waiting: number; until: string | null }

/** The alert, since when it is one, about a signer whose last certificate ends at `until`. */
export const endAlert = (end: { owner: SignerOwner; until: string }, since: string, now: Date): Alert => ({
  who: end.owner,
  reason: Date.parse(end.until) <= now.getTime() ? 'certificate-expired' : 'certificate-ends-soon',
  since,
  waiting: 0,
  until: end.until,
})
