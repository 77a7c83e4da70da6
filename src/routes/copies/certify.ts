import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { mostTogether } from '../../domain/attestation.ts'
import { certifyCopies } from '../../usecases/copies/certify.ts'
import { refusals } from '../problem.ts'
import { commandOf, CopyId, DossierCode, FileId, IdempotencyKeyHeader, Line, PersonalId, TaxCode } from '../shapes.ts'
import { CopyView, showCopies } from './view.ts'

const Name = Line(200)
const Owner = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('citizen'), fullName: Name, personalId: PersonalId.optional() }),
    z.strictObject({ type: z.literal('organisation'), name: Name, taxCode: TaxCode }),
  ])
  .openapi('CopyOwner', {
    description:
      'Whose original it is. The copies go to the account of that number; of a person without one the unit hands them out. Sealed.',
  })

const Original = z
  .strictObject({
    paper: z.string().max(80).openapi({ description: 'One of `papers` of the procedure 2.000815.' }),
    pages: z.int().min(1).max(1000).openapi({ description: 'Of the original: the fee is counted by them.' }),
    owner: Owner,
  })
  .openapi('ShownOriginal')

const Certification = z
  .strictObject({
    dossier: DossierCode.optional().openapi({ description: 'Whose granted result it is.' }),
    original: Original.optional().openapi({ description: 'In place of `dossier`: an original shown at the counter.' }),
    scan: FileId.openapi({ description: 'The captured original, uploaded by the certifier.' }),
    paperSeen: z.literal(true).openapi({ description: 'Only who saw the paper can certify.' }),
    copies: z.int().min(1).max(mostTogether).default(1).openapi({ description: 'How many, all under one number.' }),
    supersedes: CopyId.nullable().default(null).openapi({
      description:
        'A valid copy of the same person that these take the place of once they are there; of an original, one that your unit issued or a unit whose place it took.',
    }),
  })
  .refine(({ dossier, original }) => (dossier === undefined) !== (original === undefined), {
    path: ['original'],
    error: 'Nêu đúng một trong hai: dossier, original. Name exactly one of dossier and original.',
  })
  .openapi('Certification')

const examples = {
  'result-of-a-dossier': {
    value: {
      dossier: 'LOCAL.00082-261123-0001',
      scan: 'file_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e',
      paperSeen: true,
      copies: 2,
    },
  },
  'original-at-a-counter': {
    value: {
      original: {
        paper: 'degree',
        pages: 2,
        owner: { type: 'citizen', fullName: 'Nguyễn Thị Lan', personalId: '001190000001' },
      },
      scan: 'file_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e',
      paperSeen: true,
      copies: 3,
    },
  },
}

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-dossier',
  'no-result-to-certify',
  'unit-cannot-certify',
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
  summary: 'Certify copies of a paper result, or of an original shown at a counter',
  description:
    'A certifier of the competent unit has the paper result in hand and certifies further copies of it, or certifies anew where a copy failed (`dossier`). Or somebody shows an original at the counter of a commune (`original`): then its kind is one of the catalogue, the fee is that of the procedure 2.000815, the owner is sealed, and the copies lie in the owner’s account if their number is known. Copies that are ordered together share one number of the register; each has its own verification address. They are `issuing` until the fee is paid (`/v1/copies/{id}/payments`) and signatures and time-stamps are there.',
  security: [{ officer: [] }],
  request: {
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: Certification, examples } } },
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
    const { dossier = '', original, ...order } = body
    const certification = original ? { ...order, original } : { ...order, dossier }
    const { value, replayed } = no.unwrap(await certifyCopies(c.var.context, certification, commandOf(c, body)))
    return c.json({ items: await showCopies(c, value) }, 202, replayed ? { 'idempotent-replayed': 'true' } : {})
  })
}
