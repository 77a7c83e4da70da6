// What each official form of a dossier says (Circular 03/2025/TT-VPCP, annex I).
import type { Text } from '../platform/result.ts'
import type { Helper } from './channels.ts'
import type { Dossier, LateCause, SubmissionChannel } from './dossier.ts'
import type { HandOver } from './hand-overs.ts'
import type { TimeLimit } from './procedure.ts'

/** The forms in the order of the annex, with their numbers there. */
export const slipForms = {
  receipt: '01',
  'supplement-request': '02',
  refusal: '03',
  apology: '04',
  'stop-notice': '05',
  'control-slip': '06',
} as const
export type SlipForm = keyof typeof slipForms

/** Person or organisation whose dossier it is. `identifier` is the personal number or the tax code. */
export type Owner = {
  type: 'citizen' | 'organisation'
  name: string
  identifier: string
  phone: string | null
  email: string | null
  address: string | null
}

export type SlipCommon = {
  code: string
  /** The event that it documents, and when that was. */
  sequence: number
  issuedAt: string
  /** The unit whose slip it is, and the officer who acted; null where the service itself did. */
  unit: string
  signer: string | null
  procedure: { code: string; version: number; name: Text }
  /** Null once the personal data was erased. */
  owner: Owner | null
  progress: string
}

export type GivenComponent = {
  component: string
  name: Text
  proof: 'electronic' | 'certified-copy' | 'data' | 'presented'
  data: { source: string; at: string } | null
}

export type Receipt = SlipCommon & {
  form: 'receipt'
  /** Who handed it in: the representative where there is one. */
  submitter: string | null
  channel: SubmissionChannel
  /** The kiosk or organisation that helped to hand it in; the officer who did is the receiver. */
  helper: Helper | null
  receivingPoint: string
  competentUnit: string
  components: GivenComponent[]
  timeLimit: TimeLimit
  receivedAt: string
  /** Null where the limit is a text, or the time runs only once the competent unit has received it. */
  dueAt: string | null
  returnBy: Dossier['returnBy']
  /** Of an in-day procedure: nobody has to be given one who does not ask for it. */
  onRequest: boolean
}

export type SupplementSlip = SlipCommon & {
  form: 'supplement-request'
  components: { component: string; name: Text }[]
  reason: string | null
  /** Why something is asked for that was asked for before. */
  whyAgain: string | null
  answerBy: string | null
}

export type Refusal = SlipCommon & {
  form: 'refusal'
  stage: 'reception' | 'handling'
  submittedAt: string
  reason: string | null
  legalBasis: string | null
  /** The request for more that nobody answered in time; null where an officer refused. */
  unanswered: { requestedAt: string; answerBy: string | null } | null
}

export type Apology = SlipCommon & {
  form: 'apology'
  receivedAt: string | null
  originalDueAt: string | null
  newDueAt: string
  cause: LateCause
  reason: string | null
}

export type StopNotice = SlipCommon & {
  form: 'stop-notice'
  receivedAt: string | null
  stage: 'accepted' | 'processing'
  reason: string | null
  legalBasis: string | null
  /** What was paid for it until then. */
  paidVnd: number
}

export type ControlSlip = SlipCommon & {
  form: 'control-slip'
  receivedAt: string | null
  originalDueAt: string | null
  dueAt: string | null
  competentUnit: string
  handOvers: HandOver[]
}

export type Slip = Receipt | SupplementSlip | Refusal | Apology | StopNotice | ControlSlip
