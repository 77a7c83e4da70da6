import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { largestFile } from '../../domain/file.ts'
import { longestMetadata } from '../../domain/upload.ts'
import { createUpload } from '../../usecases/uploads/create.ts'
import { Refused, refusals } from '../problem.ts'
import { commandOf, IdempotencyKeyHeader } from '../shapes.ts'
import { appended, piece } from './append.ts'
import { saidOf } from './headers.ts'
import { stand, standOf, TusVersion, UploadChecksum, UploadLength } from './view.ts'

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-upload',
  'empty-file',
  'too-large',
  'too-many-uploads',
  'wrong-offset',
  'wrong-media-type',
  'checksum-mismatch',
  'digest-mismatch',
  'not-what-it-says',
  'tus-version-not-supported',
  'idempotency-key-reused',
)

const route = createRoute({
  method: 'post',
  path: '/v1/uploads',
  operationId: 'createUpload',
  tags: ['Files'],
  summary: 'Begin to upload a file in pieces',
  description:
    'For connections that break (tus 1.0.0; any client of it will do). A PDF, PNG or JPEG of at most 10 MB, as at /v1/files. `Repr-Digest` (RFC 9530, sha-256) or `sha256` in the metadata (hex) is compared with the whole file at the end, `filetype` with what it really is; other metadata is only given back. The first bytes may come along, as `application/offset+octet-stream`.',
  security: [{ app: ['dossiers:submit'] }, { citizen: ['dossiers'] }, { officer: [] }],
  request: {
    headers: z.object({
      'tus-resumable': TusVersion,
      'upload-length': UploadLength,
      'upload-metadata': z.string().max(longestMetadata).optional().openapi({
        description:
          'Keys, each with a value in base64, in pairs with a comma between them: `filetype`, `sha256`, and your own.',
        example: 'filetype YXBwbGljYXRpb24vcGRm',
      }),
      'repr-digest': z.string().max(500).optional().openapi({ description: 'SHA-256 of the whole file (RFC 9530).' }),
      'upload-checksum': UploadChecksum.optional(),
      'idempotency-key': IdempotencyKeyHeader.optional(),
    }),
    body: {
      required: false,
      content: { [piece]: { schema: { type: 'string' as const, format: 'binary', maxLength: largestFile } } },
    },
  },
  responses: {
    201: {
      description: 'Begun. `Location` is where the bytes go.',
      headers: z.object({ location: z.string(), ...stand }),
    },
    ...no.responses,
  },
})

export function createUploadRoute(api: Api) {
  api.openapi(route, async (c) => {
    const header = c.req.valid('header')
    const [metadata, digest] = [header['upload-metadata'], header['repr-digest']]
    const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
    // A plain creation has an empty body, of whatever type the client's machinery says.
    const comesAlong = type === piece && c.req.header('content-length') !== '0' && c.req.raw.body !== null
    if (!comesAlong && (c.req.header('content-length') ?? '0') !== '0') throw new Refused('wrong-media-type')
    const announced = {
      length: Number(header['upload-length']),
      metadata: metadata ?? null,
      ...saidOf(metadata, digest),
    }
    const command = commandOf(c, { ...announced })
    const { value: upload, replayed } = no.unwrap(await createUpload(c.var.context, announced, command))
    const shown = comesAlong && !replayed ? no.unwrap(await appended(c, upload.id, 0)) : { upload, file: null }
    return c.body(null, 201, {
      location: `/v1/uploads/${upload.id}`,
      ...standOf(shown),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    })
  })
}
