// The life of one certified copy as data and pure functions. Whose it is and what it shows stays outside.
import type { Quote } from './fee.ts'
import type { SignerOwner } from './signing.ts'
import { officeName, type Unit, type UnitId } from './unit.ts'

/** Electronic register of certified copies (facts of practice: SCTĐT/BS), one for each unit. */
export const registerOf = (unit: string) => `${unit}/SCTDT-BS`
export const unitOf = (register: string) => register.slice(0, register.indexOf('/'))

/** The book of a year, as the certification text names it. */
export const bookName = (year: string) => `01/${year}-SCTĐT/BS`

type Common = {
  id: string
  version: number
  /** The unit whose seal it bears and in whose register it stands. */
  unit: UnitId
  /** The dossier whose result it is; null when an original was certified by itself. */
  dossier: string | null
  /** The procedure of that dossier. */
  procedure: string | null
  /** What was certified, e.g. "Giấy khai sinh". */
  title: string
  /** The older copy that loses its currency when this one is there. */
  supersedes: string | null
  /** The scan of the original, as uploaded. */
  original: string
  /** `title`: the office held, where the officer's token says it. */
  certifier: { id: string; name: string; title?: string | null }
  certifiedAt: string
  /** The original that was shown at a counter, where no dossier led to the copy. */
  shown?: ShownOriginal
  /** The payment that paid what `shown` costs. */
  paid?: string
}

/**
 * An original shown at a counter: its kind by the catalogue (`PaperKind`), its pages, and what all copies under the number cost
 * together. For whom it was certified is sealed under the id of their first copy.
 */
export type ShownOriginal = {
  paper: string
  /** Procedures whose result such a paper is; none where the catalogue does not say it. */
  results: readonly string[]
  pages: number
  fee: Pick<Quote, 'amount' | 'lines'>
  sealedUnder: string
}

/** Whether what was certified is the result of one of these procedures. */
export const isResultOf = (
  { procedure, shown }: Pick<Copy, 'procedure' | 'shown'>,
  wanted: readonly string[],
): boolean => (shown?.results ?? [procedure]).some((one) => one !== null && wanted.includes(one))

/** Under which id it is sealed for whom a copy was made. */
export const sealedUnder = ({ dossier, shown }: Pick<Copy, 'dossier' | 'shown'>): string | null =>
  shown?.sealedUnder ?? dossier

/** The signed file: SHA-256 in hex, size in bytes, and the key under which it is stored. */
export type IssuedFile = {
  sha256: string
  size: number
  pages: number
  key: string
  /** When the certificate of its last time-stamp ends; absent without one. */
  provableUntil?: string
}

/** Why a copy lost its value; a code, since everybody may read it (Circular 01/2020/TT-BTP art. 7). */
export const revocationReasons = [
  'certified-wrongly',
  'original-invalid',
  'result-recalled',
  'issued-to-wrong-person',
  'never-signed',
] as const
export type RevocationReason = (typeof revocationReasons)[number]

/** The newer copy for the same matter. */
type Successor = { copy: string; number: string }

export type Copy = Common &
  (
    | { status: 'issuing' }
    | { status: 'valid'; issuedAt: string; file: IssuedFile }
    | { status: 'revoked'; issuedAt: string; file: IssuedFile; revokedAt: string; reason: RevocationReason }
    | { status: 'superseded'; issuedAt: string; file: IssuedFile; supersededAt: string; by: Successor }
    | { status: 'failed'; failedAt: string; reason: string }
  )

export type CopyEvent =
  | ({ type: 'copy.requested' } & Omit<Common, 'version' | 'certifiedAt' | 'paid'>)
  | { type: 'copy.paid'; payment: string }
  | ({ type: 'copy.issued' } & IssuedFile)
  | ({ type: 'copy.archived' } & IssuedFile)
  | { type: 'copy.failed'; reason: string }
  | { type: 'copy.revoked'; reason: RevocationReason }
  | ({ type: 'copy.superseded' } & Successor)

/** The state after an event that happened at `at` (RFC 3339). */
export function evolveCopy(before: Copy | undefined, event: CopyEvent, at: string): Copy {
  if (event.type === 'copy.requested') {
    const { type: _type, ...rest } = event
    return { ...rest, version: 1, certifiedAt: at, status: 'issuing' }
  }
  if (!before) throw new Error(`the journal of a copy cannot begin with ${event.type}`)
  if (event.type === 'copy.revoked') {
    if (before.status !== 'valid') throw new Error('only a valid copy is revoked')
    return { ...before, version: before.version + 1, status: 'revoked', revokedAt: at, reason: event.reason }
  }
  if (event.type === 'copy.archived') {
    if (before.status !== 'valid') throw new Error('only a valid copy is archived')
    const { type: _type, ...file } = event
    return { ...before, version: before.version + 1, file }
  }
  if (event.type === 'copy.superseded') {
    if (before.status !== 'valid') throw new Error('only a valid copy is superseded')
    const by = { copy: event.copy, number: event.number }
    return { ...before, version: before.version + 1, status: 'superseded', supersededAt: at, by }
  }
  if (before.status !== 'issuing') throw new Error(`${event.type} needs a copy that is being issued`)
  const { status: _status, ...common } = before
  const next = { ...common, version: before.version + 1 }
  if (event.type === 'copy.paid') return { ...next, status: 'issuing', paid: event.payment }
  if (event.type === 'copy.failed') return { ...next, status: 'failed', failedAt: at, reason: event.reason }
  const { type: _type, ...file } = event
  return { ...next, status: 'valid', issuedAt: at, file }
}

/** Whether an event of this type has a copy made: its order, or that it was paid for. */
export const ordersCopy = (type: string): boolean => type === 'copy.requested' || type === 'copy.paid'

/** Whether a copy is not signed before its fee is paid. */
export const isOwed = ({ status, shown, paid }: Copy): boolean =>
  status === 'issuing' && paid === undefined && (shown?.fee.amount ?? 0) > 0

/** Until when the fee can be paid: three days; then nobody waits for it any more, and the number is void. */
export const payableUntil = ({ certifiedAt }: Pick<Copy, 'certifiedAt'>): Date =>
  new Date(Date.parse(certifiedAt) + 3 * 86_400_000)

/** When a copy wants its next archive time-stamp: so many days before the last one's certificate ends, of a shorter one after half its time. */
export const archiveAfter = (from: Date, provableUntil: Date, daysBefore: number): Date =>
  new Date(Math.max(provableUntil.getTime() - daysBefore * 86_400_000, (from.getTime() + provableUntil.getTime()) / 2))

/** Who must have signed a copy, as the register has them: the officer who certified, then the seal of the unit. */
export const requiredSigners = ({ certifier, unit }: Copy, office: Unit) =>
  [
    { kind: 'certifier', owner: `officer:${certifier.id}`, name: certifier.name },
    { kind: 'seal', owner: `unit:${unit}`, name: officeName(office) },
  ] as const satisfies { kind: string; owner: SignerOwner; name: string }[]
