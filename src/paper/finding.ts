import type { ReasonCode } from './reason-words.ts'

/** The three answers of ETSI EN 319 102-1, 5.1.3. */
export type Indication = 'TOTAL-PASSED' | 'INDETERMINATE' | 'TOTAL-FAILED'

// Sub-indications of ETSI EN 319 102-1, table 5 and 6, as far as this room gives them.
export type FailedBecause =
  | 'FORMAT_FAILURE'
  | 'HASH_FAILURE'
  | 'SIG_CRYPTO_FAILURE'
  | 'REVOKED'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
export type UndecidedBecause =
  | 'SIG_CONSTRAINTS_FAILURE'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE'
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'REVOKED_NO_POE'
  | 'REVOKED_CA_NO_POE'
  | 'OUT_OF_BOUNDS_NO_POE'
  | 'TRY_LATER'
  | 'NO_POE'
  | 'SIGNED_DATA_NOT_FOUND'
export type SubIndication = FailedBecause | UndecidedBecause

/** One thing that keeps a signature or a file from passing; `reason` says what was found. */
export type Finding =
  | { indication: 'TOTAL-FAILED'; subIndication: FailedBecause; reason: ReasonCode }
  | { indication: 'INDETERMINATE'; subIndication: UndecidedBecause; reason: ReasonCode }

export const failed = (subIndication: FailedBecause, reason: ReasonCode): Finding => ({
  indication: 'TOTAL-FAILED',
  subIndication,
  reason,
})

export const undecided = (subIndication: UndecidedBecause, reason: ReasonCode): Finding => ({
  indication: 'INDETERMINATE',
  subIndication,
  reason,
})

/** What all findings together come to: a proof of failure outweighs a doubt; among equals the first speaks. */
export function conclude(findings: Finding[]): { indication: Indication; subIndication: SubIndication | null } {
  const worst = findings.find(({ indication }) => indication === 'TOTAL-FAILED') ?? findings[0]
  return worst
    ? { indication: worst.indication, subIndication: worst.subIndication }
    : { indication: 'TOTAL-PASSED', subIndication: null }
}
