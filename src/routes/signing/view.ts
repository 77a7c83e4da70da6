import { z } from '@hono/zod-openapi'
import { type SignerOwner, statusOfSigner } from '../../domain/signing.ts'
import type { SigningCredential } from '../../store/signing.ts'
import { factsOf } from '../../usecases/signing/credentials.ts'
import { Instant } from '../shapes.ts'

export const SignerId = z
  .string()
  .max(300)
  .regex(/^[A-Za-z0-9._:-]+$/)
  .openapi({ example: 'signer_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' })

/** Checked by its pattern, so the brand is true. */
const isOwner = (text: string): text is SignerOwner => /^(officer|unit):[A-Za-z0-9._:@|-]{1,300}$/.test(text)

export const Owner = z
  .string()
  .max(310)
  .refine(isOwner, 'officer:{id} hoặc unit:{id}. officer:{id} or unit:{id}.')
  .openapi({ example: 'unit:00082-2025', description: '`unit:{id}` for a seal, `officer:{id}` for a certifier.' })

export const KeyName = z.string().min(1).max(200)

export const SignerView = z
  .object({
    id: SignerId,
    owner: z.string().max(310),
    status: z.enum(['imported', 'active', 'retired']),
    subject: z.string().max(300).nullable().openapi({ description: 'The common name in the certificate.' }),
    issuer: z.string().max(300).nullable(),
    serialNumber: z.string().max(64).openapi({ description: 'In hex.' }),
    algorithm: z.enum(['ec', 'rsa']),
    key: z.object({
      kind: z.enum(['sealed', 'service']).openapi({ description: 'Sealed in our database, or at a signing service.' }),
      service: z.string().max(32).nullable(),
      credential: z.string().max(200).nullable().openapi({ description: 'What the service calls the key.' }),
    }),
    validFrom: Instant,
    validTo: Instant,
    importedAt: Instant,
    importedBy: z.string().max(310),
    activatedAt: Instant.nullable(),
    activatedBy: z.string().max(310).nullable(),
    retiredAt: Instant.nullable(),
    retiredBy: z.string().max(310).nullable(),
  })
  .openapi('SigningCredential')

/** The only way a credential leaves: never with its key. */
export function showSigner({ certificate, chain: _chain, key, ...rest }: SigningCredential) {
  return SignerView.parse({
    ...rest,
    status: statusOfSigner(rest),
    ...factsOf(certificate),
    key: { service: null, credential: null, ...key },
  })
}
