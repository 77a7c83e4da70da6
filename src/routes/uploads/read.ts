import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { endUpload, readUpload } from '../../usecases/uploads/read.ts'
import { refusals } from '../problem.ts'
import { alreadyHas } from '../shapes.ts'
import { showUpload, stand, standOf, TusVersion, UploadLength, UploadParam, UploadView } from './view.ts'

const common = {
  path: '/v1/uploads/{id}' as const,
  tags: ['Files'],
  security: [{ app: ['dossiers:submit'] }, { citizen: ['dossiers'] }, { officer: [] }],
}

const no = refusals(
  'token-needed',
  'not-allowed',
  'no-such-upload',
  'digest-mismatch',
  'not-what-it-says',
  'tus-version-not-supported',
)
const reading = createRoute({
  ...common,
  method: 'get',
  operationId: 'readUpload',
  summary: 'See how far an upload is',
  description:
    'For whoever began it. HEAD tells in headers where to go on after a connection broke, and which file it has become.',
  request: {
    params: UploadParam,
    headers: z.object({ 'tus-resumable': TusVersion.optional(), 'if-none-match': z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'The upload',
      headers: z.object({
        ...stand,
        etag: z.string(),
        'upload-length': UploadLength,
        'upload-metadata': z.string().optional().openapi({ description: 'As it was sent.' }),
      }),
      content: { 'application/json': { schema: UploadView } },
    },
    304: { description: 'You have it already.' },
    ...no.responses,
  },
})

const noEnd = refusals('token-needed', 'not-allowed', 'no-such-upload', 'tus-version-not-supported')
const ending = createRoute({
  ...common,
  method: 'delete',
  operationId: 'endUpload',
  summary: 'Give up an upload',
  description: 'Removes what was kept of it. A file that it has become stays, as any other that no dossier has taken.',
  request: { params: UploadParam, headers: z.object({ 'tus-resumable': TusVersion }) },
  responses: { 204: { description: 'It is gone.' }, ...noEnd.responses },
})

export function readUploadRoutes(api: Api) {
  api.openapi(reading, async (c) => {
    const shown = no.unwrap(await readUpload(c.var.context, c.req.valid('param').id))
    const { upload, metadata } = shown
    const etag = `"${upload.received}-${shown.file?.scan ?? upload.status}"`
    const headers = {
      ...standOf(shown),
      etag,
      'upload-length': String(upload.length),
      'cache-control': 'no-store',
      ...(metadata !== null && { 'upload-metadata': metadata }),
    }
    if (alreadyHas(c, etag)) return c.body(null, 304, headers)
    return c.json(showUpload(shown), 200, headers)
  })
  api.openapi(ending, async (c) => {
    noEnd.unwrap(await endUpload(c.var.context, c.req.valid('param').id))
    return c.body(null, 204)
  })
}
