import { z } from '@hono/zod-openapi'
import type { Conclusion } from '../../usecases/verifications/conclude.ts'
import type { KnownSignature, PublicCopy } from '../../usecases/verifications/verify.ts'
import { localTime } from '../../platform/time.ts'
import { CopyNumber, CopyStatus } from '../copies/view.ts'
import { Instant, orNull, UnitRef, Words } from '../shapes.ts'

export const Registered = z
  .object({
    number: CopyNumber,
    status: CopyStatus,
    title: z.string().max(300),
    unit: UnitRef,
    certifier: z.string().max(200),
    certifiedAt: Instant,
    issuedAt: Instant.nullable(),
    sha256: z.string().length(64).nullable().openapi({ description: 'Of the one true file.' }),
    supersededBy: CopyNumber.nullable().openapi({ description: 'The number of the newer copy for the same matter.' }),
    revoked: z.object({ at: Instant, reason: z.string().max(2000) }).nullable(),
  })
  .openapi('RegisteredCopy', {
    description: 'What the register says of one number. Nothing about the person whose copy it is.',
  })

const Indication = z.enum(['TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED'])
const SubIndication = z
  .string()
  .max(64)
  .nullable()
  .openapi({ description: 'In the words of ETSI EN 319 102-1; null where everything passed.' })

/** What a stranger wrote into a file or a certificate may be of any length; this much of it is shown. */
const longest = { field: 200, name: 300 }
const shown = (text: string, letters: number) => text.slice(0, letters).toWellFormed()
const name = (text: string | null) => (text === null ? null : shown(text, longest.name))

const Reason = z
  .object({
    code: z.string().max(80).openapi({ example: 'content-digest' }),
    indication: Indication,
    subIndication: SubIndication,
    words: Words,
  })
  .openapi('VerificationReason', {
    description:
      'One thing that was found: its code, what it comes to in the words of ETSI EN 319 102-1, and plain words.',
    example: {
      code: 'content-digest',
      indication: 'TOTAL-FAILED',
      subIndication: 'HASH_FAILURE',
      words: {
        vi: 'Nội dung của tệp không phải là nội dung đã được ký.',
        en: 'The contents of the file are not those that were signed.',
      },
    },
  })
const Reasons = z.array(Reason).max(100)

const SignatureVerdict = z.object({
  field: z.string().max(longest.field),
  kind: z.enum(['certifier', 'seal', 'signature', 'timestamp']).openapi({
    description:
      'By the certificate, whatever the file says: `certifier` and `seal` are those of an officer or a unit of this service, `signature` is anybody else’s, `timestamp` proves when the file was there and signs nothing.',
  }),
  signer: z.string().max(longest.name).nullable(),
  organisation: z.string().max(longest.name).nullable(),
  issuer: z.string().max(longest.name).nullable(),
  indication: Indication,
  subIndication: SubIndication,
  reasons: Reasons.openapi({ description: 'All that speaks against it; empty if nothing does.' }),
  signedAt: Instant.nullable().openapi({ description: 'By the time-stamp; null where there is none.' }),
})

const RequiredSigner = z.object({
  kind: z.enum(['certifier', 'seal']),
  name: z.string().max(300).openapi({ description: 'As the register has it.' }),
  signed: z.boolean().nullable().openapi({
    description: 'Whether a signature by a certificate of theirs passed; null where only a digest was sent.',
  }),
})

export const Judged = z
  .object({
    indication: Indication.openapi({ description: 'In the words of ETSI EN 319 102-1.' }),
    subIndication: SubIndication,
    reasons: Reasons.openapi({
      description: 'What speaks against the file as a whole; what speaks against one signature stands with it.',
    }),
    sha256: z.string().length(64),
    wholeDocumentCovered: z.boolean().nullable(),
    signatures: z.array(SignatureVerdict).max(1000),
    requiredSigners: z.array(RequiredSigner).max(2).openapi({
      description: 'Who must have signed, by the register; empty where it does not know the file.',
    }),
    registered: orNull(
      Registered,
      'The copy whose file has exactly these bytes, or had them before an archive time-stamp, its own or somebody else’s, was added: then `registered.sha256`, of the file of today, is another one.',
    ),
  })
  .openapi('Verification')

export const showRegistered = ({ kept: { copy, number }, unit }: PublicCopy) =>
  Registered.parse({
    number,
    status: copy.status,
    title: copy.title,
    unit: { id: unit.id, name: unit.name },
    certifier: copy.certifier.name,
    certifiedAt: copy.certifiedAt,
    issuedAt: 'issuedAt' in copy ? copy.issuedAt : null,
    sha256: 'file' in copy ? copy.file.sha256 : null,
    supersededBy: copy.status === 'superseded' ? copy.by.number : null,
    revoked: copy.status === 'revoked' ? { at: copy.revokedAt, reason: copy.reason } : null,
  })

const kindOf = ({ kind, owners }: KnownSignature) => {
  if (kind === 'timestamp') return kind
  if (owners.some((owner) => owner.startsWith('officer:'))) return 'certifier'
  return owners.length > 0 ? 'seal' : 'signature'
}

export const showConclusion = ({ verdict, registered, required, ...told }: Conclusion) =>
  Judged.parse({
    ...told,
    wholeDocumentCovered: verdict?.wholeDocumentCovered ?? null,
    signatures: (verdict?.signatures ?? []).map((one) => ({
      ...one,
      kind: kindOf(one),
      field: shown(one.field, longest.field),
      signer: name(one.signer),
      organisation: name(one.organisation),
      issuer: name(one.issuer),
      signedAt: one.signedAt && localTime(one.signedAt),
    })),
    requiredSigners: required,
    registered: registered ? showRegistered(registered) : null,
  })
