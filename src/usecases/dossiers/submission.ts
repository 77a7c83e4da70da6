import type { Assistance } from '../../domain/channels.ts'
import type { ComponentProof, SubmissionChannel } from '../../domain/dossier.ts'

/** A person or organisation whose dossier it is. */
export type Applicant =
  | {
      type: 'citizen'
      personalId: string
      fullName: string
      phone?: string | undefined
      email?: string | undefined
      address?: string | undefined
    }
  | {
      type: 'organisation'
      taxCode: string
      name: string
      phone?: string | undefined
      email?: string | undefined
      address?: string | undefined
    }

export type Representative = { personalId: string; fullName: string; relation?: string | undefined }

/** A dossier as it is handed in; shapes were checked at the door. */
export type Submission = {
  procedure: string
  applicant: Applicant
  representative: Representative | null
  place: { unit: string } | null
  receivingPoint: string
  channel: SubmissionChannel
  /** Who helped, how the applicant was identified, and why. */
  assistance: Assistance | null
  form: Record<string, unknown>
  components: ComponentProof[]
  returnBy: 'account' | 'counter' | 'post'
  /** Hands it in although the same matter is open already. */
  force: { reason: string } | null
  takenOver: { system: string; code: string; unit: string; receivedAt: string } | null
}
