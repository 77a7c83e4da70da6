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
