import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { largestFile, type MediaType, mediaTypes } from '../../domain/file.ts'
import { bytesIn } from '../../platform/structured-fields.ts'
import { uploadFile } from '../../usecases/files/upload.ts'
import { Refused, refusals } from '../problem.ts'
import { commandOf, IdempotencyKeyHeader } from '../shapes.ts'
import { FileView, showTaken } from './view.ts'

const binary = Object.fromEntries(
  mediaTypes.map((type) => [type, { schema: { type: 'string' as const, format: 'binary', maxLength: largestFile } }]),
)

const no = refusals(
  'token-needed',
  'not-allowed',
  'length-required',
  'too-large',
  'empty-file',
  'digest-mismatch',
  'not-what-it-says',
  'wrong-media-type',
  'idempotency-key-reused',
)

const route = createRoute({
  method: 'post',
  path: '/v1/files',
  operationId: 'uploadFile',
  tags: ['Files'],
  summary: 'Upload a file',
  description:
    'The raw bytes of one PDF, PNG or JPEG of at most 10 MB. The type is looked at, not believed; a Content-Digest (RFC 9530, sha-256) is checked. Name the id in a dossier’s components. On a connection that breaks, send it in pieces at /v1/uploads.',
  security: [{ app: ['dossiers:submit'] }, { citizen: ['dossiers'] }, { officer: [] }],
  request: {
    headers: z.object({
      'content-digest': z
        .string()
        .max(500)
        .optional()
        .openapi({ example: 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:' }),
      'idempotency-key': IdempotencyKeyHeader.optional(),
    }),
    body: { required: true, content: binary },
  },
  responses: {
    201: {
      description: 'Kept',
      headers: z.object({ location: z.string() }),
      content: { 'application/json': { schema: FileView } },
    },
    ...no.responses,
  },
})

const isMediaType = (type: string): type is MediaType => mediaTypes.some((known) => known === type)

/** The SHA-256 of a Content-Digest header, if it has one; other algorithms are passed over (RFC 9530 §2). */
function digestIn(header: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (header === undefined) return undefined
  const digest = bytesIn(header, 'sha-256')
  if (!digest)
    throw new Refused('unreadable-request', {
      detail: { vi: 'Content-Digest cần có sha-256.', en: 'The Content-Digest needs a sha-256 value.' },
    })
  return digest
}

export function uploadRoute(api: Api) {
  api.openapi(route, async (c) => {
    const mediaType = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
    if (!isMediaType(mediaType)) throw new Refused('wrong-media-type')
    const length = Number(c.req.header('content-length') ?? Number.NaN)
    const { body } = c.req.raw
    if (!Number.isInteger(length)) throw new Refused('length-required')
    if (!body) throw new Refused('empty-file')
    const upload = { body, mediaType, length, digest: digestIn(c.req.header('content-digest')) }
    const command = (sha256: string) => commandOf(c, { sha256, mediaType })
    const { value: file, replayed } = no.unwrap(await uploadFile(c.var.context, upload, command))
    return c.json(showTaken(file), 201, {
      location: `/v1/files/${file.id}`,
      ...(replayed && { 'idempotent-replayed': 'true' }),
    })
  })
}
