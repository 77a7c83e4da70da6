// Lending a copy: shares that end, and who opened its file. What a share says in words stays outside.
import { ok, refuse, type Result } from '../platform/result.ts'

/** What an attestation keeps back unless its holder discloses it: what kind of paper it is, and whose. */
export const disclosedFacts = ['title', 'owner'] as const
export type DisclosedFact = (typeof disclosedFacts)[number]

type Common = {
  id: string
  version: number
  copy: string
  createdAt: string
  /** From then on it opens nothing. */
  until: string
  /** How often it may be opened; null: as often as one likes. */
  most: number | null
  /** Only the attestation, with these facts disclosed; null: the file, and the attestation with all of them. */
  disclose?: readonly DisclosedFact[] | null
}

/** A copy lent to whoever holds its link. */
export type Share = Common & ({ status: 'open' } | { status: 'revoked'; revokedAt: string })

export type ShareEvent =
  | ({ type: 'copy.shared' } & Pick<Common, 'id' | 'copy' | 'until' | 'most' | 'disclose'>)
  | { type: 'copy.share-revoked' }

/** Who opened a file, as the copy's owner may know it. `dossier` is the one that the copy proves something in. */
export type Opener =
  | { as: 'owner'; mandate?: string }
  | { as: 'officer'; unit: string; share?: string; dossier?: string }
  | { as: 'app'; app: string; share: string }
  | { as: 'app'; app: string; consent: string }
  | { as: 'anybody'; share: string }

/** An event of its own beside the copy: that it was looked at does not change it. */
export type OpeningEvent = { type: 'copy.opened'; id: string; copy: string; by: Opener }

/** The state after an event that happened at `at` (RFC 3339). */
export function evolveShare(before: Share | undefined, event: ShareEvent, at: string): Share {
  if (event.type === 'copy.shared') {
    const { type: _type, ...rest } = event
    return { ...rest, version: 1, createdAt: at, status: 'open' }
  }
  if (before?.status !== 'open') throw new Error('only an open share is revoked')
  return { ...before, version: before.version + 1, status: 'revoked', revokedAt: at }
}

export type ShareStatus = 'open' | 'ended' | 'used-up' | 'revoked'

/** How a share stands at `now` (epoch milliseconds) after so many openings. */
export function shareStatus(share: Share, openings: number, now: number): ShareStatus {
  if (share.status === 'revoked') return 'revoked'
  if (now >= Date.parse(share.until)) return 'ended'
  return share.most !== null && openings >= share.most ? 'used-up' : 'open'
}

const closed = { ended: 'share-ended', 'used-up': 'share-used-up', revoked: 'share-revoked' } as const
export type ShareClosed = (typeof closed)[keyof typeof closed]

/** Whether a share still opens anything. */
export function mayOpen(share: Share, openings: number, now: number): Result<true, ShareClosed> {
  const status = shareStatus(share, openings, now)
  return status === 'open' ? ok(true) : refuse(closed[status])
}

const longest = 366 * 86_400_000

/** A share ends after now, and within a year. */
export const endsInTime = (until: string, now: number): boolean =>
  Date.parse(until) > now && Date.parse(until) - now <= longest
