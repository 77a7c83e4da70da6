import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { mostTogether } from '../../domain/attestation.ts'
import { certifyCopies } from '../../usecases/copies/certify.ts'
import { refusals } from '../problem.ts'
import { commandOf, CopyId, DossierCode, FileId, IdempotencyKeyHeader } from '../shapes.ts'
import { CopyView, showCopies } from './view.ts'

const Certification = z
  .strictObject({
    dossier: DossierCode.openapi({ description: 'Whose granted result it is.' }),
    scan: FileId.openapi({ description: 'The captured original, uploaded by the certifier.' }),
    paperSeen: z.literal(true).openapi({ description: 'Only who saw the paper can certify.' }),
    copies: z.int().min(1).max(mostTogether).default(1).openapi({ description: 'How many, all under one number.' }),
    supersedes: CopyId.nullable().default(null).openapi({
      description: 'A valid copy of the same person that these take the place of once they are there.',
    }),
  })
  .openapi('Certification', {
    example: {
      dossier: 'LOCAL.00082-261123-0001',
      scan: 'file_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e',
      paperSeen: true,
      copies: 2,
    },
  })

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-dossier',
  'no-result-to-certify',
  'conflict-of-interest',
  'no-signing-certificate',
  'file-taken',
  'changed-meanwhile',
  'erased',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'post',
  path: '/v1/copies',
  operationId: 'certifyCopies',
  tags: ['Copies'],
  summary: 'Certify copies of a paper result',
  description:
    'A certifier of the competent unit has the paper result in hand and certifies further copies of it, or certifies anew where a copy failed. Copies that are ordered together share one number of the register; each has its own verification address. They are `issuing` until signatures and time-stamps are there.',
  security: [{ officer: [] }],
  request: {
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: Certification } } },
  },
  responses: {
    202: {
      description: 'Numbered; they are made now',
      headers: z.object({ 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: z.object({ items: z.array(CopyView).max(20) }).openapi('Certified') } },
    },
    ...no.responses,
  },
})

export function certifyRoute(api: Api) {
  api.openapi(route, async (c) => {
    const body = c.req.valid('json')
    const { value, replayed } = no.unwrap(await certifyCopies(c.var.context, body, commandOf(c, body)))
    return c.json({ items: await showCopies(c, value) }, 202, replayed ? { 'idempotent-replayed': 'true' } : {})
  })
}
