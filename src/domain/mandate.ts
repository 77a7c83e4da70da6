// Who may act for an organisation because it said so: within an extent, until a time. Who the two are stays outside.

/** What an organisation can let somebody do in its name; each by itself, none holds another. */
export const extents = ['read-copies', 'lend-copies', 'submit-dossiers'] as const
export type Extent = (typeof extents)[number]

/** What a token must cover to hand this on, and to make use of it. */
export const scopeOf: Record<Extent, 'dossiers' | 'copies'> = {
  'read-copies': 'copies',
  'lend-copies': 'copies',
  'submit-dossiers': 'dossiers',
}

type Common = {
  id: string
  version: number
  extent: readonly Extent[]
  createdAt: string
  /** From then on nobody acts under it. */
  until: string
}

export type Mandate = Common & ({ status: 'given' } | { status: 'ended'; endedAt: string })

export type MandateEvent =
  | ({ type: 'mandate.given' } & Pick<Common, 'id' | 'extent' | 'until'>)
  | { type: 'mandate.ended' }

/** The state after an event that happened at `at` (RFC 3339). */
export function evolveMandate(before: Mandate | undefined, event: MandateEvent, at: string): Mandate {
  if (event.type === 'mandate.given') {
    const { type: _type, ...rest } = event
    return { ...rest, version: 1, createdAt: at, status: 'given' }
  }
  if (before?.status !== 'given') throw new Error('only a mandate that was given is ended')
  return { ...before, version: before.version + 1, status: 'ended', endedAt: at }
}

/** Whether it still counts at `now` (epoch milliseconds): it ends at its time, or earlier by word of either side (Civil Code 2015, art. 563, 569). */
export const inForce = (mandate: Mandate, now: number): boolean =>
  mandate.status === 'given' && now < Date.parse(mandate.until)
