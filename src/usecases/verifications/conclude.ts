import { conclude, failed, undecided, type Finding, type Indication, type SubIndication } from '../../paper/finding.ts'
import { explained, type Reason } from '../../paper/reason-words.ts'
import type { Judgement } from './verify.ts'

export type Conclusion = Judgement & {
  indication: Indication
  subIndication: SubIndication | null
  /** What speaks against the file as a whole. */
  reasons: Reason[]
}

/**
 * What file and register come to together. A revoked copy fails although its signatures are sound; one that the register's own
 * signers did not sign is not believed; a digest alone says nothing about signatures.
 */
export function concluded(judged: Judgement): Conclusion {
  const { verdict, registered, required } = judged
  const findings: Finding[] = []
  if (!verdict && !registered) findings.push(undecided('NO_POE', 'not-registered'))
  if (registered?.kept.copy.status === 'revoked') findings.push(failed('REVOKED', 'copy-revoked'))
  if (required.some(({ signed }) => signed === false))
    findings.push(undecided('SIG_CONSTRAINTS_FAILURE', 'required-signer-missing'))
  const reasons = [...(verdict?.reasons ?? []), ...findings.map(explained)]
  const { indication, subIndication } = worse(verdict, conclude(findings))
  return { ...judged, indication, subIndication, reasons }
}

type Said = { indication: Indication; subIndication: SubIndication | null }

const ranks: Record<Indication, number> = { 'TOTAL-PASSED': 0, INDETERMINATE: 1, 'TOTAL-FAILED': 2 }

const worse = (file: Said | null, register: Said): Said =>
  file && ranks[file.indication] >= ranks[register.indication] ? file : register
