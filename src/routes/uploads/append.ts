import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { Api, House } from '../../app.ts'
import { largestFile } from '../../domain/file.ts'
import { appendToUpload } from '../../usecases/uploads/append.ts'
import { Refused, refusals } from '../problem.ts'
import { checksumIn } from './headers.ts'
import { stand, standOf, TusVersion, UploadChecksum, UploadOffset, UploadParam } from './view.ts'

/** What bytes of an upload are sent as. */
export const piece = 'application/offset+octet-stream'

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-upload',
  'wrong-offset',
  'wrong-media-type',
  'too-large',
  'checksum-mismatch',
  'digest-mismatch',
  'not-what-it-says',
  'tus-version-not-supported',
)

const route = createRoute({
  method: 'patch',
  path: '/v1/uploads/{id}',
  operationId: 'appendToUpload',
  tags: ['Files'],
  summary: 'Send the next bytes of a file',
  description:
    'From where it stands, any number of bytes. What came is kept, also when the connection breaks. With the last ones the digest is compared, the type looked at, and the upload is a file: `File-Id` is what a dossier names.',
  security: [{ app: ['dossiers:submit'] }, { citizen: ['dossiers'] }, { officer: [] }],
  request: {
    params: UploadParam,
    headers: z.object({
      'tus-resumable': TusVersion,
      'upload-offset': UploadOffset,
      'upload-checksum': UploadChecksum.optional(),
    }),
    body: {
      required: true,
      content: { [piece]: { schema: { type: 'string' as const, format: 'binary', maxLength: largestFile } } },
    },
  },
  responses: {
    204: { description: 'Kept; `Upload-Offset` is where to go on.', headers: z.object(stand) },
    ...no.responses,
  },
})

export function appendRoute(api: Api) {
  api.openapi(route, async (c) => {
    const isPiece = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() === piece
    if (!isPiece) throw new Refused('wrong-media-type')
    const offset = Number(c.req.valid('header')['upload-offset'])
    return c.body(null, 204, standOf(no.unwrap(await appended(c, c.req.valid('param').id, offset))))
  })
}

/** Sends the body on. What has come is kept although its sender is gone: the work goes on after the connection has broken. */
export function appended(c: HonoContext<House>, id: string, offset: number) {
  const length = c.req.header('content-length')
  const work = appendToUpload(c.var.context, id, {
    offset,
    body: c.req.raw.body,
    length: length === undefined ? undefined : Number(length),
    checksum: checksumIn(c.req.header('upload-checksum')),
  })
  c.executionCtx.waitUntil(work.catch(() => undefined))
  return work
}
